"""部门数据的写操作: receive, import, correct, withdraw, link again; audited, all or nothing."""

from .correcting import receive_correction, send_correction, treat_as_whole
from .importing import commit_batch, import_batch, preparation_of, release_batch
from .receiving import complete_proposal, discard_file, receive_file, send_staged, stage_file
from .relinking import relink_all
from .sweeping import sweep
from .withdrawing import withdraw_batch

__all__ = [
    "commit_batch",
    "complete_proposal",
    "discard_file",
    "import_batch",
    "preparation_of",
    "receive_correction",
    "receive_file",
    "release_batch",
    "relink_all",
    "send_correction",
    "send_staged",
    "stage_file",
    "sweep",
    "treat_as_whole",
    "withdraw_batch",
]
