"""部门数据的写操作: receive, import, correct, withdraw, link again; audited, all or nothing."""

from .importing import commit_batch, import_batch, preparation_of, release_batch
from .receiving import discard_file, receive_file, send_staged, stage_file
from .relinking import relink_all
from .sweeping import sweep
from .withdrawing import withdraw_batch

__all__ = [
    "commit_batch",
    "discard_file",
    "import_batch",
    "preparation_of",
    "receive_file",
    "release_batch",
    "relink_all",
    "send_staged",
    "stage_file",
    "sweep",
    "withdraw_batch",
]
