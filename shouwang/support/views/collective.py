"""集体保单的页面: policies, who is insured, claims divided to households, the summary by kind."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.core import clock, formats
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.models import Division

from ..collective_lists import (
    CollectiveClaimForm,
    CollectiveCorrectionForm,
    CollectiveFilter,
    CollectiveTable,
    DivideForm,
    InsuredFilter,
    InsuredForm,
    InsuredTable,
    NewCollectiveForm,
    SettleForm,
    TakeBackForm,
)
from ..models import CollectiveClaim, CollectivePolicy, Insured
from ..operations import (
    add_insured,
    correct_collective,
    divide_by,
    import_payouts,
    record_collective,
    record_collective_claim,
    settle_claim,
    take_back_division,
)
from ..operations.collective import PAYOUTS
from ..queries.insured import by_kind, repeated
from ..sheets import Fault
from .access import members_of, one
from .posting import form_page, posted
from .standing import history_of

COLLECTIVE_LISTS: dict[str, tuple[str, str, Any, Any, Any]] = {
    "collective": ("集体保单", "一张保单保许多户：谁投保、保费谁出多少、谁在保、赔款分给谁。",
                   CollectivePolicy, CollectiveTable, CollectiveFilter),
}  # fmt: skip
COLLECTIVE_FORMS: dict[str, tuple[str, Callable[[Any, Any], Any], Callable[..., Any]]] = {
    "insured": (
        "列入集体保单",
        lambda data, household: InsuredForm(
            data, members=members_of(household), policies=_covering(household)
        ),
        lambda actor, household, given: add_insured(actor, given.pop("policy"), household, **given),
    ),
}


def _covering(household: Any) -> Any:
    """Policies in force that were taken out where the household lives."""
    path = household.village.path
    above = [path[: at + 1] for at, mark in enumerate(path) if mark == "/"]
    rows = CollectivePolicy.objects.filter(ends_on__gte=clock.today())
    return rows.filter(division__path__in=above)


def collective_actions(actor: Actor, kind: str) -> list[Action]:
    """More buttons of the lists of insurance."""
    found = []
    if kind == "collective" and actor.can("support.registers"):
        found = [
            Action("登记集体保单", reverse("support:new-collective"), "plus", is_main=True),
            Action("导入参保名单", reverse("support:import", args=["insured"]), "file-import"),
        ]
    if kind in ("insurance", "claims", "collective"):
        found.append(Action("按险种汇总", reverse("support:insurance-kinds"), "chart-bar"))
    return found


def _policy(actor: Actor, pk: int, right: str = "support.view") -> CollectivePolicy:
    require(actor, "support.view")
    rows = CollectivePolicy.objects.visible_to(actor).select_related("division__parent")
    found: CollectivePolicy = one(rows, pk=pk)
    if right != "support.view":
        require(actor, right, found.division.path)
    return found


def new_collective(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "support.registers")
    places = Division.objects.visible_to(actor, "support.registers").current()
    places = places.filter(level__in=("county", "town", "village")).order_by("code")
    return form_page(
        request,
        NewCollectiveForm(posted(request), places=places),
        lambda given: record_collective(actor, given.pop("division"), **given),
        title="登记集体保单",
        purpose="县、乡镇或村为许多户投的一张保单；登记后导入参保名单。",
        submit="登记",
        back_url=reverse("support:register", args=["collective"]),
        done="集体保单已登记，请导入参保名单。",
    )


def collective_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The policy, its claims, and below the insured that this person may see."""
    actor = actor_of(request)
    policy = _policy(actor, pk)
    rows = Insured.objects.visible_to(actor).filter(policy=policy)
    may = actor.can_at("support.registers", policy.division.path)
    actions = [
        Action("导入参保名单", reverse("support:import", args=["insured"]), "file-import"),
        Action("登记理赔", reverse("support:collective-claim-new", args=[pk])),
        Action("更正", reverse("support:collective-correct", args=[pk])),
    ]
    claims = policy.claims.annotate(homes=Count("payouts__household", distinct=True))
    return list_page(
        request,
        queryset=rows.select_related("household__village__parent", "member"),
        table=InsuredTable,
        filterset=InsuredFilter,
        title=f"集体保单 {policy.policy_no}",
        purpose=f"{policy.holder}投保，{policy.kind_label}，{policy.insurer}。",
        template="support/collective.html",
        actions=actions if may else [],
        empty=Empty("还没有参保名单", "导入参保名单，或在一户的“底数与保障”里列入。"),
        export_right="support.export",
        extra={
            "facts": _facts(policy), "claims": list(claims), "events": history_of(policy),
            "repeated": repeated(policy) if may else 0,
        },
        source="集体保单参保名单",
    )  # fmt: skip


def _yuan(value: Any) -> str:
    return "" if value is None else f"{formats.amount(value)} 元"


def _facts(policy: CollectivePolicy) -> list[tuple[str, Any]]:
    return [
        ("投保的地方", policy.division.name),
        ("保险期间", f"{formats.day(policy.starts_on)} 至 {formats.day(policy.ends_on)}"),
        ("保险金额", _yuan(policy.sum_insured)),
        ("保费", _yuan(policy.premium)),
        ("财政承担", _yuan(policy.from_state)),
        ("村集体承担", _yuan(policy.from_village)),
        ("农户承担", _yuan(policy.from_households)),
        ("备注", policy.note),
    ]


def collective_correct(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    policy = _policy(actor, pk, "support.registers")
    form = CollectiveCorrectionForm
    initial = {key: getattr(policy, key) for key in form.base_fields if key != "reason"}
    return form_page(
        request,
        form(posted(request), initial=initial),
        lambda given: correct_collective(actor, policy, **given),
        title="更正集体保单",
        purpose=f"{policy}。原来的内容和理由留在记录里。",
        submit="保存更正",
        back_url=reverse("support:collective", args=[pk]),
        done="更正已保存。",
        record=policy,
    )


def new_collective_claim(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    policy = _policy(actor, pk, "support.registers")
    return form_page(
        request,
        CollectiveClaimForm(posted(request)),
        lambda given: record_collective_claim(actor, policy, **given),
        title="登记集体理赔",
        purpose=f"{policy}，{policy.holder}。赔付以后分到户。",
        submit="登记",
        back_url=reverse("support:collective", args=[pk]),
        done="理赔已登记。",
    )


def _claim(actor: Actor, pk: int, right: str = "support.view") -> CollectiveClaim:
    require(actor, "support.view")
    rows = CollectiveClaim.objects.visible_to(actor).select_related("policy__division")
    found: CollectiveClaim = one(rows, pk=pk)
    if right != "support.view":
        require(actor, right, found.policy.division.path)
    return found


def claim_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    claim = _claim(actor, pk)
    may = actor.can_at("support.registers", claim.policy.division.path)
    payouts = claim.payouts.filter(
        insured__in=Insured.objects.visible_to(actor).filter(policy=claim.policy).values("pk")
    ).select_related("household__village__parent", "insured__member")
    waits = "" if claim.paid is not None else "还没有赔付"
    steps = [
        Action("登记进展", reverse("support:collective-settle", args=[pk])),
        Action("分到户", reverse("support:collective-divide", args=[pk]), is_main=True,
               reason=waits),
    ]  # fmt: skip
    if claim.divided_at:
        steps = [Action("撤回分配", reverse("support:collective-take-back", args=[pk]))]
    context = {
        "claim": claim, "policy": claim.policy, "payouts": list(payouts[:2000]),
        "actions": steps if may else [],
        "facts": [
            ("出险日期", formats.day(claim.happened_on)), ("报损金额", _yuan(claim.claimed)),
            ("赔付金额", _yuan(claim.paid)),
            ("赔付日期", formats.day(claim.paid_on) if claim.paid_on else ""),
            ("分到户", f"{claim.divided_by_label}，{formats.day(claim.divided_at)}"
             if claim.divided_at else "没有分"),
            ("备注", claim.note),
        ],
    }  # fmt: skip
    return render(request, "support/collective_claim.html", context)


def claim_settle(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    claim = _claim(actor, pk, "support.registers")
    initial = {key: getattr(claim, key) for key in ("state", "paid", "paid_on", "version")}
    return form_page(
        request,
        SettleForm(posted(request), initial=initial),
        lambda given: settle_claim(actor, claim, **given),
        title="登记理赔进展",
        purpose=f"{claim.event}，报损 {formats.amount(claim.claimed)} 元。",
        submit="保存",
        back_url=reverse("support:collective-claim", args=[pk]),
        done="进展已登记。",
        record=claim,
    )


def claim_divide(request: HttpRequest, pk: int) -> HttpResponse:
    """By a rule, or by a workbook whose sum is the payment to the fen."""
    from .registers import kept

    actor = actor_of(request)
    claim = _claim(actor, pk, "support.registers")
    form = DivideForm(posted(request), request.FILES or None, initial={"version": claim.version})
    faults: list[Fault] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if given["file"]:
                with kept(given["file"]) as path:
                    name = str(given["file"].name)[-200:]
                    faults = import_payouts(actor, claim, path, name=name, version=given["version"])
            else:
                divide_by(actor, claim, by=given["by"], version=given["version"])
        except Conflict as error:
            form.add_error(None, error.message)
            status = 409
        except DomainError as error:
            form.add_error("by" if error.code == "by" else None, error.message)
        else:
            if not faults:
                messages.success(request, "赔款已分到户，合计与赔付一致。")
                return redirect("support:collective-claim", pk=pk)
    context = {
        "form": form, "claim": claim, "faults": faults, "waits": claim.paid is None,
        "back_url": reverse("support:collective-claim", args=[pk]),
        "template_url": reverse("support:payouts-template"),
    }  # fmt: skip
    if status == 200 and (form.errors or faults):
        status = 422
    return render(request, "support/collective_divide.html", context, status=status)


def payouts_template(request: HttpRequest) -> HttpResponseBase:
    from .registers import blank_workbook

    require(actor_of(request), "support.registers")
    return blank_workbook(PAYOUTS)


def claim_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    claim = _claim(actor, pk, "support.registers")
    return form_page(
        request,
        TakeBackForm(posted(request), initial={"version": claim.version}),
        lambda given: take_back_division(actor, claim, **given),
        title="撤回分配",
        purpose=f"{claim.event}：{claim.payouts.count()} 条到户赔款将撤回，理由留在日志里。",
        submit="撤回分配",
        back_url=reverse("support:collective-claim", args=[pk]),
        done="分配已撤回，请重新分配。",
        record=claim,
    )


def insurance_kinds(request: HttpRequest) -> HttpResponse:
    """Own and collective policies of a year by kind; a household counts once."""
    actor = actor_of(request)
    require(actor, "support.view")
    asked, this_year = request.GET.get("year", ""), clock.today().year
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this_year
    context = {
        "title": f"{year}年保险按险种汇总", "lines": by_kind(actor, year), "year": year,
        "actions": [
            Action(f"{year - 1}年", f"?year={year - 1}"),
            Action(f"{year + 1}年", f"?year={year + 1}",
                   reason="" if year < this_year else "还没到"),
            Action("按户的保单", reverse("support:register", args=["insurance"])),
            Action("集体保单", reverse("support:register", args=["collective"])),
        ],
    }  # fmt: skip
    return render(request, "support/insurance_kinds.html", context)
