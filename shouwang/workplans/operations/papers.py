"""政策文件的办理: upload and read, look at every piece, send, confirm by another person."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division
from shouwang.policydocs import Paper as ReadPaper
from shouwang.policydocs import PaperRejected, compare, parse, read_source
from shouwang.policydocs import Task as ReadTask
from shouwang.policydocs.source import source_of_text

from ..models import Paper, Piece
from ..states import TAKEN, Change, PieceState, Rhythm, paper_table
from .work import tasks_of_pieces

RHYTHMS = set(Rhythm.values)
EDITABLE = (
    "text", "lead_units", "responsible_units", "targets", "deadline", "rhythm", "note",
)  # fmt: skip


def upload_paper(
    actor: Actor,
    *,
    content: bytes,
    name: str,
    division: Division,
    former: Paper | None = None,
) -> Paper:
    """Read a paper and keep what was recognised, each piece still to be looked at by a person."""
    require(actor, "workplans.read", division.path)
    digest = hashlib.sha256(content).hexdigest()
    if (
        same := Paper.objects.filter(sha256=digest, division=division)
        .exclude(state="dropped")
        .first()
    ):
        raise Conflict(f"这份文件已经上传过（{same.title[:30]}），请打开原来那份。")
    try:
        read = parse(read_source(name, content=content))
    except PaperRejected as refusal:
        raise DomainError(str(refusal), code="paper") from refusal
    with transaction.atomic():
        made = _keep(actor, read, name, digest, division, former)
        pieces = [_piece(made, place, task) for place, task in enumerate(read.tasks, 1)]
        if former is not None:
            _mark_changes(made, former, read, pieces)
        Piece.objects.bulk_create(pieces)
        _audit(actor, made, "uploaded", f"上传政策文件，读出 {len(pieces)} 条")
    return made


def _keep(
    actor: Actor, read: ReadPaper, name: str, digest: str, division: Division, former: Paper | None
) -> Paper:
    known = read.as_json()
    return Paper.objects.create(
        title=(read.title or name)[:300],
        number=(read.doc_number or "")[:120],
        issuer=(read.issuer or "")[:120],
        period=(read.year_or_period or "")[:40],
        division=division,
        file_name=name[:255],
        sha256=digest,
        text=read.source.text.replace("\x00", " "),
        outline=known["outline"],
        indicators=known["indicators"],
        funds=known["funds"],
        former=former,
        uploaded_at=clock.now(),
        uploaded_by_id=actor.account_id,
        uploaded_by_label=actor.label[:120],
    )


def _piece(paper: Paper, place: int, task: ReadTask) -> Piece:
    deadline = task.deadlines[0] if task.deadlines else None
    periodic = next((one for one in task.periodic if one.per in RHYTHMS), None)
    return Piece(
        paper=paper,
        place=place,
        path=list(task.path),
        text=task.text,
        spans=[[span.start, span.end] for span in task.pieces],
        lead_units=[unit.name for unit in task.lead_units],
        responsible_units=[unit.name for unit in task.responsible_units],
        targets=[
            {
                "name": target.name,
                "comparator": target.comparator,
                "value": None if target.value is None else str(target.value),
                "value2": None if target.value2 is None else str(target.value2),
                "unit": target.unit,
                "raw": target.raw,
                "span": [target.span.start, target.span.end],
            }
            for target in task.targets
        ],
        deadline=deadline.date_to if deadline else None,
        deadline_raw=deadline.raw[:60] if deadline else "",
        rhythm=periodic.per if periodic else "",
        rhythm_raw=periodic.raw[:60] if periodic else "",
    )


def _mark_changes(paper: Paper, former: Paper, read: ReadPaper, pieces: Sequence[Piece]) -> None:
    """Say of every piece what became of it since the former version."""
    before = parse(source_of_text(former.text))
    found = compare(before, read)
    changed = {change.new.id for change in found.changed}
    same = {new.id for _, new in found.unchanged}
    for task, piece in zip(read.tasks, pieces, strict=True):
        piece.change = (
            Change.CHANGED if task.id in changed else Change.SAME if task.id in same else Change.NEW
        )
    paper.dropped = [{"text": task.text, "path": list(task.path)} for task in found.dropped]
    paper.save(update_fields=["dropped"])


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
    if "text" in changes and not str(changes["text"]).strip():
        raise DomainError("任务内容不能为空。", code="text")
    if state == PieceState.REFUSED and not str(changes.get("note", piece.note)).strip():
        changes["note"] = "不是任务"
    if state == PieceState.CORRECTED and piece.state == PieceState.ADDED:
        state = PieceState.ADDED
    with transaction.atomic():
        _decide(actor, piece, version, state=state, **changes)
        _audit(actor, paper, "piece", f"核对第 {piece.place} 条：{PieceState(state).label}")
    piece.refresh_from_db()
    return piece


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


def split_piece(actor: Actor, piece: Piece, *, at: int, version: int) -> list[Piece]:
    """Cut one piece into two at a character of its text; both are to be looked at again."""
    paper = piece.paper
    _reading(actor, paper)
    text = piece.text
    if not 0 < at < len(text) or not text[:at].strip() or not text[at:].strip():
        raise DomainError("拆分的位置应在这一条文字的中间。", code="at")
    with transaction.atomic():
        second = Piece.objects.get(pk=piece.pk)
        _decide(actor, piece, version, text=text[:at].strip(), state=PieceState.PENDING)
        second.pk, second.text, second.targets = None, text[at:].strip(), []
        second.state, second.version = PieceState.PENDING, 1
        second.save(force_insert=True)
        _audit(actor, paper, "split", f"拆分第 {piece.place} 条")
    piece.refresh_from_db()
    return [piece, second]


def merge_pieces(actor: Actor, first: Piece, second: Piece, *, version: int) -> Piece:
    """Join the second piece to the first; the second stays, marked as merged."""
    paper = first.paper
    _reading(actor, paper)
    if second.paper_id != paper.pk or second.pk == first.pk:
        raise DomainError("只能与同一份文件里的另一条合并。", code="second")
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
            state=PieceState.PENDING,
        )  # fmt: skip
        _decide(actor, second, second.version, state=PieceState.MERGED, merged_into=first)
        _audit(actor, paper, "merged", f"合并第 {first.place} 条和第 {second.place} 条")
    first.refresh_from_db()
    return first


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
        _audit(actor, paper, "added", f"补充第 {made.place} 条")
    return made


def _all_seen(paper: Paper) -> str | None:
    left = paper.pieces.filter(state=PieceState.PENDING).count()
    return f"还有 {left} 条没有核对。" if left else None


def _something_taken(paper: Paper) -> str | None:
    taken = paper.pieces.filter(state__in=TAKEN).exists()
    return None if taken else "没有采用任何一条；如不采用这份文件，请按“不采用这份文件”。"


CHECKS: Mapping[str, Check] = {"all_seen": _all_seen, "something_taken": _something_taken}


def advance_paper(
    actor: Actor,
    paper: Paper,
    action: str,
    *,
    version: int,
    reason: str = "",
    on: date | None = None,
) -> Paper:
    """Take a step of the paper's table; confirming makes the taken pieces tasks."""
    given = {"reason": reason.strip()}
    row = paper_table().take(actor, paper, paper.state, action, paper.division.path, CHECKS, given)
    if action == "confirm" and paper.sent_by_label == actor.label[:120]:
        raise DomainError("确认要由核对人以外的第二个人进行。", code="same_person")
    values: dict[str, Any] = {
        "state": row.to,
        "version": version + 1,
        "note": given["reason"][:300],
    }
    if action == "send":
        values["sent_by_label"] = actor.label[:120]
    if action == "confirm":
        values |= {"confirmed_at": clock.now(), "confirmed_by_label": actor.label[:120]}
    with transaction.atomic():
        found = Paper.objects.filter(pk=paper.pk, version=version, state=paper.state)
        if not found.update(**values):
            raise Conflict("这份文件刚被别人办理过，请刷新页面核对。")
        if action == "confirm":
            tasks_of_pieces(actor, paper, paper.pieces.filter(state__in=TAKEN))
        _audit(actor, paper, action, f"{row.label}：{paper.title[:60]}")
    paper.refresh_from_db()
    return paper


def _audit(actor: Actor, paper: Paper, action: str, summary: str) -> None:
    audit(
        actor,
        f"workplans.paper.{action}",
        target_type="workplans.paper",
        target_id=str(paper.pk),
        division_path=paper.division.path,
        summary=summary,
    )
