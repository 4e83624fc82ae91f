"""备份包: one tar.gz with database, data folder, if wanted keys, and a manifest of hashes.

The manifest comes last, because the hashes are known only then; nothing is used before all agree.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from shouwang.core.errors import DomainError

MANIFEST = "manifest.json"
FORMAT = 1
FOLDERS = ("originals", "attachments", "registry", "feeds", "runs", "rulebooks")
KEYS = "keys.json"
DATABASES = ("database.sqlite3", "database.pgdump", "database.jsonl")
PIECE = 1024 * 1024


class _Hashing(io.RawIOBase):
    """Reads through and hashes, so that every file is read once."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self.digest.update(piece)
        return piece


class Writer:
    """An archive being written; `entries` becomes the manifest's list."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.entries: list[dict[str, Any]] = []

    def add(self, path: Path, name: str) -> None:
        with path.open("rb") as stream:
            info = tarfile.TarInfo(name)
            info.size = os.fstat(stream.fileno()).st_size
            info.mode = 0o600
            hashing = _Hashing(stream)
            self._tar.addfile(info, hashing)
        self.entries.append({"name": name, "size": info.size, "sha256": hashing.digest.hexdigest()})

    def finish(self, manifest: dict[str, Any]) -> None:
        text = json.dumps(
            {"format": FORMAT, **manifest, "files": self.entries}, ensure_ascii=False, indent=1
        )
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text.encode())
        info.mode = 0o600
        self._tar.addfile(info, io.BytesIO(text.encode()))


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write beside the target and rename at the end: a half archive never has its name."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    handle = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
                yield Writer(tar)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def data_files(data: Path) -> Iterator[tuple[Path, str]]:
    """What the data folder holds for good; work in progress and what can be made again is not."""
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path, path.relative_to(data).as_posix()


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack into an empty folder and hold every hash against the manifest, which is returned."""
    found: dict[str, str] = {}
    text = b""
    try:
        with tarfile.open(source, mode="r:gz") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or not _is_safe(member.name) or member.name in found:
                    raise DomainError("备份包里有不该有的内容，没有恢复。", "bad_archive")
                if member.name == MANIFEST:
                    text = content.read()
                else:
                    found[member.name] = _store(content, folder / member.name)
        manifest: dict[str, Any] = json.loads(text or b"{}")
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError) and not source.exists():
            raise DomainError("没有这个备份包，请核对路径。", "no_archive") from None
        raise DomainError("备份包打不开或不完整，请换一份备份。", "bad_archive") from None
    if manifest.get("format") != FORMAT:
        raise DomainError("备份包没有清单，或由别的版本制作，没有恢复。", "bad_archive")
    expected = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    if expected != found:
        wrong = sorted(
            name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
        )
        raise DomainError(
            f"备份包与清单不符（{len(wrong)} 个文件，例如 {wrong[0]}），没有恢复。", "bad_archive"
        )
    return manifest


def _is_safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        return False
    return name in (MANIFEST, KEYS, *DATABASES) or (len(parts) > 1 and parts[0] in FOLDERS)


def _store(content: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as out:
        while piece := content.read(PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()
