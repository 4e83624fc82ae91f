"""Rights of the screening room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})
_DEPARTMENT = frozenset({"department_officer", "prefecture_department_officer"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "screening.view",
        "查看风险线索",
        "查看辖区内的风险线索、筛查批次和依据。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH,
    ),
    Right(
        "screening.run",
        "发起筛查",
        "按规则库筛查全县、重放批次。",
        frozenset({"county_officer"}),
    ),
    Right(
        "screening.triage",
        "研判风险线索",
        "在入户之前登记辖区内线索的研判：情况已知，或继续观察。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right(
        "screening.export",
        "导出风险线索",
        "把辖区内的线索导出为表格，导出会留痕。",
        _COUNTY | _PREFECTURE | frozenset({"town_clerk"}),
    ),
    Right(
        "rulebook.view",
        "查看规则库",
        "查看规则、参数、来源和测试案例。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH | _DEPARTMENT,
    ),
)
