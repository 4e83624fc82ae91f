"""内存数据库: where a run takes place; it may spill to disk and never reaches the network."""

from pathlib import Path
from typing import Any

import duckdb


def connect(memory_limit: str | None, threads: int, spill: Path | None) -> Any:
    """A database in memory that may spill beside its result and never reaches the network."""
    settings: dict[str, Any] = {
        "threads": threads,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }
    if spill is not None:
        spill.mkdir(parents=True, exist_ok=True)
        settings["temp_directory"] = str(spill / "spill")
    if memory_limit:
        settings["memory_limit"] = memory_limit
    con = duckdb.connect(":memory:", config=settings)
    con.execute("SET GLOBAL parquet_metadata_cache = true")
    # nothing here outlives the run: rewriting tables that have grown would be work for nobody
    con.execute("SET GLOBAL checkpoint_threshold = '1TB'")
    # blocks that are used again and not given back to the system between two tables
    con.execute("SET GLOBAL block_allocator_memory = '300MB'")
    return con
