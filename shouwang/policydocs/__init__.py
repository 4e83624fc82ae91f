"""政策文件阅读 (policy papers): from a paper's file to its outline, tasks, targets and funds.

Pure: knows no Django and no other room, reads no network, loads no model. A room that keeps plans
uses it like this::

    from shouwang.policydocs import PaperRejected, compare, parse, read_source

    source = read_source("2024年工作要点.docx", content=data)    # bytes, or a path alone
    paper = parse(source)                                        # never raises, whatever the text
    for task in paper.tasks:
        task.text, task.path, task.lead_units, task.targets, task.deadlines, task.periodic
        source.text[task.span.start:task.span.end]               # the place it was read from
        source.place(task.span)                                  # 第 2 页 第 14 段
    compare(former_paper, paper)                                 # added, changed, dropped tasks
    paper.as_json()                                              # the form of docs/policydocs.md

What is refused (a scanned page, a broken or hostile file) raises `PaperRejected` with a Chinese
sentence that says what to do next.

* `Source`: the plain text of the file; every `Span` counts its characters from 0, end excluded.
  `source.paragraphs` and `source.tables` say what the file itself marked; `source.place(span)`
  gives page and paragraph, counted from 1.
* `Paper`: title, issuer, doc_number, period, outline, tasks, indicators, funds, asides, source.
* `Heading`: level, label, title, span.
* `Task`: id (stable in one parse), path (headings from outermost to its own), text, pieces (the
  spans that the text is joined from), lead_units, responsible_units, targets, deadlines, periodic.
* `Unit`: name, span.  `Target`: name, comparator, value, unit, value2, qualifier, raw, span.
* `Deadline`: raw, date_from, date_to, span.  `Periodic`: raw, times, per, span.
* `Indicator`: one row of an indicator table.  `Fund`: money per beneficiary.
* `Aside`: a figure that was seen and not taken as a target, with the reason.
* Values are `Decimal` in the base unit: 83万亩 is 830000 亩. Nothing here is a float.

Every item's `raw` is what stands at its `span`, without the blanks and line ends of the layout.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "Paper": "model",
    "Source": "source",
    "Span": "model",
    "Place": "model",
    "Heading": "model",
    "Task": "model",
    "Unit": "model",
    "Target": "model",
    "Deadline": "model",
    "Periodic": "model",
    "Indicator": "model",
    "Fund": "model",
    "Aside": "model",
    "PaperRejected": "errors",
    "read_source": "readers",
    "source_of_text": "source",
    "parse": "reading",
    "compare": "comparison",
    "PaperComparison": "comparison",
    "TaskChange": "comparison",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
