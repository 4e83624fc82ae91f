"""督查整改的佐证材料: papers of a batch, photos of rectification and of visits."""

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import Batch, Problem, Visit
from .operations.reach import reaches


def _key(text: str) -> int:
    """The key as a number; what is none is the key of nothing."""
    return int(text[:18]) if text.isdecimal() else 0


def _batch(actor: Actor, key: str) -> Place | None:
    found = Batch.objects.visible_to(actor).filter(pk=_key(key)).first()
    if found is None:
        return None
    path = found.division.path
    may = actor.can_at("inspections.manage", path)
    return Place(path, "反馈批次", found.get_absolute_url(), "" if may else "反馈文件由县里上传。")


def _problem(actor: Actor, key: str) -> Place | None:
    found = Problem.objects.visible_to(actor).filter(pk=_key(key)).first()
    if found is None:
        return None
    closed = ""
    if not found.is_open:
        closed = "这个问题已经销号，不再添加材料；反弹后可以再添加。"
    elif not any(
        reaches(actor, found, right) for right in ("inspections.rectify", "inspections.check")
    ):
        closed = "您的岗位不办理这个问题，只能查看材料。"
    path = found.division.path
    for unit in found.units.select_related("division"):
        if unit.division is not None and actor.covers(unit.division.path):
            path = unit.division.path if not actor.covers(path) else path
    return Place(path, "整改问题", found.get_absolute_url(), closed)


def _visit(actor: Actor, key: str) -> Place | None:
    seen = Visit.objects.visible_to(actor).select_related("inspection__division")
    found = seen.filter(pk=_key(key)).first()
    if found is None:
        return None
    path = found.inspection.division.path
    may = actor.can_at("inspections.inspect", path)
    closed = "" if may else "督查照片由督查组上传。"
    if found.inspection.state == "closed":
        closed = "督查已结束，不再添加材料。"
    unit = found.unit.division
    here = path if actor.covers(path) or unit is None else unit.path
    return Place(here, "督查走访", found.inspection.get_absolute_url(), closed)


TARGETS = (
    Target("inspections.batch", "反馈批次", _batch),
    Target("inspections.problem", "整改问题", _problem),
    Target("inspections.visit", "督查走访", _visit),
)
"""Read by the room of documents."""
