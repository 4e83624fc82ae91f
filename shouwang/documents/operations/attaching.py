"""上传与作废 (attaching): a file becomes evidence; a wrong one is marked, never removed."""

import hashlib
import uuid
from pathlib import Path, PurePath

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core.actor import Actor, require
from shouwang.core.clock import now
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.masking import mask_text

from .. import pictures, storage
from ..models import Attachment
from ..recognising import FileType, recognise
from ..targets import Place, all_targets, place_of, refusal

MOST_FILES = 300
"""For one record; more is a mistake of a program or an attempt to fill the disk."""


def attach(
    actor: Actor,
    source: Path,
    file_name: str,
    *,
    target_type: str,
    target_id: str,
    kind: str = Attachment.Kind.OTHER,
    note: str = "",
) -> Attachment:
    """Keep one file with a record; refuses what is not a form of paper or picture."""
    place = place_of(actor, target_type, target_id)
    require(actor, "documents.attach", place.division_path)
    if reason := refusal(actor, place):
        raise NotAllowed(reason, "target_closed")
    name = clean_name(file_name)
    if kind not in kinds_of(target_type):
        raise DomainError("请选择材料的类别。", "bad_kind")
    found = recognise(source, name)
    attachment = Attachment(
        uuid=uuid.uuid4(),
        target_type=target_type,
        target_id=target_id,
        division_path=place.division_path,
        kind=kind,
        note=mask_text(" ".join(note.split()))[:200],
        file_name=name,
        type_key=found.type.key,
        size=source.stat().st_size,
        sha256=_checksum(source),
        width=found.width,
        height=found.height,
        uploaded_at=now(),
        uploaded_by=actor.account_id,
        uploaded_by_label=actor.label[:120],
    )
    try:
        attachment.has_thumbnail = _keep(source, attachment.uuid, found.type)
        _write(actor, attachment, place)
    except BaseException:
        storage.forget(attachment.uuid)
        raise
    return attachment


def kinds_of(target_type: str) -> dict[str, str]:
    """The kinds of file that this kind of record takes, with their words."""
    target = all_targets().get(target_type)
    labels = dict(Attachment.Kind.choices)
    return {key: labels[key] for key in (target.kinds if target else ()) or labels}


def clean_name(file_name: str) -> str:
    """The bare name without folders and control characters; personal numbers in it are masked.

    >>> clean_name("C:\\\\照片\\\\入户.jpg")
    '入户.jpg'
    """
    bare = PurePath(file_name.replace("\\", "/")).name
    printable = "".join(mark for mark in bare if mark.isprintable() and mark not in '<>:"|?*')
    masked = PurePath(mask_text(printable.strip()).replace("/", "_"))
    return f"{masked.stem[-150:] or '未命名'}{masked.suffix[:20]}"


def _checksum(source: Path) -> str:
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _keep(source: Path, number: uuid.UUID, found: FileType) -> bool:
    """Store the file, and for a picture its thumbnail; returns whether there is one."""
    if found.pillow:
        small = pictures.drawn(source, found.pillow, pictures.THUMBNAIL)
        with storage.work_file() as work:
            work.write_bytes(small)
            storage.keep(work, number, storage.THUMBNAIL)
    storage.keep(source, number)
    return bool(found.pillow)


@transaction.atomic
def _write(actor: Actor, attachment: Attachment, place: Place) -> None:
    siblings = Attachment.objects.of(attachment.target_type, attachment.target_id).in_force()
    if siblings.filter(sha256=attachment.sha256).exists():
        raise Conflict(f"“{attachment.file_name}”已经上传过，不需要再传。", "already_attached")
    if siblings.count() >= MOST_FILES:
        raise DomainError(
            f"这条记录已有 {MOST_FILES} 份材料，请先作废不需要的再上传。", "too_many_files"
        )
    attachment.save(force_insert=True)
    record(
        actor,
        "documents.attached",
        target_type=attachment.target_type,
        target_id=attachment.target_id,
        division_path=place.division_path,
        summary=f"为{place.label}上传{attachment.get_kind_display()}“{attachment.file_name}”",
        source={"file": attachment.file_name, "sha256": attachment.sha256},
    )


@transaction.atomic
def withdraw(actor: Actor, attachment: Attachment, *, reason: str) -> Attachment:
    """作废: the file stays where it is, but counts no more; asks why."""
    place = place_of(actor, attachment.target_type, attachment.target_id)
    require(actor, "documents.attach", place.division_path)
    if why_not := refusal(actor, place):
        raise NotAllowed(why_not, "target_closed")
    reason = mask_text(" ".join(reason.split()))[:200]
    if not reason:
        raise DomainError("请写明作废的理由，例如“照片拍错了门牌”。", "reason_missing")
    held = Attachment.objects.select_for_update().filter(pk=attachment.pk).first()
    if held is None:
        raise NotFound
    if held.is_withdrawn:
        raise Conflict(f"这份材料已由{held.withdrawn_by_label}作废。", "already_withdrawn")
    held.withdrawn_at = now()
    held.withdrawn_by_label = actor.label[:120]
    held.withdrawn_reason = reason
    held.save(update_fields=["withdrawn_at", "withdrawn_by_label", "withdrawn_reason"])
    record(
        actor,
        "documents.withdrawn",
        target_type=held.target_type,
        target_id=held.target_id,
        division_path=place.division_path,
        summary=f"作废{place.label}的“{held.file_name}”：{reason}",
    )
    return held
