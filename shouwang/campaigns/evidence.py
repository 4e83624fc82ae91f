"""问题台账的佐证材料: photos and papers of a problem, until it is signed off."""

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import Dossier


def _dossier(actor: Actor, key: str) -> Place | None:
    if not key.isdecimal():
        return None
    seen = Dossier.objects.visible_to(actor).select_related("village")
    found = seen.filter(pk=int(key[:18])).first()
    if found is None:
        return None
    path = found.village.path
    closed = ""
    if found.state in ("closed", "mistaken"):
        closed = "这个问题已经办结，不再添加材料。"
    elif not actor.can_at("campaigns.check", path):
        closed = "您的岗位不办理问题台账，只能查看材料。"
    return Place(path, f"{found.kind_title}问题", found.get_absolute_url(), closed)


TARGETS = (Target("campaigns.dossier", "问题台账", _dossier),)
"""Read by the room of documents."""
