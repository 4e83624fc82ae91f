"""Personal data at rest: known answers, round trips, and everything that must not open."""

import json
import multiprocessing
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core import crypto, sealed_files
from shouwang.core.ciphers import AesGcm, KeyedHash, Sm4Gcm
from shouwang.core.crypto import KeyFileProtector, Unreadable
from shouwang.core.errors import DomainError
from shouwang.core.keyring import ensure_keyring, read_keyring, rotate

CIPHERS = ["AES-256-GCM", "SM4-GCM"]
quiet = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=CIPHERS)
def protector(request, tmp_path: Path) -> KeyFileProtector:
    return KeyFileProtector(tmp_path / "keys.json", request.param)


def test_aes_gcm_gives_the_answers_of_the_standard() -> None:
    # NIST, GCM specification, test case 16
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    text = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    context = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    sealed = AesGcm(key).encrypt(nonce, text, context)
    assert sealed[-16:].hex() == "76fc6ece0f4e1768cddf8853bb2d551b"
    assert sealed[:16].hex() == "522dc1f099567d07f47f37a32a84427d"


def test_sm4_gcm_gives_the_answers_of_the_standard() -> None:
    # RFC 8998, appendix A.1
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    context = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = Sm4Gcm(key).encrypt(nonce, text, context)
    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert Sm4Gcm(key).decrypt(nonce, sealed, context) == text


def test_hmac_sha256_gives_the_answer_of_the_standard() -> None:
    # RFC 4231, test case 2
    digest = KeyedHash(b"Jefe", "HMAC-SHA256").digest(b"what do ya want for nothing?")
    assert digest.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_hmac_sm3_is_built_from_sm3_as_the_standard_says() -> None:
    from cryptography.hazmat.primitives import hashes

    def sm3(data: bytes) -> bytes:
        running = hashes.Hash(hashes.SM3())
        running.update(data)
        return running.finalize()

    # GB/T 32905, example 1
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    key = b"k" * 32
    inner = sm3(bytes(byte ^ 0x36 for byte in key.ljust(64, b"\0")) + b"message")
    outer = sm3(bytes(byte ^ 0x5C for byte in key.ljust(64, b"\0")) + inner)
    assert KeyedHash(key, "HMAC-SM3").digest(b"message") == outer


@quiet
@given(text=st.text(), context=st.text(max_size=40))
def test_every_text_comes_back(protector: KeyFileProtector, text: str, context: str) -> None:
    assert protector.decrypt(protector.encrypt(text, context), context) == text


@quiet
@given(texts=st.lists(st.none() | st.text(), max_size=20))
def test_many_texts_come_back_and_missing_stays_missing(protector, texts) -> None:
    sealed = protector.encrypt_many(texts, "registry.member.id_no")
    opened = [
        None if one is None else protector.decrypt(one, "registry.member.id_no") for one in sealed
    ]
    assert opened == texts


def test_each_text_may_have_a_context_of_its_own(protector) -> None:
    sealed = protector.encrypt_many(["a", "b"], ["one", "two"])
    assert protector.decrypt(sealed[1], "two") == "b"
    with pytest.raises(Unreadable):
        protector.decrypt(sealed[1], "one")


@quiet
@given(data=st.data())
def test_a_value_with_any_changed_bit_does_not_open(protector, data) -> None:
    sealed = bytearray(protector.encrypt("999901199001011234", "member.id_no"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << (place % 8)
    with pytest.raises(Unreadable):
        protector.decrypt(bytes(sealed), "member.id_no")


def test_a_value_moved_to_another_column_does_not_open(protector) -> None:
    sealed = protector.encrypt("13800000000", "member.phone")
    with pytest.raises(Unreadable):
        protector.decrypt(sealed, "member.id_no")


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01" * 20, b"plain text, never encrypted"])
def test_what_was_never_encrypted_does_not_open(protector, broken: bytes) -> None:
    with pytest.raises(Unreadable):
        protector.decrypt(broken, "x")


def test_the_same_text_never_looks_the_same_twice(protector) -> None:
    assert protector.encrypt("a", "x") != protector.encrypt("a", "x")


def test_the_keyed_hash_is_sixteen_bytes_and_always_the_same(protector) -> None:
    one, two = protector.digest_many(["999901199001011234", "999901199001011235"])
    assert len(one) == 16
    assert one == protector.digest("999901199001011234") != two


def test_two_installations_hash_differently(tmp_path: Path) -> None:
    first = KeyFileProtector(tmp_path / "a.json", "AES-256-GCM")
    second = KeyFileProtector(tmp_path / "b.json", "AES-256-GCM")
    assert first.digest("x") != second.digest("x")


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    before = KeyFileProtector(path, "AES-256-GCM")
    old, hashed = before.encrypt("旧", "x"), before.digest("旧")
    rotate(path, "AES-256-GCM")
    after = KeyFileProtector(path, "AES-256-GCM")
    new = after.encrypt("新", "x")
    assert (after.decrypt(old, "x"), after.digest("旧")) == ("旧", hashed)
    assert old[1:5] != new[1:5]
    assert before.decrypt(new, "x") == "新", "a running process learns of the new key"


def test_after_a_change_of_cipher_old_values_open_and_are_still_found(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    aes = KeyFileProtector(path, "AES-256-GCM")
    sealed, hashed = aes.encrypt("甲", "x"), aes.digest("甲")
    sm4 = KeyFileProtector(path, "SM4-GCM")
    assert (sm4.decrypt(sealed, "x"), sm4.digest("甲")) == ("甲", hashed)
    assert read_keyring(path).current("SM4-GCM") is not None


def test_a_new_county_with_sm4_uses_the_national_hash_too(tmp_path: Path) -> None:
    assert ensure_keyring(tmp_path / "k.json", "SM4-GCM").index.algorithm == "HMAC-SM3"


def test_an_unknown_cipher_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="SHOUWANG_CIPHER"):
        KeyFileProtector(tmp_path / "k.json", "ROT13")


def test_the_key_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ensure_keyring(path, "AES-256-GCM")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(DomainError, match="600"):
        read_keyring(path)


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ensure_keyring(path, "AES-256-GCM")
    document = json.loads(path.read_text())
    document["index"]["key"] = "AAAA"
    path.write_text(json.dumps(document))
    with pytest.raises(DomainError, match="损坏"):
        read_keyring(path)


def test_lost_keys_are_not_made_anew_beside_encrypted_data(tmp_path: Path) -> None:
    originals = tmp_path / "originals"
    (originals / "ab").mkdir(parents=True)
    (originals / "ab" / "abcd.enc").write_bytes(b"x")
    with pytest.raises(DomainError, match="恢复密钥文件"):
        ensure_keyring(tmp_path / "keys.json", "AES-256-GCM", evidence=originals)


def _make_keys(path: str) -> str:
    return ensure_keyring(Path(path), "AES-256-GCM").index.secret.hex()


def test_processes_that_start_together_agree_on_the_keys(tmp_path: Path) -> None:
    path = str(tmp_path / "keys.json")
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_make_keys, [path] * 8))) == 1


def test_keys_do_not_show_when_printed(tmp_path: Path) -> None:
    keyring = ensure_keyring(tmp_path / "k.json", "AES-256-GCM")
    assert repr(keyring.index.secret)[2:10] not in repr(keyring)


SIZES = [
    0,
    1,
    sealed_files.CHUNK - 1,
    sealed_files.CHUNK,
    sealed_files.CHUNK + 1,
    3 * sealed_files.CHUNK,
]


@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_any_size_comes_back(protector, tmp_path: Path, size: int) -> None:
    source = tmp_path / "a"
    source.write_bytes(os.urandom(size))
    protector.encrypt_file(source, tmp_path / "b")
    protector.decrypt_file(tmp_path / "b", tmp_path / "c")
    assert (tmp_path / "c").read_bytes() == source.read_bytes()
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600


def _sealed(protector, tmp_path: Path) -> bytearray:
    source = tmp_path / "a"
    source.write_bytes(os.urandom(2 * sealed_files.CHUNK + 10))
    protector.encrypt_file(source, tmp_path / "b")
    return bytearray((tmp_path / "b").read_bytes())


def _refused(protector, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "broken").write_bytes(data)
    with pytest.raises(Unreadable):
        protector.decrypt_file(tmp_path / "broken", tmp_path / "out")
    assert not (tmp_path / "out").exists(), "a broken file leaves nothing behind"


PIECE = sealed_files.CHUNK + 16


@pytest.mark.parametrize("kept", [0, 10, sealed_files.HEAD, sealed_files.HEAD + PIECE, -1])
def test_a_file_that_was_cut_off_does_not_open(protector, tmp_path: Path, kept: int) -> None:
    _refused(protector, tmp_path, bytes(_sealed(protector, tmp_path)[:kept]))


def test_a_file_whose_chunks_were_swapped_does_not_open(protector, tmp_path: Path) -> None:
    data, head = _sealed(protector, tmp_path), sealed_files.HEAD
    first, second = data[head : head + PIECE], data[head + PIECE : head + 2 * PIECE]
    _refused(protector, tmp_path, bytes(data[:head] + second + first + data[head + 2 * PIECE :]))


def test_a_file_with_a_changed_byte_does_not_open(protector, tmp_path: Path) -> None:
    data = _sealed(protector, tmp_path)
    data[len(data) // 2] ^= 1
    _refused(protector, tmp_path, bytes(data))


def test_a_file_that_was_lengthened_does_not_open(protector, tmp_path: Path) -> None:
    _refused(protector, tmp_path, bytes(_sealed(protector, tmp_path) + b"x"))


def test_a_file_sealed_for_one_purpose_does_not_open_for_another(protector, tmp_path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    protector.encrypt_file(tmp_path / "a", tmp_path / "b", "original")
    with pytest.raises(Unreadable):
        protector.decrypt_file(tmp_path / "b", tmp_path / "c", "backup")


def test_the_installation_has_one_provider() -> None:
    assert crypto.provider() is crypto.provider()
    assert crypto.provider().decrypt(crypto.provider().encrypt("甲", "x"), "x") == "甲"
