"""Rights of the localities room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "localities.view",
        "查看村级台账",
        "查看辖区内的饮水工程、水质检测、网格和信息员。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH,
    ),
    Right(
        "localities.water",
        "维护饮水工程",
        "登记和导入饮水工程，登记水质检测。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right(
        "localities.grids",
        "维护网格名册",
        "登记网格、网格员和信息员。",
        frozenset({"county_officer", "town_clerk", "village_worker"}),
    ),
    Right(
        "localities.export",
        "导出村级台账",
        "把辖区内的饮水工程和网格名册导出，导出会留痕。",
        _COUNTY | _PREFECTURE | frozenset({"town_clerk"}),
    ),
)
