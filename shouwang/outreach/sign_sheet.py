"""签收表 (sign sheet): one village's households as a workbook to sign by hand and send back."""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from shouwang.core.exports import harmless

HEADS = ("户编号", "户主", "村民小组", "发放日期", "签收人", "签字（按手印）")
WIDTHS = (18, 12, 14, 14, 12, 26)


def write(title: str, households: Iterable[Any]) -> bytes:
    """Nothing but number, head and group: the sheet goes from door to door."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet("签收表")
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF7"})
    cell = book.add_format({"border": 1, "valign": "vcenter"})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd", "valign": "vcenter"})
    text = book.add_format({"border": 1, "num_format": "@", "valign": "vcenter"})
    page.merge_range(0, 0, 0, len(HEADS) - 1, title, book.add_format({"bold": True, "size": 14}))
    for column, words in enumerate(HEADS):
        page.write_string(1, column, words, head)
        page.set_column(column, column, WIDTHS[column])
    for row, home in enumerate(households, 2):
        page.set_row(row, 24)
        page.write_string(row, 0, harmless(home.household_no), text)
        page.write_string(row, 1, harmless(home.head_name or ""), cell)
        page.write_string(row, 2, harmless(home.group_name or ""), cell)
        given = [home.handed_on, home.received_by, None]
        for column, value in enumerate(given, 3):
            if column == 3 and value:
                page.write_datetime(row, column, value, day)
            elif value:
                page.write_string(row, column, harmless(value), cell)
            else:
                page.write_blank(row, column, None, cell)
    page.repeat_rows(1)
    page.freeze_panes(2, 0)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    book.close()
    return stream.getvalue()
