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

ACTIONS = {
    "workplans.paper.uploaded": "上传政策文件",
    "workplans.paper.piece": "核对一条",
    "workplans.paper.section": "成批采用",
    "workplans.paper.split": "拆分一条",
    "workplans.paper.merged": "合并两条",
    "workplans.paper.undone": "撤销上一步",
    "workplans.paper.added": "补充一条",
    "workplans.paper.send": "提交确认政策文件",
    "workplans.paper.return": "退回核对政策文件",
    "workplans.paper.confirm": "确认政策文件",
    "workplans.paper.drop": "不采用政策文件",
    "workplans.task.made": "建立任务",
    "workplans.task.edited": "细化任务",
    "workplans.task.units": "调整任务单位",
    "workplans.task.split": "分解任务",
    "workplans.task.within": "增加其中项",
    "workplans.task.matrix": "保存分解表",
    "workplans.task.start": "开始推进任务",
    "workplans.task.finish": "申请办结任务",
    "workplans.task.accept": "同意办结任务",
    "workplans.task.return": "退回推进任务",
    "workplans.task.reopen": "重新办理任务",
    "workplans.task.cancel": "取消任务",
    "workplans.task.figure": "确定任务的自动数",
    "workplans.task.recounted": "重新计数任务",
    "workplans.progress.reported": "报送进展",
    "workplans.progress.accepted": "采信进展",
    "workplans.progress.returned": "退回进展",
    "workplans.request.asked": "申请延期或协调",
    "workplans.request.granted": "同意申请",
    "workplans.request.refused": "不同意申请",
    "workplans.reminded": "任务提醒",
    "workplans.reminder.seen": "阅知提醒",
    "workplans.plan.made": "编制方案",
    "workplans.plan.items": "写入方案各项",
    "workplans.plan.item": "修改方案一项",
    "workplans.plan.dropped": "删去方案一项",
    "workplans.plan.submit": "报送方案备案",
    "workplans.plan.file": "同意方案备案",
    "workplans.plan.return": "退回方案",
    "workplans.plan.revise": "修订方案",
    "workplans.plan.exported": "导出方案",
    "workplans.period.made": "登记规划期",
    "workplans.period.added": "登记规划期",
    "workplans.period.papers": "归入规划期的文件",
    "workplans.period.tasks": "归入规划期的任务",
    "workplans.policy.added": "登记政策",
    "workplans.policy.edited": "修改政策",
    "workplans.policy.replaced": "政策被替代",
    "workplans.initiative.added": "登记专项行动",
    "workplans.example.added": "登记示范经验",
    "workplans.project.added": "登记重点项目",
    "workplans.project.visited": "登记调度或观摩",
    "workplans.project.goals": "选定项目的指标",
    "workplans.dispatch.exported": "导出调度单",
}
