"""Rights of the meetings room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "meetings.view",
        "查看会议记录",
        "查看辖区内的会议、研判和走访记录，以及频次完成情况。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH | frozenset({"department_officer"}),
    ),
    Right(
        "meetings.record",
        "登记会议",
        "登记本级或下级召开的会议、研判和走访，或作废登记错的记录。",
        frozenset({"county_officer", "town_clerk", "village_worker", "department_officer"}),
    ),
    Right(
        "meetings.export",
        "导出会议记录",
        "把辖区内的会议记录导出为表格，导出会留痕。",
        _COUNTY | _PREFECTURE | _WATCH | frozenset({"town_clerk"}),
    ),
)
