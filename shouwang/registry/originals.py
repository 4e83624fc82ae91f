"""原始文件 (originals): received workbooks, kept encrypted under their checksum as evidence."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from shouwang.core import crypto

_WORK = "import-"


def _path(sha256: str) -> Path:
    return Path(settings.SHOUWANG_DATA_DIR) / "originals" / sha256[:2] / f"{sha256}.enc"


def _context(sha256: str) -> str:
    return f"original:{sha256}"


def checksum(source: Path) -> str:
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep(source: Path) -> str:
    """Store the file, appearing in one step; returns its checksum. The same file is stored once."""
    sha256 = checksum(source)
    target = _path(sha256)
    if not target.exists():
        protector = crypto.provider()  # before the folder: an original without keys is an alarm
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{sha256}.{os.getpid()}.new")
        protector.encrypt_file(source, draft, _context(sha256))
        draft.replace(target)
    return sha256


def fetch(sha256: str, target: Path) -> Path:
    """Write the file in the clear, for the short time in which it is read."""
    crypto.decrypt_file(_path(sha256), target, _context(sha256))
    return target


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder of this process that is gone afterwards; those of killed processes go too."""
    parent = Path(settings.SHOUWANG_DATA_DIR) / "tmp"
    parent.mkdir(parents=True, exist_ok=True)
    _sweep(parent)
    with TemporaryDirectory(prefix=f"{_WORK}{os.getpid()}-", dir=parent) as folder:
        yield Path(folder)


def _sweep(parent: Path) -> None:
    for left in parent.glob(f"{_WORK}*"):
        number = left.name.removeprefix(_WORK).split("-")[0]
        if number.isdigit() and int(number) != os.getpid() and not _alive(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
