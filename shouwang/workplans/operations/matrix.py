"""分解表 (matrix): what every place takes of every measure of a task, saved whole or not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division

from ..models import Task
from ..models.work import plain
from ..units import Match, Units
from .counting import place_of, start_counting
from .progress import settle
from .splitting import AT_LEAST, AT_MOST, Part, make_part, split_right
from .work import audit_task, county_of, write

BELOW = {"prefecture": "county", "county": "town", "town": "village"}
MOST_ROWS = 2_000


@dataclass(frozen=True)
class Row:
    """One place, operator or plot with its amount of each measure (by the measure's key)."""

    name: str
    cells: Mapping[int, Decimal | None]
    person: str = ""
    ends_on: date | None = None


@dataclass(frozen=True)
class Matrix:
    """A task as a table: measures across, places down."""

    task: Task
    columns: Sequence[Task]
    places: Sequence[Division]
    rows: Sequence[Row]
    wholes: Mapping[int, int] = field(default_factory=dict)
    """For a measure that lies in another (其中): in which."""


def columns_of(task: Task) -> tuple[list[Task], dict[int, int]]:
    """The measures of a task, and which of them lie in which."""
    columns = [task] if task.quantity is not None else []
    wholes: dict[int, int] = {}
    open_parts = Task.objects.filter(is_measure=True).exclude(state="cancelled").order_by("pk")
    measures = list(open_parts.filter(parent=task))
    within_them: dict[int | None, list[Task]] = defaultdict(list)
    for within in open_parts.filter(parent__in=measures, is_within=True):
        within_them[within.parent_id].append(within)
    for measure in measures:
        columns.append(measure)
        if measure.is_within:
            wholes[measure.pk] = task.pk
        for within in within_them[measure.pk]:
            columns.append(within)
            wholes[within.pk] = measure.pk
    return columns, wholes


def matrix_of(task: Task) -> Matrix:
    """What is split now, with a row for every place below even where it has nothing."""
    columns, wholes = columns_of(task)
    place = place_of(task)
    level = BELOW.get(place.level, "")
    places = list(
        Division.objects.on(clock.today())
        .filter(level=level, path__startswith=place.path)
        .order_by("code")
    )
    cells: dict[str, dict[int, Decimal | None]] = {each.name: {} for each in places}
    people: dict[str, tuple[str, date | None]] = {}
    parts = _parts_of(columns)
    for column in columns:
        for part in parts[column.pk]:
            cells.setdefault(part.place, {})[column.pk] = part.quantity
            people.setdefault(part.place, (part.person, part.ends_on))
    rows = [Row(name, found, *people.get(name, ("", None))) for name, found in cells.items()]
    return Matrix(task, columns, places, rows, wholes)


def _parts_of(columns: Sequence[Task]) -> dict[int | None, list[Task]]:
    """The parts of every measure, in one question."""
    found: dict[int | None, list[Task]] = defaultdict(list)
    parts = Task.objects.filter(parent__in=columns, is_measure=False).exclude(state="cancelled")
    for part in parts.order_by("pk"):
        found[part.parent_id].append(part)
    return found


def _parts(column: Task) -> list[Task]:
    parts = Task.objects.filter(parent=column, is_measure=False).exclude(state="cancelled")
    return list(parts.order_by("pk"))


def add_measure(actor: Actor, task: Task, *, name: str, quantity: Decimal, version: int) -> Task:
    """其中: an amount that lies within the task's, to be split beside it."""
    split_right(actor, task)
    if task.quantity is None or quantity > task.quantity:
        raise DomainError(
            f"其中项不能超过整项 {task.amount_words or '（没有数量）'}。", code="within"
        )
    if not name.strip():
        raise DomainError("请写其中项的名称。", code="name")
    with transaction.atomic():
        write(task, version)
        count = task.parts.count() + 1
        made = make_part(actor, task, count, Part("", quantity), None)
        made.title, made.target_name = name.strip()[:500], name.strip()[:120]
        made.is_measure = made.is_within = True
        made.comparator = task.comparator
        made.save()
        audit_task(actor, task, "within", f"任务 {task.number} 增加其中项")
    return made


def check_matrix(matrix: Matrix, rows: Sequence[Row]) -> list[str]:
    """Every sum that is wrong, in words; nothing when the table may be saved."""
    wrong = []
    names = [row.name for row in rows]
    for name in sorted({one for one in names if names.count(one) > 1}):
        wrong.append(f"“{name}”写了两行，请合并。")
    for column in matrix.columns:
        amounts = [row.cells.get(column.pk) for row in rows]
        given = [amount for amount in amounts if amount is not None]
        if any(amount < 0 for amount in given):
            wrong.append(f"“{_title(column)}”有负数。")
        if given and column.quantity is not None:
            wrong += _check_sum(column, sum(given, Decimal(0)))
    titles = {column.pk: _title(column) for column in matrix.columns}
    for inner, outer in matrix.wholes.items():
        for row in rows:
            part, whole = row.cells.get(inner), row.cells.get(outer)
            if part is not None and part > (whole or 0):
                wrong.append(
                    f"{row.name}：其中“{titles[inner]}”{plain(part)} 超过整项 "
                    f"{plain(whole or Decimal(0))}。"
                )
    return wrong


def _title(column: Task) -> str:
    return column.target_name or column.title[:20]


def _check_sum(column: Task, total: Decimal) -> list[str]:
    assert column.quantity is not None
    said = f"“{_title(column)}”合计 {plain(total)} {column.unit}"
    if total < column.quantity and column.comparator in AT_LEAST:
        return [f"{said}，比 {column.amount_words} 少 {plain(column.quantity - total)}，请补足。"]
    if total > column.quantity and column.comparator in AT_MOST:
        return [f"{said}，超过上限 {column.amount_words}。"]
    return []


def save_matrix(actor: Actor, task: Task, rows: Sequence[Row], *, version: int) -> int:
    """Bring the parts to what the table says, all or nothing; gives how many parts changed."""
    split_right(actor, task)
    if task.state in ("done", "cancelled"):
        raise Conflict(f"任务{task.state_label}，不能分解。")
    if len(rows) > MOST_ROWS:
        raise DomainError(f"最多 {MOST_ROWS:,} 行，请先分到乡镇，再由乡镇分到村。", code="rows")
    matrix = matrix_of(task)
    if any(not row.name.strip() for row in rows):
        raise DomainError("每行都要写单位、主体或田块的名称。", code="name")
    if wrong := check_matrix(matrix, rows):
        raise DomainError("".join(wrong[:6]), code="sum")
    places = {place.name: place for place in matrix.places}
    units = Units(county_of(task.division))
    changed = 0
    with transaction.atomic():
        write(task, version)
        for column in matrix.columns:
            changed += _save_column(actor, column, rows, places, units)
            start_counting(column)
            settle(column)
        audit_task(actor, task, "matrix", f"分解表：{task.number}，{changed} 处改动")
    return changed


def _save_column(
    actor: Actor,
    column: Task,
    rows: Sequence[Row],
    places: Mapping[str, Division],
    units: Units,
) -> int:
    kept = {part.place: part for part in _parts(column)}
    count, changed = Task.objects.filter(parent=column).count(), 0
    for row in rows:
        amount, part = row.cells.get(column.pk), kept.pop(row.name, None)
        if amount is None:
            changed += _withdraw(part) if part is not None else 0
        elif part is None:
            count += 1
            place = places.get(row.name)
            match = [Match(row.name, division=place)] if place else units.match(row.name)
            given = Part(row.name, amount, row.person, row.ends_on)
            make_part(actor, column, count, given, match)
            changed += 1
        else:
            changed += _renew(part, row, amount)
    return changed + sum(_withdraw(part) for part in kept.values())


def _renew(part: Task, row: Row, amount: Decimal) -> bool:
    new = (amount, row.person[:60] or part.person, row.ends_on or part.ends_on)
    if new == (part.quantity, part.person, part.ends_on):
        return False
    if part.state == "done":
        raise Conflict(f"{part.place}的这一份已办结，不能再改数量。")
    part.quantity, part.person, part.ends_on = new
    part.version += 1
    part.save(update_fields=["quantity", "person", "ends_on", "version"])
    settle_share(part)
    return True


def settle_share(part: Task) -> None:
    """The share of a part whose amount has changed, from the value that was reported."""
    if part.done is not None and part.quantity:
        part.share = min(part.done / part.quantity, Decimal(99999)).quantize(Decimal("0.0001"))
        part.save(update_fields=["share"])


def _withdraw(part: Task) -> bool:
    if part.reports.exists() or part.parts.exclude(state="cancelled").exists():
        raise Conflict(f"{part.place}已经报送过进展或再往下分解，不能清空；可以改数量。")
    part.state = "cancelled"
    part.version += 1
    part.save(update_fields=["state", "version"])
    return True
