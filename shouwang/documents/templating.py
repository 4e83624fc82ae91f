"""填写模板 (templating): a Word template with marks, checked, filled, and read back.

The same checks hold for the shipped templates and for those a county uploads: an ordinary Word
file without anything active, marks that are complete, only known fields, a bounded result.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError

from shouwang.core.errors import DomainError

from . import packages, personal
from .sandbox import LetterEnvironment, NotPermitted

MOST_BYTES = 3 * 1024 * 1024
MOST_XML = 3 * 1024 * 1024
MOST_MARKS = 1_500
LONGEST_MARK = 200
_TAGS = re.compile(r"<[^>]{0,20000}>")
_OPENING = re.compile(r"\{[{%#]")
_MARK = re.compile(r"\{\{[^{}]{0,200}\}\}|\{%[^{}%]{0,200}%\}|\{#[^{}#]{0,200}#\}")
_FIELD_CODES = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE)\b")
_INSTRUCTION = re.compile(r"<w:(?:instrText|fldSimple)\b[^>]*>(?:[^<]{0,2000}</w:instrText>)?")
_TEXT_PARTS = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|docProps/core\.xml"
)
_TEXT = re.compile(r"<(?:w:t|dc:\w+|cp:\w+)(?:\s[^>]*)?>([^<]*)</")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class BadTemplate(DomainError):
    """A template that cannot be used; the sentence says where and what to do."""

    default_code = "bad_template"


def fill(
    template: bytes, values: Mapping[str, Any], labels: Mapping[str, str], *, public: bool
) -> bytes:
    """The filled letter. `values` are texts and lists of rows of texts."""
    clean = {name: _clean(value) for name, value in values.items()}
    if public:
        personal.refuse(_texts(clean, labels))
    filled, _ = _run(template, clean)
    if public:
        personal.refuse(("文书正文", line) for line in lines_of(filled))
    return filled


def check(
    template: bytes, sample: Mapping[str, Any], labels: Mapping[str, str], *, public: bool
) -> set[str]:
    """Whether a template can be used, tried with sample values; returns the fields it names."""
    inspect(template)
    filled, used = _run(template, {name: _clean(value) for name, value in sample.items()})
    if unknown := used - labels.keys():
        raise BadTemplate(
            f"模板里的“{'”“'.join(sorted(unknown))}”不是这种文书的内容。"
            "请对照本页的内容表，改成表中的写法。"
        )
    if public:
        personal.refuse(("模板", line) for line in lines_of(filled))
    _open(filled)
    return used


def inspect(template: bytes) -> None:
    """The file itself: Word, of ordinary size, nothing active, every mark complete."""
    if len(template) > MOST_BYTES:
        raise BadTemplate("模板超过 3 MB，请去掉大图片后再上传。")
    stream = io.BytesIO(template)
    if not zipfile.is_zipfile(stream):
        raise BadTemplate("这不是 Word 文档（docx）。旧格式请在 Word 或 WPS 里另存为 docx。")
    with packages.opened(stream) as package:
        if "word/document.xml" not in package.namelist():
            raise BadTemplate("这不是 Word 文档（docx）。旧格式请在 Word 或 WPS 里另存为 docx。")
        packages.refuse_active(package)
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                _inspect_part(packages.part_of(package, name, MOST_XML))


def _inspect_part(part: bytes) -> None:
    try:
        text = part.decode("utf-8")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text or "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadTemplate("文件不是通常的 Word 格式，请在 Word 或 WPS 里重新另存后上传。")
    for found in _INSTRUCTION.finditer(text):
        if _FIELD_CODES.search(found.group()):
            raise BadTemplate("模板里有引用外部内容的域代码，请删除后再上传。")
    _inspect_marks(_TAGS.sub("", text))


def _inspect_marks(text: str) -> None:
    """Every mark that is opened is closed nearby; unclosed ones would also take very long."""
    marks = len(_OPENING.findall(text))
    if marks > MOST_MARKS:
        raise BadTemplate(f"模板里的标记超过 {MOST_MARKS} 个，请精简。")
    if marks != len(_MARK.findall(text)):
        rest = _MARK.sub("", text)
        at = _OPENING.search(rest)
        near = rest[at.start() : at.start() + 30].strip() if at else ""
        raise BadTemplate(f"有一处标记没有写完整：“{near}”。请检查大括号是否成对。")


def _run(template: bytes, values: Mapping[str, Any]) -> tuple[bytes, set[str]]:
    environment = LetterEnvironment(_longest(values))
    letter = DocxTemplate(io.BytesIO(template))
    out = io.BytesIO()
    try:
        letter.render(dict(values), environment, autoescape=True)
        letter.save(out)
    except NotPermitted as problem:
        raise BadTemplate(f"{problem.message}。请改正后重新上传。") from None
    except SecurityError as problem:
        raise BadTemplate(f"模板里{problem.message}。请改正后重新上传。") from None
    except UndefinedError as problem:
        raise BadTemplate(f"模板要填的“{_missing(problem)}”不存在，请对照内容表改正。") from None
    except TemplateSyntaxError:
        raise BadTemplate(
            "模板的标记有误：for、if 要有对应的 endfor、endif，内容写成 {{ 名称 }}。"
            "表格里逐行重复时，for 和 endfor 各占一行。"
        ) from None
    except (TemplateError, ValueError, KeyError, AttributeError, TypeError, SyntaxError) as problem:
        raise BadTemplate("模板不能生成文书，请检查表格和标记后重新上传。") from problem
    return out.getvalue(), environment.used


def _missing(problem: UndefinedError) -> str:
    names = re.findall(r"'([^']{1,60})'", problem.message or "")
    return names[-1] if names else "内容"


def _longest(value: Any) -> int:
    """The number of rows of the longest list anywhere in the values."""
    if isinstance(value, Mapping):
        return max((_longest(part) for part in value.values()), default=0)
    if isinstance(value, list):
        return max(len(value), *(_longest(part) for part in value)) if value else 0
    return 0


def _clean(value: Any) -> Any:
    """Without characters that a Word file cannot hold."""
    if isinstance(value, Mapping):
        return {name: _clean(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return _CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _texts(values: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        where = f"“{labels.get(name, name)}”"
        if isinstance(value, list):
            for row in value:
                parts = row.values() if isinstance(row, Mapping) else [row]
                yield from ((where, str(part)) for part in parts)
        else:
            yield where, str(value)


def _open(letter: bytes) -> Any:
    try:
        return Document(io.BytesIO(letter))
    except (ValueError, KeyError, SyntaxError, zipfile.BadZipFile) as problem:
        raise BadTemplate("生成的文书打不开，请在 Word 里重新制作模板。") from problem


def lines_of(letter: bytes) -> Iterator[str]:
    """Every paragraph of a letter as text: body, tables, heads, feet, notes, and its properties."""
    with zipfile.ZipFile(io.BytesIO(letter)) as package:
        for name in package.namelist():
            if _TEXT_PARTS.fullmatch(name):
                for paragraph in package.read(name).decode("utf-8", "replace").split("</w:p>"):
                    if words := "".join(_TEXT.findall(paragraph)).strip():
                        yield unescape(words)
