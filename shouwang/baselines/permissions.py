"""Rights of the baselines room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"town_clerk", "town_leader", "village_worker"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "baselines.view",
        "查看历史基数",
        "查看辖区内历年脱贫人口、收入、标准等基数。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH,
    ),
    Right(
        "baselines.record",
        "登记历史基数",
        "登记、导入和更正辖区内的历史基数。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right(
        "baselines.export",
        "导出历史基数",
        "把辖区内的历史基数导出为表格，导出会留痕。",
        _COUNTY | _PREFECTURE | frozenset({"town_clerk"}),
    ),
)
