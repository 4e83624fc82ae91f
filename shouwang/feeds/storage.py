"""原件与数据文件夹: where originals and Parquet folders lie, and how a folder becomes visible.

Nothing here is named after what a person typed: originals by SHA-256, batches by number.
A folder is made under `tmp/`, renamed into place, and counts only once the database names it.
"""

import hashlib
import os
import secrets
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from shouwang.core.crypto import decrypt_file, encrypt_file

CHUNK = 1024 * 1024


def data_dir() -> Path:
    return Path(settings.SHOUWANG_DATA_DIR)


def fingerprint(source: Path) -> tuple[str, int]:
    """SHA-256 and size of a file, read in pieces."""
    digest = hashlib.sha256()
    size = 0
    with source.open("rb") as stream:
        while piece := stream.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def original_path(sha256: str) -> Path:
    return data_dir() / "originals" / sha256[:2] / f"{sha256}.enc"


def keep_original(source: Path, sha256: str) -> None:
    """Keep the file encrypted as evidence; a file that is already kept is not written again."""
    target = original_path(sha256)
    if target.exists():
        os.utime(target)  # a sweep must not take what is just being used again
        return
    draft = work_path("original")
    try:
        encrypt_file(source, draft, _context(sha256))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def opened_original(sha256: str) -> Iterator[Path]:
    """The original in clear in a private temporary folder, gone when the block ends.

    It has no ending: a reader recognises a file by its content, never by its name.
    """
    folder = work_path("reading")
    folder.mkdir(mode=0o700, parents=True)
    try:
        clear = folder / "original"
        decrypt_file(original_path(sha256), clear, _context(sha256))
        yield clear
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _context(sha256: str) -> str:
    """What the encryption binds a file to; the registry keeps its workbooks in the same way."""
    return f"original:{sha256}"


def work_path(kind: str) -> Path:
    """A fresh name under tmp/ that no other process uses."""
    folder = data_dir() / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"feeds-{kind}-{os.getpid()}-{secrets.token_hex(8)}"


def new_directory(feed: str, batch: uuid.UUID) -> str:
    """A name for a batch's next folder, relative to the data folder."""
    return f"feeds/{feed}/{batch}/{secrets.token_hex(6)}"


def publish(work: Path, directory: str) -> None:
    """Rename a finished folder into its place; it stays unseen until the database names it."""
    target = data_dir() / directory
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in work.iterdir():
        _flush(path)
    work.rename(target)
    _flush(target.parent)


def _flush(path: Path) -> None:
    """Bring a file or folder onto the disk, so that a power cut cannot take what was promised."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def discard(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)


def leftovers(named: set[str], *, before: float) -> list[Path]:
    """Folders that no batch names and that nobody has touched since `before` (seconds, epoch)."""
    work = list((data_dir() / "tmp").glob("feeds-*"))
    folders = [
        path
        for path in (data_dir() / "feeds").glob("*/*/*")
        if path.relative_to(data_dir()).as_posix() not in named
    ]
    return [path for path in [*work, *folders] if _untouched_since(path, before)]


def unused_originals(used: set[str], *, before: float) -> list[Path]:
    """Originals that no record names: files that were never confirmed, or a crash while storing."""
    kept = (data_dir() / "originals").glob("*/*.enc")
    return [path for path in kept if path.stem not in used and _untouched_since(path, before)]


def _untouched_since(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime <= before
    except FileNotFoundError:
        return False


def remove(path: Path) -> None:
    if path.is_dir():
        discard(path)
    else:
        path.unlink(missing_ok=True)
