"""村级问题的导入: a workbook is taken whole or not at all; what is known is not entered twice."""

from pathlib import Path
from typing import Any

from django.db import transaction

from shouwang.accounts.models import Department
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError
from shouwang.divisions.choices import villages_with
from shouwang.support.sheets import Fault

from ..models import Disaster
from ..place_kinds import Kind
from ..place_sheets import Names, read_lines, row_forms, row_values, sheet_of
from .places import Known, record_problem
from .water import Imported


class _Refused(Exception):
    """Some row is wrong: nothing of the file is kept."""


def import_problems(actor: Actor, kind: Kind, path: Path) -> Imported:
    """Every fault is told with its row and column; a row that is on the list already stays as it
    is there, so that the same file may be sent twice."""
    require(actor, "localities.places")
    sheet = sheet_of(kind)
    lines = read_lines(path, sheet)
    names = _names(actor)
    outcome, filled = Imported(), row_forms(kind)
    try:
        with transaction.atomic():
            for line in lines:
                values, faults = row_values(filled, sheet, line, names)
                outcome.faults += faults
                if not faults:
                    _take(actor, kind, line.row, values, outcome)
            if outcome.faults:
                raise _Refused
    except _Refused:
        outcome.added = outcome.unchanged = 0
    return outcome


def _names(actor: Actor) -> Names:
    villages = villages_with(actor, "localities.places").filter(valid_to=None)
    events = Disaster.objects.visible_to(actor).select_related("division")
    return Names(
        Names.of(villages, "name", "code"),
        Names.of(events, "name") | {str(one): [one] for one in events},
        Names.of(Department.objects.all(), "name", "short_name"),
    )


def _take(actor: Actor, kind: Kind, row: int, values: dict[str, Any], outcome: Imported) -> None:
    village = values.pop("village")
    try:
        record_problem(actor, kind, village, **values)
    except Known:
        outcome.unchanged += 1
    except DomainError as error:
        heads = {column.key: column.header for column in sheet_of(kind).columns}
        outcome.faults.append(Fault(row, heads.get(error.code, ""), error.message))
    else:
        outcome.added += 1
