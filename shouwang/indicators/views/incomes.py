"""增收目标的页面: three years of targets by group, beside what the registry tells."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.audit.queries import history
from shouwang.core import clock
from shouwang.core.actor import require, require_here
from shouwang.core.errors import DomainError
from shouwang.core.requests import actor_of

from .. import operations, queries
from ..forms import BenchmarkForm, read_number
from ..income_goals import PLAN_YEARS, plan_of
from ..incomes import COUNTED, GROUPS
from .common import crumbs_of, place_of, tabs

FIRST, LAST = 2015, 2095


def goals(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "indicators.view")
    place = place_of(request, actor)
    first = _first(request)
    if request.method == "POST":
        require_here(actor, "indicators.manage", place.path)
        count = operations.set_income_goals(
            actor, place, _given(request, first), source=request.POST.get("source", "")
        )
        messages.success(request, f"已保存 {count} 个目标。" if count else "没有改动。")
        return redirect(f"{reverse('indicators:income-goals')}?place={place.code}&first={first}")
    may_manage = actor.can_at("indicators.manage", place.path)
    context = {
        "title": f"{place.name}增收目标",
        "purpose": f"{first}—{first + PLAN_YEARS - 1} 年各类人员的人均纯收入目标，"
        "和农户档案里的实际收入比，按最近增速推算能不能达到。",
        "tabs": tabs(actor, "income"),
        "place": place,
        "crumbs": crumbs_of(actor, place),
        "children": queries.children(actor, place),
        "extra": f"&first={first}",
        "groups": plan_of(place, first),
        "first": first,
        "starts": range(clock.today().year - 3, clock.today().year + 3),
        "plan_years": range(first, first + PLAN_YEARS),
        "may_manage": may_manage,
        "history": history("indicators.income_goals", place.pk, limit=20) if may_manage else None,
    }
    return render(request, "indicators/income_goals.html", context)


def benchmark(request: HttpRequest) -> HttpResponse:
    """What the statistics bureau published, beside which groups are measured."""
    actor = actor_of(request)
    require(actor, "indicators.manage")
    place = place_of(request, actor)
    require_here(actor, "indicators.manage", place.path)
    form = BenchmarkForm(request.POST or None, initial={"year": clock.today().year - 1})
    back = f"{reverse('indicators:income')}?place={place.code}"
    if request.method == "POST" and form.is_valid():
        operations.set_benchmark(actor, place, **form.cleaned_data)
        messages.success(request, "已登记，收入对比按统计局公布的增速比。")
        return redirect(back)
    context = {
        "title": f"登记统计局收入数：{place.name}", "form": form, "back_url": back,
        "purpose": "有统计局公布数的年度，各类人员的增速和它比；没有的和档案平均比。"
        "同一年再登记的代替原来的，原数留在日志里。",
    }  # fmt: skip
    return render(request, "indicators/form.html", context)


def _first(request: HttpRequest) -> int:
    asked = request.GET.get("first", "")
    is_year = asked.isdecimal() and asked.isascii() and FIRST <= int(asked[:6]) <= LAST
    return int(asked) if is_year else clock.today().year


def _given(request: HttpRequest, first: int) -> dict[tuple[str, int], Decimal | None]:
    """Cells of the form; an empty one clears the target."""
    found: dict[tuple[str, int], Decimal | None] = {}
    for key, title in GROUPS:
        if key not in COUNTED:
            continue
        for year in range(first, first + PLAN_YEARS):
            text = request.POST.get(f"goal-{key}-{year}")
            if text is None:
                continue
            bare = text.strip().replace(",", "")
            try:
                found[key, year] = read_number(bare, f"“{title} {year}年”") if bare else None
            except ValidationError as error:
                raise DomainError("；".join(error.messages), code="value") from error
    return found
