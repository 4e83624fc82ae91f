"""Marked papers: a made-up paper with its answer written into it.

A mark is [[kind fields|text]]; the text stays in the paper, the mark goes.

    [[h 2 (一)|加强组织领导]]                 heading of level 2 ("." for no label)
    [[T]] … [[/T]]                           a task; [[R]] … [[/R]] inside is its responsibility
    [[L|县水利局]] [[U|县财政局]]              lead and responsible units
    [[t ge 98 %|稳定在98%以上]]               target; several by ;  value 1~2 for a range; - no unit
    [[d - 2025-12-31|到2025年]]               deadline
    [[p 1 quarter|每季度至少1次]]              rhythm
    [[f 5000000 year|500万元|重点镇|省级资金]]  fund
    t? d? p? are optional. After a line "=== indicators" a YAML list of table rows may follow.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PAPERS = Path(__file__).parent / "papers"
MARK = re.compile(r"\[\[(.*?)\]\]", re.S)


@dataclass
class MarkedPaper:
    name: str
    text: str
    answer: dict[str, Any]


def load(path: Path) -> MarkedPaper:
    written, _, rows = path.read_text(encoding="utf-8").partition("\n=== indicators\n")
    text, answer = _strip(written)
    listed = yaml.safe_load(rows) if rows else []
    answer["indicators"] = [
        {"no" if k is False else k: v for k, v in row.items()} for row in listed
    ]
    return MarkedPaper(path.stem, text, answer)


def load_all() -> list[MarkedPaper]:
    return [load(path) for path in sorted(PAPERS.glob("*.txt"))]


def _number(text: str) -> float | None:
    return None if text in ("-", "") else float(text)


class _Reader:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.answer: dict[str, Any] = {"outline": [], "tasks": [], "funds": []}
        self.task: dict[str, Any] | None = None
        self.body: list[str] = []
        self.in_units = False

    def plain(self, text: str) -> None:
        self.out.append(text)
        if self.task is not None and not self.in_units:
            self.body.append(text)

    def mark(self, inside: str) -> None:
        if inside in ("T", "/T", "R", "/R"):
            self._bound(inside)
            return
        head, _, text = inside.partition("|")
        kind, _, fields = head.partition(" ")
        optional = {"optional": True} if kind.endswith("?") else {}
        getattr(self, f"_{kind.rstrip('?')}")(fields, text, optional)

    def _bound(self, inside: str) -> None:
        if inside == "T":
            self.task = {"id": str(len(self.answer["tasks"]) + 1), "lead_units": []}
            self.task |= {"responsible_units": [], "targets": [], "deadlines": [], "periodic": []}
            self.body = []
        elif inside == "/T":
            assert self.task is not None
            self.task["text"] = "".join(self.body).strip()
            self.answer["tasks"].append(self.task)
            self.task = None
        else:
            self.in_units = inside == "R"

    def _h(self, fields: str, text: str, optional: dict[str, Any]) -> None:
        level, label = fields.split(" ", 1)
        label = "" if label == "." else label
        self.answer["outline"].append(
            {"level": int(level), "label": label, "title": text} | optional
        )
        self.out.append(label)
        self.plain(text)

    def _L(self, fields: str, text: str, optional: dict[str, Any]) -> None:  # noqa: N802
        assert self.task is not None
        self.task["lead_units"].append(text)
        self.plain(text)

    def _U(self, fields: str, text: str, optional: dict[str, Any]) -> None:  # noqa: N802
        assert self.task is not None
        self.task["responsible_units"].append(text)
        self.plain(text)

    def _t(self, fields: str, text: str, optional: dict[str, Any]) -> None:
        assert self.task is not None
        for each in fields.split(";"):
            comparator, value, unit = each.split()
            first, _, second = value.partition("~")
            found = {"comparator": comparator, "value": _number(first), "value2": _number(second)}
            found |= {"unit": "" if unit == "-" else unit, "raw": text}
            self.task["targets"].append(found | optional)
        self.plain(text)

    def _d(self, fields: str, text: str, optional: dict[str, Any]) -> None:
        assert self.task is not None
        first, last = fields.split()
        found = {"raw": text, "date_from": None if first == "-" else first, "date_to": last}
        self.task["deadlines"].append(found | optional)
        self.plain(text)

    def _p(self, fields: str, text: str, optional: dict[str, Any]) -> None:
        assert self.task is not None
        times, per = fields.split()
        self.task["periodic"].append({"raw": text, "times": _number(times), "per": per} | optional)
        self.plain(text)

    def _f(self, fields: str, text: str, optional: dict[str, Any]) -> None:
        raw, beneficiary, source = (*text.split("|"), "", "")[:3]
        for amount, per, whom in zip(
            *(part.split(";") for part in (*fields.split(), beneficiary)), strict=True
        ):
            found = {"beneficiary": whom, "source": source or None, "amount": float(amount)}
            found |= {"unit": "元", "per": None if per == "-" else per, "raw": raw}
            self.answer["funds"].append(found | optional)
        self.plain(raw)


def _strip(written: str) -> tuple[str, dict[str, Any]]:
    reader = _Reader()
    place = 0
    for match in MARK.finditer(written):
        reader.plain(written[place : match.start()])
        reader.mark(match[1])
        place = match.end()
    reader.plain(written[place:])
    assert reader.task is None, "a task is not closed"
    return "".join(reader.out), reader.answer
