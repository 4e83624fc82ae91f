"""压缩包检查 (packages): Word, Excel and OFD files are zip packages; nothing in them may act.

Refused are packages that unpack to far more than they are, macros, embedded programs and whatever
is fetched from elsewhere when the file is opened.
"""

import re
import zipfile
from typing import IO

from shouwang.core.errors import DomainError

MOST_PARTS = 2_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200
_ACTIVE = re.compile(r"(vbaproject|vbadata|activex|oleobject|macrosheets|attachedtoolbars)", re.I)
_ACTIVE_TYPES = re.compile(rb"macroEnabled|vbaProject|activeX|oleObject|aFChunk", re.I)
_OUTSIDE = re.compile(
    rb'<(?:\w+:)?Relationship\b(?=[^>]*TargetMode\s*=\s*["\']External)[^>]*>', re.I
)
_HYPERLINK = re.compile(rb'Type\s*=\s*["\'][^"\']*/hyperlink["\']', re.I)


class BadPackage(DomainError):
    """A file that is broken or could do something when it is opened."""

    default_code = "bad_package"


def opened(stream: IO[bytes]) -> zipfile.ZipFile:
    """The package, after its directory was looked at."""
    try:
        package = zipfile.ZipFile(stream)
        parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise BadPackage("文件打不开，可能已损坏。请在电脑上打开确认后重新保存再上传。") from None
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked / packed > MOST_RATIO:
        raise BadPackage("文件展开后过大，没有收下。请另存为一份普通的文件后再上传。")
    if any(part.flag_bits & 0x1 for part in parts):
        raise BadPackage("文件设有密码，没有收下。请去掉密码后再上传。")
    return package


def refuse_active(package: zipfile.ZipFile) -> None:
    """No macro, no embedded program, nothing that is fetched from elsewhere but plain links."""
    if any(_ACTIVE.search(name) for name in package.namelist()):
        raise BadPackage("文件含有宏或嵌入的程序，没有收下。请另存为不含宏的文件后再上传。")
    for name in package.namelist():
        if name.endswith(".rels") or name == "[Content_Types].xml":
            text = part_of(package, name, 4 * 1024 * 1024)
            if b"\x00" in text:  # another encoding would hide the words that are looked for
                raise BadPackage("文件不是通常的格式，没有收下。请重新另存后再上传。")
            if _ACTIVE_TYPES.search(text):
                raise BadPackage("文件含有宏或嵌入的程序，没有收下。请另存为不含宏的文件后再上传。")
            outside = [found.group() for found in _OUTSIDE.finditer(text)]
            if any(not _HYPERLINK.search(relation) for relation in outside):
                raise BadPackage("文件引用了外部内容，没有收下。请断开外部链接后再上传。")


def part_of(package: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One part, of at most so many bytes whatever its head says."""
    try:
        with package.open(name) as part:
            text = part.read(most + 1)
    except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        raise BadPackage("文件打不开，可能已损坏。请重新保存后再上传。") from None
    if len(text) > most:
        raise BadPackage("文件内容过多，没有收下。请精简后再上传。")
    return text
