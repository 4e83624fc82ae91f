"""导入台账: a workbook of pairings, loans, student aid, houses or payments; all of it or nothing.

Rows that stand here already are left as they are, so that the same file sent twice changes nothing.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.registry.models import Household, Member

from ..catalogue import catalogue
from ..models import Measure, Payment
from ..sheets import Column, Fault, Line, Sheet, read
from ..states import AidProgramme, HouseGrade, HouseMethod, PaymentOrigin
from .ledger_sheets import LEDGER_SHEETS, LEDGER_TAKERS
from .matching_sheets import MATCHING_SHEETS, MATCHING_TAKERS
from .pairing import pair
from .paying import PAYABLE
from .registers import record_loan, record_renovation, record_student_aid
from .standing_sheets import STANDING_SHEETS, STANDING_TAKERS
from .writing import audited, money, not_future, text


def _words(choices: Any, **more: str) -> dict[str, str]:
    return {label: value for value, label in choices} | more


HOUSEHOLD = Column("household_no", "户编号", aliases=("农户编号", "户号"))
PERSON = (
    HOUSEHOLD,
    Column("name", "姓名", aliases=("借款人", "学生姓名"), required=True),
    Column("id_no", "身份证号", aliases=("证件号码", "身份证号码", "公民身份号码")),
)
NOTE = Column("note", "备注")
SHEETS = {
    sheet.key: sheet
    for sheet in (
        Sheet("pairings", "结对名单", (
            Column("household_no", "户编号", aliases=("农户编号", "户号"), required=True),
            Column("head_name", "户主姓名", aliases=("户主",)),
            Column("contact", "联系人", aliases=("帮扶联系人", "帮扶责任人"), required=True),
            Column("unit", "单位", aliases=("联系人单位", "帮扶单位")),
            Column("post", "职务"),
            Column("phone", "联系电话", aliases=("电话", "手机号", "联系人电话")),
            Column("valid_from", "结对日期", "date", aliases=("开始日期", "结对时间")),
        )),
        Sheet("loans", "小额信贷台账", (
            *PERSON,
            Column("bank", "银行", aliases=("贷款银行", "承贷银行"), required=True),
            Column("amount", "金额", "money", aliases=("贷款金额",), required=True),
            Column("months", "期限", "whole", aliases=("贷款期限",), required=True),
            Column("granted_on", "放款日期", "date", aliases=("发放日期",), required=True),
            Column("due_on", "到期日期", "date", aliases=("到期日",)),
            Column("rate", "年利率", "rate", aliases=("利率",)),
            Column("interest_aid", "贴息", "money", aliases=("贴息金额",)),
            Column("purpose", "用途", aliases=("贷款用途",)),
            Column("for_production", "用于生产", "flag"),
            Column("balance", "未还余额", "money", aliases=("余额", "贷款余额")),
            Column("contract_no", "合同号", aliases=("合同编号",)),
            NOTE,
        )),
        Sheet("student-aid", "助学台账", (
            *PERSON,
            Column("programme", "项目", "choice", required=True,
                   choices=_words(AidProgramme.choices)),
            Column("year", "学年", "whole", aliases=("学年起始年",), required=True),
            Column("term", "学期", "choice", required=True,
                   choices={"秋季": "1", "春季": "2", "1": "1", "2": "2"}),
            Column("amount", "金额", "money", aliases=("补助金额", "资助金额"), required=True),
            Column("student_class", "学生类别", "choice",
                   choices={label: key for key, label in catalogue().student_classes.items()}),
            Column("school", "学校"),
            Column("stage", "学段", aliases=("年级",)),
            Column("boards", "寄宿", "flag", aliases=("是否寄宿",)),
            Column("paid_on", "发放日期", "date"),
            Column("stage_end", "学段结束", "date", aliases=("毕业日期",)),
            NOTE,
        )),
        Sheet("renovations", "住房改造台账", (
            Column("household_no", "户编号", aliases=("农户编号", "户号"), required=True),
            Column("head_name", "户主姓名", aliases=("户主",)),
            Column("grade", "等级", "choice", aliases=("危房等级",), required=True,
                   choices=_words(HouseGrade.choices, C="C", D="D", C级="C", D级="D")),
            Column("method", "方式", "choice", aliases=("改造方式",), required=True,
                   choices=_words(HouseMethod.choices, 修缮="repair", 重建="rebuild",
                                  公租房="rental", 置换="swap")),
            Column("programme_year", "计划年度", "whole", aliases=("年度",), required=True),
            Column("amount", "补助金额", "money", required=True),
            Column("self_raised", "自筹金额", "money"),
            Column("disaster_amount", "灾后重建资金", "money"),
            Column("is_again", "再次成为危房", "flag"),
            Column("started_on", "开工日期", "date"),
            Column("finished_on", "竣工日期", "date"),
            Column("accepted_on", "验收日期", "date"),
            Column("paid_on", "补助到位日期", "date"),
            Column("doubled_answer", "疑点说明"),
            NOTE,
        )),
        Sheet("payments", "措施发放名单", (
            *PERSON,
            Column("title", "项目", aliases=("措施", "补助项目"), required=True),
            Column("amount", "金额", "money", aliases=("发放金额", "补助金额"), required=True),
            Column("paid_on", "发放日期", "date", required=True),
            Column("channel", "发放方式"),
            NOTE,
        )),
        *LEDGER_SHEETS,
        *STANDING_SHEETS,
        *MATCHING_SHEETS,
    )
}  # fmt: skip
RIGHTS = {"pairings": "support.pair", "payments": "support.pay", "needs": "support.plan"}


@dataclass
class Imported:
    """What came of a workbook."""

    added: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


class _Refused(Exception):
    """Some row is wrong: nothing of the file is kept."""


@dataclass(frozen=True)
class Source:
    """The people and households of this file, as far as the actor may see them."""

    actor: Actor
    right: str
    file: str

    def household(self, line: Line) -> Household:
        number = line.values["household_no"]
        found = (
            Household.objects.visible_to(self.actor, self.right)
            .select_related("village")
            .filter(household_no=number, absent_since=None)
            .first()
        )
        if found is None:
            raise DomainError("辖区内没有这个户编号，请核对。", "household")
        head = _plain(line.values.get("head_name") or "")
        if head and head != _plain(found.head_name or ""):
            raise DomainError("户主姓名与档案不一致，请核对户编号。", "head_name")
        return found

    def member(self, line: Line) -> Member:
        members = Member.objects.visible_to(self.actor, self.right).filter(absent_since=None)
        number = (line.values.get("id_no") or "").upper().replace(" ", "")
        if number:
            members = members.filter(id_hash=crypto.provider().digest(number))
        elif line.values.get("household_no"):
            members = members.filter(household__household_no=line.values["household_no"])
        else:
            raise DomainError("户编号和身份证号至少填一项。", "key")
        wanted = _plain(line.values["name"])
        found = [
            each for each in members.select_related("household__village")[:50]
            if _plain(each.name) == wanted
        ]  # fmt: skip
        if len(found) != 1:
            words = "没有找到这个人" if not found else "有重名，请补填身份证号"
            raise DomainError(f"{words}，请核对姓名和编号。", "person")
        return found[0]

    def origin(self, line: Line) -> dict[str, Any]:
        return {"file": self.file, "row": line.row}


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def import_sheet(actor: Actor, kind: str, path: Path, *, name: str) -> Imported:
    """Take in a workbook; one wrong row and nothing is taken, every fault is told."""
    right = RIGHTS.get(kind, "support.registers")
    require(actor, right)
    sheet = SHEETS[kind]
    found = read(path, name, sheet)
    outcome = Imported(faults=list(found.faults))
    source = Source(actor, right, name)
    try:
        with transaction.atomic():
            for line in found.lines:
                _take(source, kind, line, outcome)
            if outcome.faults:
                raise _Refused
            record(
                actor, f"support.{kind}.imported", target_type="support.sheet", target_id=kind,
                summary=f"导入{sheet.title}：新增 {outcome.added} 行，已有 {outcome.unchanged} 行",
                source=name[:200],
            )  # fmt: skip
    except _Refused:
        outcome.added = outcome.unchanged = 0
        outcome.faults.sort(key=lambda fault: fault.row)
    return outcome


def _take(source: Source, kind: str, line: Line, outcome: Imported) -> None:
    try:
        with transaction.atomic():
            TAKERS[kind](source, line)
    except Conflict:
        outcome.unchanged += 1
    except DomainError as error:
        outcome.faults.append(Fault(line.row, _head(kind, error.code), error.message))
    else:
        outcome.added += 1


def _head(kind: str, code: str) -> str:
    """The head of the column that a refusal is about, where it is about one."""
    key = {"household": "household_no", "key": "household_no", "person": "name"}.get(code, code)
    return next((each.header for each in SHEETS[kind].columns if each.key == key), "")


def _pairing(source: Source, line: Line) -> None:
    values = line.values
    pair(
        source.actor, source.household(line), name=values["contact"], unit=values["unit"],
        post=values["post"], phone=values["phone"], valid_from=values["valid_from"],
        reason="导入名单变更", source_name=source.file,
    )  # fmt: skip


def _loan(source: Source, line: Line) -> None:
    keys = ("bank", "amount", "months", "granted_on", "due_on", "rate", "interest_aid", "purpose",
            "for_production", "balance", "contract_no", "note")  # fmt: skip
    values = {key: line.values[key] for key in keys}
    record_loan(source.actor, source.member(line), source=source.origin(line), **values)


def _student_aid(source: Source, line: Line) -> None:
    keys = ("programme", "year", "amount", "school", "stage", "boards", "paid_on", "stage_end",
            "note")  # fmt: skip
    values = {key: line.values[key] for key in keys}
    record_student_aid(
        source.actor, source.member(line), term=int(line.values["term"]),
        student_class=line.values["student_class"] or "", source=source.origin(line), **values,
    )  # fmt: skip


def _renovation(source: Source, line: Line) -> None:
    keys = ("grade", "method", "programme_year", "amount", "self_raised", "disaster_amount",
            "started_on", "finished_on", "accepted_on", "paid_on", "doubled_answer",
            "note")  # fmt: skip
    values = {key: line.values[key] for key in keys}
    record_renovation(
        source.actor, source.household(line), is_again=bool(line.values["is_again"]),
        source=source.origin(line), **values,
    )  # fmt: skip


def _payment(source: Source, line: Line) -> None:
    """To the person's own measure of that name, else the household's; paid twice is the same."""
    values, member = line.values, source.member(line)
    measures = Measure.objects.filter(
        household=member.household, title=values["title"], state__in=PAYABLE
    )
    measure = measures.filter(member=member).first() or measures.filter(member=None).first()
    if measure is None:
        raise DomainError("这一户没有部门已接收的同名措施，请先交办。", "measure")
    amount = money(values["amount"], "金额")
    same = Payment.objects.filter(
        measure=measure, member=member, amount=amount, paid_on=values["paid_on"], cancelled_at=None
    )
    if same.exists():
        raise Conflict("这笔发放已经登记。")
    Payment.objects.create(
        household=member.household, member=member, measure=measure, title=measure.title,
        amount=amount, paid_on=not_future(values["paid_on"], "发放日期"),
        channel=text(values["channel"], "发放方式", 40), note=text(values["note"], "备注", 200),
        origin=PaymentOrigin.FILE, file_name=source.file[:200], file_row=line.row,
        recorded_at=clock.now(), recorded_by_label=source.actor.label[:120],
    )  # fmt: skip
    audited(source.actor, "payment.recorded", member.household, f"{measure.title}发放 {amount} 元")


TAKERS: dict[str, Callable[[Source, Line], None]] = {
    "pairings": _pairing,
    "loans": _loan,
    "student-aid": _student_aid,
    "renovations": _renovation,
    "payments": _payment,
    **LEDGER_TAKERS,
    **STANDING_TAKERS,
    **MATCHING_TAKERS,
}
