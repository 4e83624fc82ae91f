"""操作名称: the words for the codes of actions, from what the rooms declare."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

_VERBS = {
    "view": "查看", "viewed": "查看", "reveal": "查看完整信息", "revealed": "查看完整信息",
    "import": "导入", "imported": "导入", "export": "导出", "exported": "导出",
    "upload": "报送", "uploaded": "报送", "received": "收到文件", "run": "筛查",
    "create": "新建", "created": "新建", "update": "修改", "updated": "修改",
    "changed": "修改", "triaged": "研判", "replayed": "重放", "relinked": "重新关联",
    "withdrawn": "撤回", "rejected": "退回", "superseded": "被更正", "reinstated": "恢复采用",
}  # fmt: skip


@cache
def declared_actions() -> dict[str, str]:
    """ACTIONS of every room's permissions.py: code → what people call it."""
    found: dict[str, str] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("shouwang.") and find_spec(f"{app.name}.permissions"):
            found.update(getattr(import_module(f"{app.name}.permissions"), "ACTIONS", {}))
    return found


@cache
def room_labels() -> dict[str, str]:
    """The Chinese name of each room, the first word of its docstring."""
    labels = {}
    for app in apps.get_app_configs():
        if app.name.startswith("shouwang."):
            text = (app.module.__doc__ or "").strip() if app.module else ""
            labels[app.label] = text.split(" ", 1)[0] or app.label
    return labels


def action_label(code: str) -> str:
    """登录, or 农户档案·导入 where the room declared no word of its own."""
    if code in declared_actions():
        return declared_actions()[code]
    room, _, verb = code.partition(".")
    words = verb.replace(".", "_").split("_")
    spoken = next((_VERBS[word] for word in reversed(words) if word in _VERBS), "")
    return "·".join(part for part in (room_labels().get(room, "其他"), spoken) if part)


def value_text(value: Any) -> str:
    """A value as people read it; nothing is 空."""
    if value is None or value == "":
        return "空"
    if value is True:
        return "是"
    if value is False:
        return "否"
    if isinstance(value, list):
        return "、".join(value_text(part) for part in value)
    return str(value)
