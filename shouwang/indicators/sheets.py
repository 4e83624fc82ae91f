"""数值的表格: values as governments exchange them, read with the place of every mistake."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.core.worksheets import Captions, Line, lines_of, read_worksheets, rows_of_text
from shouwang.divisions.models import Division

from .forms import read_number
from .models import Definition
from .operations.actuals import report_actual
from .operations.places import classify
from .periods import Period
from .queries import definitions_visible_to, places_visible_to
from .states import Comparison, PlaceClass

VALUES = {
    "indicator": ("指标", "指标名称", "代码", "指标代码"),
    "place": ("区划", "地区", "乡镇", "村", "单位"),
    "period": ("期间", "年度", "时间"), "value": ("数值", "实际值", "完成数", "完成值"),
    "text": ("完成情况", "说明", "备注"), "reached": ("是否达到", "是否达标"),
}  # fmt: skip
CLASSES = {
    "place": ("区划", "地区", "乡镇", "村", "县", "名称"), "place_class": ("类别", "分类"),
    "list_level": ("名单级别", "级别"), "valid_from": ("起始日期", "认定日期"),
    "source": ("依据文件", "依据", "文件"),
}  # fmt: skip
MOST_ROWS = 5_000


@dataclass(frozen=True)
class Refused:
    sheet: str
    row: int
    reason: str


@dataclass(frozen=True)
class Taken:
    made: int
    refused: tuple[Refused, ...]


def lines(content: bytes, captions: Captions, needed: Iterable[str]) -> list[Line]:
    """The rows of all sheets that have a head with the needed columns."""
    wanted = set(needed)
    found = [
        line
        for sheet in read_worksheets(content, rows=MOST_ROWS)
        for line in lines_of(sheet.title, rows_of_text(sheet.rows), captions, wanted) or []
    ]
    if not found:
        names = "、".join(one[0] for one in captions.values())
        raise DomainError(f"没有找到表头，第一行应写：{names}。", code="head")
    return found


def read_values(actor: Actor, content: bytes) -> Taken:
    """Report every row that can be read; the others are told with place and reason."""
    definitions = list(
        definitions_visible_to(actor).on(clock.today()).select_related("division", "department")
    )
    names: dict[str, list[Definition]] = {}
    for one in definitions:
        for name in {one.code, one.name}:
            names.setdefault(name, []).append(one)
    places = Places(actor)
    made, refused = 0, []
    for line in lines(content, VALUES, {"indicator", "place"}):
        try:
            _report(actor, line.values, names, places)
            made += 1
        except DomainError as error:
            refused.append(Refused(line.sheet, line.row, error.message))
        except (ValidationError, ValueError) as error:
            words = "；".join(error.messages) if isinstance(error, ValidationError) else str(error)
            refused.append(Refused(line.sheet, line.row, words))
    return Taken(made, tuple(refused))


def _report(
    actor: Actor, values: dict[str, str], names: dict[str, list[Definition]], places: "Places"
) -> None:
    asked = values.get("indicator", "")
    found = names.get(asked, [])
    if len(found) != 1:
        why = "有几个同名的，请写代码" if found else "没有这个指标"
        raise DomainError(f"“指标”写的是“{asked[:30]}”，{why}。", code="indicator")
    text = values.get("value", "")
    reached = {"是": True, "已达到": True, "否": False, "没有达到": False}.get(
        values.get("reached", "")
    )
    is_text = found[0].comparison == Comparison.TEXT
    report_actual(
        actor, found[0], places.find(values.get("place", "")),
        period=Period.read(values.get("period", "")),
        value=None if is_text and not text else read_number(text, "“数值”"),
        text=values.get("text", ""), is_reached=reached if is_text else None,
    )  # fmt: skip


class Places:
    """Places by name or code, as far as the person sees them."""

    def __init__(self, actor: Actor) -> None:
        self.by_name: dict[str, list[Division]] = {}
        for place in places_visible_to(actor).select_related("parent"):
            whole = f"{place.parent.name}{place.name}" if place.parent else place.name
            for name in {place.name, place.code, place.code.rstrip("0"), whole}:
                self.by_name.setdefault(name, []).append(place)

    def find(self, name: str) -> Division:
        found = self.by_name.get(name.strip(), [])
        if len(found) != 1:
            why = "有几个同名的，请在前面加上乡镇或写代码" if found else "不在您的辖区里"
            raise DomainError(f"“区划”写的是“{name[:30]}”，{why}。", code="place")
        return found[0]


def read_classes(actor: Actor, content: bytes) -> Taken:
    """Classify every place of a list."""
    from datetime import date

    places = Places(actor)
    kinds = {str(label): value for value, label in PlaceClass.choices if value}
    made, refused = 0, []
    for line in lines(content, CLASSES, {"place_class", "place"}):
        values = line.values
        try:
            begins = date.fromisoformat(values.get("valid_from", "").replace("/", "-"))
        except ValueError:
            refused.append(Refused(line.sheet, line.row, "“起始日期”请写成 2021-01-01 的样子。"))
            continue
        try:
            word = values.get("place_class", "").removesuffix("村").removesuffix("镇")
            classify(
                actor, places.find(values.get("place", "")), place_class=kinds.get(word, word),
                valid_from=begins, source=values.get("source", ""),
                list_level=values.get("list_level", ""),
            )  # fmt: skip
            made += 1
        except DomainError as error:
            refused.append(Refused(line.sheet, line.row, error.message))
    return Taken(made, tuple(refused))
