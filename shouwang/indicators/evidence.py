"""数值的佐证材料: papers and photos behind a reported value."""

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import Actual
from .queries import may_report


def _actual(actor: Actor, key: str) -> Place | None:
    if not key.isdecimal() or not actor.can("indicators.view"):
        return None
    seen = Actual.objects.visible_to(actor).select_related(
        "division", "definition__division", "definition__department"
    )
    found = seen.filter(pk=int(key[:18])).first()
    if found is None:
        return None
    closed = ""
    if not found.is_current:
        closed = "这个数已经更正，材料请放到新的数上。"
    elif not may_report(actor, found.definition, found.division):
        closed = "您的单位不报送这个指标，只能查看材料。"
    url = f"{found.definition.get_absolute_url()}?place={found.division.code}"
    return Place(found.division.path, f"{found.definition.name}{found.span.label}", url, closed)


TARGETS = (Target("indicators.actual", "指标数值", _actual),)
"""Read by the room of documents."""
