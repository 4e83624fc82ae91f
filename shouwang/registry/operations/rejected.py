"""退回工作簿 (rejected rows): the original rows of a workbook, to be corrected and sent again."""

import tempfile
from typing import IO

import pyarrow.compute as pc
import pyarrow.parquet as pq

from shouwang.audit.operations import record
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError, NotFound
from shouwang.engine import Rulebook
from shouwang.engine.reject_workbook import reject_workbook as write_workbook
from shouwang.registry.models import RegistryFile, RegistryImport
from shouwang.registry.originals import fetch, workplace


def reject_workbook(
    actor: Actor, registry_import: RegistryImport, name: str
) -> tuple[RegistryFile, IO[bytes]]:
    """The workbook as an open file that vanishes when closed; audited, since it holds numbers."""
    require(actor, "registry.import")
    file = registry_import.files.filter(name=name.replace("\x00", "")).first()
    if file is None:
        raise NotFound("没有找到这个工作簿。")
    path = registry_import.folder / "rejects.parquet"
    if not path.is_file():
        raise DomainError("这次导入还没有比对，请先比对。")
    rejects = pq.read_table(path)
    rejects = rejects.filter(pc.equal(rejects["file"], file.name))
    if not pc.sum(pc.is_valid(rejects["row"])).as_py():
        raise DomainError("这个工作簿没有退回的行。")
    with workplace() as work:
        source = fetch(file.sha256, work / "source.xlsx")
        pq.write_table(rejects, work / "rejects.parquet")
        out = work / "out.xlsx"
        write_workbook(source, work / "rejects.parquet", Rulebook.load().registry, out)
        record(
            actor,
            "registry.rejects_exported",
            target_type="registry_import",
            target_id=str(registry_import.pk),
            summary=f"下载“{file.name}”的退回行 {rejects.num_rows} 行",
        )
        handle = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        handle.write(out.read_bytes())
    handle.seek(0)
    return file, handle
