"""Rights of the calls room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "calls.view",
        "查看吹哨报到",
        "查看辖区内的吹哨、各部门的报到和答复。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH,
    ),
    Right("calls.raise", "吹哨和评价", "请部门到村镇解决问题，对答复作评价。", _TOWN),
    Right(
        "calls.answer",
        "部门报到和答复",
        "查看找本部门的吹哨，报到、答复或说明不属于本部门。",
        frozenset({"department_officer"}),
    ),
    Right(
        "calls.assign",
        "指派吹哨的部门",
        "部门退回和两次不满意的，改派、退还原部门或说明理由办结。",
        frozenset({"county_officer"}),
    ),
    Right(
        "calls.export",
        "导出吹哨清单",
        "把能看到的吹哨导出，导出会留痕。",
        _COUNTY | _PREFECTURE | frozenset({"town_clerk"}),
    ),
)
ACTIONS = {"calls.raised": "吹哨", "calls.step": "办理吹哨"}
