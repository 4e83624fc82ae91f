"""部门数据的权限: who sees, sends and takes out department files."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer"})
_DEPARTMENT = frozenset({"department_officer", "prefecture_department_officer"})
_OVERVIEW = frozenset({"county_leader", "prefecture_officer", "prefecture_leader"})
_SUPERVISION = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "feeds.view",
        "查看部门数据",
        "查看部门报来的文件、批次、退回行和关联结果；部门人员只看本部门的。",
        roles=_COUNTY | _DEPARTMENT | _OVERVIEW | _SUPERVISION,
    ),
    Right(
        "feeds.upload",
        "报送部门数据",
        "上传部门文件、更正和撤回；部门人员只报本部门的。",
        roles=_COUNTY | frozenset({"department_officer"}),
    ),
    Right(
        "feeds.export",
        "导出部门数据",
        "下载退回工作簿、批次明细和完整性表；每次导出都记入审计日志。",
        roles=_COUNTY | _DEPARTMENT | _OVERVIEW,
    ),
)

ACTIONS: dict[str, str] = {
    "feeds.file_received": "收到部门文件",
    "feeds.file_duplicate": "收到重复文件",
    "feeds.batch_imported": "导入部门数据",
    "feeds.batch_corrected": "补正退回的行",
    "feeds.batch_rejected": "整份退回",
    "feeds.batch_superseded": "被更正版取代",
    "feeds.batch_reinstated": "恢复采用",
    "feeds.batch_withdrawn": "撤回部门数据",
    "feeds.relinked": "重新关联部门数据",
    "feeds.links_exported": "导出关联结果",
    "feeds.rejects_exported": "导出退回记录",
    "feeds.batch_links_exported": "导出批次的关联结果",
    "feeds.reject_workbook_downloaded": "下载退回工作簿",
}
