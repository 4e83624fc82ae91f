"""供需对接的导入表: heads of needs and offers, and how a row is taken."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shouwang.cases.querysets import places_with
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division

from ..models import HouseholdNeed, SocialOffer
from ..sheets import Column, Line, Sheet
from ..states import need_kinds
from .matching import LEVELS, record_need, record_offer

if TYPE_CHECKING:
    from .sheets import Source

KIND = Column(
    "kind", "类别", "choice", required=True,
    choices={label: key for key, label in need_kinds().items()},
)  # fmt: skip
NOTE = Column("note", "备注")
MATCHING_SHEETS = (
    Sheet("needs", "社会帮扶需求", (
        Column("household_no", "户编号", aliases=("农户编号", "户号"), required=True),
        Column("head_name", "户主姓名", aliases=("户主",)),
        KIND,
        Column("what", "需求", aliases=("需求内容",), required=True),
        Column("quantity", "数量", "number"),
        Column("unit", "计量单位", aliases=("单位",)),
        Column("raised_on", "提出日期", "date"),
        Column("source", "来源"),
        NOTE,
    )),
    Sheet("offers", "社会帮扶供给", (
        Column("provider", "提供方", aliases=("提供单位",), required=True),
        Column("contact", "联系人"),
        KIND,
        Column("what", "内容", aliases=("供给内容",), required=True),
        Column("quantity", "数量", "number", aliases=("总数",)),
        Column("unit", "计量单位", aliases=("单位",)),
        Column("division", "供给范围", required=True),
        Column("until", "有效期至", "date"),
        NOTE,
    )),
)  # fmt: skip


def _need(source: "Source", line: Line) -> None:
    """The same need that still waits, or has the same day, stands here already."""
    household = source.household(line)
    values = {key: line.values[key] for key in NEED_KEYS}
    same = HouseholdNeed.objects.filter(
        household=household, kind=values["kind"], what=values["what"]
    )
    day = values["raised_on"] or clock.today()
    if same.filter(state__in=("open", "taken")).exists() or same.filter(raised_on=day).exists():
        raise Conflict("这一户同样的需求已经登记。")
    values["source"] = values["source"] or "导入名单"
    record_need(source.actor, household, **values)


def _offer(source: "Source", line: Line) -> None:
    values = {key: line.values[key] for key in OFFER_KEYS}
    place = _place(source.actor, line.values["division"])
    keys = ("provider", "kind", "what", "quantity", "unit", "until")
    same = {key: values[key] for key in keys}
    if SocialOffer.objects.filter(division=place, ended_on=None, **same).exists():
        raise Conflict("这项供给已经登记。")
    record_offer(source.actor, division=place, **values)


NEED_KEYS = ("kind", "what", "quantity", "unit", "raised_on", "source", "note")
OFFER_KEYS = ("provider", "contact", "kind", "what", "quantity", "unit", "until", "note")


def _place(actor: Actor, words: str) -> Division:
    """By code, or by a name that only one place of the actor has."""
    places = Division.objects.filter(
        places_with(actor, "support.registers", "pk"), level__in=LEVELS, valid_to=None
    )
    key = {"code": words} if words.isascii() and words.isdecimal() else {"name": words}
    found = list(places.filter(**key)[:2])
    if not found:
        raise DomainError("辖区内没有这个县、乡镇或村，请填全名或区划代码。", "division")
    if len(found) > 1:
        raise DomainError("有同名的地方，请改填区划代码。", "division")
    return found[0]


MATCHING_TAKERS: dict[str, Callable[["Source", Line], None]] = {"needs": _need, "offers": _offer}
