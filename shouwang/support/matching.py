"""供需对接 (matching): which offers suit a need, in which order, and why or why not.

Pure: the same kind is a must; then place, time and what is left decide; words in common and
nearness only order. A person decides what is taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

SOON = 30
"""Days: what ends so soon is offered first."""


@dataclass(frozen=True)
class Wanted:
    """A need as matching looks at it."""

    kind: str
    what: str
    quantity: Decimal | None
    unit: str
    village_path: str


@dataclass(frozen=True)
class Offered:
    """An offer as matching looks at it."""

    key: int
    kind: str
    what: str
    left: Decimal | None
    unit: str
    place: str
    place_path: str
    until: date | None
    is_ended: bool = False


@dataclass(frozen=True)
class Match:
    """One offer of the same kind: whether it can be taken, and what speaks for or against it."""

    key: int
    fits: bool
    reasons: tuple[str, ...]
    rank: tuple[int, ...]


def matches(wanted: Wanted, offers: Iterable[Offered], today: date) -> list[Match]:
    """Offers of the same kind, those that can be taken first, the most suitable on top."""
    found = [match(wanted, offer, today) for offer in offers if offer.kind == wanted.kind]
    return sorted(found, key=lambda one: (not one.fits, one.rank, one.key))


def match(wanted: Wanted, offer: Offered, today: date) -> Match:
    against = _against(wanted, offer, today)
    if against:
        return Match(offer.key, False, against, (0,))
    common = _common(wanted.what, offer.what)
    enough, words = _amount(wanted, offer)
    days = None if offer.until is None else (offer.until - today).days
    reasons = [
        *([f"内容相近：{common}"] if common else []),
        words,
        f"供给{offer.place}",
        "长期有效" if days is None else f"有效期至 {offer.until:%Y-%m-%d}，还有 {days} 天",
    ]
    rank = (
        0 if common else 1,
        0 if enough else 1,
        -offer.place_path.count("/"),
        0 if days is not None and days <= SOON else 1,
    )
    return Match(offer.key, True, tuple(reasons), rank)


def _against(wanted: Wanted, offer: Offered, today: date) -> tuple[str, ...]:
    return tuple(
        words
        for is_so, words in (
            (offer.is_ended, "提供方已停止"),
            (offer.until is not None and offer.until < today, "已过有效期"),
            (not wanted.village_path.startswith(offer.place_path), f"只供给{offer.place}"),
            (offer.left is not None and offer.left <= 0, "已认领完"),
        )
        if is_so
    )


def _amount(wanted: Wanted, offer: Offered) -> tuple[bool, str]:
    """Whether it is enough, and how that is said."""
    if offer.left is None:
        return True, "数量不限"
    left = f"还剩 {plain(offer.left)} {offer.unit}"
    if wanted.quantity is None:
        return True, left
    if wanted.unit != offer.unit:
        return True, f"{left}，需求按“{wanted.unit or '未写单位'}”计，请核对"
    if offer.left >= wanted.quantity:
        return True, f"{left}，够用"
    return False, f"{left}，只够一部分，还差 {plain(wanted.quantity - offer.left)} {offer.unit}"


def plain(value: Decimal) -> str:
    """A quantity without idle zeros."""
    return f"{value.normalize():,f}"


def _common(first: str, second: str) -> str:
    """The longest run of at least two characters that both name."""
    best = ""
    for start in range(len(first)):
        for end in range(start + max(2, len(best) + 1), len(first) + 1):
            if first[start:end] not in second:
                break
            best = first[start:end]
    return best.strip()
