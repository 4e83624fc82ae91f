"""期限的写法: a deadline as a pill with the days that are left."""

from dataclasses import dataclass
from datetime import date

from ..deadlines import near_day


@dataclass(frozen=True)
class Timing:
    """One deadline as it is shown: tone, words, and the day itself."""

    tone: str
    words: str
    on: date


def timing(due_on: date | None, today: date, name: str = "") -> Timing | None:
    """The nearer it is the louder; nothing where no limit runs."""
    if due_on is None:
        return None
    left = (due_on - today).days
    if left < 0:
        tone, words = "late", f"超期 {-left} 天"
    elif left == 0:
        tone, words = "near", "今天到期"
    else:
        tone, words = ("near" if due_on <= near_day(today) else "idle"), f"还有 {left} 天"
    return Timing(tone, f"{name}{words}", due_on)
