"""留痕查询: the history of one record, ready for its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import AuditEntry
from .wording import action_label, value_text


@dataclass(frozen=True)
class Change:
    """One field: what it is called, before and after; both already masked where need be."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryLine:
    """One line of a history: who, when, what, old and new value, from which file and row.

    Rooms that keep a history of their own (the registry's values) make such lines themselves.
    """

    at: datetime
    who: str
    action: str
    summary: str = ""
    changes: tuple[Change, ...] = ()
    source: str = ""
    acting_as: str = ""


def history(
    target_type: str,
    target_id: object,
    *,
    labels: Mapping[str, str] | None = None,
    limit: int = 200,
) -> list[HistoryLine]:
    """The entries about one record, newest first; the caller has checked that it may be seen.

    `labels` are the Chinese names of the fields that `changes` speak of.
    """
    entries = AuditEntry.objects.about(target_type, target_id).order_by("-pk")[:limit]
    return lines_of(entries, labels=labels)


def lines_of(
    entries: Iterable[AuditEntry], *, labels: Mapping[str, str] | None = None
) -> list[HistoryLine]:
    names = labels or {}
    return [
        HistoryLine(
            at=entry.at,
            who=entry.actor_label,
            action=action_label(entry.action),
            summary=entry.summary,
            changes=tuple(
                Change(names.get(key, key), *_pair(value)) for key, value in entry.changes.items()
            ),
            source=source_text(entry.source),
            acting_as=entry.acting_as,
        )
        for entry in entries
    ]


def _pair(value: Any) -> tuple[str, str]:
    if isinstance(value, list | tuple) and len(value) == 2:
        return value_text(value[0]), value_text(value[1])
    if isinstance(value, Mapping) and {"old", "new"} & set(value):
        return value_text(value.get("old")), value_text(value.get("new"))
    return "", value_text(value)


def source_text(source: Any) -> str:
    """档案.xlsx 人口 第 12 行."""
    if not source:
        return ""
    if not isinstance(source, Mapping):
        return str(source)
    parts = [str(source.get("file") or ""), str(source.get("sheet") or "")]
    if source.get("row"):
        parts.append(f"第 {source['row']} 行")
    return " ".join(part for part in parts if part)
