"""一户一页 (household page): what its tabs show, put together from the tables of the room."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from shouwang.core import formats
from shouwang.core.actor import Actor
from shouwang.core.charts import Chart, ChartTable, bars
from shouwang.core.components import Event, Tab

from .columns import MEASURES
from .models import Household, IncomeStatement, Member, RecordChange
from .previews import column_label
from .secrets import HEAD_ID, HOUSEHOLD_PHONE, ID_NO, MEMBER_PHONE, masked
from .tables import check_title

MOST_CHANGES = 300
SOURCES = {
    "工资性收入": "wage_income",
    "生产经营性收入": "business_income",
    "财产性收入": "property_income",
    "转移性收入": "transfer_income",
}
HOUSING = ("house_area", "danger_house", "water_ok", "toilet", "fuel", "road_type",
           "road_distance", "farmland")  # fmt: skip
UNITS = {"house_area": "平方米", "road_distance": "公里", "farmland": "亩"}
LABELS = ("household_type", "attribute", "monitor_class", "identified_month", "risk1", "risk2",
          "risk3", "eliminated", "eliminated_month", "elimination_way")  # fmt: skip
Fact = tuple[str, Any]


def value_text(value: Any, key: str = "") -> str:
    """A value as people read it; months without a day, numbers without idle zeros."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m}" if key.endswith("_month") else value.isoformat()
    if isinstance(value, Decimal):
        unit = UNITS.get(key, "")
        return f"{formats.number(value.normalize() if value % 1 else int(value))} {unit}".strip()
    return str(value)


def facts(record: Any, level: str, keys: tuple[str, ...]) -> list[Fact]:
    return [(column_label(level, key), value_text(getattr(record, key), key)) for key in keys]


def age_on(birth: date | None, day: date) -> int | None:
    """Completed years."""
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def tabs(household: Household, current: str) -> list[Tab]:
    counts = {
        "members": household.members.filter(absent_since=None).count() or household.members.count(),
        "quality": household.findings.count(),
        "history": household.changes.count(),
    }
    url = reverse("registry:household", args=[household.household_no])
    return [
        Tab(label, f"{url}?tab={name}", counts.get(name), name == current)
        for name, label in TABS.items()
    ]


@dataclass(frozen=True)
class MemberRow:
    """One member with what the table shows and everything behind it."""

    member: Member
    age: int | None
    id_masked: str
    phone_masked: str
    id_url: str
    phone_url: str
    work: str
    insurance: str
    schooling: str
    facts: list[Fact] = field(default_factory=list)


MEMBER_FACTS = (
    "birth_date", "id_type", "nation", "politics", "education", "school_status",
    "dropout_reason", "health", "disability_kind", "labour", "work_province", "work_county",
    "work_months", "employer", "job_channel", "post_type", "post_months", "resident_medical",
    "employee_medical", "serious_insurance", "resident_pension", "dibao", "tekun", "mandarin",
)  # fmt: skip


def reveal_url(household: Household, level: str, key: int, column: str) -> str:
    return reverse("registry:reveal", args=[household.household_no, level, key, column])


def members(actor: Actor, household: Household, today: date) -> dict[str, Any]:
    may_reveal = actor.can_at("registry.reveal", household.village.path)
    found = household.members.select_related("source_file").order_by("pk")
    rows = [_member_row(household, member, today, may_reveal) for member in found]
    return {
        "rows": [row for row in rows if row.member.absent_since_id is None],
        "former": [row for row in rows if row.member.absent_since_id is not None],
    }


def _member_row(household: Household, member: Member, today: date, may_reveal: bool) -> MemberRow:
    def url(column: str) -> str:
        return reveal_url(household, "member", member.pk, column) if may_reveal else ""

    place = "".join(filter(None, (member.work_province, member.work_county)))
    months = f"{value_text(member.work_months)} 个月" if member.work_months else ""
    insured = [
        name
        for name, value in (
            ("居民医保", member.resident_medical),
            ("职工医保", member.employee_medical),
            ("大病保险", member.serious_insurance),
        )
        if value == "是"
    ]
    return MemberRow(
        member=member,
        age=age_on(member.birth, today),
        id_masked=masked(ID_NO, member.id_enc),
        phone_masked=masked(MEMBER_PHONE, member.phone_enc),
        id_url=url("id_no"),
        phone_url=url("phone"),
        work=" ".join(filter(None, (place, months, member.post_type))),
        insurance="、".join(insured),
        schooling=member.school_status or member.education or "",
        facts=facts(member, "member", MEMBER_FACTS),
    )


def income(actor: Actor, household: Household, today: date) -> dict[str, Any]:
    statements = list(household.statements.select_related("source_file").order_by("year"))
    annual = [each for each in statements if each.kind == IncomeStatement.Kind.ANNUAL]
    after = [each for each in statements if each.kind == IncomeStatement.Kind.AFTER]
    return {
        "chart": income_chart(household, annual) if annual else None,
        "annual": [(each, per_capita(household, each)) for each in reversed(annual)],
        "after": after[-1] if after else None,
    }


def per_capita(household: Household, statement: IncomeStatement) -> Decimal | None:
    """人均纯收入 of a year; unknown where a part of it or the size of the household is."""
    parts = [getattr(statement, name) for name in SOURCES.values()]
    size = household.household_size
    if statement.business_expense is None or not size or any(part is None for part in parts):
        return None
    total = sum(parts, Decimal(0)) - statement.business_expense
    return (total / size).quantize(Decimal("0.01"))


def income_chart(household: Household, annual: list[IncomeStatement]) -> Chart:
    """Sources stacked by year, the expense below the line, and per-capita income as a line."""
    first = annual[0]
    years = [each.year for each in annual]
    person = [per_capita(household, each) for each in annual]
    columns: dict[str, list[Any]] = {
        label: [getattr(each, name) for each in annual] for label, name in SOURCES.items()
    }
    columns["生产经营性支出"] = [
        None if each.business_expense is None else -each.business_expense for each in annual
    ]
    if first.prev_per_capita is not None:
        years.insert(0, first.year - 1)
        person.insert(0, first.prev_per_capita)
        columns = {label: [None, *values] for label, values in columns.items()}
    series = {
        label: [None if value is None else float(value) for value in values]
        for label, values in columns.items()
    }
    chart = bars(
        title=_income_title(years, person),
        unit="元",
        source="全国系统导出的户表，人均按家庭人口数计算",
        categories=[f"{year}年" for year in years],
        series=series,
        stacked=True,
        horizontal=False,
        head="年度",
    )
    line = [None if value is None else float(value) for value in person]
    _add_line(chart.option, "人均纯收入", line)
    head = [*chart.table.head, "人均纯收入"]
    rows = [[*row, formats.number(each) if each is not None else "—"]
            for row, each in zip(chart.table.rows, person, strict=True)]  # fmt: skip
    return Chart(chart.title, chart.unit, chart.source, chart.option, ChartTable(head, rows))


def _add_line(option: dict[str, Any], name: str, values: list[float | None]) -> None:
    option["series"].append(
        {"type": "line", "name": name, "data": values, "symbolSize": 8, "connectNulls": False}
    )


def _income_title(years: list[int], person: list[Decimal | None]) -> str:
    last = person[-1]
    if last is None:
        return f"{years[-1]}年收入有缺项，算不出人均纯收入"
    text = f"{years[-1]}年人均纯收入 {formats.number(last.quantize(Decimal(1)))} 元"
    before = person[-2] if len(person) > 1 else None
    if before:
        change = (last - before) / before
        text += f"，比上年{'增加' if change >= 0 else '减少'} {abs(change) * 100:.1f}%"
    return text


def living(actor: Actor, household: Household, today: date) -> dict[str, Any]:
    return {"facts": facts(household, "household", HOUSING)}


def support(actor: Actor, household: Household, today: date) -> dict[str, Any]:
    measures = [(column_label("household", key), getattr(household, key)) for key in MEASURES]
    return {
        "labels": facts(household, "household", LABELS),
        "measures": [(label, value) for label, value in measures if value],
        "development_status": household.development_status,
        "contact_cadre": household.contact_cadre,
    }


def quality(actor: Actor, household: Household, today: date) -> dict[str, Any]:
    found = household.findings.select_related("member")
    return {"findings": [(check_title(each.check_id), each.member) for each in found]}


def history(actor: Actor, household: Household, today: date) -> dict[str, Any]:
    """Field by field with file and row; values of members are in it too."""
    changes = household.changes.select_related("member", "registry_import", "source_file")
    sheets = {True: "户", False: "人口"}
    return {
        "changes": [
            (each, column_label("member" if each.member_id else "household", each.column),
             sheets[each.member_id is None])
            for each in changes[:MOST_CHANGES]
        ],
        "is_cut": changes.count() > MOST_CHANGES,
        "most": MOST_CHANGES,
        "household_source": (household.source_file, household.source_row),
        "member_sources": list(household.members.select_related("source_file").order_by("pk")),
    }  # fmt: skip


def fragment(view: str) -> Callable[[Actor, Household, date], dict[str, Any]]:
    """A tab that another room fills: the page loads it from there."""

    def build(actor: Actor, household: Household, today: date) -> dict[str, Any]:
        try:
            return {"fragment_url": reverse(view, args=[household.household_no])}
        except NoReverseMatch:
            return {"fragment_url": ""}

    return build


def files(actor: Actor, household: Household, today: date) -> dict[str, Any]:
    """The template asks for the files itself."""
    return {"may_see_files": actor.can("documents.view")}


TABS = {
    "members": "成员",
    "income": "收入",
    "living": "住房饮水",
    "support": "国家系统标签",
    "facts": "部门数据",
    "clues": "线索",
    "cases": "个案",
    "help": "帮扶",
    "quality": "质量问题",
    "files": "佐证材料",
    "history": "历史",
}
FRAGMENTS = ("facts", "clues", "cases", "help")
BUILDERS: dict[str, Callable[[Actor, Household, date], dict[str, Any]]] = {
    "members": members,
    "income": income,
    "living": living,
    "support": support,
    "facts": fragment("feeds:household-facts"),
    "clues": fragment("screening:household-clues"),
    "cases": fragment("cases:household-cases"),
    "help": fragment("support:household-help"),
    "quality": quality,
    "history": history,
    "files": files,
}


def page(actor: Actor, household: Household, tab: str, today: date) -> dict[str, Any]:
    """Everything the page needs: head, the chosen tab, the timeline."""
    tab = tab if tab in TABS else "members"
    may_reveal = actor.can_at("registry.reveal", household.village.path)
    return {
        "household": household,
        "title": str(household),
        "monitor_words": f"{household.monitor_class or ''}（风险已消除）",
        "tab": tab,
        "tab_label": TABS[tab],
        "tab_template": f"registry/household/{'fragment' if tab in FRAGMENTS else tab}.html",
        "tabs": tabs(household, tab),
        "head_id": masked(HEAD_ID, household.head_id_enc),
        "head_id_url": reveal_url(household, "household", household.pk, "head_id")
        if may_reveal else "",
        "phone": masked(HOUSEHOLD_PHONE, household.phone_enc),
        "phone_url": reveal_url(household, "household", household.pk, "phone")
        if may_reveal else "",
        "finding_count": household.findings.count(),
        "events": timeline(actor, household),
        **BUILDERS[tab](actor, household, today),
    }  # fmt: skip


def timeline(actor: Actor, household: Household) -> list[Event]:
    """What happened to the household, newest first; rooms above add theirs by setting."""
    events = _monitoring_events(household) + _import_events(household)
    for name in getattr(settings, "SHOUWANG_HOUSEHOLD_EVENTS", ()):
        events += import_string(name)(actor, household)
    return sorted(events, key=lambda event: str(event.at)[:10], reverse=True)[:40]


def _monitoring_events(household: Household) -> list[Event]:
    events = []
    if household.identified_month:
        detail = "、".join([household.monitor_class or "", *household.risks]).strip("、")
        events.append(
            Event(
                f"{household.identified_month:%Y-%m}", "识别为监测对象", detail=detail, tone="near"
            )
        )
    if household.eliminated_month and household.eliminated == "是":
        way = household.elimination_way or ""
        events.append(
            Event(f"{household.eliminated_month:%Y-%m}", "风险消除", detail=way, tone="done")
        )
    return events


def _import_events(household: Household) -> list[Event]:
    first = household.source_file.registry_import
    events = [
        Event(first.decided_at or first.received_at, "登记入库", first.decided_by_label,
              f"{household.source_file.name} 第 {household.source_row} 行", "going")
    ]  # fmt: skip
    changes = (
        household.changes.values(
            "registry_import", "changed_at", "registry_import__decided_by_label"
        )
        .annotate(count=Count("pk"))
        .order_by("-changed_at")[:20]
    )
    for each in changes:
        columns = Counter(
            column_label("member" if member else "household", column)
            for column, member in RecordChange.objects.filter(
                household=household, registry_import=each["registry_import"]
            ).values_list("column", "member")
        )
        events.append(
            Event(each["changed_at"], f"更新 {each['count']} 项",
                  each["registry_import__decided_by_label"], "、".join(list(columns)[:6]), "going")
        )  # fmt: skip
    if household.absent_since:
        at = household.absent_since.decided_at or household.absent_since.received_at
        events.append(Event(at, "未出现在本次导出", detail="没有删除，请核实原因", tone="late"))
    return events
