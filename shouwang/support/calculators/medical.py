"""医疗费用报销和救助: basic insurance, then serious-illness insurance, then medical relief.

Worked out for the in-patient costs of one person in one insurance year. Source: numbers of
益阳 2021–2025 (S2-2.2b) and dated parameters of the rulebook; what is an example is marked there.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .steps import MET, ZERO, Law, Result, Step, cents, lawful, percent, unknown, yuan

TITLE = "住院费用报销和救助"


class Group(StrEnum):
    """医疗救助对象类别."""

    TEKUN = "tekun"
    DIBAO = "dibao"
    MONITORED = "monitored"
    EDGE = "edge"
    SERIOUS = "serious"
    ORDINARY = "ordinary"


LABELS = {
    Group.TEKUN: "特困人员、孤儿",
    Group.DIBAO: "低保对象、返贫致贫人口",
    Group.MONITORED: "监测对象",
    Group.EDGE: "低保边缘家庭成员",
    Group.SERIOUS: "因病致贫重病患者",
    Group.ORDINARY: "普通参保人",
}
RELIEF_CLASS = {
    Group.TEKUN: "1", Group.DIBAO: "2", Group.MONITORED: "3", Group.EDGE: "3", Group.SERIOUS: "4",
}  # fmt: skip
TILTED = frozenset({Group.TEKUN, Group.DIBAO})
"""倾斜对象: lower deductible, five points more, no ceiling."""


@dataclass(frozen=True)
class Bill:
    """费用: one person's in-patient costs of a year in yuan; None is not known."""

    total: Decimal | None
    outside_policy: Decimal | None
    """自费: costs outside the policy's list; nothing of them is paid."""
    in_county: bool | None
    insured: bool | None
    group: Group | None
    paid_serious: Decimal = ZERO
    """大病保险 already paid this year; counts against the ceiling."""
    paid_relief: Decimal = ZERO
    """医疗救助 already paid this year; counts against the yearly limit."""


@dataclass
class _Account:
    """The bill as it is worked down."""

    law: Law
    bill: Bill
    steps: list[Step]
    left: Decimal
    paid: Decimal = ZERO

    def pay(self, amount: Decimal) -> Decimal:
        """Never more than what is left, never less than nothing."""
        paid = cents(min(max(amount, ZERO), self.left))
        self.left -= paid
        self.paid += paid
        return paid


@lawful(TITLE)
def reimbursement(bill: Bill, law: Law) -> Result:
    """What is paid of a bill and what the person carries, step by step."""
    missing = _missing(bill)
    if missing:
        return unknown(TITLE, missing)
    assert bill.total is not None and bill.outside_policy is not None
    total, outside = cents(bill.total), cents(min(bill.outside_policy, bill.total))
    account = _Account(law, bill, [], total - outside)
    account.steps.append(
        Step(
            "政策范围内费用", yuan(account.left), f"总费用 {yuan(total)}，其中自费 {yuan(outside)}"
        )
    )
    if not bill.insured:
        account.steps.append(Step("基本医保", yuan(ZERO), "没有参加居民基本医疗保险，不能报销"))
    else:
        _basic(account)
        _serious(account)
    if bill.group in RELIEF_CLASS:
        _relief(account, RELIEF_CLASS[Group(bill.group)])
    own = account.left + outside
    account.steps.append(
        Step("个人负担", yuan(own), f"政策范围内 {yuan(account.left)}，自费 {yuan(outside)}")
    )
    sentence = (
        f"总费用 {yuan(total)}，共报销和救助 {yuan(account.paid)}，个人负担 {yuan(own)}"
        f"（按{LABELS[Group(bill.group or Group.ORDINARY)]}计算）。"
    )
    return Result(TITLE, MET, sentence, tuple(account.steps), amount=account.paid)


def _missing(bill: Bill) -> list[str]:
    named = (
        ("总费用", bill.total),
        ("自费金额", bill.outside_policy),
        ("是否县域内就医", bill.in_county),
        ("参保情况", bill.insured),
        ("人员类别", bill.group),
    )
    missing = [name for name, value in named if value is None]
    return missing + [
        f"{name}（不能是负数）"
        for name, value in named[:2]
        if isinstance(value, Decimal) and value < 0
    ]


def _basic(account: _Account) -> None:
    key = "inpatient_share" if account.bill.in_county else "inpatient_share_outside"
    line = account.law.line(key)
    base = account.left
    paid = account.pay(base * line.value)
    words = f"{yuan(base)} × {percent(line.value)}"
    account.steps.append(Step("基本医保报销", yuan(paid), words, line))


def _serious(account: _Account) -> None:
    law, tilted = account.law, account.bill.group in TILTED
    share, base = law.line("serious_base_share"), law.line("medical.disposable_income")
    floor = base.value * share.value
    words = f"{yuan(base.value)} × {percent(share.value)}"
    if tilted:
        cut = law.line("serious_base_cut")
        floor *= 1 - cut.value
        words += f"，倾斜对象再降 {percent(cut.value)}"
    account.steps.append(Step("大病保险起付线", yuan(floor), words, share))
    rate = law.line("serious_share")
    part = rate.value + (law.value("serious_share_plus") if tilted else ZERO)
    over = max(account.left - floor, ZERO)
    wanted = over * part
    sentence = f"超过起付线 {yuan(over)} × {percent(part)}"
    if not tilted:
        cap = law.line("serious_cap")
        room = max(cap.value - account.bill.paid_serious, ZERO)
        if wanted > room:
            wanted, sentence = room, f"{sentence}，超过年度封顶线，付到 {yuan(room)}"
    paid = account.pay(wanted)
    account.steps.append(Step("大病保险支付", yuan(paid), sentence, rate))


def _relief(account: _Account, group: str) -> None:
    law = account.law
    floor = ZERO
    if group in {"3", "4"}:
        base = law.line(f"relief_base_{group}")
        floor = law.value("medical.disposable_income") * base.value
        words = f"人均可支配收入 × {percent(base.value)}"
        account.steps.append(Step("医疗救助起付线", yuan(floor), words, base))
    rate = law.line(f"relief_share_{group}")
    over = max(account.left - floor, ZERO)
    wanted, room = over * rate.value, max(law.value("relief_cap") - account.bill.paid_relief, ZERO)
    sentence = f"超过起付线 {yuan(over)} × {percent(rate.value)}"
    if wanted > room:
        wanted, sentence = room, f"{sentence}，超过年度限额，救助到 {yuan(room)}"
    paid = account.pay(wanted)
    account.steps.append(Step("医疗救助", yuan(paid), sentence, rate))
