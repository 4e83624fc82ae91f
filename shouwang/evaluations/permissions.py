"""Rights of the evaluations room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})
_DEPARTMENT = frozenset({"department_officer"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "evaluations.view",
        "查看考核",
        "查看已公布的考核结果和本单位的得分；县里看全部。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH | _DEPARTMENT,
    ),
    Right(
        "evaluations.whole",
        "查看全部考核",
        "公布以前就看到所有对象的得分和过程。",
        _COUNTY | _PREFECTURE | _WATCH,
    ),
    Right(
        "evaluations.manage",
        "管理考核",
        "编制方案，开展考核，计数、审核自评、答复申诉、核定得分。",
        frozenset({"county_officer"}),
    ),
    Right(
        "evaluations.approve",
        "批准考核",
        "批准考核方案，公布考核结果；不能批准自己提请的。",
        _COUNTY,
    ),
    Right(
        "evaluations.mark",
        "评委打分",
        "被指定为评委时给考核对象打分，本单位除外。",
        _COUNTY | _DEPARTMENT | frozenset({"town_leader"}),
    ),
    Right(
        "evaluations.assess",
        "自评和申诉",
        "填报本单位的自评和佐证，对得分提出申诉。",
        _TOWN | _DEPARTMENT,
    ),
    Right(
        "evaluations.export",
        "导出考核",
        "把考核得分表和报告导出为表格或 Word，导出会留痕。",
        _COUNTY | _PREFECTURE | _WATCH,
    ),
)

ACTIONS = {
    "evaluations.scheme.made": "编制考核方案",
    "evaluations.scheme.items": "导入考核项",
    "evaluations.scheme.item_added": "添加考核项",
    "evaluations.scheme.item_edited": "修改考核项",
    "evaluations.scheme.item_removed": "删除考核项",
    "evaluations.scheme.parts": "修改各部分权重",
    "evaluations.scheme.copied": "沿用考核方案",
    "evaluations.scheme.submit": "提请批准方案",
    "evaluations.scheme.return": "退回方案",
    "evaluations.scheme.approve": "批准方案",
}
