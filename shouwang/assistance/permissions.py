"""Rights of the assistance room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "assistance.view",
        "查看低收入人口",
        "查看辖区内低保、特困、边缘等困难类型和与监测对象的差异。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH,
    ),
    Right(
        "assistance.refresh",
        "更新困难类型",
        "按民政部门报送的名单更新每个人的困难类型和起止日期。",
        frozenset({"county_officer"}),
    ),
    Right(
        "assistance.refer",
        "提出转介",
        "把一边登记的困难户提请另一边核实，或撤回。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right(
        "assistance.answer",
        "答复转介",
        "答复转来的困难户是否纳入核实。",
        frozenset({"county_officer"}),
    ),
    Right(
        "assistance.export",
        "导出低收入人口",
        "把辖区内的低收入人口和差异导出为表格，导出会留痕。",
        _COUNTY | _PREFECTURE | frozenset({"town_clerk"}),
    ),
)
