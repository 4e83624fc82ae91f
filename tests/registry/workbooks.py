"""Small registry exports made on the spot: rows as people would see them in the workbook."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from shouwang.engine.cleaning.identity import check_digit
from shouwang.engine.rulebook import Rulebook

VILLAGE = "999901101201"
NEXT_VILLAGE = "999901102201"


def id_number(day: str, serial: int) -> str:
    """A number of the region that does not exist, with a valid check digit."""
    body = f"999901{day}{serial:03d}"
    return body + check_digit(body)


def household(number: int, **values: Any) -> dict[str, Any]:
    return {
        "county": "示例县", "town": "青禾镇", "village": "柳湾村", "village_code": VILLAGE,
        "group": "3组", "household_no": f"9000{number:08d}", "head_name": f"户{number}",
        "household_size": 2, "phone": f"1990000{number:04d}", "household_type": "一般农户",
        "wage_income": 20000, "business_income": 8000.5, "property_income": 0,
        "transfer_income": 1200, "business_expense": 3000, "prev_per_capita": 9000,
        "house_area": 90.5, "danger_house": "否", "water_ok": "是", "road_distance": 1.2,
        "contact_cadre": "联系人01",
    } | values  # fmt: skip


def person(number: int, member: int, **values: Any) -> dict[str, Any]:
    return {
        "county": "示例县", "town": "青禾镇", "village": "柳湾村", "group": "3组",
        "household_no": f"9000{number:08d}", "person_no": f"9000{number:08d}{member:02d}",
        "name": f"张{'一二三四五六七八九十'[member]}", "sex": "男" if member % 2 else "女",
        "birth_date": "1980-05-06", "id_type": "居民身份证",
        "id_no": id_number("19800506", 100 + (number % 40) * 10 + member * 2 - member % 2),
        "household_size": 2, "relation": "户主" if member == 1 else "配偶", "nation": "汉族",
        "education": "初中", "health": "健康", "labour": "普通劳动力", "work_months": 6,
        "work_province": "示例省", "work_county": "示例县", "resident_medical": "是",
        "serious_insurance": "是", "phone": f"1991{number:05d}{member:02d}",
    } | values  # fmt: skip


def county(households: int = 3) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(people, households): two people in each household."""
    numbers = range(1, households + 1)
    people = [person(number, member) for number in numbers for member in (1, 2)]
    return people, [household(number) for number in numbers]


def write(
    path: Path, people: Sequence[Mapping[str, Any]], households: Sequence[Mapping[str, Any]]
) -> Path:
    registry = Rulebook.load().registry
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    for contract, rows in ((registry.persons, people), (registry.households, households)):
        sheet = book.add_worksheet(contract.sheet)
        for at, column in enumerate(contract.columns):
            sheet.write_string(0, at, column.header)
            for line, row in enumerate(rows, 1):
                value = row.get(column.key)
                if value is not None:
                    sheet.write(line, at, value)
    book.close()
    return path
