"""脱贫人口小额信贷: whether a person may borrow, how much, for how long, at what rate at most.

Everything is judged as it stood on the day of the loan: the age, and the household's state.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .steps import MET, NOT_MET, UNKNOWN, Law, Result, Step, lawful, percent, unknown, yuan

TITLE = "脱贫人口小额信贷条件"


@dataclass(frozen=True)
class Asked:
    """What is asked for, and the household as it stood on the day; None is not known."""

    day: date
    birth: date | None
    is_poverty_alleviated: bool | None
    """脱贫户 on the day."""
    is_monitored: bool | None
    """Monitored with a risk not resolved on the day (未取消关注)."""
    amount: Decimal | None
    months: int | None
    other_balance: Decimal | None = Decimal(0)
    """未还余额 of the household's other loans of this kind: the limit is by household."""
    for_production: bool | None = None
    has_labour: bool | None = None
    is_top_up: bool = False


@lawful(TITLE)
def eligibility(asked: Asked, law: Law) -> Result:
    """Every condition by itself; one that fails decides, one that is unknown leaves it open."""
    steps = [_state(asked), _age(asked, law), _labour(asked), _amount(asked, law),
             _months(asked, law), _use(asked)]  # fmt: skip
    failed = [step for step in steps if step.state == NOT_MET]
    open_ = [step.what for step in steps if step.state == UNKNOWN]
    if asked.months is not None and asked.months > 0:
        steps.append(_rate(asked, law))
    if failed:
        words = "；".join(step.sentence for step in failed)
        return Result(TITLE, NOT_MET, f"不符合小额信贷条件：{words}。", tuple(steps))
    if open_:
        return unknown(TITLE, open_, steps)
    sentence = f"按 {asked.day:%Y-%m-%d} 的情况，符合小额信贷条件。"
    return Result(TITLE, MET, sentence, tuple(steps), amount=asked.amount)


def age_on(birth: date, day: date) -> int:
    """周岁."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _state(asked: Asked) -> Step:
    poor, monitored = asked.is_poverty_alleviated, asked.is_monitored
    if poor or monitored:
        words = "脱贫户" if poor else "监测对象，风险未消除"
        return Step("对象", words, f"放款日是{words}", state=MET)
    if poor is None or monitored is None:
        return Step("对象", "不详", "不知道放款日是不是脱贫户或监测对象", state=UNKNOWN)
    return Step("对象", "都不是", "放款日不是脱贫户，也不是风险未消除的监测对象", state=NOT_MET)


def _age(asked: Asked, law: Law) -> Step:
    least, most = law.line("loan_age_min"), law.line("loan_age_max")
    if asked.birth is None or asked.birth > asked.day:
        return Step("年龄", "不详", "不知道出生日期", most, UNKNOWN)
    age = age_on(asked.birth, asked.day)
    span = f"{least.value:f} 至 {most.value:f} 周岁"
    if least.value <= age <= most.value:
        return Step("年龄", f"{age} 周岁", f"在{span}以内", most)
    return Step("年龄", f"{age} 周岁", f"年龄 {age} 周岁，不在{span}以内", most, NOT_MET)


def _labour(asked: Asked) -> Step:
    if asked.has_labour is None:
        return Step("劳动能力", "不详", "不知道有没有劳动能力", state=UNKNOWN)
    if asked.has_labour:
        return Step("劳动能力", "有", "有自己发展生产的能力")
    return Step("劳动能力", "没有", "没有劳动能力，不能自己发展生产", state=NOT_MET)


def _amount(asked: Asked, law: Law) -> Step:
    line = law.line("loan_top_up" if asked.is_top_up else "loan_limit")
    if asked.amount is None or asked.other_balance is None:
        return Step("额度", "不详", "不知道金额或本户未还余额", line, UNKNOWN)
    if asked.amount <= 0:
        return Step("额度", yuan(asked.amount), "金额应当大于零", line, NOT_MET)
    total = asked.amount + asked.other_balance
    if total > line.value:
        words = f"本户合计 {yuan(total)}，超过 {line.words}"
        return Step("额度", yuan(total), words, line, NOT_MET)
    words = f"本户合计不超过 {line.words}"
    base = law.line("loan_limit")
    if total > base.value:
        words += f"，超过 {base.words} 的部分不贴息、不补偿"
    return Step("额度", yuan(total), words, line)


def _months(asked: Asked, law: Law) -> Step:
    line = law.line("loan_months")
    if asked.months is None:
        return Step("期限", "不详", "不知道期限", line, UNKNOWN)
    if 0 < asked.months <= line.value:
        return Step("期限", f"{asked.months} 个月", f"不超过 {line.words}", line)
    words = f"期限 {asked.months} 个月，应在 1 至 {line.value:f} 个月以内"
    return Step("期限", f"{asked.months} 个月", words, line, NOT_MET)


def _use(asked: Asked) -> Step:
    if asked.for_production is None:
        return Step("用途", "不详", "没有说明是否用于自己发展生产", state=UNKNOWN)
    if asked.for_production:
        return Step("用途", "发展生产", "户借户用户还，用于自己发展生产")
    words = "用途不是自己发展生产，不得用于婚丧、建房、理财、购物或转借入股"
    return Step("用途", "其他", words, state=NOT_MET)


def _rate(asked: Asked, law: Law) -> Step:
    assert asked.months is not None
    short = asked.months <= law.value("loan_short_months")
    line = law.line("lpr_short" if short else "lpr_long")
    words = "一年期" if short else "五年期"
    return Step(
        "最高利率", percent(line.value), f"不超过{words}贷款市场报价利率，合同期内不变", line
    )
