"""到户台账的导入表: heads of insurance, claims, subsidies and care, and how a row is taken."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shouwang.core.errors import DomainError

from ..item_lists import diseases, industries, insurances, links, subsidies
from ..models import InsurancePolicy
from ..sheets import Column, Line, Sheet
from ..states import ClaimState
from .industries import record_industry
from .ledgers import record_care, record_claim, record_policy, record_subsidy

if TYPE_CHECKING:
    from .sheets import Source

HOUSEHOLD = (
    Column("household_no", "户编号", aliases=("农户编号", "户号"), required=True),
    Column("head_name", "户主姓名", aliases=("户主",)),
)
NOTE = Column("note", "备注")


def _turned(names: dict[str, str]) -> dict[str, str]:
    return {label: key for key, label in names.items()}


LEDGER_SHEETS = (
    Sheet("insurance", "保险台账", (
        *HOUSEHOLD,
        Column("kind", "险种", "choice", required=True, choices=_turned(insurances())),
        Column("insurer", "保险公司", aliases=("承保公司",), required=True),
        Column("policy_no", "保单号"),
        Column("subject", "保险标的", aliases=("标的",)),
        Column("sum_insured", "保险金额", "money", aliases=("保额",), required=True),
        Column("premium", "保费", "money", required=True),
        Column("aid", "保费补贴", "money", aliases=("财政补贴",)),
        Column("starts_on", "起保日期", "date", aliases=("起期",), required=True),
        Column("ends_on", "到期日期", "date", aliases=("止期", "到期日"), required=True),
        NOTE,
    )),
    Sheet("claims", "理赔台账", (
        *HOUSEHOLD,
        Column("policy_no", "保单号", required=True),
        Column("happened_on", "出险日期", "date", required=True),
        Column("event", "出险原因", required=True),
        Column("claimed", "报损金额", "money", required=True),
        Column("state", "状态", "choice", required=True,
               choices={str(label): value for value, label in ClaimState.choices}),
        Column("paid", "赔付金额", "money"),
        Column("paid_on", "赔付日期", "date"),
        NOTE,
    )),
    Sheet("subsidies", "到户补贴台账", (
        *HOUSEHOLD,
        Column("item", "项目", "choice", aliases=("补贴项目",), required=True,
               choices=_turned(subsidies())),
        Column("year", "年度", "whole", required=True),
        Column("quantity", "面积", "money", aliases=("数量", "面积数量")),
        Column("amount", "金额", "money", aliases=("补贴金额",), required=True),
        Column("paid_on", "发放日期", "date", required=True),
        NOTE,
    )),
    Sheet("industries", "家庭产业台账", (
        *HOUSEHOLD,
        Column("year", "年度", "whole", required=True),
        Column("kind", "类别", "choice", aliases=("产业类别",), required=True,
               choices=_turned(industries())),
        Column("what", "产业内容", aliases=("产业", "产业名称"), required=True),
        Column("scale", "规模", "money"),
        Column("unit", "计量单位", aliases=("单位",)),
        Column("output", "产值", "money", aliases=("年产值",)),
        Column("income", "纯收入", "money", aliases=("净收入",)),
        Column("channel", "销售渠道"),
        Column("enterprise", "带动主体", aliases=("带动企业", "合作社")),
        Column("link", "带动方式", "choice", choices=_turned(links())),
        Column("needs", "产业需求", aliases=("需求",)),
        NOTE,
    )),
    Sheet("care", "四病管理台账", (
        Column("household_no", "户编号", aliases=("农户编号", "户号")),
        Column("name", "姓名", required=True),
        Column("id_no", "身份证号", aliases=("证件号码", "身份证号码", "公民身份号码")),
        Column("disease", "病种", "choice", required=True, choices=_turned(diseases())),
        Column("is_managed", "已规范管理", "flag", aliases=("是否规范管理",), required=True),
        Column("noted_on", "建档日期", "date", required=True),
        Column("followed_on", "最近随访", "date", aliases=("随访日期",)),
        Column("doctor", "家庭医生"),
        NOTE,
    )),
)  # fmt: skip


def _rest(line: Line, *without: str) -> dict[str, Any]:
    keys = {"household_no", "head_name", "name", "id_no", *without}
    return {key: value for key, value in line.values.items() if key not in keys}


def _policy(source: "Source", line: Line) -> None:
    home = source.household(line)
    record_policy(source.actor, home, source=source.origin(line), **_rest(line))


def _claim(source: "Source", line: Line) -> None:
    home = source.household(line)
    found = InsurancePolicy.objects.filter(household=home, policy_no=line.values["policy_no"])
    if len(policies := list(found[:2])) != 1:
        words = "没有登记这张保单" if not policies else "有几张同号的保单"
        raise DomainError(f"这一户{words}，请先核对保险台账。", "policy_no")
    given = _rest(line, "policy_no")
    record_claim(source.actor, policies[0], source=source.origin(line), **given)


def _subsidy(source: "Source", line: Line) -> None:
    home = source.household(line)
    record_subsidy(source.actor, home, source=source.origin(line), **_rest(line))


def _care(source: "Source", line: Line) -> None:
    record_care(source.actor, source.member(line), source=source.origin(line), **_rest(line))


def _industry(source: "Source", line: Line) -> None:
    home = source.household(line)
    record_industry(source.actor, home, source=source.origin(line), **_rest(line))


LEDGER_TAKERS: dict[str, Callable[["Source", Line], None]] = {
    "insurance": _policy,
    "claims": _claim,
    "subsidies": _subsidy,
    "industries": _industry,
    "care": _care,
}
