"""Rights of the outreach room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "outreach.view",
        "查看宣传和申报码",
        "查看辖区内的自主申报码、宣传资料发放和宣传活动。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH,
    ),
    Right(
        "outreach.codes",
        "管理自主申报码",
        "为村生成、更换和停用自主申报码。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right(
        "outreach.record",
        "登记发放和宣传",
        "登记宣传资料的发放签收和宣传活动。",
        frozenset({"village_worker", "town_clerk", "county_officer"}),
    ),
    Right(
        "outreach.leaflets",
        "维护宣传资料",
        "登记宣传资料的版次和印数。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right(
        "outreach.export",
        "导出宣传发放",
        "把辖区内的发放和宣传清单导出，导出会留痕。",
        _COUNTY | _PREFECTURE | _WATCH | frozenset({"town_clerk"}),
    ),
)
