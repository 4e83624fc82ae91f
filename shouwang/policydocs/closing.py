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
ISSUED = re.compile(
    r".{2,40}(?:办公室|办公厅|委员会|人民政府|局)20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日(?:印发)?"
)


def without_closing(blocks: list[Block]) -> list[Block]:
    kept: list[Block] = []
    in_list = False
    for index, block in enumerate(blocks):
        text = block.text
        if BEGINS.match(text) and len(text) <= 200 and not _begins_an_annex(blocks, index):
            in_list = text.startswith(("附件", "附:"))
            continue
        if in_list and _is_listed(block):
            continue
        in_list = False
        if DATE.fullmatch(text) or (ISSUED.fullmatch(text) and len(text) <= 60):
            while kept and _is_signature(kept[-1]):
                kept.pop()
            continue
        kept.append(block)
    return kept


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
