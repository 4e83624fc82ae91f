"""材料查询: the files of a record, and one file by its number; scoped by `visible_to`."""

from uuid import UUID

from shouwang.core.actor import Actor
from shouwang.core.errors import NotFound

from .models import Attachment
from .querysets import AttachmentQuerySet
from .targets import place_of


def attachments_of(actor: Actor, target_type: str, target_id: str) -> AttachmentQuerySet:
    """The files of a record that this person may see, newest first, withdrawn ones included."""
    place_of(actor, target_type, target_id)
    return Attachment.objects.visible_to(actor).of(target_type, target_id)


def attachment(actor: Actor, number: UUID, right: str = "documents.view") -> Attachment:
    """One file; out of the scope of the posts or of the record's own room it does not exist."""
    found = Attachment.objects.visible_to(actor, right).filter(uuid=number).first()
    if found is None:
        raise NotFound("没有找到这份材料，它可能不存在，或不在您的管辖范围内。")
    place_of(actor, found.target_type, found.target_id)
    return found


def counts_of(target_type: str, target_id: str) -> dict[str, int]:
    """How many files of each kind a record has that count.

    Numbers only, so not scoped: a room asks it to know whether a step's evidence is there.
    """
    counts: dict[str, int] = {}
    in_force = Attachment.objects.of(target_type, target_id).in_force()
    for kind in in_force.values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    return counts
