"""查看与下载 (opening): every look at a file in full is recorded before the file leaves."""

from typing import BinaryIO

from shouwang.audit.operations import record
from shouwang.core.actor import Actor
from shouwang.core.errors import NotFound

from .. import pictures, storage
from ..models import Attachment
from ..recognising import TYPES
from ..targets import place_of


def open_original(actor: Actor, attachment: Attachment) -> BinaryIO:
    """下载: the file as it was uploaded; the clear copy has no name on the disk any more."""
    _record(actor, "documents.downloaded", attachment, "下载")
    with storage.in_the_clear(attachment.uuid) as clear:
        return clear.open("rb")


def open_view(actor: Actor, attachment: Attachment) -> bytes:
    """查看: the picture drawn anew, large enough to read."""
    if not attachment.is_image:
        raise NotFound("这份材料不是图片，请下载后查看。")
    _record(actor, "documents.viewed", attachment, "查看")
    with storage.in_the_clear(attachment.uuid) as clear:
        return pictures.drawn(clear, TYPES[attachment.type_key].pillow, pictures.VIEW)


def open_thumbnail(actor: Actor, attachment: Attachment) -> bytes:
    """缩略图: part of the list, too small to read; not recorded one by one."""
    place_of(actor, attachment.target_type, attachment.target_id)
    if not attachment.has_thumbnail:
        raise NotFound
    with storage.in_the_clear(attachment.uuid, storage.THUMBNAIL) as clear:
        return clear.read_bytes()


def _record(actor: Actor, action: str, attachment: Attachment, verb: str) -> None:
    place = place_of(actor, attachment.target_type, attachment.target_id)
    record(
        actor,
        action,
        target_type=attachment.target_type,
        target_id=attachment.target_id,
        division_path=place.division_path,
        summary=f"{verb}{place.label}的“{attachment.file_name}”",
    )
