"""佐证文件夹 (storage): attachments/<two letters>/<uuid>.enc, encrypted; thumbnails beside them.

Nothing is named after what a person typed. A file in the clear exists only while it is read, in the
work folder, readable by the server alone.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings

from shouwang.core import crypto
from shouwang.core.errors import NotFound

FILE = ""
THUMBNAIL = ".thumb"


def _path(number: UUID, part: str) -> Path:
    folder = Path(settings.SHOUWANG_DATA_DIR) / "attachments" / number.hex[:2]
    return folder / f"{number}{part}.enc"


def _context(number: UUID, part: str) -> str:
    return f"attachment:{number}{part}"


@contextmanager
def work_file() -> Iterator[Path]:
    """An empty file of this process in the work folder, gone afterwards."""
    folder = Path(settings.SHOUWANG_DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="evidence-", dir=folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def keep(source: Path, number: UUID, part: str = FILE) -> None:
    """Encrypt the file into its place; it appears in one step."""
    target = _path(number, part)
    protector = crypto.provider()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        protector.encrypt_file(source, draft, _context(number, part))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def forget(number: UUID) -> None:
    """Take away what was kept for an attachment that never came to be."""
    for part in (FILE, THUMBNAIL):
        _path(number, part).unlink(missing_ok=True)


@contextmanager
def in_the_clear(number: UUID, part: str = FILE) -> Iterator[Path]:
    """The file in the clear, for the short time in which it is read."""
    sealed = _path(number, part)
    if not sealed.is_file():
        raise NotFound("这份材料的文件不在服务器上，请联系系统管理员核对备份。", "file_missing")
    with work_file() as clear:
        crypto.decrypt_file(sealed, clear, _context(number, part))
        yield clear
