"""国家系统对接的权限."""

from shouwang.core.rights import Right

RIGHTS: tuple[Right, ...] = (
    Right(
        "exchange.view",
        "查看与国家系统的差异",
        "查看管辖范围内两个系统不一致的户、人和数据项，导出差异表。",
        frozenset(
            {
                "village_worker",
                "town_clerk",
                "town_leader",
                "county_officer",
                "county_leader",
                "supervisor",
                "prefecture_officer",
                "prefecture_leader",
                "prefecture_supervisor",
            }
        ),
    ),
    Right(
        "exchange.compare",
        "比对国家系统导出表",
        "上传国家系统的导出表，与本平台的个案和成员逐项比对。",
        frozenset({"county_officer"}),
    ),
    Right(
        "exchange.export",
        "导出上报表",
        "按国家系统的栏目导出新识别、风险消除和帮扶措施；含完整号码时须写明理由。",
        frozenset({"county_officer"}),
    ),
)
ACTIONS = {
    "exchange.received": "上传国家系统导出表",
    "exchange.compared": "比对国家系统导出表",
    "exchange.exported": "导出上报表",
}
