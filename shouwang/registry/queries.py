"""档案查询: what pages and other rooms ask of the registry; scoped by `visible_to`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from django.db.models import QuerySet

from shouwang.core.actor import Actor, require
from shouwang.core.errors import NotFound

from .models import Household, Member, RegistryImport
from .querysets import HouseholdQuerySet, MemberQuerySet


def households_visible_to(actor: Actor) -> HouseholdQuerySet:
    """The households of the actor's divisions."""
    return Household.objects.visible_to(actor)


def members_visible_to(actor: Actor) -> MemberQuerySet:
    return Member.objects.visible_to(actor)


def household(actor: Actor, household_no: str, right: str = "registry.view") -> Household:
    """One household; outside the scope it does not exist (404), without the right 403."""
    require(actor, right)
    household_no = household_no.replace("\x00", "")  # PostgreSQL takes no such character
    found = (
        Household.objects.visible_to(actor, right)
        .select_related("village__parent", "group", "absent_since", "source_file__registry_import")
        .filter(household_no=household_no)
        .first()
    )
    if found is None:
        raise NotFound("没有找到这一户，编号可能有误，或不在您的管辖范围内。")
    return found


def imports_visible_to(actor: Actor) -> QuerySet[RegistryImport]:
    return RegistryImport.objects.visible_to(actor)


@dataclass(frozen=True)
class RejectedRow:
    """退回行 of a workbook; `row` None means the whole file."""

    file: str
    sheet: str
    row: int | None
    reason: str


def rejected_rows() -> Iterator[RejectedRow]:
    """Rows that could not be used, of all imports that were not given up, each once.

    Holds no personal data, and is for the whole installation: for the command line.
    """
    seen: set[RejectedRow] = set()
    states = RegistryImport.State
    waiting = (states.RECEIVED, states.READY, states.DISCARDED)
    for registry_import in RegistryImport.objects.exclude(state__in=waiting).order_by("pk"):
        for found in _rejects(registry_import.folder / "rejects.parquet"):
            if found not in seen:
                seen.add(found)
                yield found


def _rejects(path: Path) -> Iterable[RejectedRow]:
    if not path.is_file():
        return []
    columns = pq.read_table(path, columns=["file", "sheet", "row", "reason"]).to_pydict()
    return [
        RejectedRow(file, sheet or "", row, reason)
        for file, sheet, row, reason in zip(*columns.values(), strict=True)
    ]
