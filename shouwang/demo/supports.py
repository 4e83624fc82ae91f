"""监测与帮扶 (supports): risks, measures and removal of risk, in agreement with the members."""

from collections.abc import Iterable

import numpy as np

from .draw import Rng, Texts, stream
from .homes import Homes
from .people import People
from .world import World

RISKS = (
    "因病",
    "因残",
    "因学",
    "因务工就业不稳",
    "因意外事故",
    "因自然灾害",
    "因产业项目失败",
    "其他",
)
RISK_WEIGHTS = (0.34, 0.17, 0.09, 0.12, 0.08, 0.08, 0.05, 0.07)
MEASURES = (
    "measure_industry", "measure_job", "measure_post", "measure_finance", "measure_housing",
    "measure_health", "measure_education", "measure_water", "measure_general", "measure_social",
)  # fmt: skip
BY_RISK = {
    "因病": ("measure_health", "医保参保资助"),
    "因学": ("measure_education", "雨露计划"),
    "住房安全": ("measure_housing", "危房改造"),
    "饮水安全": ("measure_water", "供水管网"),
}
COLUMNS = (
    "identified_month", "risk1", "risk2", "risk3", "eliminated", "eliminated_month",
    "elimination_way", "claim_income", "compliant_self_paid", "danger_house", "water_ok",
    *MEASURES, "development_status", "after_net_income", "after_per_capita", "after_wage",
    "after_transfer",
)  # fmt: skip


def monitoring_columns(world: World) -> dict[str, Texts]:
    """Empty for most; filled for monitored households; some measures for other 脱贫户."""
    people, homes = world.people, world.homes
    rng = stream(world.seed, "supports")
    sheet = {key: np.full(homes.count, None, dtype=object) for key in COLUMNS}
    sheet["danger_house"][:] = "否"
    sheet["water_ok"][:] = "是"
    earlier = homes.pa & (homes.monitor == 0)
    for key, label, share in (
        ("measure_industry", "产业奖补", 0.35),
        ("measure_finance", "小额信贷", 0.12),
        ("measure_health", "医保参保资助", 0.4),
    ):
        sheet[key][earlier & (rng.random(homes.count) < share)] = label
    for row in np.flatnonzero(homes.monitor > 0):
        record = _monitored(rng, people, homes, int(row))
        for key, value in record.items():
            sheet[key][row] = value
    return sheet


def _monitored(rng: Rng, people: People, homes: Homes, row: int) -> dict[str, object]:
    first = int(homes.first[row])
    members = range(first, first + int(homes.size[row]))
    risks = _risks(rng, people, homes, row, members)
    record: dict[str, object] = {
        "identified_month": _month(homes.identified[row]),
        "eliminated": "是" if homes.eliminated[row] else "否",
        "danger_house": "是" if "住房安全" in risks and not homes.eliminated[row] else "否",
        "water_ok": "否" if "饮水安全" in risks and not homes.eliminated[row] else "是",
    }
    record |= {f"risk{n}": risk for n, risk in enumerate(risks, start=1)}
    if "因病" in risks:
        record["compliant_self_paid"] = int(rng.integers(30, 260)) * 100
        record["claim_income"] = int(rng.integers(0, 40)) * 100 or None
    record |= _measures(rng, people, homes, row, risks, members)
    if homes.eliminated[row]:
        record |= _elimination(rng, homes, row, record)
    return record


def _risks(rng: Rng, people: People, homes: Homes, row: int, members: Iterable[int]) -> list[str]:
    drawn = rng.choice(RISKS, size=2, replace=False, p=RISK_WEIGHTS)
    risks = [str(risk) for risk in drawn[: 1 + int(rng.random() < 0.35)]]
    able = ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力")
    if rng.random() < 0.15 and any(people.labour[m] not in able for m in members):
        risks.append("缺劳动力")
    if rng.random() < 0.05:
        risks.append("住房安全")
    elif rng.random() < 0.05:
        risks.append("饮水安全")
    return risks[:3]


def _measures(
    rng: Rng, people: People, homes: Homes, row: int, risks: list[str], members: Iterable[int]
) -> dict[str, object]:
    """Measures follow risks; jobs only where somebody works, 低保 only where somebody has it."""
    recent = homes.identified[row] >= np.datetime64("2025-11")
    found: dict[str, object] = {"development_status": "尚未实施" if recent else "已实施"}
    if recent and rng.random() < 0.6:
        return found | _general(people, members)
    if homes.any_labour[row]:
        found["measure_industry"] = "庭院种养"
        if any(people.months[m] > 0 for m in members) and rng.random() < 0.6:
            found["measure_job"] = "劳务输出"
        if any(people.post[m] > 0 for m in members):
            found["measure_post"] = "护林员"
        if rng.random() < 0.3:
            found["measure_finance"] = "小额信贷"
    found |= dict(BY_RISK[risk] for risk in risks if risk in BY_RISK)
    found["measure_social"] = "结对帮扶"
    found["development_status"] = "已实施"
    return found | _general(people, members)


def _general(people: People, members: Iterable[int]) -> dict[str, object]:
    parts = []
    who = list(members)
    if any(people.assist[m] == "dibao" for m in who):
        parts.append("低保")
    if any(people.assist[m] in ("tekun_dispersed", "tekun_central") for m in who):
        parts.append("特困供养")
    if any(people.disability[m] > 0 for m in who):
        parts.append("残疾人补贴")
    return {"measure_general": "+".join(parts)} if parts else {}


def _elimination(rng: Rng, homes: Homes, row: int, record: dict[str, object]) -> dict[str, object]:
    per_head = int(rng.integers(9_300, 19_000))
    net = per_head * int(homes.size[row])
    wage = int(homes.wage[row]) or (
        1200 if record.get("measure_job") or record.get("measure_post") else 0
    )
    return {
        "eliminated_month": _month(homes.eliminated_month[row]),
        "elimination_way": "帮扶消除" if rng.random() < 0.88 else "自然消除",
        "after_net_income": net,
        "after_per_capita": per_head,
        "after_wage": wage,
        "after_transfer": int(homes.transfer[row]),
    }


def _month(month: np.datetime64) -> str:
    return str(month).replace("-", "")
