"""Writes of the evaluations room."""

from .assessing import answer, appeal, assess, mark, review
from .filing import file_problems
from .items import add_item, edit_item, edit_parts, remove_item
from .rounds import advance_round, count_round, name_reviewer, open_round
from .schemes import advance_scheme, copy_scheme, make_example, make_scheme, save_items
from .surveys import draw, take_answers

__all__ = [
    "add_item",
    "advance_round",
    "advance_scheme",
    "answer",
    "appeal",
    "assess",
    "copy_scheme",
    "count_round",
    "draw",
    "edit_item",
    "edit_parts",
    "file_problems",
    "make_example",
    "make_scheme",
    "mark",
    "name_reviewer",
    "open_round",
    "remove_item",
    "review",
    "save_items",
    "take_answers",
]
