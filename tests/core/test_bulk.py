"""Many rows at once, inside the current transaction, on both databases."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from shouwang.audit.models import AuditSeal
from shouwang.core.bulk import copy_rows, indexes_last, update_rows
from shouwang.core.models import Job
from shouwang.divisions.models import Division

pytestmark = pytest.mark.django_db
COLUMNS = ["sequence", "entry", "previous", "digest"]
DIVISION = ["code", "name", "level", "parent_id", "path", "valid_from", "pinyin", "initials"]


def _divisions(count: int) -> list[tuple[object, ...]]:
    return [
        (
            f"{number:012d}",
            f"村{number}",
            "village",
            None,
            f"/{number}/",
            date(2020, 1, 1),
            "c",
            "c",
        )
        for number in range(count)
    ]


def test_rows_arrive_with_their_values() -> None:
    assert copy_rows(Division, DIVISION, iter(_divisions(3))) == 3
    found = Division.objects.get(code="000000000002")
    assert (found.name, found.valid_from, found.valid_to) == ("村2", date(2020, 1, 1), None)


def test_instants_and_json_arrive_as_django_would_write_them() -> None:
    moment = datetime(2026, 6, 30, 12, 0, 0, 123456, tzinfo=UTC)
    names = ["title", "state", "task_path", "arguments", "task_result_id", "done", "message",
             "error", "result_url", "cancel_requested", "created_at"]  # fmt: skip
    row = ("任务", "queued", "x", {"名": [1, None]}, "", 0, "", "", "", False, moment)
    copy_rows(Job, names, [row])
    found = Job.objects.get()
    assert (found.created_at, found.arguments) == (moment, {"名": [1, None]})


def test_text_that_a_copy_could_misread_arrives_unchanged() -> None:
    odd = "反\\斜\t制表\n换行 \\N \"引号\" '单'"
    copy_rows(Division, DIVISION, [("1", odd, "village", None, "/1/", None, "", "")])
    assert Division.objects.get().name == odd


def test_a_failing_row_leaves_nothing() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows(AuditSeal, COLUMNS, [(1, 1, "", ""), (1, 2, "", "")])
    assert not AuditSeal.objects.exists()


def test_rows_go_back_with_the_transaction_around_them() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        copy_rows(Division, DIVISION, _divisions(2))
        raise RuntimeError
    assert not Division.objects.exists()


def test_rows_are_updated_by_their_key() -> None:
    copy_rows(Division, DIVISION, _divisions(3))
    keys = list(Division.objects.order_by("code").values_list("pk", flat=True))
    update_rows(Division, ["id", "name", "valid_to"], [(keys[1], "新名", date(2026, 1, 1))])
    changed = Division.objects.get(pk=keys[1])
    assert (changed.name, changed.valid_to) == ("新名", date(2026, 1, 1))
    assert Division.objects.get(pk=keys[0]).name == "村0"


def test_a_column_that_is_not_there_is_a_mistake_of_the_program() -> None:
    with pytest.raises(LookupError):
        copy_rows(Division, ["nonsense"], [])


def _parts_of(table: str) -> dict[str, tuple[object, ...]]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return {
        part: (one["columns"], one["unique"], one["index"], one["foreign_key"])
        for part, one in found.items()
        if one["index"] or one["foreign_key"]
    }


def test_indexes_that_were_built_last_are_those_that_were_there() -> None:
    before = _parts_of("divisions_division")
    with indexes_last(Division):
        assert len(_parts_of("divisions_division")) < len(before)
        copy_rows(Division, DIVISION, _divisions(3))
    assert before == _parts_of("divisions_division")
    assert Division.objects.count() == 3


def test_an_index_of_a_table_with_rows_stays_where_it_is() -> None:
    copy_rows(Division, DIVISION, _divisions(1))
    before = _parts_of("divisions_division")
    with indexes_last(Division):
        assert _parts_of("divisions_division") == before


def test_indexes_are_there_again_after_a_failure() -> None:
    before = _parts_of("divisions_division")
    with pytest.raises(IntegrityError), transaction.atomic(), indexes_last(Division):
        copy_rows(Division, ["id", *DIVISION], [(1, *_divisions(1)[0])] * 2)
    assert before == _parts_of("divisions_division")
    assert not Division.objects.exists()
