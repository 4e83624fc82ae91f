"""The chain shows every change, removal, insertion, reordering and truncation."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from shouwang.audit.chain import START, seal_pending, verify
from shouwang.audit.models import (
    AppendOnlyError,
    AuditEntry,
    AuditHead,
    AuditSeal,
    UnsealedEntry,
)
from shouwang.audit.operations import digest_of, record, record_bulk
from shouwang.audit.protection import SUFFIXES, TABLES, lifted
from shouwang.core.actor import Actor, Scope, system_actor

ACTOR = Actor(7, "王敏", (Scope("/1/", "county_officer", frozenset(), label="示例县 县级业务员"),))


def write(count: int) -> None:
    for number in range(count):
        record(ACTOR, "registry.updated", target_id=str(number), summary=f"第{number}条")
    seal_pending()


def tamper(statement: str, *parameters: object) -> None:
    """What somebody with the database's password could do: no trigger stops him."""
    with connection.cursor() as cursor:
        for table, suffix in product(TABLES, SUFFIXES.values()):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{suffix}{on}")
        cursor.execute(statement, parameters)


def kinds() -> set[str]:
    return {problem.kind for problem in verify().problems}


@pytest.mark.django_db
def test_an_untouched_chain_holds() -> None:
    write(5)
    result = verify()
    assert (result.ok, result.count, result.sequence) == (True, 5, 5)
    assert result.digest == AuditHead.objects.get().digest != START


@pytest.mark.django_db
def test_an_empty_chain_holds() -> None:
    assert verify().ok


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE audit_auditentry SET summary = 'x' WHERE summary = '第2条'", "changed"),
        ("UPDATE audit_auditentry SET actor_label = 'x' WHERE summary = '第2条'", "changed"),
        ("UPDATE audit_auditentry SET account_id = NULL WHERE summary = '第2条'", "changed"),
        ("UPDATE audit_auditentry SET division_path = '/9/' WHERE summary = '第2条'", "changed"),
        ("UPDATE audit_auditseal SET digest = previous WHERE sequence = 3", "changed"),
        ("DELETE FROM audit_auditentry WHERE summary = '第2条'", "removed"),
        ("DELETE FROM audit_auditseal WHERE sequence = 3", "gap"),
        ("DELETE FROM audit_auditseal WHERE sequence = 5", "end"),
        ("DELETE FROM audit_auditseal WHERE sequence >= 4", "end"),
        ("UPDATE audit_audithead SET sequence = 4", "end"),
        ("DELETE FROM audit_audithead", "end"),
        ("UPDATE audit_auditseal SET sequence = 100 WHERE sequence = 2", "gap"),
    ],
)
def test_what_was_done_to_the_tables_is_found(statement: str, kind: str) -> None:
    write(5)
    tamper(statement)
    assert kind in kinds()


@pytest.mark.django_db
def test_two_entries_that_changed_places_are_found() -> None:
    write(4)
    tamper(
        "UPDATE audit_auditseal SET entry = -entry WHERE sequence IN (2, 3)",
    )
    entries = dict(AuditSeal.objects.values_list("sequence", "entry"))
    tamper("UPDATE audit_auditseal SET entry = %s WHERE sequence = 2", -entries[3])
    tamper("UPDATE audit_auditseal SET entry = %s WHERE sequence = 3", -entries[2])
    assert "changed" in kinds()


@pytest.mark.django_db
def test_an_entry_that_was_slipped_in_is_found() -> None:
    write(3)
    AuditEntry(at=AuditEntry.objects.first().at, actor_label="谁", action="x").save()
    assert kinds() == {"unsealed"}


@pytest.mark.django_db
def test_a_whole_new_history_is_found_with_the_head_noted_outside() -> None:
    write(3)
    noted = verify().anchor
    tamper("DELETE FROM audit_auditentry")
    tamper("DELETE FROM audit_auditseal")
    tamper("DELETE FROM audit_audithead")
    write(4)
    assert verify().ok, "inside the database the forgery is perfect"
    assert {problem.kind for problem in verify(noted).problems} == {"anchor"}


@pytest.mark.django_db
def test_a_shortened_history_is_found_with_the_head_noted_outside() -> None:
    write(3)
    noted = verify().anchor
    tamper("DELETE FROM audit_auditentry")
    tamper("DELETE FROM audit_auditseal")
    tamper("DELETE FROM audit_audithead")
    assert {problem.kind for problem in verify(noted).problems} == {"anchor"}


@pytest.mark.django_db
def test_a_head_noted_earlier_still_fits_a_longer_chain() -> None:
    write(3)
    noted = verify().anchor
    write(3)
    assert verify(noted).ok


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_the_database_itself_refuses_to_change_a_record(table: str) -> None:
    write(1)
    column = "action" if table.endswith("entry") else "digest"
    with pytest.raises(Exception, match="never changed"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'x'")


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("where", ["", " WHERE 1 = 1"])
def test_the_database_itself_refuses_to_remove_a_record(table: str, where: str) -> None:
    write(2)
    with (
        pytest.raises(Exception, match="never changed or removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}{where}")
    assert verify().count == 2


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.parametrize("table", TABLES)
def test_the_database_itself_refuses_to_empty_the_log(table: str) -> None:
    write(1)
    with (
        pytest.raises(Exception, match="never changed or removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table}")


@pytest.mark.django_db
def test_a_restore_that_breaks_off_leaves_the_log_protected() -> None:
    write(1)
    with pytest.raises(ValueError, match="broken"), transaction.atomic(), lifted(connection):
        raise ValueError("broken")
    with pytest.raises(Exception, match="never"), transaction.atomic():
        AuditSeal.objects.all()._raw_delete(connection.alias)


@pytest.mark.django_db
def test_the_log_is_protected_again_after_a_restore() -> None:
    write(1)
    with transaction.atomic(), lifted(connection):
        pass
    with pytest.raises(Exception, match="never"), transaction.atomic():
        AuditEntry.objects.all()._raw_delete(connection.alias)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attempt",
    [
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.update(summary="x"),
        lambda: AuditEntry.objects.first().delete(),
        lambda: AuditEntry.objects.first().save(),
        lambda: AuditSeal.objects.all().delete(),
        lambda: AuditSeal.objects.first().save(),
    ],
)
def test_the_program_refuses_to_change_or_remove_a_record(attempt: Callable[[], object]) -> None:
    write(1)
    with pytest.raises(AppendOnlyError):
        attempt()


@pytest.mark.django_db
def test_an_entry_says_who_and_from_which_post() -> None:
    entry = record(ACTOR, "registry.updated", changes={"name": ["甲", "乙"]})
    assert (entry.account_id, entry.actor_label, entry.acting_as) == (
        7, "王敏", "示例县 县级业务员",
    )  # fmt: skip
    assert entry.changes == {"name": ["甲", "乙"]}


@pytest.mark.django_db
def test_an_id_number_that_slipped_into_an_entry_is_masked() -> None:
    entry = record(
        ACTOR,
        "x.y",
        summary="证号 999901199003071234",
        changes={"id": [None, "99990119900307123X"]},
    )
    assert "19900307" not in entry.summary + entry.details


@pytest.mark.django_db
def test_a_mass_change_is_one_entry_with_the_digest_of_all_changes() -> None:
    lines = [f"{number}\tname\t甲\t乙" for number in range(1000)]
    entry = record_bulk(ACTOR, "registry.imported", count=1000, digest=digest_of(lines))
    assert entry.bulk is not None
    assert entry.bulk["sha256"] == digest_of(iter(lines)) != digest_of(lines[:-1])
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_an_operation_that_fails_leaves_no_entry() -> None:
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        record(ACTOR, "x.y")
        raise RuntimeError
    assert not AuditEntry.objects.exists()
    assert not UnsealedEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_sealed_right_after_the_commit() -> None:
    record(system_actor("命令行"), "x.y")
    assert AuditSeal.objects.count() == 1
    assert not UnsealedEntry.objects.exists()


class TestTampering(TestCase):
    """Whatever one byte of whatever entry becomes, the chain no longer holds."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        texts=st.lists(
            st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20),
            min_size=1,
            max_size=6,
        ),
        data=st.data(),
    )
    def test_any_changed_text_is_found(self, texts: list[str], data: st.DataObject) -> None:
        for text in texts:
            record(ACTOR, "x.y", summary=text, changes={"text": [None, text]})
        assert verify().ok
        place = data.draw(st.integers(0, len(texts) - 1))
        column = data.draw(st.sampled_from(["summary", "details", "action", "target_id"]))
        victim = AuditEntry.objects.order_by("pk")[place]
        tamper(f"UPDATE audit_auditentry SET {column} = {column} || '改' WHERE id = %s", victim.pk)
        assert [problem.kind for problem in verify().problems] == ["changed"]
