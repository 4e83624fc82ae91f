"""条目的核对 (pieces): accept, correct, split, merge, add, refuse, and take the last step back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError

from ..models import Paper, Piece
from ..states import PieceKind, PieceState

EDITABLE = (
    "text", "lead_units", "responsible_units", "targets", "deadline", "rhythm", "note",
    "condition",
)  # fmt: skip


def decide_piece(actor: Actor, piece: Piece, *, state: str, version: int, **changes: Any) -> Piece:
    """Accept, refuse or correct one piece; `changes` are its editable fields."""
    paper = piece.paper
    _reading(actor, paper)
    if state not in (
        PieceState.ACCEPTED, PieceState.REFUSED, PieceState.CORRECTED, PieceState.PENDING,
    ):  # fmt: skip
        raise DomainError("没有这种核对结果，请从按钮中选择。", code="state")
    if unknown := set(changes) - set(EDITABLE):
        raise DomainError(f"不能修改{'、'.join(sorted(unknown))}。", code="field")
    if piece.state == PieceState.MERGED:
        raise Conflict("这一条已并入另一条，请在那一条上撤销合并。")
    if "text" in changes and not str(changes["text"]).strip():
        raise DomainError("任务内容不能为空。", code="text")
    if state == PieceState.REFUSED and not str(changes.get("note", piece.note)).strip():
        changes["note"] = "不是任务" if piece.kind == PieceKind.TASK else "不登记"
    if state == PieceState.CORRECTED and piece.state == PieceState.ADDED:
        state = PieceState.ADDED
    if "targets" in changes:
        changes["targets"] = [_known(one, piece.targets) for one in changes["targets"]]
    with transaction.atomic():
        _decide(actor, piece, version, before=_snapshot(piece, "decide"), state=state, **changes)
        audit_paper(actor, paper, "piece", f"核对第 {piece.place} 条：{PieceState(state).label}")
    piece.refresh_from_db()
    return piece


def _known(given: dict[str, Any], before: list[dict[str, Any]]) -> dict[str, Any]:
    """A target that was read with this amount keeps its place, its bound and its own words."""
    for one in before:
        if one["value"] and Decimal(one["value"]) == Decimal(given["value"]):
            return {**one, "name": given["name"], "unit": given["unit"]}
    if len(before) == 1:
        return {**before[0], **given, "comparator": before[0]["comparator"]}
    return given


def _reading(actor: Actor, paper: Paper) -> None:
    require(actor, "workplans.read", paper.division.path)
    if paper.state != "reading":
        raise Conflict(f"这份文件现在是“{paper.state_label}”，不能再改条目。")


def _decide(actor: Actor, piece: Piece, version: int, **values: Any) -> None:
    found = Piece.objects.filter(pk=piece.pk, version=version)
    changed = found.update(
        **values, decided_at=clock.now(), decided_by_label=actor.label[:120], version=version + 1
    )
    if not changed:
        current = Piece.objects.get(pk=piece.pk)
        raise Conflict(f"这一条刚由{current.decided_by_label or '别人'}核对过，请看新的结果。")


def _snapshot(piece: Piece, step: str, other: int | None = None) -> dict[str, Any]:
    """The piece as it is now, so that the step that follows can be taken back."""
    kept = {name: getattr(piece, name) for name in (*EDITABLE, "spans", "state")}
    kept["deadline"] = piece.deadline.isoformat() if piece.deadline else None
    return {"step": step, "other": other, **kept}


def split_piece(actor: Actor, piece: Piece, *, at: int, version: int) -> list[Piece]:
    """Cut one piece into two at a character of its text; both are to be looked at again.

    Targets go to the half that has their words, places in the paper to the half they belong to.
    """
    paper = piece.paper
    _reading(actor, paper)
    text = piece.text
    if piece.state == PieceState.MERGED or not 0 < at < len(text):
        raise DomainError("拆分的位置应在这一条文字的中间。", code="at")
    halves = text[:at].strip(), text[at:].strip()
    if not all(halves):
        raise DomainError("拆分的位置应在这一条文字的中间。", code="at")
    of_second = [one for one in piece.targets if _bare(one["raw"]) in _bare(halves[1])]
    of_first = [one for one in piece.targets if one not in of_second]
    spans = _cut(paper.text, piece, at)
    with transaction.atomic():
        second = Piece.objects.get(pk=piece.pk)
        before = _snapshot(piece, "split")
        second.pk, second.text, second.targets = None, halves[1], of_second
        second.state, second.version, second.spans, second.before = "pending", 1, spans[1], {}
        second.decided_at, second.decided_by_label = None, ""
        second.save(force_insert=True)
        _decide(
            actor, piece, version, text=halves[0], state=PieceState.PENDING, targets=of_first,
            spans=spans[0], before={**before, "other": second.pk},
        )  # fmt: skip
        audit_paper(actor, paper, "split", f"拆分第 {piece.place} 条")
    piece.refresh_from_db()
    return [piece, second]


def _bare(text: str) -> str:
    return "".join(text.split())


def _cut(text: str, piece: Piece, at: int) -> tuple[list[list[int]], list[list[int]]]:
    """The spans of both halves; both keep all where the words are no longer the paper's."""
    words = "".join(text[start:end] for start, end in piece.spans)
    if not piece.spans or _bare(words) != _bare(piece.text):
        return piece.spans, piece.spans
    left = len(_bare(piece.text[:at]))
    first: list[list[int]] = []
    second: list[list[int]] = []
    for start, end in piece.spans:
        mid = start
        while mid < end and left:
            left -= not text[mid].isspace()
            mid += 1
        first += [[start, mid]] if mid > start else []
        second += [[mid, end]] if end > mid else []
    return first, second


def merge_pieces(actor: Actor, first: Piece, second: Piece, *, version: int) -> Piece:
    """Join the second piece to the first; the second stays, marked as merged."""
    paper = first.paper
    _reading(actor, paper)
    if second.paper_id != paper.pk or second.pk == first.pk:
        raise DomainError("只能与同一份文件里的另一条合并。", code="second")
    if PieceState.MERGED in (first.state, second.state) or first.kind != second.kind:
        raise DomainError("已并入的、不同种类的条目不能合并，请另选一条。", code="second")
    with transaction.atomic():
        _decide(
            actor, first, version,
            text=f"{first.text}{second.text}",
            spans=[*first.spans, *second.spans],
            targets=[*first.targets, *second.targets],
            lead_units=list(dict.fromkeys([*first.lead_units, *second.lead_units])),
            responsible_units=list(
                dict.fromkeys([*first.responsible_units, *second.responsible_units])
            ),
            deadline=first.deadline or second.deadline,
            rhythm=first.rhythm or second.rhythm,
            state=PieceState.PENDING, before=_snapshot(first, "merge", second.pk),
        )  # fmt: skip
        _decide(
            actor, second, second.version, state=PieceState.MERGED, merged_into=first,
            before=_snapshot(second, "merged", first.pk),
        )  # fmt: skip
        audit_paper(actor, paper, "merged", f"合并第 {first.place} 条和第 {second.place} 条")
    first.refresh_from_db()
    return first


def undo_piece(actor: Actor, piece: Piece, *, version: int) -> Piece:
    """撤销: the last step of a piece is taken back, a split or a merge on both pieces."""
    paper = piece.paper
    _reading(actor, paper)
    if piece.state == PieceState.MERGED:
        raise Conflict("这一条已并入另一条，请在那一条上撤销合并。")
    if not piece.before:
        raise DomainError("这一条没有可以撤销的上一步。", code="before")
    step, other = piece.before["step"], piece.before["other"]
    with transaction.atomic():
        _restore(actor, piece, version)
        if step == "split":
            untouched = Piece.objects.filter(pk=other, state=PieceState.PENDING, version=1)
            if not untouched.delete()[0]:
                raise Conflict("拆出来的另一条已经核对过，请先撤销那一条。")
        if step == "merge":
            second = Piece.objects.get(pk=other)
            _restore(actor, second, second.version)
        audit_paper(actor, paper, "undone", f"撤销第 {piece.place} 条的上一步")
    piece.refresh_from_db()
    return piece


def _restore(actor: Actor, piece: Piece, version: int) -> None:
    kept = {name: piece.before.get(name, "") for name in (*EDITABLE, "spans", "state")}
    day = kept["deadline"]
    kept["deadline"] = date.fromisoformat(day) if day else None
    _decide(actor, piece, version, **kept, before={}, merged_into=None)
    if kept["state"] == PieceState.PENDING:
        Piece.objects.filter(pk=piece.pk).update(decided_at=None, decided_by_label="")


def accept_section(actor: Actor, paper: Paper, chosen: Mapping[int, int]) -> int:
    """成批采用: exactly the pieces that were shown, each as it was shown ({key: version})."""
    _reading(actor, paper)
    if not chosen:
        raise DomainError("请至少勾选一条。", code="chosen")
    pieces = list(paper.pieces.filter(pk__in=chosen))
    if len(pieces) != len(chosen):
        raise DomainError("有的条目已经不在，请刷新页面后再办理。", code="chosen")
    changed = [
        one for one in pieces if one.state != PieceState.PENDING or one.version != chosen[one.pk]
    ]
    if changed:
        places = "、".join(str(one.place) for one in changed)
        raise Conflict(f"第 {places} 条刚被别人核对或改过，请刷新页面再看一遍。")
    with transaction.atomic():
        for piece in pieces:
            before = _snapshot(piece, "decide")
            _decide(actor, piece, piece.version, state=PieceState.ACCEPTED, before=before)
        places = "、".join(str(one.place) for one in pieces)
        audit_paper(actor, paper, "section", f"成批采用 {len(pieces)} 条：第 {places} 条"[:200])
    return len(pieces)


def add_piece(
    actor: Actor, paper: Paper, *, text: str, start: int | None = None, end: int | None = None
) -> Piece:
    """Add what the reader missed, with its place in the paper where one is given."""
    _reading(actor, paper)
    if not text.strip():
        raise DomainError("请写任务内容，或在左边原文中选中一段。", code="text")
    spans = []
    if start is not None and end is not None:
        if not 0 <= start < end <= len(paper.text):
            raise DomainError("选中的原文位置不对，请重新选择。", code="span")
        spans = [[start, end]]
    with transaction.atomic():
        last = paper.pieces.order_by("-place").values_list("place", flat=True).first() or 0
        made = Piece.objects.create(
            paper=paper, place=last + 1, text=text.strip(), spans=spans, state=PieceState.ADDED,
            decided_at=clock.now(), decided_by_label=actor.label[:120],
        )  # fmt: skip
        audit_paper(actor, paper, "added", f"补充第 {made.place} 条")
    return made


def audit_paper(actor: Actor, paper: Paper, action: str, summary: str) -> None:
    audit(
        actor,
        f"workplans.paper.{action}",
        target_type="workplans.paper",
        target_id=str(paper.pk),
        division_path=paper.division.path,
        summary=summary,
    )
