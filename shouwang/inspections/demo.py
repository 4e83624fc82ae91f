"""演示: problems in every state, inspections, a special check and visits of leaders."""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings

from shouwang.accounts.models import Department
from shouwang.cases.checklists import checklists
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division

from .models import Inspection, Problem
from .operations import (
    ProblemDraft,
    advance_inspection,
    advance_problem,
    draw_look_back,
    edit_problem,
    file_finding,
    file_result,
    name_leader,
    open_special,
    plan_inspection,
    record_finding,
    record_research,
    record_result,
    record_visit,
    record_work,
    register_batch,
)

TEXTS = (
    ("duty", "工作调度", "个别乡镇对帮扶工作研究部署不够具体", "农业农村局"),
    ("policy", "医疗保障", "部分脱贫户大病保险报销政策宣传不到位", "医疗保障局"),
    ("policy", "教育资助", "少数学生资助发放不及时", "教育体育局"),
    ("work", "监测帮扶", "个别监测户帮扶措施针对性不强", "农业农村局"),
    ("work", "档案资料", "部分村级台账更新不及时", "民政局"),
    ("result", "饮水安全", "个别供水点枯水期水量不足", "水利局"),
    ("result", "住房安全", "少数农房日常维护不到位", "住房和城乡建设局"),
    ("result", "产业带动", "帮扶产业联农带农机制不紧密", "农业农村局"),
    ("work", "公益性岗位", "个别岗位考勤记录不完整", "人力资源和社会保障局"),
    ("duty", "驻村帮扶", "驻村工作队请销假制度执行不严", "农业农村局"),
)
STEPS = ("assign", "plan", "approve", "work", "self_check", "verify", "check", "apply", "sign")


def make(actor: Actor) -> int:
    """The registers of one county, with a different person for each step that must be another's."""
    county = Division.objects.filter(
        code__startswith=settings.SHOUWANG_COUNTY, level="county"
    ).first()
    if county is None:
        return 0
    today = clock.today()
    places = Division.objects.on(today).filter(path__startswith=county.path)
    towns = list(places.filter(level="town").order_by("code")[:6])
    villages = list(places.filter(level="village").order_by("code")[:2])
    _problems(actor, county, towns, today)
    _inspection(actor, county, [*towns[:2], *villages], today)
    _special(actor, county, towns, today)
    _research(actor, county, towns, today)
    draw_look_back(_other(actor, "回头看"), county, percent=50, seed=7)
    return Problem.objects.count()


def _other(actor: Actor, duty: str) -> Actor:
    return Actor(None, f"{actor.label}（{duty}）", actor.scopes)


def _problems(actor: Actor, county: Division, towns: list[Division], today: date) -> None:
    for source, level, days, count in (("province", "省", 120, 6), ("supervision", "市", 60, 10)):
        drafts = [
            ProblemDraft(
                text=text, area=area, topic=topic, lead=[lead],
                responsible=[towns[at % len(towns)].name] if towns else [],
                places=[towns[at % len(towns)]] if towns else [],
                spread="common" if at % 3 == 0 else "single",
                severity="serious" if at % 4 == 1 else "normal",
            )
            for at, (area, topic, text, lead) in enumerate(TEXTS[:count])
        ]  # fmt: skip
        batch = register_batch(
            actor, name=f"{today.year}年{level}级反馈问题", source=source, level=level,
            received_on=today - timedelta(days=days), division=county, problems=drafts,
        )  # fmt: skip
        for at, problem in enumerate(batch.problems.order_by("pk")):
            _work(actor, problem, at if source == "supervision" else at + 4, today)


def _work(actor: Actor, problem: Problem, how_far: int, today: date) -> None:
    """Bring a problem so many steps far; every checking step by somebody else."""
    if not problem.units.exclude(department=None, division=None).filter(duty="lead").exists():
        return
    for step in STEPS[:how_far]:
        person = _other(
            actor, {"verify": "核验", "check": "核查", "sign": "批准"}.get(step, "办理")
        )
        if step == "plan":
            problem = edit_problem(
                person, problem, version=problem.version, goal="问题彻底解决，长效机制建立",
                measures="逐项排查，建立台账，按期办结。", standard="现场核查无此类问题",
                leader="分管领导", person="业务责任人", mode="limited",
                due_on=today + timedelta(days=20 - how_far * 5),
            )  # fmt: skip
        if step == "work":
            problem = record_work(
                person, problem, text="已逐户逐项整改，资料已上传。", done_on=today,
                version=problem.version,
            )  # fmt: skip
        else:
            by = actor if step in ("assign", "approve") else person
            problem = advance_problem(
                by, problem, step, version=problem.version, words="已核对现场和资料"
            )


def _inspection(actor: Actor, county: Division, places: list[Division], today: date) -> None:
    departments = list(Department.objects.order_by("code")[:3])
    made = plan_inspection(
        actor, title="三季度以来帮扶工作督查", theme="监测帮扶、饮水安全和政策落实",
        division=county, starts_on=today - timedelta(days=20), ends_on=today + timedelta(days=5),
        team="县督查组", checklist=checklists()["six_looks_six_checks"], places=places,
        departments=departments, seed=20,
    )  # fmt: skip
    made = advance_inspection(actor, made, "settle", version=made.version)
    made = advance_inspection(actor, made, "begin", version=made.version)
    for at, unit in enumerate(made.units.all()):
        if at % 5 == 4:
            continue
        visit = record_visit(
            actor, unit, visited_on=today - timedelta(days=at), visitors="督查组",
            summary="查看台账、走访农户，总体较好。",
        )  # fmt: skip
        if at % 2 == 0:
            words = "政策宣传单发放不到位" if at else "部分台账更新不及时"
            found = record_finding(actor, visit, item="台账和宣传", text=words)
            if at == 0:
                file_finding(actor, found)
    plan_inspection(
        actor, title="饮水安全暗访", theme="供水保障", division=county,
        starts_on=today + timedelta(days=10), ends_on=today + timedelta(days=12), team="县督查组",
        checklist=checklists()["six_looks_six_checks"], places=places[1:2], is_announced=False,
        seed=21,
    )  # fmt: skip
    assert Inspection.objects.exists()


def _special(actor: Actor, county: Division, towns: list[Division], today: date) -> None:
    check = open_special(
        actor, title="惠农补贴资金监督检查", kind="subsidy", division=county,
        starts_on=today - timedelta(days=40), ends_on=today + timedelta(days=40),
    )  # fmt: skip
    for at, town in enumerate(towns):
        found = Decimal(4200 * at) if at % 2 else Decimal(0)
        result = record_result(
            actor, check, unit=town.name, checked_on=today - timedelta(days=at + 1),
            text="核对发放花名册和银行回单。", amount_checked=Decimal(860_000 + 10_000 * at),
            amount_found=found, amount_recovered=found / 2,
            failed_items=[check.items[1]] if found else [],
        )  # fmt: skip
        if at == 1:
            file_result(actor, result)


def _research(actor: Actor, county: Division, towns: list[Division], today: date) -> None:
    first = date(today.year, 1, 1)
    for at, title in enumerate(("县委书记", "县长", "分管副县长")):
        leader = name_leader(
            actor, name=f"领导{'甲乙丙'[at]}", title=title, division=county, valid_from=first
        )
        if at < len(towns) and at != 1:
            record_research(
                actor, leader, place=towns[at], visited_on=today - timedelta(days=at),
                topic="巩固拓展成果", found="要求逐户核实、按期整改。",
            )  # fmt: skip
