"""Unsafe settings are told at the start."""

from pathlib import Path

import pytest

from shouwang.accounts.checks import keys, network
from shouwang.core.keyring import ensure_keyring


def ids(found) -> list[str]:
    return [message.id for message in found]


def test_a_machine_that_only_serves_itself_is_left_in_peace(settings) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    settings.DEBUG = True
    assert network(None) == []


@pytest.mark.parametrize(
    ("hosts", "debug", "secure", "expected"),
    [
        (["shouwang.example"], False, True, []),
        (["shouwang.example"], True, True, ["accounts.E001"]),
        (["*"], False, True, ["accounts.E002"]),
        (["shouwang.example"], False, False, ["accounts.W001"]),
    ],
)
def test_a_machine_that_others_reach_must_be_safe(settings, hosts, debug, secure, expected) -> None:
    settings.ALLOWED_HOSTS, settings.DEBUG = hosts, debug
    settings.SESSION_COOKIE_SECURE = secure
    assert ids(network(None)) == expected


def test_keys_that_do_not_fit_the_cipher_or_stand_open_are_told(settings, tmp_path: Path) -> None:
    settings.SHOUWANG_KEY_FILE = tmp_path / "keys.json"
    settings.SHOUWANG_CIPHER = "AES-256-GCM"
    assert keys(None) == []
    ensure_keyring(tmp_path / "keys.json", "AES-256-GCM")
    assert keys(None) == []
    settings.SHOUWANG_CIPHER = "SM4-GCM"
    assert ids(keys(None)) == ["accounts.W002"]
    (tmp_path / "keys.json").chmod(0o644)
    assert ids(keys(None)) == ["accounts.E003"]
