"""A new encryption key: what lies under the old one is sealed anew, and says the same."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import models

from shouwang.audit.models import AuditEntry
from shouwang.cli import program
from shouwang.core import crypto, sealed_values
from shouwang.core.keyring import read_keyring, rotate
from shouwang.registry.models import Household, Member, RecordChange
from shouwang.registry.originals import fetch
from shouwang.registry.secrets import HEAD_ID, HOUSEHOLD_PHONE, ID_NO, MEMBER_PHONE, reveal
from tests.registry import workbooks
from tests.registry.conftest import Importing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_keys(settings: Any, data_dir: Path) -> Iterator[Path]:
    settings.SHOUWANG_KEY_FILE = data_dir / "keys.json"
    yield settings.SHOUWANG_KEY_FILE
    crypto.forget_provider()


@pytest.fixture
def county(importing: Importing) -> Any:
    """Two exports, so that numbers have a history."""
    people, households = workbooks.county(3)
    importing(people, households)
    people[0] |= {"id_no": workbooks.id_number("19990101", 111), "phone": "19900009999"}
    households[0] |= {"phone": "19900008888"}
    return importing(people, households, on=date(2026, 3, 31), name="三月.xlsx")


def everything() -> list[Any]:
    """All that is sealed, in the clear."""
    found: list[Any] = []
    for model, pairs in (
        (Member, (("id_enc", ID_NO), ("phone_enc", MEMBER_PHONE))),
        (Household, (("head_id_enc", HEAD_ID), ("phone_enc", HOUSEHOLD_PHONE))),
    ):
        for row in model.objects.order_by("pk"):
            found += [reveal(context, getattr(row, field)) for field, context in pairs]
    contexts = {(True, "id_no"): ID_NO, (True, "phone"): MEMBER_PHONE}
    contexts[False, "phone"] = HOUSEHOLD_PHONE
    for change in RecordChange.objects.exclude(new_enc=None).order_by("pk"):
        context = contexts[change.member_id is not None, change.column]
        found += [reveal(context, change.old_enc), reveal(context, change.new_enc)]
    return found


def run(*words: str) -> dict[str, Any]:
    result = CliRunner().invoke(program, ["rotate-keys", *words, "--json"])
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def sealed() -> list[bytes]:
    return [bytes(value) for value in Member.objects.values_list("id_enc", flat=True) if value]


def test_every_sealed_column_is_known() -> None:
    known = {(field.table, field.field) for field in sealed_values.all_fields()}
    there = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and field.name.endswith("_enc")
    }
    assert there == known


def test_all_is_sealed_with_the_new_key_and_says_the_same(
    county: Any, own_keys: Path, tmp_path: Path
) -> None:
    before, old = everything(), sealed()
    file = county.files.get()
    content = fetch(file.sha256, tmp_path / "before").read_bytes()
    done = run()
    assert done["values_changed"] == done["values"] > 12
    assert done["files_changed"] == done["files"] == 2
    assert everything() == before
    assert all(crypto.provider().is_current(value) for value in sealed())
    assert not any(crypto.provider().is_current(value) for value in old)
    assert fetch(file.sha256, tmp_path / "after").read_bytes() == content
    assert len(read_keyring(own_keys).keys) == 2
    assert AuditEntry.objects.filter(action="audit.keys_rotated").count() == 2
    assert not list((own_keys.parent / "tmp").glob("reseal-*"))


def test_numbers_are_found_as_before(county: Any) -> None:
    hashes = list(Member.objects.order_by("pk").values_list("id_hash", flat=True))
    run()
    assert list(Member.objects.order_by("pk").values_list("id_hash", flat=True)) == hashes


def test_what_broke_off_goes_on_where_it_stopped(
    county: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    monkeypatch.setattr(sealed_values, "AT_ONCE", 2)
    crypto.rotate_key()
    seen = 0

    def stop(count: int) -> None:
        nonlocal seen
        seen += count
        if seen >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sealed_values.reseal_everything(stop)
    assert everything() == before
    done = run("--continue")
    assert done["values"] - done["values_changed"] == 4
    assert everything() == before
    assert run("--continue")["values_changed"] == 0


def test_a_process_that_runs_on_writes_with_the_new_key(own_keys: Path) -> None:
    running = crypto.provider()
    old = running.encrypt("甲", "x")
    rotate(own_keys, "AES-256-GCM")  # by another process
    fresh = running.encrypt("乙", "x")
    assert running.is_current(fresh) and not running.is_current(old)
    assert (running.decrypt(old, "x"), running.decrypt(fresh, "x")) == ("甲", "乙")
