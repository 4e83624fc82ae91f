"""Rights of the indicators room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})
_DEPARTMENT = frozenset({"department_officer"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "indicators.view",
        "查看指标",
        "查看指标、目标、各期数值和红线预警；乡镇和村看本地的，部门看本部门的。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH | _DEPARTMENT,
    ),
    Right(
        "indicators.manage",
        "管理指标",
        "定义指标、核对文件里的指标表、分解目标、登记上级平均水平、分类名单和长制名册。",
        frozenset({"county_officer"}),
    ),
    Right(
        "indicators.approve",
        "确认指标和目标",
        "作为第二人确认文件里的指标、审批目标调整、处置红线预警。",
        _COUNTY,
    ),
    Right(
        "indicators.report",
        "报送指标",
        "报送本单位指标的数值和佐证，更正报过的数。",
        _DEPARTMENT | frozenset({"village_worker", "town_clerk", "county_officer"}),
    ),
    Right(
        "indicators.check",
        "审核指标数值",
        "采信或退回下级报送的数值；不能审自己报的。",
        _COUNTY | frozenset({"town_clerk", "town_leader"}),
    ),
    Right(
        "indicators.export",
        "导出指标",
        "导出指标表和评估报告，导出会留痕。",
        _COUNTY | _PREFECTURE | _WATCH | _DEPARTMENT | frozenset({"town_clerk", "town_leader"}),
    ),
)

ACTIONS = {
    "indicators.definition.made": "建立指标",
    "indicators.definition.edited": "修改指标",
    "indicators.definition.ended": "停用指标",
    "indicators.target.targets": "确定目标",
    "indicators.target.adjustment_proposed": "提出目标调整",
    "indicators.target.adjustment_approved": "批准目标调整",
    "indicators.target.adjustment_refused": "不批准目标调整",
    "indicators.target.base": "登记基期值",
    "indicators.target.upper": "登记上级平均",
    "indicators.actual.reported": "报送数值",
    "indicators.actual.corrected": "更正数值",
    "indicators.actual.accepted": "采信数值",
    "indicators.actual.returned": "退回数值",
    "indicators.actual.alarm_handled": "处置红线预警",
    "indicators.computed": "自动计算指标",
    "indicators.exported": "导出指标表",
    "indicators.report.exported": "导出评估报告",
    "indicators.reading.read": "读出指标表",
    "indicators.reading.decided": "核对指标表的一行",
    "indicators.reading.send": "提交指标表",
    "indicators.reading.return": "退回指标表",
    "indicators.reading.confirm": "确认指标表",
    "indicators.income_goals": "确定增收目标",
    "indicators.body.registered": "登记主体",
    "indicators.body.recognised": "登记认定",
    "indicators.body.recognition_ended": "取消认定",
    "indicators.body.ended": "登记退出名录",
    "indicators.benchmark": "登记统计局收入数",
    "indicators.classified": "登记分类",
    "indicators.appointed": "登记长制人员",
    "indicators.land_found": "登记撂荒地",
    "indicators.land_farmed": "登记复耕",
}
