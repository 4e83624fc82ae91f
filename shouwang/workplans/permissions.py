"""Rights of the workplans room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})
_DEPARTMENT = frozenset({"department_officer"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "workplans.view",
        "查看任务",
        "查看政策文件、任务、进展和亮灯；部门和乡镇看与自己有关的。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH | _DEPARTMENT,
    ),
    Right(
        "workplans.read",
        "核对政策文件",
        "上传政策文件，逐条核对读出的任务，或作为第二人确认。",
        _COUNTY,
    ),
    Right("workplans.manage", "管理任务", "细化、分解、办结和取消任务，审看进展。", _COUNTY),
    Right(
        "workplans.report",
        "报送进展",
        "报送本单位任务的进展和佐证，申请办结。",
        _DEPARTMENT | frozenset({"village_worker", "town_clerk", "county_officer"}),
    ),
    Right(
        "workplans.extend",
        "审批延期",
        "答复下级的延期申请和提请协调的事项。",
        _COUNTY | frozenset({"town_leader"}),
    ),
    Right(
        "workplans.check",
        "审看下级进展",
        "牵头单位审看分解到责任单位、乡镇和村的进展。",
        _DEPARTMENT | frozenset({"town_clerk", "town_leader"}),
    ),
    Right(
        "workplans.plan",
        "编制方案",
        "编制一镇一策、一村一方案，登记示范经验。",
        frozenset({"village_worker", "town_clerk", "county_officer"}),
    ),
    Right(
        "workplans.file",
        "方案备案",
        "审查方案，备案或退回。",
        _COUNTY | frozenset({"prefecture_officer"}),
    ),
    Right(
        "workplans.export",
        "导出任务",
        "把任务清单和调度单导出为表格或 Word，导出会留痕。",
        _COUNTY | _PREFECTURE | _WATCH | _DEPARTMENT | frozenset({"town_clerk"}),
    ),
)
