"""排版 (layout): captions, order, titles, notes and sums around the cells of a file."""

from dataclasses import dataclass, field
from typing import Any

from shouwang.engine.contracts import Column, FeedContract

from .batches import HEADER_ONLY, Batch
from .draw import Rng
from .mess import LONG, Mess
from .rendering import Cells, Renderer, spoil_any
from .rows import Rows
from .writing import Page

DROPPABLE = frozenset(
    {"remark", "town", "hospital", "school", "employer", "location", "entity_name", "reason"}
)
NOTES = (
    "注：本表仅用于部门数据比对，不作其他用途。",
    "备注：数据截至月末。",
    "说明：空白表示未采集。",
)


@dataclass
class _Built:
    """Columns in the order of the file, with captions."""

    captions: list[str] = field(default_factory=list)
    cells: list[Cells] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def add(self, key: str, caption: str, cells: Cells) -> None:
        self.keys.append(key)
        self.captions.append(caption)
        self.cells.append(cells)


def lay_out(batch: Batch, feed: FeedContract, rows: Rows, mess: Mess, renderer: Renderer) -> Page:
    """The whole first sheet of a file, ready to be written."""
    rng = mess.rng
    built = _Built()
    keys = {column.key for column in feed.columns}
    by_name = {"birth_date", "village"} <= keys
    for column in _order(rng, feed, mess.number):
        caption = _caption(rng, column, renderer)
        cells = renderer.cells(column, rows, known_identity=by_name)
        built.add(column.key, caption, cells)
    if "birth_date" in keys and len(rows):
        _lost_identity(mess, built)
    if len(rows):
        required = {i for i, key in enumerate(built.keys) if key == "id_no"}
        spoil_any(mess, built.cells, LONG, required)
    _extras(mess, built, len(rows))
    body = [list(row) for row in zip(*built.cells, strict=True)] if len(rows) else []
    _row_mess(mess, body, built)
    return _page(batch, feed, mess, built, body)


def _order(rng: Rng, feed: FeedContract, number: int) -> list[Column]:
    """Catalogue order, or any other; unimportant columns are sometimes left out."""
    columns = [
        c for c in feed.columns if c.key not in DROPPABLE or c.required or rng.random() < 0.8
    ]
    if number % 2:
        return [columns[i] for i in rng.permutation(len(columns))]
    return columns


def _caption(rng: Rng, column: Column, renderer: Renderer) -> str:
    """The header or an alias; amounts may state their unit, sometimes 万元."""
    options = (column.header, column.header, *column.aliases)
    caption = options[int(rng.integers(0, len(options)))]
    if column.type != "amount":
        return caption
    if "万元" in caption:
        renderer.wan.add(column.key)
        return caption
    if "（" in caption:
        return caption
    chance = rng.random()
    if chance < 0.12 and column.key != "capital":
        renderer.wan.add(column.key)
        renderer.mess.tally["amount_caption_wan"] += 1
        return f"{caption}（万元）"
    return f"{caption}{'(元)' if chance < 0.3 else ''}"


def _lost_identity(mess: Mess, built: _Built) -> None:
    """Rows with neither a number nor a birthday: nobody can be found for them."""
    where = {key: built.cells[number] for number, key in enumerate(built.keys)}
    for i in mess.where("identity_missing", range(len(where["name"])), 0.0003):
        where["id_no"][i] = ""
        where["birth_date"][i] = "—"
        if "card_no" in where:
            where["card_no"][i] = ""


def _extras(mess: Mess, built: _Built, count: int) -> None:
    """A serial number in front and columns that nobody asked for."""
    if mess.number % 5 < 3:
        built.keys.insert(0, "")
        built.captions.insert(0, "序号")
        built.cells.insert(0, list(range(1, count + 1)))
    if mess.number % 4 == 1:
        mess.tally["column_unknown"] += 1
        built.add("", "联系电话", ["19900000000"] * count)


def _row_mess(mess: Mess, body: list[list[Any]], built: _Built) -> None:
    """Repeated rows, rows moved by one cell, blank rows, and names left out."""
    at = built.keys.index("id_no")
    name = built.keys.index("name")
    for i in mess.where("name_missing", range(len(body)), 0.0002):
        body[i][name] = mess.one_of(["", "无", "/"])
    straight = [i for i, row in enumerate(body) if _is_id(row[at])]
    for i in mess.where("row_shifted", straight, 0.0003):
        if at < len(built.keys) - 1:
            body[i].insert(0, "")
            body[i].pop()
        else:
            body[i].append(body[i].pop(0))
            body[i][-1] = ""
    for i in reversed(mess.where("row_duplicate", range(len(body)), 0.0015)):
        body.insert(i + 1 + int(mess.rng.integers(0, 3)), list(body[i]))
    for i in reversed(mess.where("row_blank", range(len(body)), 0.0002)):
        body.insert(i, [""] * len(built.keys))


def _is_id(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) == 18 and cell[:17].isdecimal()


def _page(
    batch: Batch, feed: FeedContract, mess: Mess, built: _Built, body: list[list[Any]]
) -> Page:
    page = Page("Sheet1", [])
    top: list[list[Any]] = []
    if mess.number % 3 != 2:
        month = f"{batch.end.year}年{batch.end.month}月"
        top.append([f"示例县{feed.title}（{month}）"])
        page.merges.append((0, 0, 0, len(built.captions) - 1))
        if mess.number % 2:
            top.append([f"填报单位：示例县{feed.department}", "", f"填报时间：{batch.end}"])
    page.title_rows = len(top)
    top += _header(batch, mess, built, page)
    bottom: list[list[Any]] = []
    if mess.number % 3 == 0 and batch.state != HEADER_ONLY:
        width = len(built.captions)
        bottom = [["合计", *[""] * (width - 2), len(body)], [NOTES[mess.number % 3]]]
        bottom.append(["填表人：经办人甲", "", "审核人：经办人乙"])
    page.rows = [*top, *body, *bottom]
    return page


def _header(batch: Batch, mess: Mess, built: _Built, page: Page) -> list[list[Any]]:
    """One row of captions, or two with a merged group above the person's columns."""
    name = built.keys.index("name")
    two = mess.number % 4 == 3 and not batch.form.startswith("csv")
    if not two or name + 1 >= len(built.captions):
        return [built.captions]
    mess.tally["header_two_rows"] += 1
    upper: list[Any] = list(built.captions)
    lower: list[Any] = [""] * len(upper)
    lower[name], lower[name + 1] = upper[name], upper[name + 1]
    upper[name], upper[name + 1] = "人员信息", ""
    top = page.title_rows
    page.merges.append((top, name, top, name + 1))
    page.merges += [
        (top, column, top + 1, column)
        for column in range(len(upper))
        if column not in (name, name + 1)
    ]
    page.header_rows = 2
    return [upper, lower]
