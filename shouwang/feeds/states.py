"""批次的状态表: which step leads a batch from where to where; operations keep to these rows."""

from dataclasses import dataclass

from .models import BatchState as S


@dataclass(frozen=True)
class Transition:
    """One row: `right` is what a person needs; None means that the program does it by itself."""

    action: str
    label: str
    sources: tuple[S, ...]
    target: S
    right: str | None
    needs_reason: bool = False


TRANSITIONS: tuple[Transition, ...] = (
    Transition("claim", "开始导入", (S.RECEIVED, S.IMPORTING), S.IMPORTING, "feeds.upload"),
    Transition("release", "导入中断，等待重新导入", (S.IMPORTING,), S.RECEIVED, None),
    Transition("accept", "采用", (S.IMPORTING,), S.ACCEPTED, None),
    Transition("arrive_late", "采用为历史版本", (S.IMPORTING,), S.SUPERSEDED, None),
    Transition("reject", "整份退回", (S.IMPORTING,), S.REJECTED, None),
    Transition("supersede", "被更正版取代", (S.ACCEPTED,), S.SUPERSEDED, None),
    Transition("reinstate", "恢复采用", (S.SUPERSEDED,), S.ACCEPTED, None),
    Transition(
        "withdraw",
        "撤回",
        (S.RECEIVED, S.ACCEPTED, S.SUPERSEDED),
        S.WITHDRAWN,
        "feeds.upload",
        needs_reason=True,
    ),
)
_BY_ACTION = {row.action: row for row in TRANSITIONS}


def transition(action: str) -> Transition:
    return _BY_ACTION[action]


def may(action: str, state: str) -> bool:
    """Whether the table knows this step from this state."""
    return state in _BY_ACTION[action].sources


# the tone of a state's pill
TONES: dict[str, str] = {
    S.RECEIVED: "idle",
    S.IMPORTING: "going",
    S.ACCEPTED: "done",
    S.SUPERSEDED: "idle",
    S.REJECTED: "late",
    S.WITHDRAWN: "idle",
}
