"""Tables and 选项 (choices) of the consultations room."""

from functools import cache
from pathlib import Path

from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles" / "consultation.yaml"
MOST_DAYS = 365


class State(models.TextChoices):
    DRAFT = "draft", "起草"
    OPEN = "open", "征求意见中"
    SORTING = "sorting", "整理意见"
    PUBLISHED = "published", "已公布采纳情况"
    WITHDRAWN = "withdrawn", "已撤回"


class Audience(models.TextChoices):
    PUBLIC = "public", "公众和单位"
    UNITS = "units", "只征求单位意见"


class Channel(models.TextChoices):
    """By which way a comment came."""

    WEB = "web", "公开页面"
    UNIT = "unit", "单位反馈"
    LETTER = "letter", "来信"
    CALL = "call", "来电"
    MEETING = "meeting", "座谈会"
    VISIT = "visit", "来访"


TAKEN_DOWN = (Channel.LETTER, Channel.CALL, Channel.MEETING, Channel.VISIT)
"""Ways of which an officer writes down what was said."""


class Decision(models.TextChoices):
    PENDING = "pending", "待研究"
    ADOPTED = "adopted", "采纳"
    PARTLY = "partly", "部分采纳"
    REFUSED = "refused", "不采纳"
    NOTED = "noted", "没有修改意见"


DECISION_TONES = {
    "pending": "near", "adopted": "done", "partly": "going", "refused": "idle", "noted": "idle",
}  # fmt: skip
DECIDED = (Decision.ADOPTED, Decision.PARTLY, Decision.REFUSED)


@cache
def consultation_table() -> Lifecycle:
    return load(FILE)
