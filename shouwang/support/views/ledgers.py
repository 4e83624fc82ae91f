"""到户台账的页面: which lists and forms there are, and the sums by town."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of

from ..industry_lists import IndustryFilter, IndustryForm, IndustryTable
from ..ledger_filters import CareFilter, ClaimFilter, PolicyFilter, SubsidyFilter
from ..ledger_forms import CareForm, ClaimForm, PolicyForm, SubsidyForm
from ..ledger_tables import CareTable, ClaimTable, PolicyTable, SubsidyTable
from ..models import CareFlag, Industry, InsuranceClaim, InsurancePolicy, Subsidy
from ..operations import (
    record_care,
    record_claim,
    record_industry,
    record_policy,
    record_subsidy,
)
from .access import members_of

LEDGERS: dict[str, tuple[str, str, Any, Any, Any]] = {
    "insurance": ("保险", "防返贫保险、农业和特色产业保险，谁在保、保多少、财政补了多少。",
                  InsurancePolicy, PolicyTable, PolicyFilter),
    "claims": ("理赔", "出险、报损和赔付；没有赔下来的看得见。", InsuranceClaim, ClaimTable,
               ClaimFilter),
    "subsidies": ("到户补贴", "耕地地力保护补贴等到户补贴，按户按项目登记。", Subsidy,
                  SubsidyTable, SubsidyFilter),
    "industries": ("产业", "每户每年的种植、养殖、庭院经济等，规模、产值、收入和带动。",
                   Industry, IndustryTable, IndustryFilter),
    "care": ("四病管理", "高血压、糖尿病、结核病、严重精神障碍的规范管理，属健康信息，不对外。",
             CareFlag, CareTable, CareFilter),
}  # fmt: skip
LEDGERS_RELATED = {
    "insurance": ("household__village__parent",),
    "claims": ("household__village__parent", "policy"),
    "subsidies": ("household__village__parent",),
    "industries": ("household__village__parent",),
    "care": ("household__village__parent", "member"),
}
GUARDED = {"care", "burdens"}
"""States of health: only for who keeps the registers."""
SUMS: dict[str, tuple[tuple[str, str], ...]] = {
    "insurance": (("sum_insured", "保险金额"), ("premium", "保费"), ("aid", "保费补贴")),
    "claims": (("claimed", "报损金额"), ("paid", "赔付金额")),
    "subsidies": (("amount", "金额"),),
}
YEAR_OF = {"insurance": "starts_on__year", "claims": "happened_on__year", "subsidies": "year"}


def _claim(actor: Actor, household: Any, given: dict[str, Any]) -> InsuranceClaim:
    return record_claim(actor, given.pop("policy"), **given)


def _care(actor: Actor, household: Any, given: dict[str, Any]) -> CareFlag:
    return record_care(actor, given.pop("member"), **given)


LEDGER_FORMS: dict[str, tuple[str, Callable[[Any, Any], Any], Callable[..., Any]]] = {
    "insurance": (
        "登记保险",
        lambda data, household: PolicyForm(data),
        lambda actor, household, given: record_policy(actor, household, **given),
    ),
    "claims": (
        "登记理赔",
        lambda data, household: ClaimForm(data, household=household),
        _claim,
    ),
    "subsidies": (
        "登记到户补贴",
        lambda data, household: SubsidyForm(data),
        lambda actor, household, given: record_subsidy(actor, household, **given),
    ),
    "industries": (
        "登记产业",
        lambda data, household: IndustryForm(data, initial={"year": clock.today().year}),
        lambda actor, household, given: record_industry(actor, household, **given),
    ),
    "care": (
        "登记四病管理",
        lambda data, household: CareForm(data, members=members_of(household)),
        _care,
    ),
}


def by_town(request: HttpRequest, kind: str) -> HttpResponse:
    """What a register adds up to by town in one year; one query."""
    actor = actor_of(request)
    require(actor, "support.view")
    if kind not in SUMS:
        raise NotFound
    title, _, model, _, _ = LEDGERS[kind]
    asked = request.GET.get("year", "")
    this_year = clock.today().year
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else this_year
    rows = model.objects.visible_to(actor).filter(**{YEAR_OF[kind]: year}).order_by()
    totals = {f"sum_{key}": Sum(key) for key, _ in SUMS[kind]}
    towns = (
        rows.values("household__village__parent__code", "household__village__parent__name")
        .annotate(rows=Count("pk"), homes=Count("household", distinct=True), **totals)
        .order_by("household__village__parent__code")
    )
    found = [
        (
            row["household__village__parent__name"] or "—", row["homes"], row["rows"],
            [row[key] for key in totals],
        )
        for row in towns
    ]  # fmt: skip
    whole = rows.aggregate(rows=Count("pk"), homes=Count("household", distinct=True), **totals)
    later = "" if year < this_year else "还没到"
    context = {
        "title": f"{year}年{title}按乡镇合计", "heads": [label for _, label in SUMS[kind]],
        "rows": found, "whole": (whole["homes"], whole["rows"], [whole[key] for key in totals]),
        "actions": [
            Action(f"{year - 1}年", f"?year={year - 1}"),
            Action(f"{year + 1}年", f"?year={year + 1}", reason=later),
            Action("逐笔清单", reverse("support:register", args=[kind])),
        ],
    }  # fmt: skip
    return render(request, "support/by_town.html", context)
