"""家庭产业的登记、更正和结束: each line once a year, every correction with its reason."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.registry.models import Household

from ..item_lists import industries, links
from ..models import Industry, IndustryChange
from .registers import _noted
from .writing import MOST_MONEY, audited, not_future, reach, same_version, save, text

KNOWN = "这一户这一年的这项产业已经登记，内容不同的请打开原记录更正。"
FIELDS = (
    "year", "kind", "what", "scale", "unit", "output", "income", "channel", "enterprise", "link",
    "needs", "note",
)  # fmt: skip


def record_industry(
    actor: Actor, household: Household, *, source: Mapping[str, Any] | None = None, **given: Any
) -> Industry:
    """Note one industry of a household in a year; `given` are the FIELDS, all but three optional.

    The same line again is a Conflict; the same industry with other values a DomainError.
    """
    reach(actor, household, "support.registers")
    values = checked(given)
    keys = {key: values[key] for key in ("year", "kind", "what")}
    known = Industry.objects.filter(household=household, **keys).first()
    if known is not None:
        if _differences(known, values):
            raise DomainError(KNOWN, code="what")
        raise Conflict("这一户这一年的这项产业已经登记。")
    try:
        with transaction.atomic():
            made: Industry = Industry.objects.create(
                household=household, **values, **_noted(actor, source)
            )
            words = f"登记{values['year']}年产业：{values['what']}"
            audited(actor, "industry.recorded", household, words)
    except IntegrityError:
        raise Conflict("这一户这一年的这项产业已经登记。") from None
    return made


@transaction.atomic
def correct_industry(
    actor: Actor, industry: Industry, *, version: int, reason: str, **given: Any
) -> Industry:
    """Put right what was noted; what stood before stays in the record."""
    standing = _locked(actor, industry)
    same_version(standing, version)
    values = checked(given)
    why = text(reason, "更正理由", 200, required=True)
    if standing.ended_on is not None and standing.ended_on.year < values["year"]:
        raise DomainError("年度晚于结束日期，请核对。", code="year")
    found = _differences(standing, values)
    if not found:
        raise DomainError("内容没有变化，不用更正。", code="unchanged")
    keys = {key: values[key] for key in ("year", "kind", "what")}
    others = Industry.objects.filter(household=standing.household, **keys)
    if others.exclude(pk=standing.pk).exists():
        raise DomainError("这一户这一年另有一条同名的产业，请核对。", code="what")
    for key, value in values.items():
        setattr(standing, key, value)
    save(standing, *values)
    _trace(actor, standing, why, found)
    return standing


@transaction.atomic
def end_industry(
    actor: Actor, industry: Industry, *, ended_on: date, reason: str, version: int
) -> Industry:
    """The household does this no longer; what it brought in the year still counts."""
    standing = _locked(actor, industry)
    same_version(standing, version)
    if standing.ended_on is not None:
        raise DomainError("这项产业已经结束。", code="ended_on")
    if not_future(ended_on, "结束日期").year < standing.year:
        raise DomainError(f"结束日期早于 {standing.year} 年，请核对。", code="ended_on")
    why = text(reason, "结束理由", 200, required=True)
    standing.ended_on = ended_on
    save(standing, "ended_on")
    _trace(actor, standing, why, [("结束日期", "", ended_on.isoformat())])
    return standing


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they may be stored; DomainError for what cannot be."""
    year, kind, link = given["year"], given["kind"], given.get("link") or ""
    if not 2000 <= year <= clock.today().year:
        raise DomainError("年度不对，请核对。", code="year")
    if kind not in industries():
        raise DomainError("没有这个类别，请从列表中选择。", code="kind")
    if link and link not in links():
        raise DomainError("没有这种带动方式，请从列表中选择。", code="link")
    enterprise = text(given.get("enterprise") or "", "带动主体", 60)
    if bool(link) != bool(enterprise):
        missing = "enterprise" if link else "link"
        raise DomainError("带动主体和带动方式要么都填，要么都不填。", code=missing)
    scale, unit = given.get("scale"), text(given.get("unit") or "", "计量单位", 10)
    if bool(unit) != (scale is not None):
        raise DomainError("规模和计量单位要么都填，要么都不填。", code="unit" if scale else "scale")
    return {
        "year": year, "kind": kind, "what": text(given["what"], "产业内容", 60, required=True),
        "scale": _amount(scale, "规模", "scale", above_zero=True), "unit": unit,
        **_money(given.get("output"), given.get("income")),
        "channel": text(given.get("channel") or "", "销售渠道", 60), "enterprise": enterprise,
        "link": link, "needs": text(given.get("needs") or "", "产业需求", 200),
        "note": text(given.get("note") or "", "备注", 200),
    }  # fmt: skip


def _money(output: Decimal | None, income: Decimal | None) -> dict[str, Decimal | None]:
    output = _amount(output, "产值", "output")
    if output is not None and output < 0:
        raise DomainError("产值不能小于零，请核对。", code="output")
    income = _amount(income, "纯收入", "income")
    if output is not None and income is not None and income > output:
        raise DomainError("纯收入大于产值，请核对。", code="income")
    return {"output": output, "income": income}


def _amount(
    value: Decimal | None, what: str, key: str, *, above_zero: bool = False
) -> Decimal | None:
    if value is None:
        return None
    if not value.is_finite() or abs(value) > MOST_MONEY or (above_zero and value <= 0):
        raise DomainError(f"{what}不对，请核对数字和单位。", code=key)
    if value != value.quantize(Decimal("0.01")):
        raise DomainError(f"{what}最多两位小数，请核对。", code=key)
    return value


def _locked(actor: Actor, industry: Industry) -> Industry:
    rows = Industry.objects.visible_to(actor).select_for_update(of=("self",))
    found: Industry | None = (
        rows.select_related("household__village").filter(pk=industry.pk).first()
    )
    if found is None:
        raise NotFound("没有找到这项产业，它可能不存在，或不在您的辖区内。")
    reach(actor, found.household, "support.registers")
    return found


def _differences(standing: Industry, values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Label, before, after of every value that differs."""
    return [
        (_label(key), _shown(key, old), _shown(key, new))
        for key, new in values.items()
        if (old := getattr(standing, key)) != new
    ]


def _label(key: str) -> str:
    return str(getattr(Industry._meta.get_field(key), "verbose_name", key))


def _shown(key: str, value: Any) -> str:
    if key in ("kind", "link"):
        known = industries() if key == "kind" else links()
        return known.get(value, str(value))
    return "" if value is None else str(value)


def _trace(
    actor: Actor, industry: Industry, reason: str, changes: list[tuple[str, str, str]]
) -> None:
    IndustryChange.objects.create(
        industry=industry, at=clock.now(), actor_label=actor.label[:120], reason=reason,
        changes=[list(one) for one in changes],
    )  # fmt: skip
    audited(
        actor, "industry.changed", industry.household, f"更正产业：{industry.what}",
        changes={label: [old, new] for label, old, new in changes},
    )  # fmt: skip
