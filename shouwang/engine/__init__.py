"""规则引擎 (engine): files in, clean rows, links, rules, explanations. Pure: knows no Django.

What other rooms may use is listed here; each name is loaded when first asked for.
"""

from importlib import import_module
from typing import Any

# At once, not when asked for: the function bears the name of its module, which would hide it.
from shouwang.engine.reject_workbook import reject_workbook as reject_workbook

_PUBLIC = {
    "FileRejected": "shouwang.engine.errors",
    "Rulebook": "shouwang.engine.rulebook",
    "prepare_batch": "shouwang.engine.ingest",
    "relink_batch": "shouwang.engine.ingest",
    "prepare_registry": "shouwang.engine.registry_in",
    "write_registry_snapshot": "shouwang.engine.registry_in",
    "guess_feed": "shouwang.engine.guess",
    "Batch": "shouwang.engine.rules.batches",
    "ScreeningInput": "shouwang.engine.rules.batches",
    "ScreeningResult": "shouwang.engine.rules.screening",
    "screen": "shouwang.engine.rules.screening",
    "screen_many": "shouwang.engine.rules.screening",
    "explain": "shouwang.engine.rules.explain",
    "evidence_rows": "shouwang.engine.rules.evidence",
    "sentence": "shouwang.engine.rules.sentences",
    "check_rulebook": "shouwang.engine.rules.inspection",
    "run_quality_checks": "shouwang.engine.rules.quality",
}

__all__ = sorted([*_PUBLIC, "reject_workbook"])


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
