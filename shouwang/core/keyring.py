"""密钥文件: the keys of one installation, in a file that only its owner may read.

The file is made once, under a lock, so that processes that start together agree. It is never made
anew where encrypted data already lies: lost keys must come back from the backup.
"""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any

from .clock import now
from .errors import DomainError

KEY_BYTES = {"AES-256-GCM": 32, "SM4-GCM": 16, "HMAC-SHA256": 32, "HMAC-SM3": 32}
INDEX_OF_CIPHER = {"AES-256-GCM": "HMAC-SHA256", "SM4-GCM": "HMAC-SM3"}


@dataclass(frozen=True)
class Key:
    """One key: what it is for, and the number that is stored with every value it protects."""

    number: int
    algorithm: str
    secret: bytes
    made_at: str

    def __repr__(self) -> str:
        return f"Key({self.number:08x}, {self.algorithm})"


@dataclass(frozen=True)
class Keyring:
    """All keys; the newest encryption key of the chosen cipher writes, the others only read.

    There is one index key for ever: a new one would find nothing that was stored before.
    """

    keys: tuple[Key, ...]
    index: Key

    def current(self, cipher: str) -> Key | None:
        fitting = [key for key in self.keys if key.algorithm == cipher]
        return fitting[-1] if fitting else None

    def with_key(self, key: Key) -> "Keyring":
        return replace(self, keys=(*self.keys, key))


def new_key(algorithm: str) -> Key:
    return Key(
        number=secrets.randbits(32),
        algorithm=algorithm,
        secret=secrets.token_bytes(KEY_BYTES[algorithm]),
        made_at=now().astimezone(UTC).isoformat(timespec="seconds"),
    )


def read_keyring(path: Path) -> Keyring:
    """The keys of the file; refuses a file that others may read."""
    try:
        mode = path.stat().st_mode & 0o777
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DomainError("没有密钥文件，请从备份恢复密钥文件后再启动。", "no_keys") from None
    except ValueError:
        raise DomainError("密钥文件已损坏，请从备份恢复密钥文件。", "bad_keys") from None
    if mode & 0o077:
        raise DomainError("密钥文件的权限过宽，请执行 chmod 600 后再启动。", "open_keys")
    try:
        return Keyring(
            keys=tuple(_key(entry) for entry in document["encryption"]),
            index=_key(document["index"]),
        )
    except (KeyError, TypeError, ValueError):
        raise DomainError("密钥文件已损坏，请从备份恢复密钥文件。", "bad_keys") from None


def ensure_keyring(path: Path, cipher: str, *, evidence: Path | None = None) -> Keyring:
    """The keys of the file, made on first use; `evidence` is the folder that encrypted data fills.

    A cipher that the file has no key for (the setting was changed) gets one; old values stay
    readable under the old.
    """
    if path.exists():
        keyring = read_keyring(path)
        if keyring.current(cipher):
            return keyring
    with _locked(path):
        if path.exists():
            keyring = read_keyring(path)
            if keyring.current(cipher) is None:
                keyring = keyring.with_key(new_key(cipher))
                _write(path, keyring)
            return keyring
        if evidence is not None and any(part.is_file() for part in evidence.rglob("*")):
            raise DomainError(
                "密钥文件不见了，而数据文件夹里已有加密的数据，请先从备份恢复密钥文件。", "no_keys"
            )
        keyring = Keyring(keys=(new_key(cipher),), index=new_key(INDEX_OF_CIPHER[cipher]))
        _write(path, keyring)
        return keyring


def rotate(path: Path, cipher: str) -> Keyring:
    """Add a fresh encryption key; from now on it writes, the old ones only read."""
    with _locked(path):
        keyring = read_keyring(path).with_key(new_key(cipher))
        _write(path, keyring)
        return keyring


def _key(entry: dict[str, Any]) -> Key:
    algorithm = str(entry["algorithm"])
    secret = base64.b64decode(entry["key"], validate=True)
    if len(secret) != KEY_BYTES[algorithm]:
        raise ValueError("a key of the wrong length")
    return Key(int(entry["number"]), algorithm, secret, str(entry["made_at"]))


def _entry(key: Key) -> dict[str, Any]:
    return {
        "number": key.number,
        "algorithm": key.algorithm,
        "key": base64.b64encode(key.secret).decode(),
        "made_at": key.made_at,
    }


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, keyring: Keyring) -> None:
    """Replace the file as a whole and bring it onto the disk."""
    document = {
        "format": 1,
        "index": _entry(keyring.index),
        "encryption": [_entry(key) for key in keyring.keys],
    }
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
