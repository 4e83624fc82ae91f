"""村级医疗卫生服务的导入: one row a village, taken whole or not at all."""

from pathlib import Path

from django.db import transaction

from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError
from shouwang.divisions.choices import villages_with
from shouwang.divisions.models import Division
from shouwang.support.sheets import Column, Fault, Line, Sheet, read

from ..models import VillageMedical
from ..place_sheets import Names
from .medical import record_medical
from .water import Imported

MEDICAL = Sheet("village-medical", "村医和卫生室", (
    Column("village", "行政村", required=True, aliases=("村", "村名")),
    Column("has_clinic", "村卫生室", "choice", required=True,
           choices={"有": "yes", "没有": "no", "无": "no"}),
    Column("doctors", "合格村医", "whole", required=True, aliases=("村医人数",)),
    Column("checked_on", "核实日期", "date", required=True),
    Column("note", "备注"),
))  # fmt: skip


class _Refused(Exception):
    """Some row is wrong: nothing of the file is kept."""


def import_medical(actor: Actor, path: Path, *, name: str) -> Imported:
    """What stands already as the file says stays untouched."""
    require(actor, "localities.places")
    found = read(path, name, MEDICAL)
    outcome = Imported(faults=list(found.faults))
    villages = villages_with(actor, "localities.places").filter(valid_to=None)
    places = Names.of(villages, "name", "code")
    held = {one.village_id: one for one in VillageMedical.objects.all()}
    try:
        with transaction.atomic():
            for line in found.lines:
                _take(actor, places, held, line, outcome)
            if outcome.faults:
                raise _Refused
    except _Refused:
        outcome.added = outcome.unchanged = 0
        outcome.faults.sort(key=lambda fault: fault.row)
    return outcome


def _take(
    actor: Actor,
    places: dict[str, list[Division]],
    held: dict[int, VillageMedical],
    line: Line,
    outcome: Imported,
) -> None:
    values = dict(line.values)
    words = str(values.pop("village"))
    match = places.get(words, [])
    if len(match) != 1:
        why = "辖区内没有" if not match else "有几个同名的村，请写区划代码："
        outcome.faults.append(Fault(line.row, "行政村", f"{why}“{words[:20]}”"))
        return
    values["has_clinic"] = values["has_clinic"] == "yes"
    known = held.get(match[0].pk)
    if known and all(getattr(known, key) == value for key, value in values.items()):
        outcome.unchanged += 1
        return
    try:
        made = record_medical(actor, match[0], version=known.version if known else None, **values)
    except DomainError as error:
        heads = {column.key: column.header for column in MEDICAL.columns}
        outcome.faults.append(Fault(line.row, heads.get(error.code, ""), error.message))
    else:
        held[match[0].pk] = made
        outcome.added += 1
