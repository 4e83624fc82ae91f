"""密码规则: what a password must hold, and the one-time passwords that administrators hand out."""

import secrets
import string

from django.core.exceptions import ValidationError

LOWER = string.ascii_lowercase
UPPER = string.ascii_uppercase
DIGITS = string.digits
# without characters that look alike on paper or are read out wrongly
_CLEAR = {
    "lower": "abcdefghjkmnpqrstuvwxyz",
    "upper": "ABCDEFGHJKMNPQRSTUVWXYZ",
    "digit": "23456789",
}
ONE_TIME_LENGTH = 12


class CharacterClassValidator:
    """At least three of: small letters, capitals, digits, other characters."""

    def __init__(self, least: int = 3) -> None:
        self.least = least

    def validate(self, password: str, user: object = None) -> None:
        others = any(c not in LOWER + UPPER + DIGITS for c in password)
        classes = [any(c in kind for c in password) for kind in (LOWER, UPPER, DIGITS)]
        if sum([*classes, others]) < self.least:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return f"密码须包含小写字母、大写字母、数字、符号中的至少{self.least}类。"


def one_time_password() -> str:
    """A random password that meets the rules and can be read out over the telephone."""
    while True:
        alphabet = "".join(_CLEAR.values())
        password = "".join(secrets.choice(alphabet) for _ in range(ONE_TIME_LENGTH))
        if all(any(c in kind for c in password) for kind in _CLEAR.values()):
            return password
