"""户的底数可以是什么: values of exits, resettlement and pensions as they may be stored."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.core import clock
from shouwang.core.errors import DomainError

from ..states import DemolitionDuty, ReclaimDuty, ResettlementWay
from .writing import money, text

FIRST_YEAR = 2009
MOST_PEOPLE = 30
MOST_MU = 10_000


def checked_exit(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "year": _year(given.get("year")),
        "people": _people(given.get("people"), "脱贫人数"),
        "note": text(given.get("note") or "", "备注", 200),
    }


def checked_resettlement(given: Mapping[str, Any]) -> dict[str, Any]:
    way, site = given.get("way"), text(given.get("site") or "", "安置点", 60)
    if way not in ResettlementWay.values:
        raise DomainError("请从列表中选择安置方式。", code="way")
    if way == ResettlementWay.TOGETHER and not site:
        raise DomainError("集中安置的要填安置点。", code="site")
    return {
        "way": way, "site": site, "origin": text(given.get("origin") or "", "迁出地", 60),
        "people": _people(given.get("people"), "搬迁人数"),
        "moved_on": _past(given.get("moved_on"), "moved_on", "入住日期"),
        **_old_house(given), "note": text(given.get("note") or "", "备注", 200),
    }  # fmt: skip


def _old_house(given: Mapping[str, Any]) -> dict[str, Any]:
    """A house that came down was due; one that may stand has a reason and is not reclaimed."""
    demolition = given.get("demolition") or ""
    demolished = _past(given.get("demolished_on"), "demolished_on", "拆旧日期")
    reason = text(given.get("exempt_reason") or "", "免拆原因", 100)
    if demolished and not demolition:
        demolition = DemolitionDuty.DUE.value
    if demolition and demolition not in DemolitionDuty.values:
        raise DomainError("旧房应填应拆或免拆。", code="demolition")
    exempt = demolition == DemolitionDuty.EXEMPT
    if demolished and exempt:
        raise DomainError("免拆的旧房没有拆旧日期，请核对。", code="demolished_on")
    if exempt != bool(reason):
        words = "免拆的要写明原因。" if exempt else "只有免拆的才填免拆原因，请核对。"
        raise DomainError(words, code="exempt_reason")
    return {
        "demolition": demolition, "demolished_on": demolished, "exempt_reason": reason,
        **_reclaimed(given, demolished),
    }  # fmt: skip


def _reclaimed(given: Mapping[str, Any], demolished: date | None) -> dict[str, Any]:
    reclaim, area = given.get("reclaim") or "", given.get("reclaim_area")
    done = _past(given.get("reclaimed_on"), "reclaimed_on", "复垦日期")
    if (done or area is not None) and not reclaim:
        reclaim = ReclaimDuty.DUE.value
    if reclaim and reclaim not in ReclaimDuty.values:
        raise DomainError("复垦应填应复垦或不需复垦。", code="reclaim")
    if reclaim == ReclaimDuty.EXEMPT and (done or area is not None):
        raise DomainError("不需复垦的不填复垦面积和日期。", code="reclaim")
    if area is not None and not (area.is_finite() and 0 < area <= MOST_MU):
        raise DomainError("复垦面积应大于零，单位为亩，请核对。", code="reclaim_area")
    if done and (demolished is None or done < demolished):
        raise DomainError("复垦在拆旧以后，请核对两个日期。", code="reclaimed_on")
    return {"reclaim": reclaim, "reclaim_area": area, "reclaimed_on": done}


def checked_pension(given: Mapping[str, Any]) -> dict[str, Any]:
    insured = given.get("insured")
    if not isinstance(insured, bool):
        raise DomainError("请填写是否参保。", code="insured")
    grade, aid = given.get("grade"), given.get("aid")
    aid_by = text(given.get("aid_by") or "", "代缴单位", 40)
    since = _past(given.get("receiving_since"), "receiving_since", "开始领取")
    if not insured and (grade is not None or aid is not None or aid_by or since):
        raise DomainError("没有参保的不填档次、代缴和领取。", code="insured")
    if (aid is not None) != bool(aid_by):
        raise DomainError(
            "代缴金额和代缴单位要么都填，要么都不填。", code="aid_by" if aid else "aid"
        )
    if grade is not None:
        grade = money(grade, "缴费档次")
    if aid is not None and (grade is None or money(aid, "代缴金额") > grade):
        raise DomainError("代缴金额不超过缴费档次，先填档次。", code="aid")
    return {
        "year": _year(given.get("year")), "insured": insured, "grade": grade, "aid": aid,
        "aid_by": aid_by, "receiving_since": since,
        "note": text(given.get("note") or "", "备注", 200),
    }  # fmt: skip


def _year(value: Any) -> int:
    if not isinstance(value, int) or not FIRST_YEAR <= value <= clock.today().year:
        raise DomainError(f"年度应在 {FIRST_YEAR} 年和今年之间，请核对。", code="year")
    return value


def _people(value: int | None, what: str) -> int | None:
    if value is not None and not 0 < value <= MOST_PEOPLE:
        raise DomainError(f"{what}应在 1 至 {MOST_PEOPLE} 之间，请核对。", code="people")
    return value


def _past(value: date | None, key: str, what: str) -> date | None:
    if value is not None and value > clock.today():
        raise DomainError(f"{what}不能晚于今天。", code=key)
    return value


def whole_mu(value: Decimal) -> str:
    """2.5亩, without the zeros of the column."""
    return f"{value.normalize() + 0:f}亩"
