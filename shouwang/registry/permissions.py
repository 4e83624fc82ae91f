"""档案权限: what one may do with the registry, and which duties may do it."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer"})
_VIEW = frozenset(
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
)

RIGHTS: tuple[Right, ...] = (
    Right("registry.view", "查看农户档案", "查看管辖范围内的户、人、收入和变更历史。", _VIEW),
    Right("registry.import", "导入农户档案", "上传全国系统导出的工作簿，核对后入库。", _COUNTY),
    Right(
        "registry.export",
        "导出农户档案",
        "把管辖范围内的档案导出为表格；含完整证件号码时须写明理由。",
        frozenset(
            {
                "county_officer",
                "town_clerk",
                "county_leader",
                "prefecture_officer",
                "prefecture_leader",
            }
        ),
    ),
    Right(
        "registry.reveal",
        "查看完整证件号码和电话",
        "写明理由后显示一次完整号码，每次都记入审计日志。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right("quality.view", "查看数据质量", "查看质量检查的结果，并可重新检查。", _VIEW),
)
