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
