"""演示: a made-up plan of the fictitious county, its table confirmed, values and alarms."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.workplans.operations import upload_paper

from .models import Definition, Reading
from .operations import (
    advance_reading,
    appoint,
    check_actual,
    classify,
    compute,
    decide_proposal,
    make_definition,
    propose_adjustment,
    read_paper,
    report_actual,
    report_land,
    set_targets,
    set_upper,
)
from .operations.bodies import recognise, register_body
from .operations.targets import Goal
from .periods import Period
from .states import Source

ROWS = (
    ("1", "返贫人口", "动态清零", "约束性"),
    ("2", "脱贫人口、防止返贫监测对象住房安全保障率（%）", "100", "约束性"),
    ("3", "脱贫人口、防止返贫监测对象饮水安全保障率（%）", "100", "约束性"),
    ("4", "脱贫人口、防止返贫监测对象基本医疗保障率（%）", "100", "约束性"),
    ("5", "农村居民人均可支配收入增速（%）", "高于全省平均增速", "预期性"),
    ("6", "农村卫生厕所普及率（%）", "92", "预期性"),
    ("7", "农村生活污水处理率（%）", "40", "预期性"),
    ("8", "村集体经济年收入", "空壳村全面消除，村村均有稳定收入", "预期性"),
)
PAPER = """<html><body><h1>示例县乡村振兴规划（{year}年）</h1><h2>一、主要指标</h2>
<p>到{year}年，主要指标达到下表的要求。</p><p>表1 示例县主要指标</p><table>
<tr><td>序号</td><td>指标名称</td><td>{year}年目标</td><td>属性</td></tr>{rows}</table></body></html>"""
SEWAGE = ("30.5", "32", "33.8", "35.1", "36.9")
PAST = {
    "2": ("97.2", "97.9", "98.4"), "3": ("95.8", "96.9", "97.7"), "4": ("99.1", "99.3", "99.5"),
    "5": ("6.9", "6.6", "6.4"), "6": ("81.5", "85.2", "88"),
}  # fmt: skip
"""Of the three years before, as a yearbook has them; made up. By the number in the paper."""
PAST_GRAIN = ("14600", "14710", "14780")
GRAIN, LEAST_FIELDS = Decimal(15000), Decimal(21000)


def make(actor: Actor) -> int:
    """The whole way of one table by two people, then values, a broken red line, and rosters."""
    county = Division.objects.filter(
        code__startswith=settings.SHOUWANG_COUNTY, level="county"
    ).first()
    if county is None:
        return 0
    second = Actor(actor.account_id, f"{actor.label}（第二人）", actor.scopes)
    towns = list(Division.objects.on(clock.today()).filter(parent=county).order_by("code"))
    _classes(actor, county)
    reading = _paper(actor, second, county)
    found = {one.number: one for one in Definition.objects.filter(paper=reading.paper)}
    _reported(actor, second, county, found)
    _history(actor, second, county, found)
    automatic = [one for one in found.values() if one.source == Source.FORMULA]
    compute(actor, automatic, [county, *towns], Period.of_year(clock.today().year))
    _towns(actor, county, towns)
    Definition.objects.filter(division=county, number__in=("6", "7")).update(tags=["千万工程"])
    _registers(actor, towns)
    _named_bodies(actor, towns)
    return Definition.objects.filter(division=county).count()


def _paper(actor: Actor, second: Actor, county: Division) -> Reading:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    text = PAPER.format(year=clock.today().year, rows=rows)
    paper = upload_paper(actor, content=text.encode("utf-8"), name="规划指标.html", division=county)
    reading = read_paper(actor, paper)
    departments = {one.name: one for one in Department.objects.all()}
    for proposal in reading.proposals.all():
        values = {}
        if proposal.source == Source.REPORTED:
            office = "农业农村局" if "污水" not in proposal.name else "住房和城乡建设局"
            values = {"rhythm": "quarter", "department": departments.get(office)}
        decide_proposal(
            actor, proposal, decision="corrected" if values else "accepted",
            version=proposal.version, **values,
        )  # fmt: skip
    sent = advance_reading(actor, reading, "send", version=reading.version)
    return advance_reading(second, sent, "confirm", version=sent.version)


def _classes(actor: Actor, county: Division) -> None:
    villages = Division.objects.filter(path__startswith=county.path, level="village")
    for place_class, places in (("key_help", villages[:3]), ("demonstration", villages[3:6])):
        for village in places:
            classify(
                actor, village, place_class=place_class, valid_from=date(2021, 1, 1),
                source="示例省名单（虚构）", list_level="省",
            )  # fmt: skip


def _reported(actor: Actor, second: Actor, county: Division, found: dict[str, Definition]) -> None:
    """Five quarters of sewage, the last one still to be checked; nobody fell back."""
    period = Period.of("quarter", clock.today()).previous()
    quarters = [period]
    while len(quarters) < len(SEWAGE):
        quarters.insert(0, quarters[0].previous())
    for at, (quarter, value) in enumerate(zip(quarters, SEWAGE, strict=True)):
        made = report_actual(actor, found["7"], county, period=quarter, value=Decimal(value))
        if at < len(quarters) - 1:
            check_actual(second, made, accept=True)
    report_actual(actor, found["1"], county, period=period, value=Decimal(0))
    report_actual(
        actor, found["8"], county, period=period, is_reached=True,
        text="各村都有经营性收入，没有空壳村。",
    )  # fmt: skip
    province = Division.objects.filter(pk=int(county.path.split("/")[1])).first()
    if province is not None:
        set_upper(
            actor, found["5"], province, period=Period.of_year(clock.today().year),
            value=Decimal("6.1"), origin="示例省统计公报（虚构）",
        )  # fmt: skip


def _history(actor: Actor, second: Actor, county: Division, found: dict[str, Definition]) -> None:
    """What was before the system was there, reported from the yearbook."""
    year = clock.today().year
    for number, values in PAST.items():
        for at, value in enumerate(values):
            period = Period.of_year(year - len(values) + at)
            made = report_actual(
                actor, found[number], county, period=period, value=Decimal(value),
                text="示例县统计年鉴（虚构）",
            )  # fmt: skip
            check_actual(second, made, accept=True)


def _towns(actor: Actor, county: Division, towns: list[Division]) -> None:
    """Grain split down to the towns with sums, and the red line of farmland broken in one."""
    year = clock.today().year
    whole = len(towns) * GRAIN
    values: dict[str, Any] = {
        "division": county, "unit": "亩", "level": "town", "spread": "sum", "rhythm": "year",
        "reporter": "department", "valid_from": date(year - len(PAST_GRAIN), 1, 1),
        "department": Department.objects.filter(name="农业农村局").first(),
    }  # fmt: skip
    grain = make_definition(
        actor, code="粮食面积", name="粮食播种面积", attribute="binding", accumulates=True, **values
    )
    set_targets(
        actor, grain, [Goal(county, year, whole), *[Goal(one, year, GRAIN) for one in towns]]
    )
    fields = make_definition(
        actor, code="耕地保有量", name="耕地保有量", attribute="binding", is_red_line=True, **values
    )
    set_targets(actor, fields, [Goal(one, year, LEAST_FIELDS) for one in towns])
    for at, town in enumerate(towns):
        share = Decimal(100 - at % 5 * 2) / 100
        period = Period.of_year(year)
        for back, area in enumerate(reversed(PAST_GRAIN), 1):
            then = Decimal(area) - 40 * at
            report_actual(actor, grain, town, period=Period.of_year(year - back), value=then)
        report_actual(actor, grain, town, period=period, value=GRAIN * share)
        kept = LEAST_FIELDS + Decimal(60 * at) - (Decimal(140) if at == 1 else Decimal(0))
        report_actual(actor, fields, town, period=period, value=kept)
    propose_adjustment(
        actor, grain, towns[0], year=year, value=GRAIN - 200,
        reason="高标准农田建设占用当季 200 亩，完工后恢复。",
    )  # fmt: skip


NAMED = (
    ("platform", "示例县电商公共服务中心", "综合服务", 2020, (("prefecture", "示范平台", 2022),)),
    ("park", "示例县茶叶现代农业产业园", "茶叶", 2019,
     (("county", "产业园", 2019), ("province", "现代农业产业园", 2023))),
    ("science", "示例县农业科技园区", "良种繁育", 2021, (("province", "农业科技园区", 2024),)),
    ("town", "示例县茶香小镇", "茶叶", 2020, (("prefecture", "特色小镇", 2021),)),
    ("leader", "示例县粮油有限公司", "粮油", 2018,
     (("county", "龙头企业", 2019), ("prefecture", "龙头企业", 2021),
      ("province", "龙头企业", 2024))),
    ("leader", "示例县生态茶业有限公司", "茶叶", 2019,
     (("county", "龙头企业", 2020), ("prefecture", "龙头企业", 2023))),
    ("cooperative", "示例县丰禾水稻种植专业合作社", "水稻", 2019, (("county", "示范社", 2021),)),
    ("cooperative", "示例县青岭茶叶专业合作社", "茶叶", 2020,
     (("county", "示范社", 2021), ("province", "示范社", 2024))),
    ("farm", "示例县东坡家庭农场", "蔬菜", 2021, (("county", "示范农场", 2023),)),
    ("leisure", "示例县云溪休闲农庄", "休闲农业", 2022, ()),
)  # fmt: skip
"""Kind, name, industry, year of its beginning, recognitions with their years; all made up."""


def _named_bodies(actor: Actor, towns: list[Division]) -> None:
    """Platforms, parks and operators with the ladder that they climbed."""
    for at, (kind, name, industry, year, ladder) in enumerate(NAMED):
        body = register_body(
            actor, towns[at % len(towns)], kind=kind, name=name, industry=industry,
            since=date(year, 3, 1),
        )  # fmt: skip
        for rung, title, since in ladder:
            recognise(actor, body, rung=rung, title=title, recognised_on=date(since, 6, 1))


def _registers(actor: Actor, towns: list[Division]) -> None:
    since = date(clock.today().year, 1, 1)
    for at, town in enumerate(towns[:-1]):
        appoint(
            actor, town, kind="field", person=f"镇级田长{at + 1}", post="镇长", valid_from=since,
            duty="巡查耕地，制止违规占用。",
        )  # fmt: skip
    villages = Division.objects.filter(parent__in=towns[:2], level="village")[:4]
    for at, village in enumerate(villages):
        report_land(
            actor, village, plot=f"{village.name}东坡", area=Decimal("3.5") + at,
            found_on=clock.today() - timedelta(days=90 + at),
        )  # fmt: skip
