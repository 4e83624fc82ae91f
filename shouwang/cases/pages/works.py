"""下一步 (what can be done now): the forms that a state waits for and the steps of its table.

The forms stand before the steps, since they fill what a step asks for; a step that is not possible
yet is shown with the reason.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse

from shouwang.core.lifecycle import Offer

from .. import queries
from ..dossier import Dossier
from ..lifecycles import table_of
from ..operations.marking_again import why_not_again
from ..queries.referrals import may_be_referred
from ..states import CheckKind, NoticeKind, ObjectionState, RequestState


@dataclass(frozen=True)
class Work:
    """A form to fill now: its name and address, and whether it is done already."""

    label: str
    url: str
    icon: str = "edit"
    is_done: bool = False


@dataclass(frozen=True)
class Button:
    label: str
    url: str
    icon: str = ""
    is_main: bool = False
    is_back: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Offers:
    """Buttons that work, those that do not yet, and a word where it is for others to act."""

    possible: list[Button] = field(default_factory=list)
    waiting: list[Button] = field(default_factory=list)
    others: str = ""


def offers_of(dossier: Dossier) -> Offers:
    """What this person may do with the case now; the one thing to do first is marked."""
    works = list(works_of(dossier))
    found = queries.offers_of(dossier)
    forward = [each for each in found if not _is_aside(each)]
    aside = [each for each in found if _is_aside(each)]
    undone = [work for work in works if not work.is_done]
    buttons = [
        Button(work.label, work.url, work.icon, is_main=index == 0)
        for index, work in enumerate(undone)
    ]
    ready = [each for each in forward if each.is_possible]
    for index, each in enumerate(ready):
        main = not buttons and index == 0
        buttons.append(Button(each.transition.label, step_url(dossier, each), "check", main))
    buttons += [Button(w.label, w.url, w.icon) for w in works if w.is_done]
    buttons += [
        Button(each.transition.label, step_url(dossier, each), is_back=True)
        for each in aside
        if each.is_possible
    ]
    waiting = [
        Button(each.transition.label, "", reason=each.reason)
        for each in (*forward, *aside)
        if not each.is_possible
    ]
    return Offers(buttons, waiting, "" if buttons or waiting else _others(dossier))


ASIDE = {"refuse", "withdraw", "fail_appraisal", "end_monitoring", "refuse_exit"}


def _is_aside(offer: Offer) -> bool:
    return offer.transition.is_back or offer.transition.action in ASIDE


def step_url(dossier: Dossier, offer: Offer) -> str:
    return reverse("cases:step", args=[dossier.case.number, offer.transition.action])


def _others(dossier: Dossier) -> str:
    case, table = dossier.case, table_of(dossier.case.regime)
    if table.state(case.state).is_end:
        return "个案已经终结，没有要办的事。"
    labels = {
        "cases.verify": "村级或乡镇",
        "cases.appraise": "村级或乡镇",
        "cases.review": "乡镇",
        "cases.approve": "县级",
    }
    waits = next(
        (labels.get(row.right, "") for row in table.from_state(case.state) if not row.is_back), ""
    )
    return f"现在由{waits}办理，您可以查看。" if waits else "现在没有要您办理的事。"


Maker = Callable[[Dossier], Iterator[Work]]


def works_of(dossier: Dossier) -> Iterator[Work]:
    """The forms of the present state that this person may fill."""
    for states, right, make in MAKERS:
        if dossier.case.state in states and dossier.actor.can_at(right, dossier.path):
            yield from make(dossier)


def _url(dossier: Dossier, name: str, *more: object) -> str:
    return reverse(f"cases:{name}", args=[dossier.case.number, *more])


def _application(dossier: Dossier) -> Iterator[Work]:
    kept = dossier.application
    is_done = kept is not None and kept.is_signed
    label = "修改申请和授权" if is_done else "登记申请和授权"
    yield Work(label, _url(dossier, "application"), "file-certificate", is_done)


def _green(dossier: Dossier) -> Iterator[Work]:
    if not dossier.case.is_green:
        yield Work("启用绿色通道", _url(dossier, "green"), "urgent", is_done=True)


def _check(kind: str) -> Maker:
    def make(dossier: Dossier) -> Iterator[Work]:
        done = dossier.exit_check if kind == CheckKind.EXIT else dossier.identification_check
        if done is not None:
            return
        draft = any(
            each.kind == kind and not each.is_submitted for each in dossier.case.checks.all()
        )
        label = "继续填写核查表" if draft else "填写入户核查表"
        yield Work(label, _url(dossier, "check-start", kind), "clipboard-list")

    return make


def _comparison(dossier: Dossier) -> Iterator[Work]:
    asked = {each.department for each in dossier.requests}
    missing = [name for name in dossier.regime.departments if name not in asked]
    if missing and dossier.application is not None and dossier.application.is_signed:
        yield Work("发起数据比对", _url(dossier, "compare"), "database-search")
    if any(not each.conclusion for each in dossier.hits):
        yield Work("核定资产线索", f"{_url(dossier, 'case')}?tab=compare", "scale")


def _class(dossier: Dossier) -> Iterator[Work]:
    if dossier.check is not None and not dossier.case.proposed_at:
        yield Work("生成类别建议", _url(dossier, "class"), "bulb")


def _decide(dossier: Dossier) -> Iterator[Work]:
    is_done = bool(dossier.case.decided)
    yield Work("重新认定类别" if is_done else "认定类别", _url(dossier, "class"), "tag", is_done)


def _appraisal(dossier: Dossier) -> Iterator[Work]:
    found = dossier.appraisal
    is_done = found is not None and found.has_quorum
    yield Work("重新登记评议" if is_done else "登记民主评议", _url(dossier, "appraisal"),
               "users", is_done)  # fmt: skip


def _notice(kind: str) -> Maker:
    label = "张贴公示" if kind == NoticeKind.PUBLICITY else "张贴公告"

    def make(dossier: Dossier) -> Iterator[Work]:
        if dossier.entry(kind) is None:
            url = f"{reverse('cases:notice-new')}?kind={kind}&case={dossier.case.number}"
            yield Work(label, url, "speakerphone")

    return make


def _objection(dossier: Dossier) -> Iterator[Work]:
    if dossier.publicity is not None:
        yield Work("登记异议", _url(dossier, "objection"), "message-report", is_done=True)


def _handle(dossier: Dossier) -> Iterator[Work]:
    for each in dossier.objections:
        if each.state == ObjectionState.OPEN:
            yield Work("处理异议", _url(dossier, "objection-handle", each.pk), "message-report")


def _answers(dossier: Dossier) -> Iterator[Work]:
    if any(each.state == RequestState.OPEN for each in dossier.requests):
        yield Work("查看比对进度", f"{_url(dossier, 'case')}?tab=compare", "database",
                   is_done=True)  # fmt: skip


def _follow_up(dossier: Dossier) -> Iterator[Work]:
    yield Work("登记回访", _url(dossier, "follow-up"), "home-check")


def _judgement(dossier: Dossier) -> Iterator[Work]:
    yield Work("登记逐户研判", _url(dossier, "judgement"), "gavel", is_done=True)


def _referral(dossier: Dossier) -> Iterator[Work]:
    if may_be_referred(dossier.case):
        yield Work("转民政核实救助", _url(dossier, "refer"), "send", is_done=True)


def _again(dossier: Dossier) -> Iterator[Work]:
    """Only where the national system has identified the household anew since this round ended."""
    if not why_not_again(dossier.case):
        yield Work("接续国家系统再次标注", _url(dossier, "again"), "refresh")


MAKERS: tuple[tuple[frozenset[str], str, Maker], ...] = (
    (frozenset({"consent", "checking"}), "cases.verify", _application),
    (frozenset({"consent", "checking"}), "cases.verify", _green),
    (frozenset({"checking"}), "cases.verify", _check(CheckKind.IDENTIFICATION)),
    (frozenset({"exit_check"}), "cases.verify", _check(CheckKind.EXIT)),
    (frozenset({"consent", "checking"}), "cases.compare", _comparison),
    (frozenset({"checking"}), "cases.view", _answers),
    (frozenset({"checking"}), "cases.verify", _class),
    (frozenset({"appraisal", "exit_appraisal"}), "cases.appraise", _appraisal),
    (frozenset({"notice", "exit_notice"}), "cases.appraise", _notice(NoticeKind.PUBLICITY)),
    (frozenset({"notice", "exit_notice"}), "cases.appraise", _objection),
    (frozenset({"notice", "exit_notice"}), "cases.review", _handle),
    (frozenset({"review"}), "cases.review", _decide),
    (frozenset({"approval"}), "cases.approve", _decide),
    (frozenset({"announcement", "exit_announcement"}), "cases.appraise",
     _notice(NoticeKind.ANNOUNCEMENT)),
    (frozenset({"resolved"}), "cases.verify", _follow_up),
    (frozenset({"resolved", "ended"}), "cases.approve", _again),
    (frozenset({"monitored"}), "cases.review", _judgement),
    (frozenset({"monitored"}), "assistance.refer", _referral),
)  # fmt: skip
