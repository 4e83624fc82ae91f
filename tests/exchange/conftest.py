"""The exchange's tests stand on the little county of casework."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.cases.conftest import (  # noqa: F401 - fixtures
    calendar,
    cast,
    household,
    maker,
    way,
)

HEADS = (
    "县", "乡", "村", "自然村", "户编号", "人口编号", "姓名", "证件号码", "性别", "出生日期",
    "与户主关系", "文化程度", "在校生状况", "健康状况", "劳动技能", "人数", "户类型",
    "监测对象类别", "识别监测时间", "致贫返贫风险1", "致贫返贫风险2", "风险是否已消除",
    "风险消除时间", "风险消除方式",
)  # fmt: skip
Rows = Sequence[Mapping[str, Any]]
Writing = Callable[..., Path]


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    """`writing(rows)` makes a national export of them."""

    def write(rows: Rows, name: str = "监测对象.xlsx", heads: Sequence[str] = HEADS) -> Path:
        path = tmp_path / name
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("基础信息")
        sheet.write(0, 0, "监测对象基础信息")
        for at, head in enumerate(heads):
            sheet.write(1, at, head)
        for number, row in enumerate(rows, 2):
            for at, head in enumerate(heads):
                if row.get(head) is not None:
                    sheet.write(number, at, row[head])
        book.close()
        return path

    return write
