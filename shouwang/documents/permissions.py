"""文书与佐证的权限; what a record itself allows is asked of its room (targets.py)."""

from shouwang.core.rights import Right

_FIELD = frozenset({"village_worker", "town_clerk", "town_leader"})
_COUNTY = frozenset({"county_officer", "county_leader", "department_officer"})
_WATCH = frozenset(
    {"supervisor", "prefecture_officer", "prefecture_leader", "prefecture_supervisor"}
)

RIGHTS: tuple[Right, ...] = (
    Right(
        "documents.view",
        "查看佐证材料",
        "查看和下载有权查看的记录所附的照片和扫描件，每次下载都留痕。",
        _FIELD | _COUNTY | _WATCH,
    ),
    Right(
        "documents.attach",
        "上传佐证材料",
        "为有权办理的记录上传照片和扫描件，或写明理由作废。",
        _FIELD | _COUNTY,
    ),
    Right(
        "documents.letters",
        "维护文书模板",
        "换用本县的文书模板，或恢复默认模板。",
        frozenset({"county_officer"}),
    ),
)
ACTIONS = {
    "documents.attached": "上传佐证材料",
    "documents.viewed": "查看佐证材料",
    "documents.downloaded": "下载佐证材料",
    "documents.withdrawn": "作废佐证材料",
    "documents.letter_made": "生成文书",
    "documents.letter_uploaded": "上传文书模板",
    "documents.letter_adopted": "换用本县文书模板",
    "documents.letter_reset": "恢复默认文书模板",
}
