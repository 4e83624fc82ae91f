"""写法 (formats): how numbers, money, shares and days are written everywhere; None is a dash."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

DASH = "—"
WAN = Decimal(10_000)


def number(value: Any) -> str:
    """1,234 or 1,234.5: thousands separated, no zeros that say nothing."""
    if value is None or value == "":
        return DASH
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, float):
        return f"{value:,.1f}" if value != int(value) else f"{int(value):,}"
    return str(value)


def yuan(value: int | Decimal | None) -> Decimal | None:
    """Money as yuan: an int is fen, a Decimal is already yuan."""
    if value is None:
        return None
    return Decimal(value) / 100 if isinstance(value, int) else value


def amount(value: int | Decimal | None, unit: str = "元") -> str:
    """1,234.50 in 元 or 万元; the unit itself stands in the head of the column."""
    money = yuan(value)
    if money is None:
        return DASH
    if unit == "万元":
        money = money / WAN
    return f"{money.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def share(value: Any) -> str:
    """12.3% of a part between 0 and 1."""
    if value is None or value == "":
        return DASH
    return f"{Decimal(str(value)) * 100:.1f}%"


def day(value: date | datetime | None) -> str:
    """2026-06-30."""
    if value is None or value == "":
        return DASH
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def moment(value: datetime | date | None) -> str:
    """2026-06-30 14:05, local time."""
    if value is None or value == "":
        return DASH
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return value.strftime("%Y-%m-%d %H:%M")
    return day(value)
