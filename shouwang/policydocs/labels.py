"""序号 (labels): 第一章, 第二节, 一、, (一), 1., (1), ①, 1.1, 专栏3, 表2-1 and plain bullets."""

import re
from dataclasses import dataclass

from shouwang.policydocs.numerals import ordinal
from shouwang.policydocs.strand import Strand

CN = "[零〇○一二三四五六七八九十百—]"
KINDS = (
    ("part", rf"第({CN}{{1,4}}|[0-9]{{1,2}})(?:部分|篇|编)[、:.]?"),
    ("chapter", rf"第({CN}{{1,4}}|[0-9]{{1,3}})章[、:.]?"),
    ("section", rf"第({CN}{{1,4}}|[0-9]{{1,3}})节[、:.]?"),
    ("article", rf"第({CN}{{1,5}}|[0-9]{{1,3}})条[、:.]?"),
    ("box", rf"专(?:栏|表)\(?({CN}{{1,3}}|[0-9]{{1,2}})\)?(?:-[0-9]{{1,2}})?[、:.]?"),
    ("table", r"(?:附表|表)([0-9]{1,2})(?:[-—.][0-9]{1,2})?(?![0-9%个])[、:.]?"),
    ("table", rf"(?:附表|表)({CN}{{1,2}})[、:.]?(?![是示达彰扬率])"),
    ("annex", rf"附件(?:({CN}{{1,3}}|[0-9]{{1,2}})|(?=$|:))[、:.]?"),
    ("bracket", rf"[(〔]({CN}{{1,4}})[)〕][、.]?"),
    ("bracket", r"([㈠-㈩])[、.]?"),
    ("bracket", rf"({CN}{{1,4}})\)[、.]?"),
    ("cn", rf"({CN}{{1,4}})[、.](?![一二三四五六七八九十]、)"),
    ("decimal", r"([0-9]{1,2}(?:\.[0-9]{1,2}){1,3})[、.]?(?=[^0-9%.、,;:)~至\-—])"),
    ("digit_bracket", r"\(([0-9]{1,2})\)[、.]?"),
    ("digit_bracket", r"([0-9]{1,2})\)[、.]?"),
    ("digit_bracket", r"([⑴-⒇])[、.]?"),
    ("digit", r"([⒈-⒛])[、.]?"),
    ("digit", r"([0-9]{1,3})[.、,:](?![0-9])"),
    ("digit", r"([0-9]{1,2})[、.](?=20[0-9]{2}年)"),
    ("digit", r"([0-9]{1,3})\."),
    ("circle", r"([①-⑳])[、.]?"),
    ("stage", rf"第({CN}|[1-9])(?:个)?阶段(?=[:(、。])"),
    ("stage", rf"(?:任务|步骤|阶段|行动|举措)({CN}|[1-9])(?=:)"),
    ("bullet", r"([●■◆▪•·※★☆◇○▲▶►◎□➤\uf06c\uf0b2\uf06e\uf0d8])"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in KINDS)
_BEGINNINGS = set(
    "第任步阶行举专表附(〔零〇○一二三四五六七八九十百—0123456789●■◆▪•·※★☆◇○▲▶►◎□➤\uf06c\uf0b2\uf06e\uf0d8"
)
_BEGINNINGS |= {chr(code) for code in range(ord("①"), ord("⒛") + 1)}
_BEGINNINGS |= {chr(code) for code in range(ord("㈠"), ord("㈩") + 1)}

# a measure right after 3.5 or 1.2 says that it is a quantity, not 第3.5条
_QUANTITY = re.compile(r"[0-9.]+(?:万|亿|千|百|[亩元吨人户个公里头只%名次座家倍月])")


@dataclass(frozen=True, slots=True)
class Label:
    """序号: kind, the number in it, and how many characters of the line it takes."""

    kind: str
    number: int
    length: int
    text: str


def label_of(line: str) -> Label | None:
    """The label that a line begins with. `line` is folded and without blanks."""
    if not line or line[0] not in _BEGINNINGS:
        return None
    for kind, pattern in _PATTERNS:
        match = pattern.match(line)
        if match is None:
            continue
        if kind == "decimal" and _QUANTITY.match(line):
            continue
        written = match[1] or ""
        length = 0 if kind == "stage" else match.end()  # 第一阶段 is a part of what it says
        return Label(kind, _number(kind, written), length, match[0])
    return None


def label_at(strand: Strand) -> Label | None:
    """The label of a strand; a blank after 表1 parts it from 2024年目标 that follows."""
    at = strand.at
    for length in range(1, min(9, len(at))):
        if at[length] - at[length - 1] > 1:
            head = label_of(strand.text[:length])
            if head is not None and head.length == length:
                return head
            break
    return label_of(strand.text)


def _number(kind: str, written: str) -> int:
    if kind == "decimal":
        return int(written.rsplit(".", 1)[1])
    if kind == "bullet":
        return 0
    return ordinal(written) or 0
