"""加密 (crypto): personal data at rest, behind an interface that a certified module can also fill.

A stored value is `format byte | key number (4) | nonce (12) | ciphertext | tag (16)`; the context
(table and column) is authenticated with it, so a value moved to another column does not open.
It is found again through a keyed hash of 16 bytes. docs/threat-model.md says what this withstands.
"""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from struct import iter_unpack
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from . import sealed_files
from .ciphers import NONCE, TAG, Aead, InvalidTag, KeyedHash, aead
from .errors import DomainError
from .keyring import INDEX_OF_CIPHER, Key, Keyring, ensure_keyring, read_keyring
from .keyring import rotate as rotate_file

FORMAT = b"\x01"
HEAD = 1 + 4
DIGEST = 16


class Unreadable(DomainError):
    """A protected value that was changed, moved to another place, or whose key is missing."""

    default_code = "unreadable"

    def __init__(
        self, message: str = "加密内容无法解开：内容被改动过，或缺少对应的密钥。请联系系统管理员。"
    ) -> None:
        super().__init__(message)


class Protector(Protocol):
    """What protects personal data; a county's certified module implements the same."""

    def encrypt(self, text: str, context: str) -> bytes: ...

    def decrypt(self, data: bytes, context: str) -> str: ...

    def encrypt_many(
        self, texts: Sequence[str | None], context: str | Sequence[str]
    ) -> list[bytes | None]: ...

    def digest(self, text: str) -> bytes: ...

    def digest_many(self, values: Sequence[str]) -> list[bytes]: ...

    def encrypt_file(self, source: Path, target: Path, context: str = "") -> None: ...

    def decrypt_file(self, source: Path, target: Path, context: str = "") -> None: ...

    def is_current(self, data: bytes) -> bool:
        """Whether a value was sealed with the key that writes now."""
        ...

    def is_current_file(self, path: Path) -> bool: ...


class KeyFileProtector:
    """Keys from a file of the installation, algorithms from the `cryptography` library."""

    def __init__(self, path: Path, cipher: str, *, evidence: Path | None = None) -> None:
        if cipher not in INDEX_OF_CIPHER:
            raise DomainError(
                f"SHOUWANG_CIPHER 只能是 {' 或 '.join(INDEX_OF_CIPHER)}，请改正后再启动。"
            )
        self._path = path
        self._cipher = cipher
        self._use(ensure_keyring(path, cipher, evidence=evidence))

    def _use(self, keyring: Keyring) -> None:
        self._stamp = self._file_stamp()
        current = keyring.current(self._cipher)
        assert current is not None, "ensure_keyring gives every cipher a key"
        self._keys = {key.number: key for key in keyring.keys}
        self._aeads: dict[int, Aead] = {
            key.number: aead(key.algorithm, key.secret) for key in keyring.keys
        }
        self._current = current
        self._head = FORMAT + current.number.to_bytes(4, "big")
        self._index = KeyedHash(keyring.index.secret, keyring.index.algorithm)

    def _file_stamp(self) -> int:
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0

    def _notice_new_key(self) -> None:
        """A key that was changed in another process writes from now on in this one too."""
        stamp = self._file_stamp()
        if stamp and stamp != self._stamp:
            self._use(read_keyring(self._path))

    def encrypt(self, text: str, context: str) -> bytes:
        self._notice_new_key()
        nonce = os.urandom(NONCE)
        head = self._head
        sealed = self._aeads[self._current.number].encrypt(
            nonce, text.encode(), head + context.encode()
        )
        return head + nonce + sealed

    def decrypt(self, data: bytes, context: str) -> str:
        data = bytes(data)
        head, nonce, sealed = data[:HEAD], data[HEAD : HEAD + NONCE], data[HEAD + NONCE :]
        if head[:1] != FORMAT or len(sealed) < TAG:
            raise Unreadable
        cipher = self._aead(int.from_bytes(head[1:], "big"))
        try:
            return cipher.decrypt(nonce, sealed, head + context.encode()).decode()
        except InvalidTag:
            raise Unreadable from None

    def encrypt_many(
        self, texts: Sequence[str | None], context: str | Sequence[str]
    ) -> list[bytes | None]:
        """Many at once; None stays None. One context for all, or one for each."""
        self._notice_new_key()
        head = self._head
        seal = self._aeads[self._current.number].encrypt
        nonces = [nonce for (nonce,) in iter_unpack(f"{NONCE}s", os.urandom(NONCE * len(texts)))]
        if isinstance(context, str):
            aad = head + context.encode()
            return [
                None if text is None else head + nonce + seal(nonce, text.encode(), aad)
                for text, nonce in zip(texts, nonces, strict=True)
            ]
        return [
            None if text is None else head + nonce + seal(nonce, text.encode(), head + own.encode())
            for text, nonce, own in zip(texts, nonces, context, strict=True)
        ]

    def digest(self, text: str) -> bytes:
        return self._index.digest(text.encode())[:DIGEST]

    def digest_many(self, values: Sequence[str]) -> list[bytes]:
        return self._index.digest_many(values, DIGEST)

    def encrypt_file(self, source: Path, target: Path, context: str = "") -> None:
        self._notice_new_key()
        sealed_files.seal(source, target, self._current, context)

    def decrypt_file(self, source: Path, target: Path, context: str = "") -> None:
        try:
            sealed_files.unseal(source, target, self._key, context)
        except sealed_files.Broken:
            raise Unreadable from None

    def is_current(self, data: bytes) -> bool:
        self._notice_new_key()
        return bytes(data[:HEAD]) == self._head

    def is_current_file(self, path: Path) -> bool:
        self._notice_new_key()
        return sealed_files.key_number(path) == self._current.number

    def _aead(self, number: int) -> Aead:
        self._key(number)
        return self._aeads[number]

    def _key(self, number: int) -> Key:
        """The key with this number; another process may have added it since we looked."""
        if number not in self._keys:
            self._use(read_keyring(self._path))
        if number not in self._keys:
            raise Unreadable
        return self._keys[number]


@cache
def _made(maker: str, path: Path, cipher: str, evidence: Path) -> Protector:
    protector: Protector = import_string(maker)(path, cipher, evidence=evidence)
    return protector


def provider() -> Protector:
    """The protector of this installation; makes the key file on first use."""
    return _made(
        settings.SHOUWANG_PROTECTOR,
        Path(settings.SHOUWANG_KEY_FILE),
        settings.SHOUWANG_CIPHER,
        Path(settings.SHOUWANG_DATA_DIR) / "originals",
    )


def rotate_key() -> None:
    """Write with a fresh key from now on; what is stored stays readable."""
    provider()
    rotate_file(Path(settings.SHOUWANG_KEY_FILE), settings.SHOUWANG_CIPHER)
    forget_provider()


def forget_provider() -> None:
    """Read the keys anew at the next use; for whoever replaced the key file."""
    _made.cache_clear()


def encrypt_file(source: Path, target: Path, context: str = "") -> None:
    provider().encrypt_file(source, target, context)


def decrypt_file(source: Path, target: Path, context: str = "") -> None:
    provider().decrypt_file(source, target, context)
