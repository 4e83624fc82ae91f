"""页面部件 (components): the small values that pages hand to the common templates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

TONES = {"late": "严重或超期", "near": "临近", "done": "完成", "idle": "未开始", "going": "进行中"}


def pill(tone: str, label: object) -> SafeString:
    """A state as word, colour and shape, as `core/pill.html` writes it; a list has hundreds."""
    return format_html('<span class="pill {}">{}</span>', tone if tone in TONES else "idle", label)


@dataclass(frozen=True)
class Action:
    """A button of a page: a link, or a form when `method` is post; greyed with `reason` if set."""

    label: str
    url: str
    icon: str = ""
    is_main: bool = False
    method: str = "get"
    confirm: str = ""
    reason: str = ""


@dataclass(frozen=True)
class MassAction:
    """What may be done with all ticked rows; `confirm` may hold {count}."""

    label: str
    url: str
    confirm: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Empty:
    """Why nothing is here, and what to do first."""

    title: str
    text: str = ""
    action: Action | None = None
    icon: str = "inbox"


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    count: int | None = None
    is_current: bool = False


@dataclass(frozen=True)
class Event:
    """One line of a timeline."""

    at: datetime | date | str
    title: str
    who: str = ""
    detail: str = ""
    tone: str = "idle"
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a long procedure; state is done, going, late or idle."""

    label: str
    state: str = "idle"
    detail: str = ""


@dataclass(frozen=True)
class ExplanationRow:
    """One line of the reasons: what was looked at, its value, the line it was held against."""

    label: str
    value: str
    threshold: str = ""
    source: str = ""


@dataclass(frozen=True)
class Explanation:
    """理由: why the system says so, as one sentence first and a table below."""

    sentence: str
    rule: str = ""
    rows: Sequence[ExplanationRow] = ()
    state: str = ""
    tone: str = "idle"
    source: str = ""
    dates: str = ""
    rule_url: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that matters, with its unit and where its rows are."""

    label: str
    value: Any
    unit: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class PostChoice:
    """One post of the person who is logged in, as the switcher shows it."""

    key: str
    label: str
    detail: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class SearchHit:
    title: str
    url: str
    detail: str = ""
    icon: str = ""


@dataclass(frozen=True)
class SearchGroup:
    label: str
    hits: Sequence[SearchHit] = field(default_factory=tuple)
    more_url: str = ""
