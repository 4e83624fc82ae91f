"""Rights of the casework room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"town_clerk", "town_leader"})
_VILLAGE = frozenset({"village_worker"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})
_FIELD = frozenset({"village_worker", "town_clerk"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "cases.view",
        "查看个案",
        "查看辖区内的登记线索、个案、办理记录和期限。",
        _COUNTY | _TOWN | _VILLAGE | _PREFECTURE | _WATCH,
    ),
    Right(
        "cases.register",
        "登记线索",
        "登记各渠道的线索，办结或并入个案。",
        _FIELD | frozenset({"county_officer"}),
    ),
    Right("cases.verify", "入户核查", "登记申请授权、入户核查、风险消除和回访。", _FIELD),
    Right("cases.appraise", "评议公示", "登记民主评议，发布公示公告，登记异议。", _FIELD),
    Right("cases.review", "乡镇审核", "审核村级上报的个案，处理异议。", _TOWN),
    Right(
        "cases.compare",
        "数据比对",
        "向部门发起数据比对，核定比对发现的资产。",
        frozenset({"county_officer"}),
    ),
    Right(
        "cases.answer",
        "部门答复",
        "答复发给本部门的数据比对。",
        frozenset({"department_officer"}),
    ),
    Right("cases.approve", "县级审定", "审定乡镇上报的个案，可以成批办理。", _COUNTY),
    Right(
        "cases.configure",
        "模板和清单",
        "维护走访清单等模板。",
        frozenset({"county_officer"}),
    ),
    Right(
        "cases.export",
        "导出个案",
        "把辖区内的线索和个案导出为表格，导出会留痕。",
        _COUNTY | _PREFECTURE | frozenset({"town_clerk"}),
    ),
)
ACTIONS = {
    "cases.answers.imported": "导入比对答复",
    "cases.case.accept_application": "受理申请",
    "cases.case.adopted": "接续国家系统",
    "cases.case.answer": "答复比对",
    "cases.case.application": "登记申请和授权",
    "cases.case.appraised": "登记民主评议",
    "cases.case.approve": "县级审定同意",
    "cases.case.asset": "登记资产情况",
    "cases.case.check": "提交入户核查",
    "cases.case.check_first": "先核实帮扶、后补手续",
    "cases.case.clue": "并入线索",
    "cases.case.compare": "发起数据比对",
    "cases.case.decided": "认定类别",
    "cases.case.end_announcement": "公告完成",
    "cases.case.end_monitoring": "终止监测",
    "cases.case.end_notice": "公示期满",
    "cases.case.fail_appraisal": "评议未通过",
    "cases.case.file": "录入建档",
    "cases.case.finish_check": "提交评议",
    "cases.case.follow_up": "回访",
    "cases.case.green": "启用绿色通道",
    "cases.case.hit": "核定资产线索",
    "cases.case.judged": "逐户研判",
    "cases.case.noticed": "张贴公示公告",
    "cases.case.objected": "登记异议",
    "cases.case.objection_handled": "处理异议",
    "cases.case.opened": "建立个案",
    "cases.case.pass_appraisal": "评议通过",
    "cases.case.pass_review": "乡镇审核同意",
    "cases.case.proposed": "生成类别建议",
    "cases.case.refuse": "不予纳入",
    "cases.case.refuse_exit": "暂不消除",
    "cases.case.send_back": "退回",
    "cases.case.start_resolution": "启动风险消除",
    "cases.case.take_back": "回退消除标注",
    "cases.case.unhung": "撤下公示",
    "cases.case.waive": "免于比对",
    "cases.case.withdraw": "农户撤回申请",
    "cases.check.saved": "填写入户核查",
    "cases.check.started": "开始入户核查",
    "cases.check.submitted": "提交入户核查",
    "cases.checklist.saved": "修改走访清单",
    "cases.clue.attached": "线索并入个案",
    "cases.clue.closed": "办结线索",
    "cases.clue.found": "线索关联农户",
    "cases.clue.pulled": "提取筛查线索",
    "cases.clue.registered": "登记线索",
    "cases.clue.reopened": "线索重新核实",
    "cases.clue.revealed": "查看线索联系人",
    "cases.objection.revealed": "查看异议提出人",
    "cases.rescue.imported": "导入救助平台名单",
}
