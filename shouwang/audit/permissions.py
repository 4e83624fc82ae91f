"""审计日志的权限."""

from shouwang.core.rights import Right

RIGHTS: tuple[Right, ...] = (
    Right(
        "audit.view",
        "查看审计日志",
        "查看和导出管辖范围内的操作留痕；日志本身不含完整的个人信息。",
        roles=frozenset({"supervisor", "prefecture_supervisor", "system_administrator"}),
    ),
)
ACTIONS = {
    "audit.exported": "导出审计日志",
    "audit.verified": "核验审计日志",
    "audit.backed_up": "备份",
    "audit.restored": "恢复备份",
    "audit.keys_rotated": "更换密钥",
    "list.exported": "导出列表",
    "export.fetched": "下载导出文件",
}
