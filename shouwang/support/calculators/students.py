"""学生资助: the rain-and-dew plan of vocational students, living aid in compulsory education."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .steps import MET, NOT_MET, Law, Result, Step, cents, lawful, percent, unknown, yuan

TITLE = "学生资助"
VOCATIONAL = {"secondary_vocational": "中职", "higher_vocational": "高职"}
BOARDING = {"primary": ("小学", "boarding_primary"), "junior": ("初中", "boarding_junior")}


@dataclass(frozen=True)
class Student:
    """What the aid depends on; None is not known."""

    stage: str | None
    """学段 of the catalogue; empty text: not at school."""
    is_poverty_alleviated: bool | None
    is_monitored: bool | None
    classes: Mapping[str, bool | None]
    """五类学生: of each class whether the child belongs to it."""
    boards: bool | None


@lawful(TITLE)
def aid(student: Student, law: Law) -> Result:
    """The yearly aid of one student."""
    if student.stage is None:
        return unknown(TITLE, ["在校生状况"])
    if student.stage in VOCATIONAL:
        return _rain_plan(student, law)
    if student.stage in BOARDING:
        return _living(student, law)
    words = "不在义务教育阶段，也不读中职、高职"
    step = Step("学段", student.stage or "不在校", words)
    return Result(TITLE, NOT_MET, f"{words}，没有按年发放的资助。", (step,), amount=Decimal(0))


def _rain_plan(student: Student, law: Law) -> Result:
    stage = VOCATIONAL[student.stage or ""]
    steps = [Step("学段", stage, f"读{stage}，属于雨露计划的学段")]
    poor, monitored = student.is_poverty_alleviated, student.is_monitored
    if not (poor or monitored):
        missing = [
            name
            for name, value in (("是否脱贫户", poor), ("是否监测对象", monitored))
            if value is None
        ]
        if missing:
            return unknown(TITLE, missing, steps)
        steps.append(Step("家庭", "都不是", "不是脱贫户，也不是监测对象"))
        sentence = "不是脱贫户或监测对象，不享受雨露计划。"
        return Result(TITLE, NOT_MET, sentence, tuple(steps), amount=Decimal(0))
    line, times = law.line("rain_plan"), law.line("rain_plan_times")
    part = cents(line.value / times.value)
    steps.append(Step("家庭", "脱贫户" if poor else "监测对象", "属于雨露计划的对象"))
    words = f"每年 {yuan(line.value)}，分 {times.value:f} 次，每次 {yuan(part)}"
    steps.append(Step("补助", yuan(line.value), words, line))
    sentence = f"享受雨露计划，每年 {yuan(line.value)}，发到本学段毕业。"
    return Result(TITLE, MET, sentence, tuple(steps), amount=line.value)


def _living(student: Student, law: Law) -> Result:
    label, key = BOARDING[student.stage or ""]
    steps = [Step("学段", label, f"读{label}，在义务教育阶段")]
    if not any(student.classes.values()):
        missing = [name for name, value in student.classes.items() if value is None]
        if missing or not student.classes:
            names = [f"是否{name}" for name in missing] or ["是否属于五类学生"]
            return unknown(TITLE, names, steps)
        steps.append(Step("五类学生", "都不是", "不属于五类学生"))
        return Result(
            TITLE, NOT_MET, "不属于五类学生，没有生活补助。", tuple(steps), amount=Decimal(0)
        )
    named = next(name for name, value in student.classes.items() if value)
    steps.append(Step("五类学生", named, f"属于{named}"))
    if student.boards is None:
        return unknown(TITLE, ["是否寄宿"], steps)
    line = law.line(key)
    if student.boards:
        steps.append(Step("生活补助", yuan(line.value), "寄宿生按全额", line))
        paid = line.value
    else:
        share = law.line("day_share")
        paid = cents(line.value * share.value)
        words = f"非寄宿生按 {yuan(line.value)} × {percent(share.value)}"
        steps.append(Step("生活补助", yuan(paid), words, share))
    sentence = f"属于{named}，每年生活补助 {yuan(paid)}，发到本学段毕业。"
    return Result(TITLE, MET, sentence, tuple(steps), amount=paid)
