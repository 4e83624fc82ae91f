"""识别格式 (recognising): what an uploaded file is, by its content; its name must agree.

Only forms of paper and pictures are taken. A file that pretends to be another kind is refused, so
that nothing that a browser would run can come back from this server under a harmless name.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from shouwang.core.errors import DomainError

from . import packages

MOST_MEGABYTES = 20
MOST_PIXELS = 80_000_000
HEAD = 64
ACCEPTED = "image/*,.jpg,.jpeg,.png,.webp,.heic,.tif,.tiff,.pdf,.docx,.xlsx,.ofd"


class NotTaken(DomainError):
    """A file that cannot be evidence: wrong kind, too large, broken."""

    default_code = "file_refused"


@dataclass(frozen=True)
class FileType:
    """A form that is taken; `pillow` names the only decoder that may open it."""

    key: str
    label: str
    media_type: str
    endings: tuple[str, ...]
    pillow: str = ""


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {
    one.key: one
    for one in (
        FileType("jpeg", "JPEG 图片", "image/jpeg", (".jpg", ".jpeg", ".jfif"), "JPEG"),
        FileType("png", "PNG 图片", "image/png", (".png",), "PNG"),
        FileType("webp", "WebP 图片", "image/webp", (".webp",), "WEBP"),
        FileType("tiff", "TIFF 图片", "image/tiff", (".tif", ".tiff"), "TIFF"),
        FileType("heic", "HEIC 图片", "image/heic", (".heic", ".heif")),
        FileType("pdf", "PDF 文档", "application/pdf", (".pdf",)),
        FileType("docx", "Word 文档", _WORD, (".docx",)),
        FileType("xlsx", "Excel 表格", _EXCEL, (".xlsx",)),
        FileType("ofd", "OFD 版式文件", "application/ofd", (".ofd",)),
    )
}
_STARTS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF-", "pdf"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"hevc")
_MARKS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("OFD.xml", "ofd"))
REFUSED = "只收照片（JPG、PNG、WebP、HEIC、TIFF）、PDF、Word（docx）、Excel（xlsx）和 OFD 文件。"


@dataclass(frozen=True)
class Recognised:
    """What a file turned out to be; the size of a picture as it is seen (turned upright)."""

    type: FileType
    width: int | None = None
    height: int | None = None


def recognise(path: Path, name: str) -> Recognised:
    """Say what the file is, or refuse it in words that say what to do."""
    size = path.stat().st_size
    if not size:
        raise NotTaken(f"“{name}”是空文件，请重新选择。")
    if size > MOST_MEGABYTES * 1024 * 1024:
        raise NotTaken(f"“{name}”超过 {MOST_MEGABYTES} MB，请压缩或分页扫描后再上传。")
    found = _by_content(path, name)
    if Path(name).suffix.lower() not in found.endings:
        raise NotTaken(
            f"“{name}”的内容是{found.label}，与扩展名不符，没有收下。请用原来的文件重新上传。"
        )
    if found.pillow:
        width, height = _picture_size(path, found, name)
        return Recognised(found, width, height)
    if found.key in {"docx", "xlsx", "ofd"}:
        with path.open("rb") as stream, packages.opened(stream) as package:
            packages.refuse_active(package)
    return Recognised(found)


def _by_content(path: Path, name: str) -> FileType:
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    for start, key in _STARTS:
        if head.startswith(start):
            return TYPES[key]
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return TYPES["webp"]
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return TYPES["heic"]
    if head.startswith(b"PK\x03\x04"):
        with path.open("rb") as stream, packages.opened(stream) as package:
            names = set(package.namelist())
        for mark, key in _MARKS:
            if mark in names:
                return TYPES[key]
    raise NotTaken(f"“{name}”没有收下：{REFUSED}")


def _picture_size(path: Path, found: FileType, name: str) -> tuple[int, int]:
    """Decode the head with the one decoder of its kind; a picture of absurd size is refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=[found.pillow]) as picture:
                width, height = picture.size
                turned = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    except Image.DecompressionBombError:
        raise NotTaken(f"“{name}”尺寸过大，请缩小后再上传。") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):  # fmt: skip
        raise NotTaken(f"“{name}”打不开，可能已损坏，请重新拍照或扫描。") from None
    if not width or not height or width * height > MOST_PIXELS:
        raise NotTaken(f"“{name}”尺寸过大（{width}×{height}），请缩小后再上传。")
    return (height, width) if turned else (width, height)
