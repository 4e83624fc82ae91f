"""Backup and restore: everything comes back, on both databases, and nothing broken is used."""

import io
import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest

from shouwang.accounts.models import Account
from shouwang.audit.chain import verify
from shouwang.audit.models import AuditEntry
from shouwang.audit.operations import record
from shouwang.cli import archive, databases, portable
from shouwang.cli.maintenance import back_up, restore
from shouwang.core.actor import system_actor
from shouwang.core.crypto import forget_provider, provider
from shouwang.core.errors import DomainError
from shouwang.core.keyring import ensure_keyring
from shouwang.divisions.models import Division
from tests.four_people import make_account, make_places, make_post

SYSTEM = system_actor("命令行")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_keys(settings, data_dir: Path):
    """Each test has keys of its own, so that restoring can lose them."""
    settings.SHOUWANG_KEY_FILE = data_dir / "keys.json"
    yield
    forget_provider()


@pytest.fixture
def county(data_dir: Path):
    """A small county with an account, a log and an original file."""
    places = make_places()
    account = make_account("wangmin", "王敏", division=places.county)
    make_post(account, "county_officer", places.county)
    record(SYSTEM, "divisions.renamed", summary="旧事", changes={"name": ["甲", "乙"]})
    original = data_dir / "originals" / "ab" / "abcd.enc"
    original.parent.mkdir(parents=True)
    clear = data_dir / "tmp" / "clear"
    clear.write_bytes(b"original")
    provider().encrypt_file(clear, original)
    rulebook = data_dir / "rulebooks" / "0a1b" / "codes.yaml"
    rulebook.parent.mkdir(parents=True)
    rulebook.write_text("yes_no: {}", encoding="utf-8")
    (data_dir / "tmp" / "half").write_bytes(b"work in progress")
    return places


def spoil() -> None:
    """What happens to the county after the backup."""
    Account.objects.update(name="改了")
    record(SYSTEM, "x.later", summary="后来的事")


def check_restored(data_dir: Path, tmp_path: Path) -> None:
    assert Account.objects.get(username="wangmin").name == "王敏"
    assert not AuditEntry.objects.filter(action="x.later").exists()
    assert AuditEntry.objects.filter(action="audit.restored").count() == 1
    assert verify().ok
    provider().decrypt_file(data_dir / "originals" / "ab" / "abcd.enc", tmp_path / "clear")
    assert (tmp_path / "clear").read_bytes() == b"original"
    frozen = data_dir / "rulebooks" / "0a1b" / "codes.yaml"
    assert frozen.read_text(encoding="utf-8") == "yes_no: {}", "a run replays after a restore"
    fresh = Division.objects.create(code="1", name="新", level="village", path="/")
    assert fresh.pk not in {0, None}, "new rows get new keys"


@pytest.mark.parametrize("form", ["native", "portable"])
def test_everything_comes_back(county, data_dir: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "backup.tar.gz"
    back_up(target, with_keys=True, portable=form == "portable")
    spoil()
    (data_dir / "originals" / "ab" / "abcd.enc").unlink()
    shutil.rmtree(data_dir / "rulebooks")
    restore(target, force=True)
    check_restored(data_dir, tmp_path)


def test_the_archive_is_private_and_says_what_it_holds(county, tmp_path: Path) -> None:
    target = tmp_path / "backup.tar.gz"
    back_up(target, with_keys=False, portable=True)
    assert target.stat().st_mode & 0o777 == 0o600
    with tarfile.open(target) as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))
    kept = {"database.jsonl", "originals/ab/abcd.enc", "rulebooks/0a1b/codes.yaml"}
    assert set(names) == {*kept, "manifest.json"}
    assert [len(entry["sha256"]) for entry in manifest["files"]] == [64, 64, 64]


def test_existing_data_is_not_replaced_without_force(county, tmp_path: Path) -> None:
    back_up(tmp_path / "b.tar.gz", with_keys=True, portable=True)
    spoil()
    with pytest.raises(DomainError, match="--force"):
        restore(tmp_path / "b.tar.gz", force=False)
    assert Account.objects.get().name == "改了"


def repacked(source: Path, target: Path, change) -> Path:
    """The same archive with one member changed, left out or added."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            data = change(member, old.extractfile(member).read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
    return target


def flip(member: tarfile.TarInfo, data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1]) if member.name.endswith(".enc") else data


def drop(member: tarfile.TarInfo, data: bytes) -> bytes | None:
    return None if member.name.endswith(".enc") else data


def escape(member: tarfile.TarInfo, data: bytes) -> bytes:
    if member.name.endswith(".enc"):
        member.name = "../../outside"
    return data


def forget(member: tarfile.TarInfo, data: bytes) -> bytes | None:
    return None if member.name == "manifest.json" else data


@pytest.mark.parametrize("change", [flip, drop, escape, forget])
def test_an_archive_that_was_touched_changes_nothing(county, tmp_path: Path, change) -> None:
    back_up(tmp_path / "b.tar.gz", with_keys=True, portable=True)
    broken = repacked(tmp_path / "b.tar.gz", tmp_path / "c.tar.gz", change)
    spoil()
    with pytest.raises(DomainError, match="没有恢复"):
        restore(broken, force=True)
    assert Account.objects.get().name == "改了"
    assert not (tmp_path.parent / "outside").exists()


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_what_is_no_archive_is_refused_in_words(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "b.tar.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DomainError, match="备份包"):
        archive.unpack(path, tmp_path / "out")


def test_a_backup_cut_off_half_way_has_no_name(county, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(portable, "dump", lambda target: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        back_up(tmp_path / "b.tar.gz", with_keys=True, portable=True)
    assert os.listdir(tmp_path) == ["data"]


def test_without_the_keys_nothing_is_restored(county, settings, tmp_path: Path) -> None:
    back_up(tmp_path / "b.tar.gz", with_keys=False, portable=True)
    settings.SHOUWANG_KEY_FILE = tmp_path / "others.json"
    ensure_keyring(tmp_path / "others.json", "AES-256-GCM")
    spoil()
    with pytest.raises(DomainError, match="先恢复原来的密钥文件"):
        restore(tmp_path / "b.tar.gz", force=True)
    assert Account.objects.get().name == "改了"


def test_a_failing_load_leaves_the_present_rows(county, tmp_path: Path) -> None:
    databases.save(tmp_path, force_portable=True)
    lines = (tmp_path / "database.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "database.jsonl").write_text("\n".join([*lines, "[1, 2]"]), encoding="utf-8")
    before = Division.objects.count()
    with pytest.raises(ValueError, match="zip"):
        portable.load(tmp_path / "database.jsonl")
    assert Division.objects.count() == before
