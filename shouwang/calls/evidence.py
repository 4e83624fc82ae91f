"""吹哨的佐证材料: photographs of the matter, papers of the answer."""

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import Call


def _call(actor: Actor, key: str) -> Place | None:
    if not key.isdecimal():
        return None
    rows = Call.objects.visible_to(actor).select_related("division")
    call = rows.filter(pk=int(key[:18])).first()
    if call is None:
        return None
    path = call.division.path
    may = any(actor.can_at(f"calls.{one}", path) for one in ("raise", "answer", "assign"))
    closed = "" if may else "您的岗位不办理吹哨，只能查看材料。"
    return Place(path, str(call), call.get_absolute_url(), closed)


TARGETS = (Target("calls.call", "吹哨", _call),)
