"""户的底数的导入表: heads of exits, resettlement and pensions, and how a row is taken."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shouwang.core.errors import DomainError

from ..models import CollectivePolicy
from ..sheets import Column, Line, Sheet
from ..states import DemolitionDuty, ReclaimDuty, ResettlementWay
from .collective import add_insured
from .ledger_sheets import HOUSEHOLD, NOTE
from .standing import fill_entry

if TYPE_CHECKING:
    from .sheets import Source

MEMBER = (
    Column("household_no", "户编号", aliases=("农户编号", "户号")),
    Column("name", "姓名", required=True),
    Column("id_no", "身份证号", aliases=("证件号码", "身份证号码", "公民身份号码")),
)


def _words(choices: Any, **more: str) -> dict[str, str]:
    return {str(label): value for value, label in choices} | more


STANDING_SHEETS = (
    Sheet("exits", "脱贫年度名单", (
        *HOUSEHOLD,
        Column("year", "脱贫年度", "whole", aliases=("脱贫年份", "脱贫时间"), required=True),
        Column("people", "脱贫人数", "whole", aliases=("人数",)),
        NOTE,
    )),
    Sheet("resettlement", "易地搬迁名单", (
        *HOUSEHOLD,
        Column("way", "安置方式", "choice", required=True,
               choices=_words(ResettlementWay.choices, 集中="together", 分散="scattered")),
        Column("site", "安置点", aliases=("安置点名称",)),
        Column("origin", "迁出地", aliases=("迁出村",)),
        Column("people", "搬迁人数", "whole", aliases=("人数",)),
        Column("moved_on", "入住日期", "date", aliases=("入住时间",)),
        Column("demolition", "旧房", "choice", aliases=("旧房处置",),
               choices=_words(DemolitionDuty.choices)),
        Column("demolished_on", "拆旧日期", "date", aliases=("拆旧时间", "拆除日期")),
        Column("exempt_reason", "免拆原因"),
        Column("reclaim", "复垦", "choice", choices=_words(ReclaimDuty.choices)),
        Column("reclaim_area", "复垦面积", "number"),
        Column("reclaimed_on", "复垦日期", "date", aliases=("复垦时间",)),
        NOTE,
    )),
    Sheet("pensions", "养老保险名单", (
        *MEMBER,
        Column("year", "年度", "whole", aliases=("缴费年度",), required=True),
        Column("insured", "参保", "flag", aliases=("是否参保",), required=True),
        Column("grade", "缴费档次", "money", aliases=("档次",)),
        Column("aid", "代缴金额", "money", aliases=("代缴",)),
        Column("aid_by", "代缴单位", aliases=("代缴部门",)),
        Column("receiving_since", "开始领取", "date", aliases=("领取待遇时间",)),
        NOTE,
    )),
    Sheet("insured", "集体保单参保名单", (
        Column("policy_no", "保单号", required=True),
        Column("household_no", "户编号", aliases=("农户编号", "户号"), required=True),
        Column("head_name", "户主姓名", aliases=("户主",)),
        Column("name", "姓名", aliases=("被保险人",)),
        Column("id_no", "身份证号", aliases=("证件号码", "身份证号码", "公民身份号码")),
        Column("subject", "标的", aliases=("保险标的",)),
        Column("quantity", "数量", "number", aliases=("面积",)),
        Column("sum_insured", "保险金额", "money", aliases=("保额",)),
        Column("own_premium", "农户缴费", "money", aliases=("自缴保费",)),
    )),
)  # fmt: skip
WITHOUT = {"household_no", "head_name", "name", "id_no"}


def _given(line: Line) -> dict[str, Any]:
    return {key: value for key, value in line.values.items() if key not in WITHOUT}


def _of_household(kind: str) -> Callable[["Source", Line], None]:
    def take(source: "Source", line: Line) -> None:
        home = source.household(line)
        fill_entry(source.actor, kind, home, source=source.origin(line), **_given(line))

    return take


def _of_member(kind: str) -> Callable[["Source", Line], None]:
    def take(source: "Source", line: Line) -> None:
        person = source.member(line)
        fill_entry(source.actor, kind, person, source=source.origin(line), **_given(line))

    return take


def _insured(source: "Source", line: Line) -> None:
    """Who is named is insured himself; without a name it is the household or its plot."""
    home = source.household(line)
    seen = CollectivePolicy.objects.visible_to(source.actor)
    found = list(seen.filter(policy_no=line.values["policy_no"]).select_related("division")[:2])
    if len(found) != 1:
        words = "没有登记这张集体保单" if not found else "有几张同号的集体保单"
        raise DomainError(f"{words}，请先核对集体保单。", code="policy_no")
    member = source.member(line) if line.values["name"] else None
    keys = ("subject", "quantity", "sum_insured", "own_premium")
    add_insured(
        source.actor, found[0], home, member=member, source=source.origin(line),
        **{key: line.values[key] for key in keys},
    )  # fmt: skip


STANDING_TAKERS: dict[str, Callable[["Source", Line], None]] = {
    "exits": _of_household("exits"),
    "resettlement": _of_household("resettlement"),
    "pensions": _of_member("pensions"),
    "insured": _insured,
}
