"""版面 (layout): from lines to paragraphs. Page furniture goes, hard-wrapped lines are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from shouwang.policydocs.labels import label_of
from shouwang.policydocs.model import Span
from shouwang.policydocs.source import Paragraph, Source
from shouwang.policydocs.strand import Strand, is_blank
from shouwang.policydocs.words import any_of, words

ENDS = "。;!?:…"
CLOSERS = '”’")〕]】》'
PAGE_NUMBER = re.compile(
    r"[-—–·.]{1,3}第?[0-9]{1,4}页?[-—–·.]{1,3}|第[0-9]{1,4}页(?:[,/]?共[0-9]{1,4}页)?|[0-9]{1,4}/[0-9]{1,4}"
)
BARE_NUMBER = re.compile("[0-9]{1,4}")
LEADERS = re.compile(r".+[.…·]{4,}[0-9]{1,4}$|.+[.…·]{6,}$")
PAGE_AT_END = re.compile(r"[.…·—-]*[0-9]{0,4}[-—]?$")
BUTTONS = re.compile(r"[【\[](?:字体|打印|关闭|大|中|小|收藏|分享|返回)[:】\]]")
UNITS_LABEL = re.compile("(?:责任|牵头|配合)(?:单位|部门):")
UNFINISHED_UNIT = re.compile("[、,:](?:各|有关|相关|[省市县区镇]|市直|县直|区直|镇直|各乡|各村)$")
"""…、各 at the end of a line of bodies: the name goes on in the next line."""
NAMED_AT_END = re.compile(
    "(?:责任|牵头|配合)(?:单位|部门):[^。]*(?:局|委|办|部|镇|乡|街道|政府|中心|公司|单位|部门|社|会|院)$"
)
"""责任单位:县财政局 without a full stop ends its paragraph."""
TAIL_HEADING = re.compile(r"[。;!?][一二三四五六七八九十]{1,3}、[^。,;:!?、]{2,16}$")
"""…制定本方案。一、总体要求: a heading that ran into the line before it."""
SHORT_FURNITURE = 40
UNTOLD = Paragraph(Span(0, 0))
FURNITURE = re.compile(r"[•·●■◆▪|【\[]*" + any_of("furniture.begins") + r"\|?[:】\]]")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its characters and how far it is set in."""

    strand: Strand
    indent: int
    width: int
    blank_before: bool
    level: int | None = None
    goes_on: bool | None = None
    """What the place on the page says: a PDF shows whether a paragraph begins here."""

    @property
    def text(self) -> str:
        return self.strand.text


@dataclass(frozen=True, slots=True)
class Block:
    """段落: a paragraph of the paper, whole again."""

    strand: Strand
    level: int | None = None
    set_apart: bool = False
    """A line of its own between blank lines or set in: where a label may have been lost."""

    @property
    def text(self) -> str:
        return self.strand.text


def lines_of(source: Source, folded: str, outside: Iterable[Span] = ()) -> list[Line]:
    """The printed lines, without those that lie in `outside` (tables)."""
    told = {each.span.start: each for each in source.paragraphs}
    barred = sorted(outside)
    lines: list[Line] = []
    start, blank = 0, True
    for raw in folded.split("\n"):
        end = start + len(raw)
        strand = Strand.of(folded, start, end)
        if not strand:
            blank = True
        elif not any(each.start <= strand.at[0] < each.end for each in barred):
            known = told.get(start, UNTOLD)
            width, level = _width(raw.strip()), known.level or None
            line = Line(strand, _indent(raw), width, blank, level, known.goes_on)
            if lines and line.goes_on:
                lines[-1] = _longer(lines[-1], line)
            else:
                lines.append(line)
            blank = False
        start = end + 1
    return lines


def _longer(line: Line, rest: Line) -> Line:
    strand = Strand.joined((line.strand, rest.strand))
    return replace(line, strand=strand, width=line.width + rest.width)


def _indent(raw: str) -> int:
    width = 0
    for character in raw:
        if not is_blank(character):
            break
        width += 2 if character == "\u3000" else 4 if character == "\t" else 1
    return width


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2000 else 1 for character in text)


def without_furniture(lines: list[Line]) -> list[Line]:
    """Page numbers, buttons of web pages and the table of contents are not part of the paper."""
    return [each for each in _without_contents(lines) if not is_furniture(each.text)]


def without_bare_numbers(lines: list[Line]) -> list[Line]:
    """Page numbers alone on a line; called when tables have taken the numbers of their rows."""
    return [each for each in lines if not BARE_NUMBER.fullmatch(each.text)]


def is_furniture(text: str) -> bool:
    if PAGE_NUMBER.fullmatch(text) or text in words("furniture.whole_line"):
        return True
    if LEADERS.fullmatch(text):
        return True
    if BUTTONS.search(text) and len(text) <= 2 * SHORT_FURNITURE:
        return True
    if len(text) > 2 * SHORT_FURNITURE:
        return False
    if any(each in text for each in words("furniture.within")):
        return True
    return FURNITURE.match(text) is not None


def _without_contents(lines: list[Line]) -> list[Line]:
    """目录: labelled lines that come again later in the same words, from the word 目录 on."""
    for index, each in enumerate(lines[:200]):
        if each.text in ("目录", "目次", "目录:"):
            return lines[:index] + _after_contents(lines[index + 1 :])
    return lines


def _after_contents(lines: list[Line]) -> list[Line]:
    """The text begins where a listed line comes again, or with a paragraph before that."""
    seen: set[str] = set()
    for index, each in enumerate(lines):
        bare = PAGE_AT_END.sub("", each.text)
        if bare in seen and len(bare) > 2:
            return lines[index:]
        if len(each.text) > 80:
            later = {line.text for line in lines[index:]}
            listed = sum(line in later for line in seen)
            return lines[index:] if listed >= 3 and 2 * listed >= len(seen) else lines
        seen.add(bare)
    return lines


def blocks_of(lines: list[Line]) -> list[Block]:
    """Paragraphs: wrapped lines are put together, a label alone takes the line after it."""
    wrap = wrap_width(lines)
    blocks: list[Block] = []
    run: list[Line] = []
    for index, line in enumerate(lines):
        if run and not _continues(run, line, wrap):
            blocks.append(_block(run, wrap, _stands_out(lines, index - 1)))
            run = []
        run.append(line)
    if run:
        blocks.append(_block(run, wrap, False))
    return list(_with_their_labels(blocks))


def _stands_out(lines: list[Line], index: int) -> bool:
    """A line at the margin between lines that are set in."""
    if not 0 < index < len(lines) - 1 or lines[index].indent > 0:
        return False
    return lines[index - 1].indent >= 2 and lines[index + 1].indent >= 2


def _block(run: list[Line], wrap: int | None, stands_out: bool) -> Block:
    first = run[0]
    shown = first.blank_before or first.indent > 0 or first.goes_on is False or stands_out
    apart = len(run) == 1 and (wrap is None or shown)
    return Block(Strand.joined(each.strand for each in run), run[0].level, apart)


def wrap_width(lines: list[Line]) -> int | None:
    """The width at which the file breaks its lines, or None where lines are paragraphs."""
    widths = [each.width + each.indent for each in lines if each.width >= 30]
    if len(widths) < 6:
        return None
    common = Counter(widths)
    top = max(widths)
    for width in sorted(common, reverse=True):
        near = sum(count for each, count in common.items() if width - 4 <= each <= width)
        if near >= 0.4 * len(widths) and top <= width + 6 and width <= 130:
            return width
    return None


def _continues(run: list[Line], line: Line, wrap: int | None) -> bool:
    last = run[-1]
    ending = last.text[-1]
    labelled = label_of(line.text) is not None and not _is_amount(line, last)
    if line.level or last.level:
        return False
    if line.goes_on is not None:
        return line.goes_on
    if wrap is None:
        return not labelled and _is_under_way(run, line)
    if last.width + last.indent < wrap - 5:
        if labelled or line.blank_before:
            return False
        return _is_under_way(run, line) or _is_set_out(run, line, wrap)
    if line.indent >= 2 and line.indent > _body_indent(run):
        return False
    if ending in ENDS + CLOSERS:
        return not labelled and not line.blank_before and _body_indent(run) == line.indent < 2
    return not (labelled and line.blank_before)


DECIMAL = re.compile(r"[0-9]{1,3}\.[0-9]+(?:万|亿|千|百|[亩元吨人户个公里头只%座])")


def _is_amount(line: Line, last: Line) -> bool:
    """投资⏎2.8亿元: a number that the wrapping put first, not the label 2."""
    return DECIMAL.match(line.text) is not None and last.text[-1] not in ENDS + CLOSERS + ",、"


def _is_set_out(run: list[Line], line: Line, wrap: int) -> bool:
    """Paragraphs are set in and this line is not: it goes on with a line that is not full."""
    last = run[-1]
    full = last.width + last.indent >= 0.7 * wrap
    return run[0].indent >= 2 > line.indent and full and last.text[-1] not in ENDS + CLOSERS


def _is_under_way(run: list[Line], line: Line) -> bool:
    """A paragraph that has begun and whose last line does not end as a paragraph does."""
    last = run[-1].text
    if last[-1] in ",、(〔“《" and len(last) > 8:
        return True
    if line.blank_before or line.indent >= 2 or last[-1] in ENDS + CLOSERS:
        return False
    if TAIL_HEADING.search(last):
        return False
    if UNITS_LABEL.search(last) and UNFINISHED_UNIT.search(last):
        return True
    text = "".join(each.text for each in run[-6:])
    if text.count("(") > text.count(")") or text.count("〔") > text.count("〕"):
        return True
    return "。" in text and not NAMED_AT_END.search(last)


def _body_indent(run: list[Line]) -> int:
    """How far the paragraph's second and later lines are set in (the first may be set in more)."""
    return run[1].indent if len(run) > 1 else 0


def _with_their_labels(blocks: list[Block]) -> Iterator[Block]:
    waiting: Block | None = None
    for each in blocks:
        block = each
        if waiting is not None:
            joins = label_of(block.text) is None
            if joins:
                block = Block(
                    Strand.joined((waiting.strand, each.strand)), each.level, each.set_apart
                )
            else:
                yield waiting
            waiting = None
        label = label_of(block.text)
        if label and label.length == len(block.text) and label.kind not in ("bullet", "annex"):
            waiting = block
        else:
            yield block
    if waiting is not None:
        yield waiting
