"""要件: what the names of the state tables mean for a case; why one is not met, or None."""

from shouwang.core.lifecycle import Check

from .conditions import unmet
from .dossier import Dossier
from .models import Case, RegisteredClue
from .states import HitConclusion, NoticeKind, ObjectionState, RequestState


def consent_signed(dossier: Dossier) -> str | None:
    found = dossier.application
    if found is None:
        return "还没有登记申请及承诺授权书"
    return None if found.is_signed else "申请及承诺授权书还没有签署"


def green_way(dossier: Dossier) -> str | None:
    return None if dossier.case.is_green else "不是突发事件绿色通道，须先办理申请和授权"


def check_submitted(dossier: Dossier) -> str | None:
    return None if dossier.identification_check else "还没有提交入户核查"


def exit_check_submitted(dossier: Dossier) -> str | None:
    return None if dossier.exit_check else "还没有提交消除核查"


def comparison_concluded(dossier: Dossier) -> str | None:
    """All departments that must be asked have answered or were waived, every hit is judged."""
    asked = {each.department for each in dossier.requests}
    if missing := [name for name in dossier.regime.departments if name not in asked]:
        return f"还没有向{'、'.join(missing)}发起比对"
    waiting = [each.department for each in dossier.requests if each.state == RequestState.OPEN]
    if waiting:
        return f"{'、'.join(waiting)}还没有答复比对"
    open_hits = [each for each in dossier.hits if not each.conclusion]
    if open_hits:
        return f"有 {len(open_hits)} 条资产线索还没有核定"
    if any(each.conclusion == HitConclusion.EXCLUDES for each in dossier.hits):
        return "有资产线索核定为不纳入，请办理不纳入，或重新核定并写明理由"
    return None


def class_proposed(dossier: Dossier) -> str | None:
    return None if dossier.case.proposed_at else "还没有生成类别建议"


def class_decided(dossier: Dossier) -> str | None:
    return None if dossier.case.decided else "还没有认定类别"


def appraisal_passed(dossier: Dossier) -> str | None:
    found = dossier.appraisal
    if found is None:
        return "还没有登记民主评议"
    if not found.has_quorum:
        return f"评议到会 {found.present} 人，没有达到法定人数，须重新评议"
    return None if found.passed else "评议没有通过"


def appraisal_failed(dossier: Dossier) -> str | None:
    found = dossier.appraisal
    if found is None:
        return "还没有登记民主评议"
    if not found.has_quorum:
        return "评议没有达到法定人数，须重新评议，不能据此不纳入"
    return "评议已经通过" if found.passed else None


def notice_published(dossier: Dossier) -> str | None:
    return None if dossier.publicity else "还没有张贴公示"


def notice_days_over(dossier: Dossier) -> str | None:
    entry = dossier.publicity
    if entry is None:
        return "还没有张贴公示"
    last = entry.notice.last_day
    return None if dossier.today > last else f"公示期到 {last:%Y-%m-%d} 才满"


def objections_handled(dossier: Dossier) -> str | None:
    waiting = [each for each in dossier.objections if each.state == ObjectionState.OPEN]
    return f"有 {len(waiting)} 件异议还没有处理" if waiting else None


def no_objection_upheld(dossier: Dossier) -> str | None:
    if any(each.state == ObjectionState.UPHELD for each in dossier.objections):
        return "有异议成立，请退回重新核查"
    return None


def announcement_published(dossier: Dossier) -> str | None:
    return None if dossier.entry(NoticeKind.ANNOUNCEMENT) else "还没有张贴公告"


def risks_named(dossier: Dossier) -> str | None:
    return None if dossier.risks else "还没有登记返贫致贫风险"


def not_own_review(dossier: Dossier) -> str | None:
    """Who reviewed in the town does not approve in the county."""
    own = dossier.actor.account_id
    if own is not None and dossier.review is not None and dossier.review.account_id == own:
        return "您已经做过乡镇审核，请由其他人审定"
    return None


def has_labour(dossier: Dossier) -> str | None:
    some = dossier.labour[1]
    if some is None:
        return "成员的劳动能力登记不全，请先在档案里补齐"
    return None if some else "整户没有劳动能力，落实兜底保障后继续跟踪，暂不标注风险消除"


def conditions_met(dossier: Dossier) -> str | None:
    found = unmet(dossier)
    return None if not found else f"消除条件还没有全部符合：{found[0].sentence}"


def no_other_round(dossier: Dossier) -> str | None:
    case = dossier.case
    other = Case.objects.live().filter(household=case.household_id).exclude(pk=case.pk).first()
    return f"这户已有新一轮个案 {other.number} 在办理，请在新个案里处理" if other else None


CHECKS: dict[str, Check] = {
    each.__name__: each
    for each in (
        consent_signed, green_way, check_submitted, exit_check_submitted, comparison_concluded,
        class_proposed, class_decided, appraisal_passed, appraisal_failed, notice_published,
        notice_days_over, objections_handled, no_objection_upheld, announcement_published,
        risks_named, not_own_review, has_labour, conditions_met, no_other_round,
    )
}  # fmt: skip


def household_known(clue: RegisteredClue) -> str | None:
    return None if clue.household_id else "还没有确定是哪一户，请先关联农户"


CLUE_CHECKS: dict[str, Check] = {"household_known": household_known}
