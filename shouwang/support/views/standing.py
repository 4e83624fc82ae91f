"""户的底数的页面: one row with its history and its correction, rates of resettlement."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang.core import charts, clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Event
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.divisions.models import Division

from ..models import ExitYear, PensionYear, Resettlement
from ..operations import correct_entry, record_entry
from ..operations.standing import REGISTERS
from ..operations.standing_checks import whole_mu
from ..queries.resettlement import Rates, rates, whole
from ..standing_lists import (
    ExitFilter,
    ExitForm,
    ExitTable,
    NewPensionForm,
    PensionFilter,
    PensionForm,
    PensionTable,
    ResettlementFilter,
    ResettlementForm,
    ResettlementTable,
    correction_of,
    moved_state,
    old_house_state,
    reclaim_state,
)
from .access import household_of, members_of, one
from .posting import form_page, posted

STANDING_LISTS: dict[str, tuple[str, str, Any, Any, Any]] = {
    "exits": ("脱贫年度", "每户哪一年脱贫、当年几口人；与历年脱贫人数对照。", ExitYear, ExitTable,
              ExitFilter),
    "resettlement": ("易地搬迁", "安置在哪里、入住没有、旧房拆没拆、复垦没复垦。", Resettlement,
                     ResettlementTable, ResettlementFilter),
    "pensions": ("养老保险", "每人每年参保、档次、政府代缴和领取。", PensionYear, PensionTable,
                 PensionFilter),
}  # fmt: skip
STANDING_RELATED = {
    "exits": ("household__village__parent",),
    "resettlement": ("household__village__parent",),
    "pensions": ("household__village__parent", "member"),
}


def _of_household(kind: str) -> Callable[..., Any]:
    return lambda actor, household, given: record_entry(actor, kind, household, **given)


STANDING_FORMS: dict[str, tuple[str, Callable[[Any, Any], Any], Callable[..., Any]]] = {
    "exits": ("登记脱贫年度", lambda data, household: ExitForm(data), _of_household("exits")),
    "resettlement": (
        "登记易地搬迁",
        lambda data, household: ResettlementForm(data),
        _of_household("resettlement"),
    ),
    "pensions": (
        "登记养老保险",
        lambda data, household: NewPensionForm(
            data, members=members_of(household), initial={"year": clock.today().year}
        ),
        lambda actor, household, given: record_entry(
            actor, "pensions", given.pop("member"), **given
        ),
    ),
}
CORRECTIONS: dict[str, type[forms.Form]] = {
    "exits": correction_of(ExitForm),
    "resettlement": correction_of(ResettlementForm),
    "pensions": correction_of(PensionForm),
}


def _entry(actor: Actor, kind: str, pk: int, right: str = "support.view") -> Any:
    require(actor, "support.view")
    if kind not in REGISTERS:
        raise NotFound
    rows = REGISTERS[kind].model.objects.visible_to(actor)
    found = one(rows.select_related(*STANDING_RELATED[kind]), pk=pk)
    if right != "support.view":
        household_of(actor, found.household.household_no, right)
    return found


def entry_page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    row = _entry(actor, kind, pk)
    may = actor.can_at("support.registers", row.household.village.path)
    back = reverse("support:register", args=[kind])
    context = {
        "row": row, "household": row.household, "title": REGISTERS[kind].title,
        "facts": FACTS[kind](row), "events": history_of(row),
        "actions": [
            *([Action("更正", reverse("support:entry-correct", args=[kind, pk]), is_main=True)]
              if may else []),
            Action("回到台账", back),
        ],
    }  # fmt: skip
    return render(request, "support/entry.html", context)


def history_of(row: Any) -> list[Event]:
    """Corrections, the newest first, and from where the row came."""
    events = [
        Event(change.at, change.reason, change.actor_label, "；".join(
            f"{label}：{old or '空'} → {new or '空'}" for label, old, new in change.changes
        ))
        for change in row.changes
    ]  # fmt: skip
    origin = f"{row.file_name} 第 {row.file_row} 行" if row.file_name else ""
    return [*events, Event(row.recorded_at, "登记", row.recorded_by_label, origin)]


def entry_correct(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    actor = actor_of(request)
    row = _entry(actor, kind, pk, "support.registers")
    form = CORRECTIONS[kind]
    initial = {key: getattr(row, key) for key in form.base_fields if key != "reason"}
    if kind == "pensions":
        initial["insured"] = "yes" if row.insured else "no"
    return form_page(
        request,
        form(posted(request), initial=initial),
        lambda given: correct_entry(actor, kind, row, **given),
        title=f"更正{REGISTERS[kind].title}",
        purpose=f"{row}。原来的内容和理由留在记录里。",
        submit="保存更正",
        back_url=reverse("support:entry", args=[kind, pk]),
        done="更正已保存。",
        record=row,
    )


def _day(value: Any) -> str:
    return formats.day(value) if value else ""


def _yuan(value: Any) -> str:
    return "" if value is None else f"{formats.amount(value)} 元"


def _exit_facts(row: ExitYear) -> list[tuple[str, Any]]:
    return [
        ("脱贫年度", f"{row.year}年"),
        ("脱贫人数", f"{row.people} 人" if row.people else ""),
        ("档案户类型", row.household.household_type or ""),
        ("备注", row.note),
    ]


def _resettlement_facts(row: Resettlement) -> list[tuple[str, Any]]:
    return [
        ("安置方式", row.get_way_display()),
        ("安置点", row.site),
        ("迁出地", row.origin),
        ("搬迁人数", f"{row.people} 人" if row.people else ""),
        ("入住", f"{moved_state(row)[1]} {_day(row.moved_on)}".strip()),
        ("旧房", f"{old_house_state(row)[1]} {_day(row.demolished_on)}".strip()),
        ("免拆原因", row.exempt_reason),
        ("复垦", f"{reclaim_state(row)[1]} {_day(row.reclaimed_on)}".strip()),
        ("复垦面积", whole_mu(row.reclaim_area) if row.reclaim_area else ""),
        ("备注", row.note),
    ]


def _pension_facts(row: PensionYear) -> list[tuple[str, Any]]:
    return [
        ("姓名", row.member.name),
        ("年度", f"{row.year}年"),
        ("参保", "已参保" if row.insured else "没有参保"),
        ("缴费档次", _yuan(row.grade)),
        ("代缴金额", _yuan(row.aid)),
        ("代缴单位", row.aid_by),
        ("开始领取", _day(row.receiving_since)),
        ("备注", row.note),
    ]


FACTS: dict[str, Callable[[Any], list[tuple[str, Any]]]] = {
    "exits": _exit_facts,
    "resettlement": _resettlement_facts,
    "pensions": _pension_facts,
}


def town_asked(actor: Actor, code: str) -> Division | None:
    towns = Division.objects.visible_to(actor).filter(level="town")
    found: Division | None = towns.filter(code=code).first() if code.isalnum() else None
    return found


def resettlement_rates(request: HttpRequest) -> HttpResponse:
    """By town, or by village of one town, and by site."""
    actor = actor_of(request)
    require(actor, "support.view")
    rows = Resettlement.objects.visible_to(actor)
    town = town_asked(actor, request.GET.get("town", ""))
    if town is not None:
        rows = rows.filter(household__village__parent=town)
    level, places = "town", rates(rows, "town")
    if town is not None or len(places) == 1:
        level, places = "village", rates(rows, "village")
    sites = rates(rows, "site")
    context = {
        "title": f"{town.name if town else ''}易地搬迁入住、拆旧、复垦", "level": level,
        "place_head": "村" if level == "village" else "乡镇", "places": places, "sites": sites,
        "whole": whole(rows), "chart": _rates_chart(places),
        "actions": [
            *([Action("全部乡镇", "?")] if town else []),
            Action("逐户清单", reverse("support:register", args=["resettlement"])),
        ],
    }  # fmt: skip
    return render(request, "support/resettlement_rates.html", context)


def _rates_chart(places: list[Rates]) -> charts.Chart | None:
    """Places where most old houses still stand."""
    behind = [one for one in places if one.due > one.demolished or one.homes > one.moved]
    if len(places) < 2 or not behind:
        return None
    behind.sort(key=lambda one: one.demolished - one.due)
    return charts.bars(
        title=f"还有 {len(behind)} 处没有全部入住、拆旧", unit="户", source="易地搬迁台账",
        categories=[one.label for one in behind[:12]],
        series={
            "没有入住": [one.homes - one.moved for one in behind[:12]],
            "应拆未拆": [one.due - one.demolished for one in behind[:12]],
            "应复垦未复垦": [one.to_reclaim - one.reclaimed for one in behind[:12]],
        },
        head="地区",
    )  # fmt: skip
