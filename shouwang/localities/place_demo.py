"""演示: problems of roads, damage of a flood, medical gaps in every state; two alerts."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from .models import AlertVillage, Disaster, PlaceProblem
from .operations import (
    acknowledge,
    draw_sample,
    issue_alert,
    link_household,
    plan_problem,
    raise_clue,
    record_disaster,
    record_medical,
    record_problem,
    report_progress,
    take_place_step,
)
from .place_kinds import book

WAY = (
    ("plan", 0, ""), ("start", 0, ""), ("apply", 0, "完工照片 4 张、验收单"),
    ("check", 1, "现场查看，已经完好"), ("sign", 2, ""),
)  # fmt: skip
"""Steps with the person who takes them: the clerk, the town's checker, the county's signer."""
ROADS: tuple[tuple[str, str, str, int, int, dict[str, Any]], ...] = (
    ("not_passable", "沟口至柳坪公路", "3 公里处", 200, 0, {"quantity": Decimal("0.8")}),
    ("not_smooth", "河湾通村公路", "全线", 100, 5, {"quantity": Decimal("2.6")}),
    ("bridge", "老石桥", "村口", 60, 1, {"quantity": Decimal("0.02")}),
    ("slope", "上坪产业路", "2 至 3 公里", 40, 3, {"quantity": Decimal("0.12")}),
    ("guard", "临崖段公路", "弯道处", 130, 4, {"quantity": Decimal("0.5")}),
    ("surface", "中心小学公路", "校门前", 90, 5, {"quantity": Decimal("0.3")}),
    ("unsurfaced", "六组自然村道路", "全线", 300, 2, {"quantity": Decimal("1.4")}),
    ("surface", "下河通组路", "一至二组", 20, 0, {"quantity": Decimal("0.6")}),
    ("not_passable", "林场公路", "入口", 150, 9, {"quantity": Decimal("0.4")}),
)
"""Subject, road, place, found how many days ago, how many steps were taken (9: it came back)."""
DAMAGES: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("farmland", "下湾农田", 3, {"quantity": Decimal(46), "unit": "亩", "loss": 92_000}),
    ("irrigation", "三组灌溉渠", 5, {"quantity": Decimal(380), "unit": "米", "loss": 57_000}),
    ("housing", "临河住房", 1, {"quantity": Decimal(4), "unit": "间", "loss": 68_000}),
    ("water", "二组蓄水池", 2, {"quantity": Decimal(1), "unit": "处", "loss": 15_000}),
    ("road", "涵洞", 0, {"quantity": Decimal(2), "unit": "处", "loss": 40_000}),
)


def make(actor: Actor) -> int:
    """Everything through the operations, each step by the person whose it is."""
    found = Division.objects.filter(level="village", valid_to=None).select_related("parent")
    villages = list(found.order_by("code")[:60])
    if not villages:
        return 0
    labels = (actor.label, "乡镇核查人", "县级销号人")
    people = [Actor(None, label, actor.scopes) for label in labels]
    county = Division.objects.get(pk=int(villages[0].path.strip("/").split("/")[-3]))
    made = _roads(people, villages)
    made += _damages(people, villages, county)
    made += _clinics(people, villages)
    draw_sample(people[1], book().kinds["roads"], county)
    return made + _alerts(actor, county, villages[0].parent or county)


def _go(people: Sequence[Actor], problem: PlaceProblem, steps: int, **plan: Any) -> PlaceProblem:
    """Measures and so many steps of the usual way."""
    if not steps:
        return problem
    problem = plan_problem(
        people[0], problem, version=problem.version, responsible="秦负责",
        **{"due_on": problem.due_on, **plan},
    )  # fmt: skip
    for action, who, words in WAY[:steps]:
        problem = take_place_step(
            people[who], problem, action, version=problem.version, words=words
        )
    if steps == 2:
        problem = report_progress(
            people[0], problem, version=problem.version, progress=40, words="路基已清理"
        )
    if steps > len(WAY):
        problem = take_place_step(
            people[1], problem, "reopen", version=problem.version, words="雨后再次中断"
        )
    return problem


def _unit(name: str) -> Department | None:
    return Department.objects.filter(name=name).first()


def _roads(people: Sequence[Actor], villages: Sequence[Division]) -> int:
    kind, year = book().kinds["roads"], clock.today().year
    department = _unit("住房和城乡建设局")
    for place, (subject, name, where, ago, steps, given) in enumerate(ROADS):
        problem = record_problem(
            people[0], kind, villages[place * 5 % len(villages)], subject=subject, name=name,
            place=where, found_on=clock.today() - timedelta(days=ago), channel="patrol",
            unit="公里", road_class="村道", road_code=f"C{101 + place}",
            households=30 + place * 12, text=f"{name}，{where}，影响群众出行。", **given,
        )  # fmt: skip
        _go(
            people, problem, steps, measure="repair", plan="listed", plan_year=year,
            money=Decimal(60_000 + place * 15_000), department=department if place % 2 else None,
        )  # fmt: skip
    return len(ROADS)


def _damages(people: Sequence[Actor], villages: Sequence[Division], county: Division) -> int:
    actor, kind = people[0], book().kinds["damages"]
    began = clock.today() - timedelta(days=45)
    event: Disaster = record_disaster(
        actor, county, kind="flood", name="强降雨洪涝", began_on=began,
        ended_on=began + timedelta(days=2), note="部分乡镇农田、渠系和住房受损。",
    )  # fmt: skip
    for place, (subject, name, steps, given) in enumerate(DAMAGES):
        village = villages[place * 3 % len(villages)]
        values = given | {"loss": Decimal(given["loss"])}
        problem = record_problem(
            actor, kind, village, disaster=event, subject=subject, name=name, channel="patrol",
            found_on=began + timedelta(days=1), severity="严重", households=3 + place * 4, **values,
        )  # fmt: skip
        homes = Household.objects.filter(village=village, absent_since=None).order_by("pk")[:2]
        if subject in ("housing", "water"):
            linked = [link_household(actor, problem, one, note=f"{name}受损") for one in homes]
            for one in linked[:1]:
                raise_clue(actor, one)
        unit = _unit("水利局" if subject in ("irrigation", "water") else "应急管理局")
        _go(people, problem, steps, measure="repair", money=Decimal(30_000), department=unit)
    return len(DAMAGES)


def _clinics(people: Sequence[Actor], villages: Sequence[Division]) -> int:
    """Most villages have both, some lack a doctor or a clinic, some were not looked at."""
    ago = clock.today() - timedelta(days=50)
    lacking = {1: (True, 0), 6: (False, 0), 13: (True, 0), 19: (True, 0)}
    for place, village in enumerate(villages[:24]):
        has_clinic, doctors = lacking.get(place, (True, 1 + place % 2))
        record_medical(people[0], village, has_clinic=has_clinic, doctors=doctors, checked_on=ago)
    rows = PlaceProblem.objects.select_related("division").filter(kind="clinics").order_by("pk")
    for problem, steps in zip(rows, (5, 2, 0, 1), strict=False):
        _go(people, problem, steps, measure="roving", department=_unit("卫生健康局"))
    return len(lacking)


def _alerts(actor: Actor, county: Division, town: Division) -> int:
    """One over, one for a town in force that half of the villages have acknowledged."""
    now = clock.now()
    with clock.telling(now - timedelta(days=46)):
        old = issue_alert(
            actor, [county], kind="weather", level="orange", title="暴雨橙色预警",
            text="预计未来 3 小时部分乡镇降雨量 50 毫米以上，请做好临河、临崖农户转移。",
            issuer="县气象台", valid_from=clock.now(), valid_to=clock.now() + timedelta(days=1),
        )  # fmt: skip
        AlertVillage.objects.filter(alert=old).update(
            acknowledged_at=clock.now() + timedelta(hours=1), by_label="各村值班员"
        )
    with clock.telling(now - timedelta(hours=8)):
        new = issue_alert(
            actor, [town], kind="geology", level="yellow", title="地质灾害黄色预警",
            text="土壤含水量高，请巡查隐患点，发现变形立即撤离。", issuer="县自然资源局",
            valid_from=clock.now(), valid_to=clock.now() + timedelta(days=2),
        )  # fmt: skip
        rows = AlertVillage.objects.select_related("alert", "village").filter(alert=new)
        for row in list(rows.order_by("pk"))[1::2]:
            acknowledge(actor, row, note="已通知到组，隐患点专人值守")
    return 2
