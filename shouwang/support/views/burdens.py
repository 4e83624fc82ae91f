"""高额医疗费用的页面: one person's burden and its handling, the counts by town."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action
from shouwang.core.requests import actor_of
from shouwang.screening.models import Run

from ..burden_lists import BurdenFilter, BurdenTable, HandleForm, burden_state
from ..calculators.steps import NoLaw
from ..facts import law, open_case
from ..models import MedicalBurden
from ..operations.burdens import burden_rules, handle_burden, take_burdens
from ..states import BURDEN_OPEN
from .access import one
from .posting import form_page, posted
from .standing import history_of

BURDEN_LISTS: dict[str, tuple[str, str, Any, Any, Any]] = {
    "burdens": ("高额医疗费用", "自付超过预警线的人：核实、救助、转线索；属健康信息，不对外。",
                MedicalBurden, BurdenTable, BurdenFilter),
}  # fmt: skip
OUTCOMES = ("open", "checked", "aided", "clue", "no_need")


def burden_actions(actor: Actor, kind: str) -> list[Action]:
    if kind != "burdens":
        return []
    found = [Action("按乡镇", reverse("support:burden-towns"), "chart-bar")]
    if actor.can("support.registers"):
        url = reverse("support:burdens-take")
        found.append(Action("从筛查更新", url, "refresh", method="post"))
    return found


@require_POST
def burdens_take(request: HttpRequest) -> HttpResponse:
    fresh, grown = take_burdens(actor_of(request))
    messages.success(request, f"已从筛查登记 {fresh} 人，{grown} 人的费用有增加。")
    return redirect("support:register", kind="burdens")


def _burden(actor: Actor, pk: int) -> MedicalBurden:
    """A state of health: only for who keeps the registers there."""
    require(actor, "support.view")
    rows = MedicalBurden.objects.visible_to(actor)
    found: MedicalBurden = one(
        rows.select_related("household__village__parent", "member", "clue", "screening_clue"),
        pk=pk,
    )
    require(actor, "support.registers", found.household.village.path)
    return found


def burden_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    burden = _burden(actor, pk)
    case = open_case(burden.household)
    actions = [
        Action("登记办理", reverse("support:burden-handle", args=[pk]), is_main=True)
        if burden.state in BURDEN_OPEN
        else Action("重新打开", reverse("support:burden-handle", args=[pk]))
    ]
    if case is not None and actor.can("cases.view"):
        actions.append(Action("个案", reverse("cases:case", args=[case.number]), "folder"))
    if burden.clue and actor.can("cases.view"):
        actions.append(Action("线索", reverse("cases:clue", args=[burden.clue.uuid])))
    if burden.screening_clue_id and actor.can("screening.view"):
        url = reverse("screening:clue", args=[burden.screening_clue_id])
        actions.append(Action("筛查依据", url))
    context = {
        "row": burden, "household": burden.household, "title": "高额医疗费用",
        "facts": _facts(burden), "actions": actions, "events": history_of(burden),
        "state": burden_state(burden),
    }  # fmt: skip
    return render(request, "support/entry.html", context)


def _facts(burden: MedicalBurden) -> list[tuple[str, Any]]:
    return [
        ("姓名", burden.member.name),
        ("年度", f"{burden.year}年，截至 {formats.day(burden.seen_on)}"),
        ("自付金额", f"{formats.amount(burden.amount)} 元"),
        ("预警线", f"{formats.amount(burden.line)} 元"),
        ("依据", _source(burden)),
        *_gone(burden),
        ("办理期限", formats.day(burden.due_on)),
        ("办理日期", formats.day(burden.handled_on) if burden.handled_on else ""),
        ("办理人", burden.handled_by_label),
    ]


def _gone(burden: MedicalBurden) -> list[tuple[str, str]]:
    """That a newer screening of the year finds it no more: the line may have changed."""
    runs = Run.objects.filter(state=Run.State.VALID, as_of__year=burden.year)
    newest = runs.order_by("-as_of").values_list("as_of", flat=True).first()
    if newest is None or newest <= burden.seen_on:
        return []
    return [("最近筛查", f"{formats.day(newest)} 没有再达到预警线")]


def _source(burden: MedicalBurden) -> str:
    """The dated line of the rulebook that held on the day of the screening."""
    parameter = burden_rules().get(burden.rule_id)
    try:
        return law(burden.seen_on).line(parameter).source if parameter else burden.rule_id
    except NoLaw:
        return burden.rule_id


def burden_handle(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    burden = _burden(actor, pk)
    return form_page(
        request,
        HandleForm(posted(request), burden=burden, initial={"version": burden.version}),
        lambda given: handle_burden(actor, burden, **given),
        title="登记办理",
        purpose=f"{burden.member.name}，{burden.year}年自付 {formats.amount(burden.amount)} 元，"
        f"预警线 {formats.amount(burden.line)} 元。",
        submit="保存",
        back_url=reverse("support:burden", args=[pk]),
        done="办理已登记。",
        record=burden,
    )


def burden_towns(request: HttpRequest) -> HttpResponse:
    """Open and closed by town, of one year."""
    actor = actor_of(request)
    require(actor, "support.registers")
    asked, this_year = request.GET.get("year", ""), clock.today().year
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this_year
    rows = MedicalBurden.objects.visible_to(actor, "support.registers").filter(year=year)
    late = Q(state__in=BURDEN_OPEN, due_on__lt=clock.today())
    counts = {f"in_{key}": Count("pk", filter=Q(state=key)) for key in OUTCOMES}
    place = "household__village__parent"
    towns = (
        rows.order_by()
        .values(f"{place}__code", f"{place}__name")
        .annotate(people=Count("pk"), late=Count("pk", filter=late), **counts)
        .order_by(f"{place}__code")
    )
    context = {
        "title": f"{year}年高额医疗费用办理情况", "year": year,
        "rows": [
            (row[f"{place}__code"], row[f"{place}__name"] or "—", row["people"], row["late"],
             [row[f"in_{key}"] for key in OUTCOMES])
            for row in towns
        ],
        "actions": [
            Action(f"{year - 1}年", f"?year={year - 1}"),
            Action("逐人清单", f"{reverse('support:register', args=['burdens'])}?year={year}"),
        ],
    }  # fmt: skip
    return render(request, "support/burden_towns.html", context)
