"""密码算法: authenticated ciphers and keyed hashes, through the `cryptography` library only.

AES-256-GCM with HMAC-SHA256, or the Chinese SM4-GCM with HMAC-SM3 (GB/T 32907, GB/T 32905).
"""

from collections.abc import Iterable
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
TAG = 16
__all__ = ["NONCE", "TAG", "Aead", "AesGcm", "InvalidTag", "KeyedHash", "Sm4Gcm", "aead", "derive"]


class Aead(Protocol):
    """A cipher that also proves that text and context are unchanged."""

    def encrypt(self, nonce: bytes, data: bytes, context: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, context: bytes) -> bytes: ...


AesGcm = AESGCM


class Sm4Gcm:
    """SM4 in GCM; the library offers it as a mode, not as an AEAD class."""

    def __init__(self, secret: bytes) -> None:
        self._algorithm = algorithms.SM4(secret)

    def encrypt(self, nonce: bytes, data: bytes, context: bytes) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, context: bytes) -> bytes:
        if len(data) < TAG:
            raise InvalidTag
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, data[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(context)
        return decryptor.update(data[:-TAG]) + decryptor.finalize()


class KeyedHash:
    """HMAC whose keyed start is computed once and copied for each value."""

    def __init__(self, secret: bytes, algorithm: str) -> None:
        chosen = hashes.SM3() if algorithm == "HMAC-SM3" else hashes.SHA256()
        self._start = hmac.HMAC(secret, chosen)

    def digest(self, data: bytes) -> bytes:
        running = self._start.copy()
        running.update(data)
        return running.finalize()

    def digest_many(self, values: Iterable[str], size: int) -> list[bytes]:
        """The first `size` bytes of each value's hash; one loop, because there are millions."""
        found = []
        copy = self._start.copy
        for value in values:
            running = copy()
            running.update(value.encode())
            found.append(running.finalize()[:size])
        return found


def aead(algorithm: str, secret: bytes) -> Aead:
    return Sm4Gcm(secret) if algorithm == "SM4-GCM" else AesGcm(secret)


def derive(algorithm: str, secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    """A key for one file from the installation's key, so that its nonces can simply count."""
    chosen = hashes.SM3() if algorithm == "SM4-GCM" else hashes.SHA256()
    return HKDF(algorithm=chosen, length=len(secret), salt=salt, info=purpose).derive(secret)
