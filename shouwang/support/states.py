"""分类和状态表 of the support room; states and their steps stand in rulebook/lifecycles."""

from functools import cache
from pathlib import Path

import yaml
from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

LIFECYCLES = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles"
ACTIVE = ("assigned", "accepted", "under_way")
"""措施 that somebody works on."""
HELPING = ("accepted", "under_way", "done")
"""措施 that really help, or have helped."""
OPEN = ("proposed", "assigned", "accepted", "under_way", "refused")


@cache
def measure_table() -> Lifecycle:
    return load(LIFECYCLES / "measure.yaml")


@cache
def relief_table() -> Lifecycle:
    return load(LIFECYCLES / "relief.yaml")


@cache
def need_table() -> Lifecycle:
    return load(LIFECYCLES / "need.yaml")


def need_states() -> list[tuple[str, str]]:
    return [(key, state.label) for key, state in need_table().states.items()]


def need_tones() -> dict[str, str]:
    return {key: state.tone for key, state in need_table().states.items()}


@cache
def need_kinds() -> dict[str, str]:
    """供需对接的类别: key → name; source: rulebook/offers.yaml."""
    data = yaml.safe_load((LIFECYCLES.parent / "offers.yaml").read_text(encoding="utf-8"))
    return {row["key"]: row["label"] for row in data["kinds"]}


def need_kind_choices() -> list[tuple[str, str]]:
    return list(need_kinds().items())


def measure_states() -> list[tuple[str, str]]:
    return [(key, state.label) for key, state in measure_table().states.items()]


def relief_states() -> list[tuple[str, str]]:
    return [(key, state.label) for key, state in relief_table().states.items()]


def measure_tones() -> dict[str, str]:
    return {key: state.tone for key, state in measure_table().states.items()}


def relief_tones() -> dict[str, str]:
    return {key: state.tone for key, state in relief_table().states.items()}


class Origin(models.TextChoices):
    """措施来源."""

    PROPOSED = "proposed", "系统建议"
    DESK = "desk", "人工拟定"
    ADOPTED = "adopted", "国家系统已有"


class PaymentOrigin(models.TextChoices):
    """发放登记来源."""

    DESK = "desk", "登记"
    FILE = "file", "导入"
    RELIEF = "relief", "救助基金"


class DutyKind(models.TextChoices):
    """责任链 above the contact cadre."""

    COUNTY_LEADER = "county_leader", "联点县领导"
    DEPARTMENT = "department", "帮扶单位"
    TOWN_OFFICER = "town_officer", "包村乡镇干部"
    VILLAGE_TEAM = "village_team", "驻村工作队"


COVERED = (DutyKind.COUNTY_LEADER, DutyKind.DEPARTMENT, DutyKind.VILLAGE_TEAM)
"""四个全覆盖 asks for these three and for the contact cadre of each household."""


class VisitWay(models.TextChoices):
    """走访方式."""

    HOME = "home", "入户"
    PHONE = "phone", "电话"


class Verdict(models.TextChoices):
    """措施成效: whether one measure worked."""

    WORKED = "worked", "见效"
    PARTLY = "partly", "部分见效"
    NOT_YET = "not_yet", "还未见效"


class Conclusion(models.TextChoices):
    """成效评议结论."""

    STABLE = "stable", "成效稳定，可研究消除"
    CONTINUE = "continue", "继续帮扶"
    STRENGTHEN = "strengthen", "加强帮扶"


class LoanState(models.TextChoices):
    """贷款状态, as the bank reported it; overdue is computed from the due date."""

    RUNNING = "running", "在贷"
    REPAID = "repaid", "已还清"


class HouseGrade(models.TextChoices):
    """危房等级."""

    C = "C", "C 级"
    D = "D", "D 级"
    NONE = "none", "无房"


class HouseMethod(models.TextChoices):
    """住房保障方式."""

    REPAIR = "repair", "修缮加固"
    REBUILD = "rebuild", "原址或异地重建"
    RENTAL = "rental", "统建公租房"
    SWAP = "swap", "置换或长期租赁闲置农房"


class AidProgramme(models.TextChoices):
    """助学项目."""

    RAIN_PLAN = "rain_plan", "雨露计划"
    COMPULSORY = "compulsory", "义务教育生活补助"
    OTHER = "other", "其他助学"


CONCLUSION_TONES = {"stable": "done", "continue": "going", "strengthen": "late"}
VERDICT_TONES = {"worked": "done", "partly": "near", "not_yet": "late"}


class ClaimState(models.TextChoices):
    """理赔进展."""

    REPORTED = "reported", "已报案"
    ASSESSED = "assessed", "已定损"
    PAID = "paid", "已赔付"
    REFUSED = "refused", "不予赔付"


class ResettlementWay(models.TextChoices):
    """安置方式."""

    TOGETHER = "together", "集中安置"
    SCATTERED = "scattered", "分散安置"


class DemolitionDuty(models.TextChoices):
    """旧房: whether it must come down."""

    DUE = "due", "应拆"
    EXEMPT = "exempt", "免拆"


class ReclaimDuty(models.TextChoices):
    """复垦: whether the ground of the old house must become land again."""

    DUE = "due", "应复垦"
    EXEMPT = "exempt", "不需复垦"


class BurdenState(models.TextChoices):
    """高额医疗费用的办理."""

    OPEN = "open", "待核实"
    CHECKED = "checked", "已核实"
    AIDED = "aided", "已救助"
    CLUE = "clue", "已转线索"
    NO_NEED = "no_need", "无需救助"


BURDEN_TONES = {
    "open": "near", "checked": "going", "aided": "done", "clue": "done", "no_need": "idle",
}  # fmt: skip
BURDEN_OPEN = ("open", "checked")
"""What somebody still has to deal with."""
