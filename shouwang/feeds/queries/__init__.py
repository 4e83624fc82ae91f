"""部门数据的读操作: every read that leaves the server begins with what the actor may see."""

from .batches import (
    batch_by_key,
    batches_visible_to,
    effective_batches,
    staged_files,
    stale_batches,
    versions_of,
    visible_batch,
)

__all__ = [
    "batch_by_key",
    "batches_visible_to",
    "effective_batches",
    "staged_files",
    "stale_batches",
    "versions_of",
    "visible_batch",
]
