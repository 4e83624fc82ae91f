"""Rights of the inspections room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})
_DEPARTMENT = frozenset({"department_officer"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "inspections.view",
        "查看督查整改",
        "查看问题、督查和专项检查；部门和乡镇看与自己有关的。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH | _DEPARTMENT,
    ),
    Right(
        "inspections.manage",
        "登记和分解问题",
        "登记反馈批次、分解问题、审定整改方案，组织专项检查。",
        frozenset({"county_officer", "prefecture_officer"}),
    ),
    Right(
        "inspections.rectify",
        "办理整改",
        "制定本单位的整改方案，登记整改情况，自验和申请销号。",
        _DEPARTMENT | frozenset({"village_worker", "town_clerk", "county_officer"}),
    ),
    Right(
        "inspections.verify",
        "牵头单位核验",
        "牵头单位核验责任单位自验的问题。",
        _DEPARTMENT | frozenset({"town_leader", "county_officer"}),
    ),
    Right(
        "inspections.check",
        "现场核查和回头看",
        "县级现场核查，抽查已销号的问题，反弹的重新办理。",
        frozenset({"county_officer", "supervisor", "prefecture_officer"}),
    ),
    Right(
        "inspections.sign",
        "批准销号",
        "批准问题销号，或写明理由退回。",
        frozenset({"county_leader", "prefecture_leader"}),
    ),
    Right(
        "inspections.inspect",
        "开展督查",
        "制定督查方案，登记督查走访和发现的问题。",
        frozenset({"county_officer", "supervisor", "prefecture_officer", "prefecture_supervisor"}),
    ),
    Right(
        "inspections.foresee",
        "查看未公开的督查",
        "在督查之前看到不打招呼的方案。",
        frozenset({"county_officer", "county_leader"}) | _WATCH | _PREFECTURE,
    ),
    Right(
        "inspections.research",
        "登记领导调研",
        "登记领导到镇村调研的情况和应调研的领导名单。",
        frozenset({"county_officer", "town_clerk", "department_officer"}),
    ),
    Right(
        "inspections.export",
        "导出督查整改",
        "导出问题台账、整改报告和督查反馈，导出会留痕。",
        _COUNTY | _PREFECTURE | _WATCH | _DEPARTMENT | frozenset({"town_clerk"}),
    ),
)

ACTIONS = {
    "inspections.inspection.planned": "制定督查方案",
    "inspections.inspection.double": "说明重复督查",
    "inspections.inspection.settle": "确定督查方案",
    "inspections.inspection.begin": "开始督查",
    "inspections.inspection.visited": "登记督查走访",
    "inspections.inspection.feed_back": "反馈督查意见",
    "inspections.inspection.close": "结束督查",
    "inspections.inspection.reopen": "重新打开督查",
    "inspections.inspection.cancel": "取消督查",
    "inspections.lookback.drawn": "回头看抽样",
    "inspections.special.opened": "开展专项检查",
    "inspections.special.recorded": "登记专项检查结果",
    "inspections.special.close": "结束专项检查",
    "inspections.problem.edit": "修改问题或方案",
    "inspections.problem.units": "调整责任单位",
    "inspections.problem.work": "登记整改情况",
    "inspections.problem.assign": "分解问题",
    "inspections.problem.approve": "审定整改方案",
    "inspections.problem.verify": "核验整改",
    "inspections.problem.check": "现场核查",
    "inspections.problem.apply": "申请销号",
    "inspections.problem.sign": "批准销号",
    "inspections.problem.reopen": "问题反弹",
}
