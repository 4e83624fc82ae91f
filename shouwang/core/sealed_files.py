"""加密文件: a file of any size, encrypted in chunks whose order and end are authenticated.

`magic | key number (4) | salt (16)`, then chunks of 1 MiB plus tag. Each file has a key of its own
(derived with the salt); a chunk's nonce is its number and whether it is the last, so chunks cannot
be left out, repeated, swapped, or cut off at the end.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from .ciphers import TAG, Aead, InvalidTag, aead, derive
from .keyring import Key

MAGIC = b"SWF1"
SALT = 16
HEAD = len(MAGIC) + 4 + SALT
CHUNK = 1024 * 1024


class Broken(Exception):
    """The file is not one of ours, was changed, or was cut off."""


def seal(source: Path, target: Path, key: Key, context: str) -> None:
    """Write `target` (readable by its owner only) and bring it onto the disk."""
    head = MAGIC + key.number.to_bytes(4, "big") + os.urandom(SALT)
    cipher = _cipher(key, head, context)
    with source.open("rb") as clear, _private(target) as out:
        out.write(head)
        _chunks(clear, CHUNK, lambda nonce, piece: out.write(cipher.encrypt(nonce, piece, head)))
        out.flush()
        os.fsync(out.fileno())


def key_number(path: Path) -> int | None:
    """Which key a file was sealed with; None where it is none of ours."""
    with path.open("rb") as sealed:
        head = sealed.read(HEAD)
    if len(head) < HEAD or not head.startswith(MAGIC):
        return None
    return int.from_bytes(head[len(MAGIC) : len(MAGIC) + 4], "big")


def unseal(source: Path, target: Path, key_of: Callable[[int], Key], context: str) -> None:
    """Write the clear file; a broken one leaves nothing behind."""
    with source.open("rb") as sealed:
        head = sealed.read(HEAD)
        if len(head) < HEAD or not head.startswith(MAGIC):
            raise Broken
        number = int.from_bytes(head[len(MAGIC) : len(MAGIC) + 4], "big")
        cipher = _cipher(key_of(number), head, context)
        try:
            with _private(target) as out:
                _chunks(
                    sealed,
                    CHUNK + TAG,
                    lambda nonce, piece: out.write(cipher.decrypt(nonce, piece, head)),
                )
        except InvalidTag:
            target.unlink(missing_ok=True)
            raise Broken from None


def _cipher(key: Key, head: bytes, context: str) -> Aead:
    purpose = b"shouwang file\x00" + context.encode()
    return aead(key.algorithm, derive(key.algorithm, key.secret, head[-SALT:], purpose))


def _private(path: Path) -> BinaryIO:
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "wb")


def _chunks(stream: BinaryIO, size: int, use: Callable[[bytes, bytes], object]) -> None:
    """Call `use(nonce, piece)`; even an empty file has one last piece, so its end is proven."""
    number = 0
    piece = stream.read(size)
    while True:
        following = stream.read(size)
        last = not following
        use(number.to_bytes(11, "big") + (b"\x01" if last else b"\x00"), piece)
        if last:
            return
        piece = following
        number += 1
