"""材料栏 (panel): what the upload and list of files on a record's page shows."""

from dataclasses import dataclass, field

from django.urls import reverse

from shouwang.core.actor import Actor

from .models import Attachment
from .operations.attaching import kinds_of
from .queries import attachments_of
from .recognising import ACCEPTED, MOST_MEGABYTES, TYPES
from .targets import Place, place_of, refusal

_UNITS = ((1024 * 1024, "MB"), (1024, "KB"))


def size_text(size: int) -> str:
    """1.5 MB.

    >>> size_text(1536)
    '1.5 KB'
    """
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} 字节"


@dataclass(frozen=True)
class Item:
    """One file as the panel draws it."""

    attachment: Attachment
    can_withdraw: bool

    @property
    def size(self) -> str:
        return size_text(self.attachment.size)

    @property
    def type_label(self) -> str:
        return TYPES[self.attachment.type_key].label


@dataclass(frozen=True)
class Panel:
    """The files of one record, and whether and why not more may be added."""

    place: Place
    target_type: str
    target_id: str
    items: list[Item]
    withdrawn: list[Item]
    kinds: dict[str, str]
    refusal: str
    is_watcher: bool
    problems: list[str] = field(default_factory=list)
    accepted: str = ACCEPTED
    most_megabytes: int = MOST_MEGABYTES

    @property
    def url(self) -> str:
        return reverse("documents:attachments", args=[self.target_type, self.target_id])


def panel(
    actor: Actor, target_type: str, target_id: object, problems: list[str] | None = None
) -> Panel:
    """Everything for `documents/attachments.html`; a record out of sight raises NotFound."""
    number = str(target_id)
    place = place_of(actor, target_type, number)
    why_not = refusal(actor, place)
    files = list(attachments_of(actor, target_type, number))
    items = [Item(one, can_withdraw=not why_not) for one in files if not one.is_withdrawn]
    return Panel(
        place=place,
        target_type=target_type,
        target_id=number,
        items=items,
        withdrawn=[Item(one, can_withdraw=False) for one in files if one.is_withdrawn],
        kinds=kinds_of(target_type),
        refusal=why_not,
        is_watcher=not actor.can_at("documents.attach", place.division_path),
        problems=problems or [],
    )
