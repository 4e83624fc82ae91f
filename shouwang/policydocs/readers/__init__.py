"""读入 (readers): a file of any kind that offices send, as a `Source`; or a refusal in words.

The kind is taken from the content, not from the name: a .doc that is really a web page is common.
"""

from __future__ import annotations

from pathlib import Path

from shouwang.policydocs.errors import PaperRejected
from shouwang.policydocs.source import Source

LARGEST = 40 * 1024 * 1024
LONGEST_TEXT = 2_000_000


def read_source(path: str | Path, *, content: bytes | None = None) -> Source:
    """The text of a policy paper. `content` where the bytes are at hand; `path` names it then."""
    name = Path(path).name
    if content is None:
        try:
            if Path(path).stat().st_size > LARGEST:
                raise too_large()
            content = Path(path).read_bytes()
        except OSError as error:
            raise PaperRejected(
                "file_unreadable", f"读不到文件“{name}”，请检查路径和权限。"
            ) from error
    if len(content) > LARGEST:
        raise too_large()
    if not content.strip(b"\0 \r\n\t"):
        raise PaperRejected("file_empty", f"“{name}”是空文件，请重新取得原件。")
    source = _read(content, name)
    if len(source.text) > LONGEST_TEXT:
        raise PaperRejected("file_too_long", "文字超过二百万字，不像一份文件，请分开上传。")
    if not source.text.strip():
        raise PaperRejected("no_text", f"“{name}”里没有文字，请确认是不是图片或加密文件。")
    return source


def too_large() -> PaperRejected:
    return PaperRejected("file_too_large", "文件超过40兆字节，请只上传文件正文。")


def _read(content: bytes, name: str) -> Source:
    """By the first bytes: pdf, docx (zip), old doc (OLE), web page, else plain text."""
    ending = Path(name).suffix.lower()
    if content[:1024].lstrip().startswith(b"%PDF-"):
        from shouwang.policydocs.readers.pdf import read_pdf

        return read_pdf(content, name)
    if content.startswith(b"PK\x03\x04"):
        from shouwang.policydocs.readers.docx import read_docx

        return read_docx(content, name)
    if content.startswith((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")):
        from shouwang.policydocs.readers.doc import read_doc

        return read_doc(content, name)
    from shouwang.policydocs.readers.txt import decoded, read_txt

    text = decoded(content, name)
    if ending in (".html", ".htm", ".mht", ".xhtml") or _looks_like_html(text):
        from shouwang.policydocs.readers.html import read_html

        return read_html(text, name)
    return read_txt(text, name)


def _looks_like_html(text: str) -> bool:
    head = text[:2000].lower()
    return (
        "<html" in head
        or "<!doctype html" in head
        or ("<p" in head and "</p>" in text.lower())
        or "<table" in head
    )
