"""Tables and 选项 (choices) of the calls room."""

from functools import cache
from pathlib import Path

from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles" / "call.yaml"
WITH_DEPARTMENT = ("raised", "accepted", "reopened")
"""The department must act; here a day may be missed."""
OPEN = (*WITH_DEPARTMENT, "answered", "returned")


class CallState(models.TextChoices):
    """A call as a whole, from where its departments stand."""

    WORKING = "working", "部门办理中"
    RETURNED = "returned", "待县级指派"
    ANSWERED = "answered", "待评价"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


CALL_TONES = {
    "working": "going", "returned": "late", "answered": "near", "closed": "done",
    "withdrawn": "idle",
}  # fmt: skip


@cache
def call_table() -> Lifecycle:
    return load(FILE)


def whole(states: list[str]) -> str:
    """What most needs somebody stands for the call."""
    if any(state in WITH_DEPARTMENT for state in states):
        return "returned" if "returned" in states else "working"
    for state in ("returned", "answered"):
        if state in states:
            return state
    return "withdrawn" if set(states) <= {"withdrawn", "reassigned"} else "closed"
