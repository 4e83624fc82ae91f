"""选项 (choices) and the state table of the localities room."""

from functools import cache
from pathlib import Path

from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

PLACE_FILE = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles" / "place_problem.yaml"
SIGNED = ("signed", "rechecked")
SETTLED = (*SIGNED, "mistaken")
"""Nothing is to be done any more."""
CHANGEABLE = ("open", "planned", "working")
"""What was found and what is planned may still be put right."""


class GridRole(models.TextChoices):
    KEEPER = "keeper", "网格员"
    INFORMANT = "informant", "信息员"


class AlertEnd(models.TextChoices):
    """How an alert ended before its time."""

    LIFTED = "lifted", "已解除"
    WITHDRAWN = "withdrawn", "已撤回"


@cache
def place_table() -> Lifecycle:
    return load(PLACE_FILE)
