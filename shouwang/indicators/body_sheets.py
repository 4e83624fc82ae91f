"""主体名录的表格: the register as governments exchange it, one row a recognition; out and in again.

The same file sent twice changes nothing; a body that stands here already gets what is new.
"""

from datetime import date

from django.db import transaction

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.core.worksheets import Line
from shouwang.divisions.models import Division

from .models import NamedBody, Recognition
from .operations.bodies import end_body, end_recognition, recognise, register_body
from .querysets import NamedBodyQuerySet
from .sheets import Places, Refused, Taken, lines
from .states import BodyKind, Rung

BODIES = {
    "kind": ("种类", "类别", "主体类型"), "name": ("名称", "主体名称", "单位名称", "企业名称"),
    "place": ("所在地", "区划", "乡镇", "地区"), "industry": ("产业", "主导产业"),
    "since": ("建成或登记日期", "成立日期", "登记日期"), "ended_on": ("退出日期",),
    "rung": ("级别", "认定级别"), "title": ("认定名称", "称号"),
    "recognised_on": ("认定日期", "认定时间"), "recognition_ended_on": ("取消日期",),
    "number": ("文号", "认定文号"), "note": ("说明", "备注"),
}  # fmt: skip
HEADS = tuple(names[0] for names in BODIES.values())
KINDS = {str(label): value for value, label in BodyKind.choices}
RUNG_WORDS = {word: value for value, label in Rung.choices for word in (label, label[:-1])}


def body_rows(bodies: NamedBodyQuerySet) -> list[list[object]]:
    """The register as rows, its head first; a body without recognition has one row."""
    rows: list[list[object]] = [list(HEADS)]
    for one in bodies.select_related("division").prefetch_related("recognitions"):
        held: list[Recognition | None] = list(one.recognitions.all())
        for each in held or [None]:
            rows.append(
                [
                    one.get_kind_display(), one.name, one.division.name, one.industry, one.since,
                    one.ended_on, each.get_rung_display() if each else "",
                    each.title if each else "", each.recognised_on if each else None,
                    each.ended_on if each else None, each.number if each else "", one.note,
                ]
            )  # fmt: skip
    return rows


def read_bodies(actor: Actor, content: bytes) -> Taken:
    """Every row that can be read; the others are told with place and reason."""
    places = Places(actor)
    made, refused = 0, []
    for line in lines(content, BODIES, {"kind", "name", "place"}):
        try:
            with transaction.atomic():
                made += _take(actor, line, places)
        except DomainError as error:
            refused.append(Refused(line.sheet, line.row, error.message))
    return Taken(made, tuple(refused))


def _take(actor: Actor, line: Line, places: Places) -> bool:
    """Whether the row brought something new."""
    values = line.values
    kind = KINDS.get(values.get("kind", ""))
    if kind is None:
        raise DomainError(f"“种类”请写：{'、'.join(KINDS)}。", code="kind")
    place, name = places.find(values.get("place", "")), values.get("name", "").strip()
    body = NamedBody.objects.filter(kind=kind, division=place, name=name).first()
    is_new = body is None
    if body is None:
        body = _register(actor, place, kind, name, values)
    is_new |= _recognition(actor, body, values)
    left = _day(values, "ended_on")
    if left is not None and body.ended_on is None:
        end_body(actor, body, on=left)
        is_new = True
    return is_new


def _register(
    actor: Actor, place: Division, kind: str, name: str, values: dict[str, str]
) -> NamedBody:
    return register_body(
        actor, place, kind=kind, name=name, since=_day(values, "since"),
        industry=values.get("industry", ""), note=values.get("note", ""),
    )  # fmt: skip


def _recognition(actor: Actor, body: NamedBody, values: dict[str, str]) -> bool:
    word = values.get("rung", "")
    day = _day(values, "recognised_on")
    if not word and day is None:
        return False
    rung = RUNG_WORDS.get(word)
    if rung is None:
        raise DomainError("“级别”请写县级、市级、省级或国家级。", code="rung")
    if day is None:
        raise DomainError("写了级别，请同时写“认定日期”。", code="recognised_on")
    title = values.get("title", "") or str(body.get_kind_display())
    found = body.recognitions.filter(rung=rung, title=title[:120], recognised_on=day).first()
    is_new = found is None
    if found is None:
        found = recognise(
            actor, body, rung=rung, title=title, recognised_on=day, number=values.get("number", "")
        )
    over = _day(values, "recognition_ended_on")
    if over is not None and found.ended_on is None:
        end_recognition(actor, found, on=over)
        is_new = True
    return is_new


def _day(values: dict[str, str], key: str) -> date | None:
    text = values.get(key, "").replace("/", "-").replace(".", "-")
    if not text:
        return None
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise DomainError(f"“{BODIES[key][0]}”请写成 2026-06-30 的样子。", code=key) from error
