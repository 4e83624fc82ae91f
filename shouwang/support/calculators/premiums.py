"""参保缴费资助: what part of the resident insurance premium is paid for a person, and why."""

from dataclasses import dataclass
from decimal import Decimal

from .steps import MET, NOT_MET, Law, Result, Step, cents, lawful, percent, unknown, yuan

TITLE = "参保缴费资助"


@dataclass(frozen=True)
class Insured:
    """What the aid depends on; None is not known."""

    is_tekun: bool | None
    is_severely_disabled: bool | None
    is_orphan: bool | None
    """孤儿 or 事实无人抚养儿童."""
    is_dibao: bool | None
    is_monitored: bool | None


FULL = (("特困人员", "is_tekun"), ("重度残疾人", "is_severely_disabled"),
        ("孤儿或事实无人抚养儿童", "is_orphan"))  # fmt: skip
PART = (("低保对象", "is_dibao"), ("监测对象", "is_monitored"))


@lawful(TITLE)
def aid(person: Insured, law: Law) -> Result:
    """The highest class that the person surely belongs to; an unknown that could matter is named.

    Who surely has full aid needs no other fact; a lower class counts only when it is sure that no
    higher one does.
    """
    for names, key in ((FULL, "premium_full"), (PART, "premium_part")):
        sure = next((label for label, name in names if getattr(person, name)), None)
        if sure:
            return _paid(sure, law, key)
        open_ = [label for label, name in names if getattr(person, name) is None]
        if open_:
            return unknown(TITLE, [f"是否{label}" for label in open_])
    line = law.line("premium")
    step = Step("类别", "都不是", "不属于特困、重度残疾、孤儿、低保或监测对象")
    sentence = f"不属于资助对象，个人缴费 {yuan(line.value)}。"
    pay = Step("个人缴费", yuan(line.value), "全部由个人缴", line)
    return Result(TITLE, NOT_MET, sentence, (step, pay), amount=Decimal(0))


def _paid(label: str, law: Law, key: str) -> Result:
    share, premium = law.line(key), law.line("premium")
    paid = cents(premium.value * share.value)
    own = premium.value - paid
    steps = (
        Step("类别", label, f"属于{label}，资助 {percent(share.value)}", share),
        Step("资助金额", yuan(paid), f"{yuan(premium.value)} × {percent(share.value)}", premium),
        Step("个人缴费", yuan(own), "缴费标准减去资助金额"),
    )
    sentence = f"属于{label}，参保资助 {yuan(paid)}，个人缴 {yuan(own)}。"
    return Result(TITLE, MET, sentence, steps, amount=paid)
