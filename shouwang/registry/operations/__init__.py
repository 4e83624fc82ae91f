"""Writes of the registry: imports, checks, and the showing of full numbers."""

from .exporting import export_registry, order_export
from .importing import apply_import, import_registry, preview_import
from .quality import export_quality, run_quality
from .rebuilding import is_complete, rebuild_snapshot
from .receiving import discard_import, receive_import
from .rejected import reject_workbook
from .revealing import reveal_value

__all__ = [
    "apply_import",
    "discard_import",
    "export_quality",
    "export_registry",
    "import_registry",
    "is_complete",
    "order_export",
    "preview_import",
    "rebuild_snapshot",
    "receive_import",
    "reject_workbook",
    "reveal_value",
    "run_quality",
]
