"""成效评议: what help has achieved for a household, said by people beside the computed figures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.core.masking import mask_text
from shouwang.registry.models import Household

from ..facts import open_case
from ..models import EffectReview, Measure
from ..states import Conclusion, Verdict
from .writing import audited, not_future, reach, text


def record_review(
    actor: Actor,
    household: Household,
    *,
    reviewed_on: date,
    participants: str,
    conclusion: str,
    income_before: Decimal | None = None,
    before_words: str = "",
    income_after: Decimal | None = None,
    after_words: str = "",
    guarantees: Mapping[str, bool | None] | None = None,
    verdicts: Mapping[int, str] | None = None,
    note: str = "",
) -> EffectReview:
    """Note one review; a stable household has all guarantees and no measure that fails."""
    reach(actor, household, "support.review")
    if conclusion not in Conclusion.values:
        raise DomainError("请选择评议结论。", code="conclusion")
    said = {key: value for key, value in (verdicts or {}).items() if value}
    _sound(household, said)
    flags = {name: (guarantees or {}).get(name) for name in GUARANTEES}
    if conclusion == Conclusion.STABLE:
        _stable(flags, said)
    with transaction.atomic():
        made = EffectReview.objects.create(
            household=household, case=open_case(household),
            reviewed_on=not_future(reviewed_on, "评议日期"),
            participants=text(participants, "参加人", 200, required=True),
            income_before=income_before, before_words=before_words[:60],
            income_after=income_after, after_words=after_words[:60], **flags,
            verdicts={str(key): value for key, value in said.items()}, conclusion=conclusion,
            note=mask_text(text(note, "评议意见", 1000)), recorded_at=clock.now(),
            recorded_by_label=actor.label[:120],
        )  # fmt: skip
        audited(actor, "effect.reviewed", household, f"成效评议：{made.get_conclusion_display()}")
    return made


GUARANTEES = {
    "education_ok": "义务教育",
    "medical_ok": "基本医疗",
    "housing_ok": "住房安全",
    "water_ok": "饮水安全",
}


def _sound(household: Household, verdicts: Mapping[int, str]) -> None:
    if any(value not in Verdict.values for value in verdicts.values()):
        raise DomainError("措施成效请从列表中选择。", code="verdict")
    own = set(
        Measure.objects.filter(household=household, pk__in=list(verdicts)).values_list(
            "pk", flat=True
        )
    )
    if set(verdicts) - own:
        raise DomainError("有的措施不属于这一户，请刷新页面后重新评议。", code="measure")


def _stable(flags: Mapping[str, bool | None], verdicts: Mapping[int, str]) -> None:
    missing = [GUARANTEES[name] for name, value in flags.items() if value is not True]
    if missing:
        raise DomainError(
            f"{'、'.join(missing)}没有确认有保障，结论不能是“成效稳定”。", code="guarantees"
        )
    if Verdict.NOT_YET in verdicts.values():
        raise DomainError("有措施还未见效，结论不能是“成效稳定”。", code="verdict")
