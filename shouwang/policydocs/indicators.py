"""指标 (indicators): the rows of indicator tables, each with its value in the base unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.policydocs.comparators import comparison
from shouwang.policydocs.front import Front
from shouwang.policydocs.labels import label_at
from shouwang.policydocs.model import Indicator, Span, Unit
from shouwang.policydocs.numerals import ARABIC, number, ordinal, scale_value
from shouwang.policydocs.organisations import members
from shouwang.policydocs.quantities import MEASURE, RENAMED, quantities
from shouwang.policydocs.responsibility import cell_lines
from shouwang.policydocs.source import Source
from shouwang.policydocs.strand import Strand
from shouwang.policydocs.tables import Grid
from shouwang.policydocs.words import words

NONE = frozenset(words("none", "tables"))
UNIT_IN_NAME = re.compile(rf"[((]((?:万|亿|千|百)*(?:{MEASURE})(?:/[^()()]{{1,8}})?)[))]")
SCALED_UNIT = re.compile(rf"(万亿|千亿|百亿|亿|千万|百万|万|千|百)?({MEASURE})(?:/.+)?$")
PLAIN = re.compile(
    rf"^[\[〔(]?(?P<sign>≥|≧|>=|≤|≦|<=|>|<|=)?(?P<number>-?{ARABIC})(?P<to>[-~—至](?P<second>{ARABIC}))?"
    r"[\])〕]?(?P<after>以上|及以上|以下|以内|左右)?[\])〕]?$"
)
SIGNS = {"≥": "ge", "≧": "ge", ">=": "ge", "≤": "le", "≦": "le", "<=": "le", ">": "gt", "<": "lt"}
AFTERS = {"以上": "ge", "及以上": "ge", "以下": "le", "以内": "le", "左右": "about"}
RELATIVE = (
    ("ge", re.compile(r"不低于|不少于|不小于|不低|≥")),
    ("le", re.compile(r"不高于|不超过|不大于|≤|控制在")),
    ("gt", re.compile(r"高于|超过|快于|大于|优于|好于")),
    ("lt", re.compile(r"低于|小于|少于")),
    ("eq", re.compile(r"达到|等于|持平|同步|相当")),
)
SOMETHING_ELSE = re.compile(r"平均|水平|增速|增幅|上年|全[省市国县州]|同期|标准|目标|要求|基准")
SCOPED = re.compile(r"^([^:;,。]{2,20}):(.+)$")
NOTE_ROWS = re.compile(
    r"指标([0-9、,和及—~至-]+)(?:项)?(?:仅|只)?(?:针对|适用于|限于?|考核)([^;。,]{2,30})"
)
TITLE_SCOPE = re.compile(r"([\u4e00-\u9fff、]{2,24}?)(?:主要|核心|考核|发展|监测|评价)?指标")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a target cell says."""

    comparator: str | None
    value: Decimal | None
    value2: Decimal | None
    unit: str


def indicators_of(source: Source, grids: list[Grid], front: Front) -> tuple[Indicator, ...]:
    return tuple(
        indicator
        for grid in grids
        if grid.is_indicators
        for indicator in _of_grid(source.text, grid, front)
    )


def _of_grid(source: str, grid: Grid, front: Front) -> list[Indicator]:
    found: list[Indicator] = []
    name_at = grid.column("name", "project", "task")
    targets = grid.all_columns("target")
    if name_at is None or not targets:
        return []
    targets = _from_now_on(grid, targets, front.year)
    growth = grid.all_columns("growth")
    for row in grid.rows:
        name = _name(grid, row, name_at)
        filled = _filled(row, targets) or _filled(row, growth)
        if not name or not filled:
            continue
        for scope, cell in _by_scope(row[filled[-1]]):
            found.append(_indicator(source, grid, front, row, name, filled, scope, cell))
    return found


def _from_now_on(grid: Grid, targets: list[int], year: int | None) -> list[int]:
    """2020年 beside 2025年 in a plan for 2021 to 2025 is where it starts from."""
    later = [i for i in targets if (y := grid.columns[i].year) is None or not year or y >= year]
    return later or targets


def _filled(row: list[Strand | None], places: list[int]) -> list[int]:
    return [i for i in places if i < len(row) and (cell := row[i]) and cell.text not in NONE]


def _name(grid: Grid, row: list[Strand | None], name_at: int) -> Strand | None:
    """The last name column that says more than the one before (村 below 绿色村镇占比)."""
    name = row[name_at] if name_at < len(row) else None
    for index in range(name_at + 1, len(row)):
        if not name and grid.columns[index].role == "name":
            name = row[index]
            continue
        if grid.columns[index].role not in ("name", "other"):
            break
        cell = row[index]
        if cell and name and cell.text != name.text and grid.columns[index].role == "name":
            return cell if len(cell) > 4 else Strand.joined((name, cell))
    return name


def _by_scope(cell: Strand | None) -> list[tuple[str | None, Strand]]:
    """县:…;村:…: one cell that sets a target for each of two scopes."""
    if cell is None:
        return []
    parts: list[tuple[str | None, Strand]] = []
    start = 0
    for end in [*(m.start() for m in re.finditer("[;。]", cell.text)), len(cell.text)]:
        piece = cell.cut(start, end)
        match = SCOPED.match(piece.text)
        if match:
            parts.append((match[1], piece.cut(match.start(2))))
        elif piece.text:
            return [(None, cell)]
        start = end + 1
    return parts if len(parts) > 1 else [(None, cell)]


def _indicator(
    source: str,
    grid: Grid,
    front: Front,
    row: list[Strand | None],
    name: Strand,
    filled: list[int],
    scope: str | None,
    cell: Strand,
) -> Indicator:
    def written(strand: Strand | None) -> str:
        return "".join(source[i] for i in strand.at) if strand else ""

    def at(*roles: str) -> Strand | None:
        index = grid.column(*roles)
        return row[index] if index is not None and index < len(row) else None

    column = grid.columns[filled[-1]]
    unit = at("unit")
    found = read_cell(cell.text, unit.text if unit else _unit_of_name(name.text))
    no = at("no")
    kind = at("kind")
    return Indicator(
        no=no.text.rstrip(".、") if no else "",
        name=written(name),
        target_raw=written(cell),
        comparator=found.comparator,
        value=found.value,
        value2=found.value2,
        unit=found.unit,
        year=column.year or front.last_year,
        kind=written(kind) or None,
        scope=scope or _scope(grid, no.text if no else ""),
        table=_table_name(grid, written(grid.caption)),
        span=Span(min(name.at[0], cell.at[0]), max(name.at[-1], cell.at[-1]) + 1),
        responsible_units=_units(source, grid, row, "responsible", "lead"),
        scoring_units=_units(source, grid, row, "scoring"),
        by_year=tuple((year, written(row[i])) for i in filled if (year := grid.columns[i].year)),
    )


def _table_name(grid: Grid, caption: str) -> str:
    label = label_at(grid.caption)
    return (
        caption[: label.length].rstrip("、:. ")
        if label and label.kind in ("table", "box")
        else caption
    )


def _units(
    source: str, grid: Grid, row: list[Strand | None], *roles: str
) -> tuple[Unit, ...] | None:
    places = grid.all_columns(*roles)
    if not places:
        return None
    found: dict[str, Unit] = {}
    for index in places:
        cell = row[index] if index < len(row) else None
        for part in cell_lines(source, cell) if cell else []:
            for start, end in members(part.text):
                text = "".join(source[i] for i in part.at[start:end]).rstrip("*＊")
                if len(text) >= 2 and text not in NONE:
                    found.setdefault(text, Unit(text, part.span(start, start + len(text))))
    return tuple(found.values())


def _unit_of_name(name: str) -> str:
    match = UNIT_IN_NAME.search(name)
    return match[1] if match else ""


def read_cell(text: str, unit: str) -> Reading:
    """A target cell in the light of its unit: 35 with % · ≥0.5 with 万亩 · 不低于5万元 · 清零."""
    base, factor = _base_unit(unit)
    if match := PLAIN.match(text):
        value = number(match["number"].lstrip("-"))
        if value is not None:
            value = -value if match["number"].startswith("-") else value
            second = number(match["second"]) if match["second"] else None
            comparator = SIGNS.get(match["sign"] or "") or AFTERS.get(match["after"] or "") or "eq"
            return Reading(comparator, value * factor, second and second * factor, base)
    if re.search("清零|零发生|零新增", text) and not re.search("[0-9]", text):
        return Reading("eq", Decimal(0), None, "")
    if re.fullmatch(r"(?:实现)?(?:基本)?(?:全覆盖|全面覆盖)", text):
        return Reading("about" if "基本" in text else "eq", Decimal(100), None, "%")
    return _written(text, base, factor) or _relative(text)


def _base_unit(unit: str) -> tuple[str, Decimal]:
    """万亩 → 亩 and 10,000; 元/人 keeps its first part."""
    match = SCALED_UNIT.fullmatch(unit)
    if unit in NONE:
        return "", Decimal(1)
    if match is None:
        return unit, Decimal(1)
    return RENAMED.get(match[2], match[2]), Decimal(scale_value(match[1] or ""))


def _written(text: str, base: str, factor: Decimal) -> Reading | None:
    """A quantity in words, with a measure of its own or the one of the row."""
    plain = re.sub(r"20[0-9]{2}年", lambda match: "#" * len(match[0]), text)
    found = [each for each in quantities(plain) if each.unit not in ("年", "月", "日")]
    if found:
        first = found[0]
        if len(found) > 1 and re.match("以[上下]的", plain[first.end :]):
            first = found[-1]  # 10万元以上的村占比达到60%
        compared = comparison(plain, first.start, first.end, 0, first.end)
        if first.unit or re.search("[万亿千百]", plain[first.start : first.end]):
            factor = Decimal(1)  # 不低于5万元 has its own measure, 不低于52.3 that of the row
        second = first.value2 and first.value2 * factor
        return Reading(compared.comparator, first.value * factor, second, first.unit or base)
    match = re.search(rf"(?<![0-9#]){ARABIC}", plain)
    value = number(match[0]) if match else None
    if match is None or value is None or len(text) > 24:
        return None
    compared = comparison(plain, match.start(), match.end(), 0, match.end())
    return Reading(compared.comparator, value * factor, None, base)


def _relative(text: str) -> Reading:
    """高于全省平均: a comparison without a number; or words alone."""
    for comparator, pattern in RELATIVE:
        match = pattern.search(text)
        if match and SOMETHING_ELSE.search(text[match.end() : match.end() + 24]):
            return Reading(comparator, None, None, "")
    return Reading(None, None, None, "")


def _scope(grid: Grid, no: str) -> str | None:
    for note in grid.notes:
        for match in NOTE_ROWS.finditer(note.text):
            if no and no in _numbers(match[1]):
                return match[2]
    title = TITLE_SCOPE.search(grid.caption.text)
    return title[1] if title and title[1] not in ("主要", "核心", "考核") else None


def _numbers(written: str) -> set[str]:
    found: set[str] = set()
    for part in re.split("[、,和及]", written):
        ends = re.split("[-—~至]", part)
        first, last = ordinal(ends[0]) or 0, ordinal(ends[-1]) or 0
        found |= {str(each) for each in range(first, min(last, first + 200) + 1)}
    return found
