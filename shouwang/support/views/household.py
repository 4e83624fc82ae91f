"""一户帮扶计划: one page of a household's help, and the forms that start from it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.cases.checklists import checklists
from shouwang.core.actor import Actor
from shouwang.core.components import Action, Tab
from shouwang.core.requests import actor_of
from shouwang.documents.panels import panel
from shouwang.registry.models import Household
from shouwang.screening.states import risk_label

from ..facts import age_on
from ..forms import MeasureForm, PairingForm, ReasonForm, ReliefForm, ReviewForm, VisitForm
from ..models import EffectReview, Loan, Measure, Pairing, Visit
from ..operations import (
    apply_relief,
    end_pairing,
    pair,
    plan_measure,
    plan_proposals,
    record_review,
    record_visit,
)
from ..queries.effects import Effect, effect_of
from ..queries.household_help import help_of
from ..queries.matching import needs_of
from ..queries.plans import (
    Plan,
    amount_words,
    plan_of,
    premium_aids,
    student_aids,
)
from ..queries.receiving import account_of
from ..states import HELPING
from .access import household_of, members_of, one, own_industries
from .posting import form_page, posted
from .standing_tab import standing_tab

TABS = {
    "plan": "措施", "people": "联系人与走访", "money": "收到的帮扶",
    "standing": "底数与保障", "policies": "政策测算", "effect": "成效评议",
}  # fmt: skip


def household_page(request: HttpRequest, household_no: str) -> HttpResponse:
    actor = actor_of(request)
    household = household_of(actor, household_no)
    plan = plan_of(household)
    tab = request.GET.get("tab", "plan")
    tab = tab if tab in TABS else "plan"
    context = {
        "plan": plan,
        "household": household,
        "tab": tab,
        "tabs": _tabs(household, plan, tab),
        "actions": _actions(actor, plan),
        "risks": [risk_label(key) for key in plan.facts.risks],
        "member_facts": _members(plan),
        **BUILDERS[tab](actor, plan),
    }
    return render(request, "support/household.html", context)


def _members(plan: Plan) -> list[tuple[str, str, str, str]]:
    from shouwang.core import clock

    today = clock.today()
    rows = []
    for member in plan.members:
        age = age_on(member.birth, today)
        words = "" if age is None else f"{age}"
        rows.append((member.name, member.relation or "", words, member.labour or "不详"))
    return rows


def _tabs(household: Household, plan: Plan, tab: str) -> list[Tab]:
    url = reverse("support:household", args=[household.household_no])
    counts = {
        "plan": len(plan.active),
        "people": Visit.objects.filter(household=household).count(),
        "effect": EffectReview.objects.filter(household=household).count(),
    }
    return [
        Tab(label, f"{url}?tab={key}", counts.get(key), key == tab) for key, label in TABS.items()
    ]


def _actions(actor: Actor, plan: Plan) -> list[Action]:
    no, path = plan.household.household_no, plan.household.village.path
    found = []
    if actor.can_at("support.visit", path):
        url = reverse("support:record-visit", args=[no])
        found.append(Action("登记走访", url, "home-check", is_main=True))
    found.append(Action("明白纸", reverse("support:card-of", args=[no]), "file-text"))
    if plan.case is not None and actor.can("cases.view"):
        url = reverse("cases:case", args=[plan.case.number])
        found.append(Action("个案", url, "folder"))
    return found


def _plan_tab(actor: Actor, plan: Plan) -> dict[str, Any]:
    path = plan.household.village.path
    return {
        "may_plan": actor.can_at("support.plan", path),
        "may_register": actor.can_at("support.registers", path),
        "proposals": [
            {
                "proposal": proposal,
                "risk": risk_label(proposal.risk) if proposal.risk else "",
                "amount": amount_words(proposal.item.key),
            }
            for proposal in plan.proposals
        ],
        "needs": needs_of(plan.household),
    }


def _people_tab(actor: Actor, plan: Plan) -> dict[str, Any]:
    visits: QuerySet[Visit] = Visit.objects.filter(household=plan.household)
    return {
        "may_pair": actor.can_at("support.pair", plan.household.village.path),
        "visits": list(visits[:30]),
        "visit_count": visits.count(),
    }


def _money_tab(actor: Actor, plan: Plan) -> dict[str, Any]:
    path = plan.household.village.path
    account = account_of(plan.household)
    lines = account.lines
    return {
        "received": lines,
        "told_twice": account.aside,
        "total": sum((line.amount for line in lines), start=type(lines[0].amount)(0))
        if lines
        else None,
        "loans": list(Loan.objects.filter(household=plan.household).select_related("borrower")),
        "reliefs": list(plan.household.reliefs.all()),
        "policies": list(plan.household.policies.all()),
        "industries": list(plan.household.industries.all()),
        "may_plan": actor.can_at("support.plan", path),
        "may_register": actor.can_at("support.registers", path),
    }


def _policies_tab(actor: Actor, plan: Plan) -> dict[str, Any]:
    household, case = plan.household, plan.case
    return {"calculated": [*student_aids(household, case), *premium_aids(household, case)]}


def _effect_tab(actor: Actor, plan: Plan) -> dict[str, Any]:
    return {
        "effect": effect_of(plan.household, plan.case),
        "reviews": [_with_verdicts(one) for one in plan.household.effect_reviews.all()],
        "may_review": actor.can_at("support.review", plan.household.village.path),
    }


def _with_verdicts(review: EffectReview) -> dict[str, Any]:
    from ..states import CONCLUSION_TONES, VERDICT_TONES, Verdict

    titles = dict(
        Measure.objects.filter(pk__in=[int(key) for key in review.verdicts]).values_list(
            "pk", "title"
        )
    )
    return {
        "review": review,
        "tone": CONCLUSION_TONES[review.conclusion],
        "verdicts": [
            (titles.get(int(key), ""), VERDICT_TONES[value], Verdict(value).label)
            for key, value in review.verdicts.items()
        ],
    }


BUILDERS: dict[str, Callable[[Actor, Plan], dict[str, Any]]] = {
    "plan": _plan_tab,
    "people": _people_tab,
    "money": _money_tab,
    "standing": standing_tab,
    "policies": _policies_tab,
    "effect": _effect_tab,
}


@require_POST
def take_proposals(request: HttpRequest, household_no: str) -> HttpResponse:
    actor = actor_of(request)
    household = household_of(actor, household_no, "support.plan")
    made = plan_proposals(actor, household, request.POST.getlist("keys"))
    messages.success(request, f"已拟定 {len(made)} 项措施，核对内容后交办部门。")
    return redirect("support:household", household_no=household_no)


def new_measure(request: HttpRequest, household_no: str) -> HttpResponse:
    actor = actor_of(request)
    household = household_of(actor, household_no, "support.plan")
    form = MeasureForm(
        posted(request), members=members_of(household), industries=own_industries(household)
    )
    return form_page(
        request,
        form,
        lambda given: plan_measure(actor, household, **given),
        title="拟定措施",
        purpose=f"为{household}从目录中选一项措施。",
        submit="拟定",
        back_url=_url(household),
        done="措施已拟定，核对后交办部门。",
    )


def _url(household: Household, tab: str = "plan") -> str:
    return f"{reverse('support:household', args=[household.household_no])}?tab={tab}"


def new_pairing(request: HttpRequest, household_no: str) -> HttpResponse:
    actor = actor_of(request)
    household = household_of(actor, household_no, "support.pair")
    form = PairingForm(posted(request))
    return form_page(
        request,
        form,
        lambda given: pair(actor, household, **given),
        title="安排联系人",
        purpose=f"{household}的帮扶联系人；原来的第一联系人自动结束，留作历史。",
        submit="保存联系人",
        back_url=_url(household, "people"),
        done="帮扶联系人已登记。",
    )


def close_pairing(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    rows: QuerySet[Pairing] = Pairing.objects.visible_to(actor)
    pairing: Pairing = one(rows.select_related("household__village"), pk=pk)
    household = household_of(actor, pairing.household.household_no, "support.pair")
    return form_page(
        request,
        ReasonForm(posted(request)),
        lambda given: end_pairing(actor, pairing, reason=given["reason"]),
        title="结束结对",
        purpose=f"结束{pairing.name}和{household}的结对。风险没有消除的户不能没有联系人。",
        submit="结束结对",
        back_url=_url(household, "people"),
        done="结对已结束，留作历史。",
    )


def new_visit(request: HttpRequest, household_no: str) -> HttpResponse:
    """The visit form for the phone; the list is chosen first and changes the questions."""
    actor = actor_of(request)
    household = household_of(actor, household_no, "support.visit")
    known = checklists()
    chosen = request.GET.get("list", next(iter(known), ""))
    checklist = known.get(chosen)
    form = VisitForm(
        posted(request), checklist=checklist,
        initial={"visitors": actor.label, "way": "home"},
    )  # fmt: skip

    def save(given: dict[str, Any]) -> Visit:
        keys = ("visited_on", "way", "visitors", "persons_met", "situation", "needs", "token")
        return record_visit(
            actor, household, template=checklist.key if checklist else "",
            answers=form.answers(), **{key: given[key] for key in keys},
        )  # fmt: skip

    return form_page(
        request,
        form,
        save,
        title="登记走访",
        purpose=f"{household}，{household.village.name}。不合格的项自动登记为线索。",
        submit="保存走访",
        back_url=_url(household, "people"),
        done="走访已登记。",
        template="support/visit_form.html",
        lists=[(key, one.title, key == chosen) for key, one in known.items()],
        household=household,
    )


def visit_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    rows: QuerySet[Visit] = Visit.objects.visible_to(actor)
    visit: Visit = one(rows.select_related("household__village__parent"), pk=pk)
    template = checklists().get(visit.template)
    context = {
        "visit": visit,
        "may_plan": actor.can_at("support.plan", visit.household.village.path),
        "household": visit.household,
        "failing_words": f"不合格 {visit.failing} 项",
        "list_title": template.title if template else "",
        "answered": [line for line in visit.answers if line["value"]],
        "unanswered": sum(1 for line in visit.answers if not line["value"]),
        "panel": panel(actor, "support.visit", visit.pk),
        "back_url": _url(visit.household, "people"),
    }
    return render(request, "support/visit.html", context)


def new_review(request: HttpRequest, household_no: str) -> HttpResponse:
    actor = actor_of(request)
    household = household_of(actor, household_no, "support.review")
    plan = plan_of(household)
    effect: Effect = effect_of(household, plan.case)
    measures = [one for one in plan.measures if one.state in HELPING]
    form = ReviewForm(posted(request), measures=measures, initial=effect.initial())

    def save(given: dict[str, Any]) -> EffectReview:
        return record_review(
            actor, household, reviewed_on=given["reviewed_on"],
            participants=given["participants"], conclusion=given["conclusion"],
            income_before=effect.before.per_person, before_words=effect.before.words,
            income_after=effect.after.per_person, after_words=effect.after.words,
            guarantees=form.guarantees(), verdicts=form.verdicts(), note=given["note"],
        )  # fmt: skip

    return form_page(
        request,
        form,
        save,
        title="成效评议",
        purpose=f"{household}：收入前后由系统带出，其余由参加评议的人核定。",
        submit="保存评议",
        back_url=_url(household, "effect"),
        done="成效评议已保存。",
        template="support/review_form.html",
        effect=effect,
    )


def new_relief(request: HttpRequest, household_no: str) -> HttpResponse:
    actor = actor_of(request)
    household = household_of(actor, household_no, "support.plan")
    form = ReliefForm(posted(request), members=members_of(household))
    return form_page(
        request,
        form,
        lambda given: apply_relief(actor, household, **given),
        title="救助基金申请",
        purpose=f"为{household}登记申请，由乡镇审核、县级审批。",
        submit="提交申请",
        back_url=_url(household, "money"),
        done="申请已提交，等待乡镇审核。",
    )


def household_help(request: HttpRequest, household_no: str) -> HttpResponse:
    """Fragment for other rooms: everything that this household receives, with the way to it."""
    actor = actor_of(request)
    household = household_of(actor, household_no)
    return render(request, "support/household_help.html", {"help": help_of(household)})
