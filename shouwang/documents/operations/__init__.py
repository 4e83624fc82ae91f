"""文书与佐证的操作: what changes the room; actor first, atomic, audited."""

from .attaching import attach, withdraw
from .opening import open_original, open_thumbnail, open_view
from .templates import adopt_template, discard_draft, reset_template, upload_template

__all__ = [
    "adopt_template",
    "attach",
    "discard_draft",
    "open_original",
    "open_thumbnail",
    "open_view",
    "reset_template",
    "upload_template",
    "withdraw",
]
