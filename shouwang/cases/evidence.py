"""个案的佐证材料: which records of casework carry files, and until when.

A case takes files from the first step to the follow-up; after its end nothing is added. A notice
takes the photos that show it on the wall.
"""

from uuid import UUID

from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.documents.targets import Place, Target

from .models import Case, Notice, RegisteredClue

WORKING = ("cases.verify", "cases.appraise", "cases.review", "cases.compare", "cases.approve")


def _case(actor: Actor, key: str) -> Place | None:
    if not key.isdecimal():
        return None
    found = (
        Case.objects.visible_to(actor).filter(pk=int(key[:18])).select_related("village").first()
    )
    if found is None:
        return None
    path = found.village.path
    closed = ""
    if found.ended_on is not None:
        closed = "这一轮已经终结，不再添加材料。"
    elif not any(actor.can_at(right, path) for right in WORKING):
        closed = "您的岗位不办理个案，只能查看材料。"
    url = reverse("cases:case", args=[found.number])
    return Place(path, f"个案 {found.number}", url, closed)


def _notice(actor: Actor, key: str) -> Place | None:
    if not key.isdecimal():
        return None
    found = (
        Notice.objects.visible_to(actor).filter(pk=int(key[:18])).select_related("village").first()
    )
    if found is None:
        return None
    may = actor.can_at("cases.appraise", found.village.path)
    closed = "" if may else "只有张贴公示的人可以上传公示照片。"
    url = reverse("cases:notice", args=[found.pk])
    return Place(found.village.path, f"{found.get_kind_display()} {found.number}", url, closed)


def _clue(actor: Actor, key: str) -> Place | None:
    found = (
        RegisteredClue.objects.visible_to(actor)
        .filter(uuid__in=_uuid(key))
        .select_related("village")
        .first()
    )
    if found is None:
        return None
    path = found.village.path
    closed = ""
    if not any(actor.can_at(right, path) for right in ("cases.register", *WORKING)):
        closed = "您的岗位不登记线索，只能查看材料。"
    return Place(path, "登记线索", reverse("cases:clue", args=[found.uuid]), closed)


def _uuid(key: str) -> list[UUID]:
    try:
        return [UUID(key)]
    except ValueError:
        return []


TARGETS = (
    Target("cases.case", "个案", _case),
    Target("cases.notice", "公示公告", _notice, kinds=("publicity", "other")),
    Target("cases.clue", "登记线索", _clue),
)
