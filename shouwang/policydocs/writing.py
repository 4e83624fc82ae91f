"""JSON 形式 (writing): a paper as plain lists and dictionaries, the form of docs/policydocs.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.policydocs.model import Fund, Indicator, Paper, Span, Target, Task, Unit


def paper_as_json(paper: Paper) -> dict[str, Any]:
    def place(span: Span) -> dict[str, Any]:
        found = paper.source.place(span)
        return {
            "start": span.start,
            "end": span.end,
            "page": found.page,
            "paragraph": found.paragraph,
        }

    return {
        "title": paper.title,
        "issuer": paper.issuer,
        "doc_number": paper.doc_number,
        "year_or_period": paper.year_or_period,
        "outline": [
            {"level": each.level, "label": each.label, "title": each.title, "at": place(each.span)}
            for each in paper.outline
        ],
        "tasks": [_task(each, place) for each in paper.tasks],
        "indicators": [_indicator(each, place) for each in paper.indicators],
        "funds": [_fund(each, place) for each in paper.funds],
        "asides": [
            {"raw": each.raw, "reason": each.reason, "at": place(each.span)}
            for each in paper.asides
        ],
    }


def plain_number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _task(task: Task, place: Any) -> dict[str, Any]:
    return {
        "id": task.id,
        "outline_path": list(task.path),
        "text": task.text,
        "at": place(task.span),
        "pieces": [[each.start, each.end] for each in task.pieces],
        "lead_units": _names(task.lead_units),
        "responsible_units": _names(task.responsible_units),
        "units_at": [
            {"name": each.name, "at": place(each.span)}
            for each in (*task.lead_units, *task.responsible_units)
        ],
        "targets": [_target(each, place) for each in task.targets],
        "deadlines": [
            {
                "raw": each.raw,
                "date_from": _day(each.date_from),
                "date_to": _day(each.date_to),
                "at": place(each.span),
            }
            for each in task.deadlines
        ],
        "periodic": [
            {"raw": e.raw, "times": plain_number(e.times), "per": e.per, "at": place(e.span)}
            for e in task.periodic
        ],
    }


def _names(units: Iterable[Unit]) -> list[str]:
    return [each.name for each in units]


def _target(target: Target, place: Any) -> dict[str, Any]:
    return {
        "name": target.name,
        "comparator": target.comparator,
        "value": plain_number(target.value),
        "unit": target.unit,
        "value2": plain_number(target.value2),
        "qualifier": target.qualifier,
        "raw": target.raw,
        "at": place(target.span),
    }


def _indicator(row: Indicator, place: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "no": row.no,
        "name": row.name,
        "target_raw": row.target_raw,
        "comparator": row.comparator,
        "value": plain_number(row.value),
        "value2": plain_number(row.value2),
        "unit": row.unit,
        "year": row.year,
        "kind": row.kind,
        "scope": row.scope,
        "table": row.table,
        "by_year": {str(year): text for year, text in row.by_year},
        "at": place(row.span),
    }
    if row.responsible_units is not None:
        found["responsible_units"] = _names(row.responsible_units)
    if row.scoring_units is not None:
        found["scoring_units"] = _names(row.scoring_units)
    return found


def _fund(fund: Fund, place: Any) -> dict[str, Any]:
    return {
        "beneficiary": fund.beneficiary,
        "source": fund.source,
        "amount": plain_number(fund.amount),
        "unit": fund.unit,
        "per": fund.per,
        "cap": fund.cap,
        "raw": fund.raw,
        "at": place(fund.span),
    }
