"""部门数据的用语: reasons and values as people read them, the same on page and in export."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.engine.contracts import Column

from .models import FeedBatch
from .preparing import rulebook


@dataclass(frozen=True)
class Word:
    """A reason in two or three words, and what to do about it."""

    label: str
    advice: str


FILE_REASONS: Mapping[str, Word] = {
    "file_empty": Word("空文件", "文件没有任何内容，请重新导出后再报。"),
    "file_corrupt": Word("打不开", "文件不能作为表格打开，请用 Excel 或 WPS 另存为 xlsx 后再报。"),
    "duplicate_file": Word("重复文件", "与已收到的文件完全相同，不需要再报。"),
    "nothing_added": Word("没有可补的行", "补正的行都已采用或仍有错误，数据没有变化。"),
    "base_changed": Word("版本已变", "补正期间原版本已被撤回或更正，请用现在版本的退回工作簿。"),
}
ROW_REASONS: Mapping[str, Word] = {
    "cell_too_long": Word("内容过长", "有单元格超过2000字，请删去多余内容。"),
    "row_shifted": Word("整行错位", "身份证号写到了旁边一列，请把这一行左右对齐。"),
    "required_missing": Word("缺必填项", "请补齐标色的单元格。"),
    "bad_date": Word("日期有误", "日期应写成 2026-06-30。"),
    "bad_amount": Word("金额有误", "金额应是数字，单位写在表头。"),
    "bad_number": Word("数字有误", "应填不带符号的数字。"),
    "bad_code": Word("选项有误", "应填代码表中的一项，可选项写在退回说明里。"),
    "date_out_of_period": Word("日期超出期间", "发生日期晚于所报期间，请核对日期或改报下一期。"),
    "no_identity": Word("身份不明", "请补身份证号，或同时补齐姓名、出生日期和所在村。"),
    "duplicate_row": Word("重复行", "与同一文件中前面的一行完全相同，不需要再报。"),
}
METHODS: Mapping[str, Word] = {
    "id": Word("身份证号", "证件号码与姓名都与档案一致。"),
    "name_birth_village": Word("姓名、出生日期和村", "没有可用的号码，三项合起来只有一人。"),
    "none": Word("未关联", "这一行保留，但不计入任何农户。"),
}
UNLINKED: Mapping[str, Word] = {
    "name_conflict": Word("号码与姓名不符", "号码是本县某人的，姓名却不同，请报送部门核对。"),
    "ambiguous": Word("不止一人符合", "无法确定是哪一人，请补充身份证号。"),
    "outside": Word("不在本县档案", "号码有效，但档案中没有这个人，多为外县人员。"),
    "id_invalid": Word("号码有误", "证件号码通不过校验，其他信息也找不到唯一的人。"),
    "id_missing": Word("没有号码", "没有证件号码，其他信息也找不到唯一的人。"),
}
ID_STATES: Mapping[str, str] = {"valid": "有效", "invalid": "有误", "missing": "缺"}
_WORDS = {**FILE_REASONS, **ROW_REASONS, **METHODS, **UNLINKED}


def word(key: str | None) -> Word:
    """The words for a reason or method; one that nobody has named is shown as it is."""
    return _WORDS.get(key or "", Word(key or "", ""))


def tallied(counts: Mapping[str, int], words: Mapping[str, Word]) -> list[tuple[str, Word, int]]:
    """Counts in the order of the catalogue, without what did not occur."""
    known = [(key, one, counts[key]) for key, one in words.items() if counts.get(key)]
    unknown = [(key, word(key), number) for key, number in counts.items() if key not in words]
    return known + unknown


def shown(column: Column, value: Any) -> str:
    """A stored value as a clerk writes it; no data is —, never zero.

    Thousands are separated in measures only: a number without a unit is a year or a running number.
    """
    if value is None or value == "":
        return "—"
    if column.type == "amount":
        return f"{Decimal(value) / 100:,.2f}"
    if column.type == "code":
        entry = rulebook().codes.get(column.codes or "", {}).get(str(value))
        return entry.label if entry else str(value)
    if column.type == "month" and isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}" if unit(column) else f"{value.normalize():f}"
    return str(value)


def version_label(batch: FeedBatch) -> str:
    return f"第{batch.version}版"


def unit(column: Column) -> str:
    """The unit of an amount or a number, for the head of its column."""
    if column.type == "amount":
        return "元"
    return (column.unit or "").split(" ")[0]


def caption(column: Column) -> str:
    """The caption with its unit, 救助金额（元）; a caption that already names one stays."""
    if column.header.endswith(("）", ")")):
        return re.sub(r"[（(][^（）()]*[）)]$", f"（{unit(column)}）", column.header)
    return f"{column.header}（{unit(column)}）" if unit(column) else column.header
