"""公开文书的把关 (personal): public papers carry no ID number, phone, bank account.

Numbers are found with blanks and hyphens between their usual groups too, and in full-width digits.
Whoever builds a notice takes its values from a whitelist; this is the second lock.
"""

import re
import unicodedata
from collections.abc import Iterable

from shouwang.core.errors import DomainError


def _alone(pattern: str) -> re.Pattern[str]:
    """The pattern where it is not a part of a longer word or number."""
    return re.compile(r"(?<![0-9A-Za-z])" + pattern + r"(?![0-9A-Za-z])")


_PATTERNS = (
    ("证件号码", _alone(r"\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx]")),
    ("证件号码", _alone(r"\d{6}[ -]\d{6}[ -]\d{3}")),
    ("银行账号", _alone(r"\d{4}(?:[ -]\d{4}){2,3}(?:[ -]?\d{1,4})?")),
    ("手机号码", _alone(r"(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}")),
    ("证件号码或银行账号", _alone(r"\d{12,}[Xx]?")),
)


class PersonalNumber(DomainError):
    """A public paper would carry a number of a person."""

    default_code = "personal_number"


def found_in(text: str) -> str:
    """What personal number the text seems to hold, in words; empty where there is none.

    >>> found_in("电话 138 0013 8000")
    '手机号码'
    >>> found_in("公示期 2026-06-30 至 2026-07-05，监督电话 12317")
    ''
    """
    plain = unicodedata.normalize("NFKC", text)
    return next((words for words, pattern in _PATTERNS if pattern.search(plain)), "")


def refuse(texts: Iterable[tuple[str, str]]) -> None:
    """Raise for the first text with a personal number; each comes with where it stands."""
    for where, text in texts:
        if words := found_in(text):
            raise PersonalNumber(
                f"{where}里有{words}，公开的文书不能出现个人号码。请改正后再生成。"
            )
