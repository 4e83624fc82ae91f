"""落款与附注 (closing): signature, date, distribution, lists of annexes are not the text."""

from __future__ import annotations

import re

from shouwang.policydocs.labels import label_of
from shouwang.policydocs.layout import ENDS, Block
from shouwang.policydocs.organisations import is_unit
from shouwang.policydocs.words import any_of

DATE = re.compile(
    r"(?:20[0-9]{2}|二[零〇○]..)年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日(?:印发|发布)?|20[0-9]{6}|20[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}"
)
BEGINS = re.compile(any_of("closing.begins"))
ADMONITION = re.compile(r"(?:各责任单位|各[县市区乡镇]|请各|各级各部门|各部门)[^。]{4,80}。")
"""各责任单位要细化措施,确保任务落到实处: the last words after the last task."""
IN_FORCE = re.compile(
    r"本(?:措施|办法|方案|意见|规定|细则|规划|计划|通知|要点|政策|制度|规则)[^。;]{0,60}"
    r"(?:施行|实施|执行|有效期|负责解释)[^。]{0,60}。?"
)
"""本办法自印发之日起施行，有效期2年。"""
ISSUED = re.compile(
    r".{2,40}(?:办公室|办公厅|委员会|人民政府|局)20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日(?:印发)?"
)


def without_closing(blocks: list[Block]) -> list[Block]:
    kept: list[Block] = []
    in_list = False
    while blocks and ADMONITION.fullmatch(blocks[-1].text) and label_of(blocks[-1].text) is None:
        blocks = blocks[:-1]
    for index, block in enumerate(blocks):
        text = block.text
        if BEGINS.match(text) and len(text) <= 200 and not _begins_an_annex(blocks, index):
            in_list = text.startswith(("附件", "附:"))
            continue
        if in_list and _is_listed(block):
            continue
        in_list = False
        if IN_FORCE.fullmatch(_without_article(text)):
            continue
        if DATE.fullmatch(text) or (ISSUED.fullmatch(text) and len(text) <= 60):
            while kept and _is_signature(kept[-1]):
                kept.pop()
            continue
        kept.append(block)
    return kept


def _without_article(text: str) -> str:
    label = label_of(text)
    return text[label.length :] if label is not None and label.kind == "article" else text


def _begins_an_annex(blocks: list[Block], index: int) -> bool:
    """附件1 alone on its line, with a title and text below, begins an annex."""
    text = blocks[index].text
    return len(text) <= 5 and index + 1 < len(blocks) and label_of(text) is not None


def _is_listed(block: Block) -> bool:
    label = label_of(block.text)
    return (
        label is not None
        and label.kind == "digit"
        and len(block.text) <= 60
        and block.text[-1] not in ENDS
    )


def _is_signature(block: Block) -> bool:
    text = block.text
    return (
        2 <= len(text) <= 40
        and text[-1] not in ENDS + ",:)"
        and label_of(text) is None
        and is_unit(text)
    )
