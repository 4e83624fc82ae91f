"""自评的佐证材料: photos and papers of an object, while the round is running or in appeal."""

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import Sheet
from .operations.assessing import may_assess


def _sheet(actor: Actor, key: str) -> Place | None:
    if not key.isdecimal():
        return None
    seen = Sheet.objects.visible_to(actor).select_related("round__division", "division")
    found = seen.filter(pk=int(key[:18])).first()
    if found is None:
        return None
    path = (found.division or found.round.division).path
    closed = ""
    if found.round.state not in ("running", "scored"):
        closed = "考核结果已公布，不再添加材料。"
    elif not may_assess(actor, found):
        closed = "佐证由被考核单位上传，您只能查看。"
    return Place(path, f"{found.name}考核佐证", found.get_absolute_url(), closed)


TARGETS = (Target("evaluations.sheet", "考核评分表", _sheet),)
"""Read by the room of documents."""
