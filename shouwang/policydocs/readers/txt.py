"""纯文本 (txt): UTF-8, UTF-16 or GB18030, told apart by the bytes."""

from __future__ import annotations

import re

from shouwang.policydocs.errors import PaperRejected
from shouwang.policydocs.source import Source, source_of_text

STATED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.I)
BINARY = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")


def decoded(content: bytes, name: str) -> str:
    """The text of the bytes; refused where no usual encoding gives readable text."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if _readable(text):
            return text.removeprefix("\ufeff")
    raise PaperRejected(
        "not_text", f"“{name}”不是文字文件，请上传 txt、html、docx 或可复制文字的 pdf。"
    )


def _encodings(content: bytes) -> list[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    found = ["utf-8-sig"]
    if match := STATED.search(content[:2048]):
        stated = match[1].decode("ascii").lower()
        found.append("gb18030" if stated in ("gb2312", "gbk", "gb18030") else stated)
    if content[:400:2].count(0) > 60 or content[1:400:2].count(0) > 60:
        found += ["utf-16-le", "utf-16-be"]
    return [*found, "gb18030", "utf-16-le", "big5"]


def _readable(text: str) -> bool:
    sample = text[:20000]
    return len(BINARY.findall(sample)) <= len(sample) // 100


def read_txt(text: str, name: str) -> Source:
    return source_of_text(text, name=name)
