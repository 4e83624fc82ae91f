"""示例对接: an export of the national system that differs a little, and photos with some cases.

The export is made from what this system would upload, so that the differences are known.
"""

from pathlib import Path
from typing import Any

import openpyxl
from PIL import Image, ImageDraw

from shouwang.cases.demo.people import find_cast
from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.documents import operations as documents
from shouwang.documents.models import Attachment
from shouwang.registry.models import Member
from shouwang.registry.originals import workplace
from shouwang.registry.secrets import ID_NO, reveal

from . import operations
from .contract import contract
from .models import Comparison
from .own import household_values, latest_cases

PICTURES = 12
CHANGED = {3: ("household_size", 9), 5: ("risk1", "因学"), 8: ("eliminated_month", "202503"),
           11: ("monitor_class", "突发严重困难户")}  # fmt: skip
"""Every so many households: the field that the national system has otherwise."""
LEFT_OUT = 13
"""Every so many households: one that the national system does not have."""


def make(actor: Actor) -> int:
    """One comparison and some photos; done once. Returns the differences."""
    if Comparison.objects.exists():
        return 0
    cast = find_cast(actor)
    with workplace() as work:
        _photographs(actor, work)
        path = work / "监测对象基础信息.xlsx"
        _write(path)
        made = operations.receive_export(cast.officer, [(path, path.name)], clock.today())
        operations.compare_export(cast.officer, made, _quiet)
    return made.differences.count()


def _quiet(done: int, total: int | None = None, message: str = "") -> None:
    """Nobody watches."""


def _write(path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("基础信息")
    columns = contract().objects.columns
    sheet.append([column.header for column in columns])
    cases = sorted(latest_cases(Case.objects.all()).values(), key=lambda case: case.number)
    for at, case in enumerate(cases, 1):
        if at % LEFT_OUT == 0:
            continue
        values = household_values(case)
        for every, (key, value) in CHANGED.items():
            if at % every == 0 and values.get(key) is not None:
                values[key] = value
        for member in case.household.members.filter(absent_since=None).order_by("pk"):
            sheet.append([_cell(column.key, values, member) for column in columns])
    sheet.append([None] * 4 + ["900000000000", None, None])  # a row that nobody can use
    book.save(path)


def _cell(key: str, values: dict[str, Any], member: Member) -> Any:
    if key in values:
        value = values[key]
    elif key == "id_no":
        return reveal(ID_NO, member.id_enc)
    elif key == "household_no":
        return member.household.household_no
    else:
        names = {"county": "county_name", "town": "town_name", "village": "village_name",
                 "group": "group_name"}  # fmt: skip
        value = getattr(member, names.get(key, key), None)
    if key.endswith("_month") and hasattr(value, "year"):
        return f"{value:%Y%m}"
    return value.isoformat() if hasattr(value, "isoformat") else value


def _photographs(actor: Actor, work: Path) -> None:
    """A drawn house for each of the newest cases, as the checker would photograph it."""
    kinds = (Attachment.Kind.PHOTO, Attachment.Kind.SIGNED)
    notes = ("住房外观", "承诺授权书签字页")
    cases = Case.objects.filter(ended_on=None, origin="worked").order_by("-pk")[: PICTURES // 2]
    for at, case in enumerate(cases):
        for kind, note in zip(kinds, notes, strict=True):
            path = work / f"{at}-{kind}.jpg"
            _draw(path, at, is_paper=kind == Attachment.Kind.SIGNED)
            documents.attach(
                actor, path, f"{note}{at + 1}.jpg", target_type="cases.case",
                target_id=str(case.pk), kind=kind, note=note,
            )  # fmt: skip


def _draw(path: Path, number: int, *, is_paper: bool) -> None:
    """A sheet with lines, or a house under the sky; each a little different."""
    picture = Image.new("RGB", (1280, 960), (250, 249, 244) if is_paper else (176, 208, 232))
    pen = ImageDraw.Draw(picture)
    if is_paper:
        for line in range(14):
            pen.line((160, 160 + line * 50, 1120 - (line * 37 + number * 11) % 300,
                      160 + line * 50), fill=(90, 90, 90), width=4)  # fmt: skip
        pen.ellipse((900, 780, 960, 860), fill=(190, 60, 50))
    else:
        left = 200 + number * 20
        pen.rectangle((0, 700, 1280, 960), fill=(120, 150, 96))
        pen.rectangle((left, 420, left + 640, 760), fill=(222, 206, 178))
        pen.polygon([(left - 60, 430), (left + 320, 240), (left + 700, 430)], fill=(140, 72, 56))
        pen.rectangle((left + 270, 560, left + 370, 760), fill=(104, 78, 58))
        for at in (90, 460):
            pen.rectangle((left + at, 520, left + at + 100, 610), fill=(92, 128, 150))
    picture.save(path, "JPEG", quality=85)
