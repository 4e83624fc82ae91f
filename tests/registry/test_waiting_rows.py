"""New rows that wait in a file of their own arrive as those that are written at once."""

from typing import Any

import pytest
from django.db import connection, transaction

from shouwang.registry.models import Household, IncomeStatement, Member, NameSpelling
from shouwang.registry.operations import waiting_rows
from tests.registry import workbooks
from tests.registry.conftest import Importing

OWN = {"id", "source_file_id", "id_enc", "phone_enc", "head_id_enc", "household_id"}
OWN |= {"village_id", "group_id"}  # divisions are made anew, and are compared by their codes


class _Undone(Exception):
    pass


def _all() -> list[list[dict[str, Any]]]:
    models = (Household, Member, IncomeStatement, NameSpelling)
    found = [
        [{key: value for key, value in row.items() if key not in OWN} for row in rows]
        for rows in (model.objects.order_by("pk").values() for model in models)
    ]
    places = Household.objects.order_by("pk").values("village__code", "group__code")
    return [*found, list(places)]


@pytest.mark.django_db(transaction=True)
def test_rows_from_a_file_equal_rows_written_at_once(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, households = workbooks.county(4)
    with pytest.raises(_Undone), transaction.atomic():
        importing(people, households)
        at_once = _all()
        raise _Undone
    assert not Member.objects.exists()
    poured: list[str] = []
    pour = waiting_rows.RowFile.pour

    def noted(file: Any, model: Any, *rest: Any) -> int:
        poured.append(model.__name__)
        return pour(file, model, *rest)

    monkeypatch.setattr(waiting_rows.RowFile, "pour", noted)
    importing(people, households)
    assert _all() == at_once
    if connection.vendor == "sqlite":
        assert poured == ["Household", "Member", "IncomeStatement", "NameSpelling"]
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA database_list")
            assert [name for _, name, _ in cursor.fetchall() if name not in ("main", "temp")] == []
    else:
        assert poured == []


@pytest.mark.django_db(transaction=True)
def test_the_file_is_let_go_when_an_import_breaks_off(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, households = workbooks.county(2)

    def broken(*_: Any, **__: Any) -> None:
        raise _Undone

    with monkeypatch.context() as patched:
        patched.setattr("shouwang.registry.operations.importing._decide", broken)
        with pytest.raises(_Undone):
            importing(people, households)
    assert not Household.objects.exists()
    importing(people, households, name="再来.xlsx")
    assert Household.objects.count() == 2
