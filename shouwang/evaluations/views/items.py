"""考核项的页面: put in, change and take out an item of a draft, with a live check of the sums."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.requests import actor_of

from .. import operations, queries
from ..item_form import ItemForm, PartsForm, initial_of
from ..models import Item, Scheme
from ..scoring import problem_of, words
from ..wording import rule_words
from .frame import version_of

HUNDRED = Decimal(100)
PURPOSE = "改到各部分合计都是 100 分才能提请批准；每次修改都留痕。"


def _scheme(actor: Actor, pk: int) -> Scheme:
    found = queries.scheme_visible_to(actor, pk)
    require_here(actor, "evaluations.manage", found.division.path)
    if found.state != "draft":
        raise Conflict(f"方案{found.state_label}，内容已冻结；要改请“修订成新版”。")
    return found


def _item(actor: Actor, pk: int) -> Item:
    found = get_object_or_404(Item.objects.select_related("scheme__division", "parent"), pk=pk)
    found.scheme = _scheme(actor, found.scheme_id)
    return found


def new(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    scheme = _scheme(actor, pk)
    form = ItemForm(
        request.POST or None, scheme=scheme,
        initial={"version": scheme.version, "direction": "higher", "number": _next(scheme)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_item(
                actor, scheme, version=form.cleaned_data["version"], **form.values()
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已添加“{made}”。")
            return redirect(scheme)
    return _page(request, form, scheme, "添加考核项")


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    item = _item(actor, pk)
    form = ItemForm(
        request.POST or None, scheme=item.scheme, item=item,
        initial={**initial_of(item), "version": item.scheme.version},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_item(actor, item, version=form.cleaned_data["version"], **form.values())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已修改“{item}”。")
            return redirect(item.scheme)
    return _page(request, form, item.scheme, f"修改考核项：{item}", item)


def _next(scheme: Scheme) -> str:
    """The number that follows the last one of the first level."""
    known = [one for one in scheme.items.values_list("number", flat=True) if one.isdecimal()]
    return str(max((int(one) for one in known), default=0) + 1)


def _page(
    request: HttpRequest, form: ItemForm, scheme: Scheme, title: str, item: Item | None = None
) -> HttpResponse:
    context = {
        "title": title,
        "purpose": PURPOSE,
        "form": form,
        "scheme": scheme,
        "item": item,
        "back_url": scheme.get_absolute_url(),
        "check_url": reverse("evaluations:item-check", args=[scheme.pk]),
        "sums": _sums(scheme, item, None),
    }
    return render(request, "evaluations/item.html", context)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """While somebody types: what the parts add up to with this item as it stands in the form."""
    scheme = _scheme(actor_of(request), pk)
    key = request.POST.get("item", "")
    item = scheme.items.filter(pk=int(key)).first() if key.isdecimal() else None
    form = ItemForm(request.POST, scheme=scheme, item=item)
    form.is_valid()  # half a form is half an answer
    given = form.cleaned_data
    parent = given.get("parent")
    entered = (
        parent.part if parent else given.get("part", ""),
        parent,
        given.get("weight") or Decimal(0),
        not given.get("type"),
    )
    rule = form.rule()
    context = {
        "sums": _sums(scheme, item, entered),
        "rule_words": rule_words(rule, given.get("source", "")),
        "rule_problem": problem_of(rule, given.get("weight") or Decimal(1)) if rule else "",
    }
    return render(request, "evaluations/item_check.html", context)


Entered = tuple[str, Item | None, Decimal, bool]


def _sums(scheme: Scheme, item: Item | None, entered: Entered | None) -> list[dict[str, object]]:
    """What each part, and the item above, adds up to; with the entered item in place of the old."""
    rows = [
        (one.part, one.parent_id, one.weight)
        for one in scheme.items.all()
        if one.is_base and (entered is None or item is None or one.pk != item.pk)
    ]
    if entered is not None and entered[3]:
        rows.append((entered[0], entered[1].pk if entered[1] else None, entered[2]))
    found = []
    for part in scheme.weights:
        total = sum((weight for p, parent, weight in rows if p == part and not parent), Decimal(0))
        found.append(_sum(f"“{part}”各项", total, HUNDRED))
    above = entered[1] if entered is not None else item.parent if item else None
    if above is not None:
        total = sum((weight for _, parent, weight in rows if parent == above.pk), Decimal(0))
        found.append(_sum(f"“{above}”下面各项", total, above.weight))
    return found


def _sum(label: str, total: Decimal, asked: Decimal) -> dict[str, object]:
    gap = asked - total
    said = "正好" if not gap else f"还差 {words(gap)}" if gap > 0 else f"多出 {words(-gap)}"
    return {"label": label, "total": words(total), "asked": words(asked), "said": said,
            "is_right": not gap}  # fmt: skip


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    item = _item(actor, pk)
    operations.remove_item(actor, item, version=version_of(request))
    messages.success(request, f"已删除“{item}”。")
    return redirect(item.scheme)


def parts(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    scheme = _scheme(actor, pk)
    form = PartsForm(request.POST or None, scheme=scheme, initial={"version": scheme.version})
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_parts(
                actor, scheme, form.weights(), version=form.cleaned_data["version"]
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "已修改各部分的权重。")
            return redirect(scheme)
    context = {
        "title": "各部分的权重", "purpose": "合计应为 100%。", "form": form,
        "back_url": scheme.get_absolute_url(),
    }  # fmt: skip
    return render(request, "evaluations/form.html", context)
