"""退回原因 (reject reasons): the order in which they are tested and how they are told."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

REASONS = (
    "",
    "cell_too_long",
    "row_shifted",
    "required_missing",
    "bad_date",
    "bad_amount",
    "bad_number",
    "bad_code",
    "date_out_of_period",
    "no_identity",
    "duplicate_row",
    "unknown_household",
)
CODES = {reason: code for code, reason in enumerate(REASONS)}
BY_TYPE = {
    "date": "bad_date",
    "month": "bad_date",
    "amount": "bad_amount",
    "number": "bad_number",
    "code": "bad_code",
}
SENTENCES = {
    "cell_too_long": "「{caption}」的内容过长（超过2000字），请改短。",
    "row_shifted": "这一行错位：身份证号不在「{caption}」列，请左右移动对齐。",
    "required_missing": "必填的「{caption}」没有填，请补上。",
    "bad_date": "「{caption}」不是能识别的日期，请写成2026-03-05这样。",
    "bad_amount": "「{caption}」不是能识别的金额，请只写数字（单位元）。",
    "bad_number": "「{caption}」不是能识别的数字，请只写数字。",
    "bad_code": "「{caption}」不在规定的选项内，请改成规定的名称。",
    "date_out_of_period": "「{caption}」晚于本批数据的截止日期，请核对或放到下一批。",
    "no_identity": "既没有身份证号，也不齐全姓名、出生日期和村，无法确定是谁，请补上。",
    "duplicate_row": "与前面的一行完全相同，请删去。",
    "unknown_household": "「{caption}」在户表中找不到，请核对户编号或补上这一户。",
    "file_empty": "文件是空的。",
    "file_corrupt": "文件打不开。",
}
LABELS = {
    "cell_too_long": "内容过长",
    "row_shifted": "整行错位",
    "required_missing": "必填项缺失",
    "bad_date": "日期有误",
    "bad_amount": "金额有误",
    "bad_number": "数字有误",
    "bad_code": "选项有误",
    "date_out_of_period": "日期超出本期",
    "no_identity": "无法确定身份",
    "duplicate_row": "重复行",
    "unknown_household": "户编号不存在",
    "file_empty": "空文件",
    "file_corrupt": "文件损坏",
    "duplicate_file": "重复文件",
}
SCHEMA = pa.schema(
    [
        ("sheet", pa.string()),
        ("row", pa.int32()),
        ("reason", pa.string()),
        ("column_key", pa.string()),
        ("column_index", pa.int32()),
        ("detail", pa.string()),
    ]
)


@dataclass
class Verdicts:
    """每行的结论: the first reason of each row (0 = accepted) and the column that gave it."""

    size: int
    reason: np.ndarray = field(init=False)
    column: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.reason = np.zeros(self.size, dtype=np.int8)
        self.column = np.full(self.size, -1, dtype=np.int32)

    @property
    def accepted(self) -> np.ndarray:
        return np.asarray(self.reason == 0)

    def reject(self, rows: np.ndarray, reason: str, column: int = -1) -> None:
        """Give `rows` (a mask) this reason where they have none yet."""
        fresh = rows & (self.reason == 0)
        if fresh.any():
            self.reason[fresh] = CODES[reason]
            self.column[fresh] = column

    def keep(self, rows: np.ndarray) -> "Verdicts":
        kept = Verdicts(int(rows.sum()))
        kept.reason, kept.column = self.reason[rows], self.column[rows]
        return kept


@dataclass(frozen=True)
class Place:
    """A column as a reject names it: its key, caption and 0-based place in the sheet."""

    key: str | None
    caption: str
    index: int | None


def reject_table(verdicts: Verdicts, rows: np.ndarray, places: list[Place], sheet: str) -> pa.Table:
    """The lines of rejects.parquet for one sheet. `Verdicts.column` counts in `places`."""
    at = np.flatnonzero(verdicts.reason)
    reasons = [REASONS[code] for code in verdicts.reason[at]]
    nowhere = Place(None, "", None)
    where = [places[number] if number >= 0 else nowhere for number in verdicts.column[at]]
    details = [
        SENTENCES[reason].format(caption=place.caption)
        for reason, place in zip(reasons, where, strict=True)
    ]
    return pa.table(
        [
            pa.array([sheet] * len(at), pa.string()),
            pa.array(rows[at], pa.int32()),
            pa.array(reasons, pa.string()),
            pa.array([place.key for place in where], pa.string()),
            pa.array([place.index for place in where], pa.int32()),
            pa.array(details, pa.string()),
        ],
        schema=SCHEMA,
    )


def file_reject(reason: str, message: str, sheet: str = "") -> pa.Table:
    """The one line that stands for a whole file."""
    line = {"sheet": sheet, "row": None, "reason": reason, "detail": message}
    return pa.Table.from_pylist([line], schema=SCHEMA)
