"""政策文件的办理: upload and read, look at every piece, send, confirm by another person."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division
from shouwang.policydocs import Fund as ReadFund
from shouwang.policydocs import Paper as ReadPaper
from shouwang.policydocs import PaperRejected, compare, parse, read_source
from shouwang.policydocs import Task as ReadTask
from shouwang.policydocs.source import source_of_text

from ..models import Paper, Piece
from ..states import TAKEN, Change, PieceKind, PieceState, Rhythm, paper_table
from .pieces import audit_paper
from .policies import policies_of_grants
from .work import tasks_of_pieces

RHYTHMS = set(Rhythm.values)


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
        last = len(pieces)
        pieces += [_fund(made, last + at, fund) for at, fund in enumerate(read.funds, 1)]
        Piece.objects.bulk_create(pieces)
        audit_paper(actor, made, "uploaded", f"上传政策文件，读出 {len(pieces)} 条")
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
        note="".join(read.source.notes)[:300],
        uploaded_at=clock.now(),
        uploaded_by_id=actor.account_id,
        uploaded_by_label=actor.label[:120],
    )


def _piece(paper: Paper, place: int, task: ReadTask) -> Piece:
    # 全年…不少于30万亩，11月底前完成: a day to be met says more than a time in which to work
    by_a_day = next((one for one in task.deadlines if one.date_from is None), None)
    deadline = by_a_day or next(iter(task.deadlines), None)
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


def _fund(paper: Paper, place: int, fund: ReadFund) -> Piece:
    """Money that the paper grants: looked at like a task, but it becomes none."""
    unit = f"{fund.unit}/{fund.per}" if fund.per else fund.unit
    return Piece(
        paper=paper,
        kind=PieceKind.FUND,
        place=place,
        path=[],
        text=fund.raw,
        spans=[[fund.span.start, fund.span.end]],
        lead_units=[fund.source] if fund.source else [],
        condition=_condition(paper.text, fund.span.start),
        targets=[
            {
                "name": fund.beneficiary, "comparator": "le" if fund.cap else "eq",
                "value": str(fund.amount), "value2": None, "unit": unit, "raw": fund.raw,
                "span": [fund.span.start, fund.span.end],
            }
        ],
    )  # fmt: skip


def _condition(text: str, start: int) -> str:
    """What its sentence says before the money: mostly for whom and on which condition."""
    begin = max(text.rfind(mark, 0, start) for mark in "。；;\n") + 1
    words = "".join(text[begin:start].split()).strip("，,、：:")
    return (words.rpartition("，")[0] or words)[-500:]


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
            taken = paper.pieces.filter(kind=PieceKind.TASK, state__in=TAKEN)
            tasks_of_pieces(actor, paper, taken)
            grants = paper.pieces.filter(kind=PieceKind.FUND, state__in=TAKEN)
            policies_of_grants(actor, paper, grants)
        audit_paper(actor, paper, action, f"{row.label}：{paper.title[:60]}")
    paper.refresh_from_db()
    return paper
