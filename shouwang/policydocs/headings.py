"""标题 (headings): which labelled lines are titles, and where a run-in title ends."""

from __future__ import annotations

import re

from shouwang.policydocs.items import Item
from shouwang.policydocs.responsibility import without_bracket
from shouwang.policydocs.words import words

ALWAYS = ("part", "chapter", "section", "box", "table")
NEVER = ("article", "circle", "bullet", "annex", "stage")
LONGEST = 60
LONGEST_RUN_IN = 40
LONGEST_TWO_CLAUSES = 25
SECOND_CLAUSE_OF_A_SENTENCE = re.compile(
    r"[,;](?:将|把|使|让|对|按|由|每|确保|到|以|并|力争|其中|在|从)"
)
QUANTITY = re.compile(
    r"[0-9](?:[0-9.,]*)(?:万|亿|%|亩|人|户|个|元|公里|头|座|项|家|处|名|条|吨|场|期|所|次|件|台|套)|百分之"
)
REQUIREMENT = re.compile("不少于|不低于|不超过|不得|每月|每季度|每周|每半年|应当|必须")
LOST = re.compile(r"[\u4e00-\u9fff“”《》()、\-—0-9A-Za-z+·]{3,32}")
NOT_A_TITLE = re.compile(
    r"[0-9]{4}年[0-9]{1,2}月|^注|^单位|^(?:附|备注|抄送|主送|联系)|(?:[县市区镇乡局委办]人民政府|办公室|委员会)$"
)


def title_end(item: Item, *, alone: bool, leads: bool = False) -> int | None:
    """Where the title of a labelled item ends in its body; None where it is no heading.

    `alone`: nothing of this item's own follows it (no body, no children). `leads`: pieces of
    another kind begin right below it, so that a longer title is one too.
    """
    label = item.label
    assert label is not None
    body = item.body.text
    if label.kind in NEVER or not body:
        return None
    if label.kind in ALWAYS:
        return _end_of_line(body) if _is_a_line(body) else _run_in(body) or _end_of_line(body)
    if item.inner and label.kind in ("digit_bracket", "digit"):
        return _run_in(body) if label.kind == "digit" else None
    stripped = without_bracket(body)
    if _is_a_line(stripped):
        if alone and QUANTITY.search(stripped):
            return None
        return len(stripped)
    if label.kind == "digit_bracket":
        return None
    return _run_in(body) or (_long_title(body) if leads else None)


def _end_of_line(body: str) -> int:
    """The whole line, or the first sentence of a paragraph that stands behind the label."""
    stop = body.find("。")
    if 0 < stop <= LONGEST:
        return stop
    return len(body.rstrip("。;:")[: 2 * LONGEST])


def _is_a_line(body: str) -> bool:
    """A line of its own: no sentence ends in it."""
    return 0 < len(body) <= LONGEST and not re.search("[。;!?]", body) and body[-1] not in ":,、"


def _run_in(body: str) -> int | None:
    """The title before the first 。 or : of a paragraph, when it is short and not a sentence."""
    match = re.search("[。:]", body)
    if match is None:
        return _bare_colon(body)
    title, rest = body[: match.start()], without_bracket(body[match.end() :])
    if match[0] == ":" and not rest:
        return match.start() if is_short_title(title) and len(title) <= LONGEST_RUN_IN else None
    if not rest and (QUANTITY.search(title) or len(title) > 12 or "," in title):
        return None
    if match[0] == ":" and ("," in title or len(title) > 25):
        return None
    return match.start() if is_short_title(title) else None


def _long_title(body: str) -> int | None:
    """(一)实施某某行动,通过产业增收一批。… above 1., 2.: the first sentence, without figures."""
    title = body.split("。", 1)[0]
    if "。" not in body or not 2 <= len(title) <= LONGEST or re.search("[;:]", title):
        return None
    if title.count(",") > 2 or REQUIREMENT.search(title) or QUANTITY.search(title):
        return None
    return len(title)


def _bare_colon(body: str) -> int | None:
    stripped = without_bracket(body)
    return len(stripped) if 0 < len(stripped) <= 15 and not re.search("[,;、]", stripped) else None


def is_short_title(title: str) -> bool:
    """实施乡村建设行动: a phrase, not a sentence with its own orders."""
    if not 2 <= len(title) <= LONGEST_RUN_IN or ";" in title:
        return False
    if REQUIREMENT.search(title):
        return False
    clauses = re.split("[,]", title)
    if len(clauses) == 1:
        return not (QUANTITY.search(title) and len(title) > 20)
    if len(clauses) > 2 or QUANTITY.search(title):
        return False
    return len(title) <= LONGEST_TWO_CLAUSES and not SECOND_CLAUSE_OF_A_SENTENCE.search(title)


def stands_between_numbers(item: Item, before: Item | None, after: Item | None) -> bool:
    """A short line between 11. and 12. or (三) and (四): a heading where others stand so too."""
    text = item.strand.text
    if item.label or not item.block.set_apart or before is None or after is None:
        return False
    if after.label is None or after.label.kind not in ("digit", "bracket"):
        return False
    if after.label.number < 2:
        return False
    if not LOST.fullmatch(text) or NOT_A_TITLE.search(text) or not 4 <= len(text) <= 24:
        return False
    return before.label is not None and before.block.text[-1] not in ",、:"


def may_have_lost_its_label(item: Item, before: Item | None, after: Item | None) -> bool:
    """A short line by itself between paragraphs: 总体要求, 推进乡风文明."""
    text = item.strand.text
    if item.label or not item.block.set_apart or after is None:
        return False
    if not LOST.fullmatch(text) or NOT_A_TITLE.search(text):
        return False
    if before is not None and not before.label and before.block.text[-1] in ",、:":
        return False
    if text in words("section_names"):
        return True
    if after.label is not None:
        return after.label.number == 1 or after.label.kind in ALWAYS
    return len(after.strand.text) >= 40
