"""区划级别 and the statistical code: how many digits each level's code has in use.

GB/T 2260 and the statistical division code: 2 digits province, 4 prefecture, 6 county, 9 town,
12 village; shorter ones are filled with zeros to 12. A village group adds three digits.
"""

from django.db import models

CODE_LENGTH = 12
GROUP_CODE_LENGTH = 15


class Level(models.TextChoices):
    PROVINCE = "province", "省级"
    PREFECTURE = "prefecture", "市级"
    COUNTY = "county", "县级"
    TOWN = "town", "乡级"
    VILLAGE = "village", "村级"
    GROUP = "group", "组级"


ORDER = {level.value: place for place, level in enumerate(Level)}
USED_DIGITS = {
    Level.PROVINCE: 2,
    Level.PREFECTURE: 4,
    Level.COUNTY: 6,
    Level.TOWN: 9,
    Level.VILLAGE: 12,
    Level.GROUP: 15,
}


def full_code(code: str) -> str:
    """The code filled to 12 digits, a group's left as it is: 999901 → 999901000000."""
    return code if len(code) > CODE_LENGTH else code.ljust(CODE_LENGTH, "0")


def level_of(code: str) -> Level | None:
    """The level that a code says by itself; None where it is no division code.

    A county code may stand for a whole prefecture's district office only through the table it
    comes from, so an explicit level of a table wins over this reading.
    """
    if not code.isascii() or not code.isdigit():
        return None
    if len(code) == GROUP_CODE_LENGTH:
        return Level.GROUP
    if len(code) not in (2, 4, 6, 9, 12):
        return None
    code = full_code(code)
    if code[:2] == "00":
        return None
    for level in (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWN):
        if set(code[USED_DIGITS[level] :]) <= {"0"}:
            return level
    return Level.VILLAGE


def parent_code(code: str, level: Level) -> str | None:
    """The full code of the division above, as the digits say; None above a province."""
    place = ORDER[level]
    if place == 0:
        return None
    above = list(Level)[place - 1]
    return full_code(code[: USED_DIGITS[above]])
