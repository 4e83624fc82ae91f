"""预览 (preview): what an import would do, as lists on disk that the page reads in slices.

The lists carry names and numbers of the national system, and ID numbers and phones only masked.
"""

# ruff: noqa: S608 - names of tables and columns are constants of the contract

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shouwang.core.masking import mask_id, mask_phone
from shouwang.registry.models import Household, Member
from shouwang.registry.secrets import context_of, masked

from .comparison import Comparison

_SECRETS = {"id_no": "id_enc", "head_id": "head_id_enc", "phone": "phone_enc"}
_PLACE = {
    "p": "{0}.household_no, {0}.person_no, {0}.name, {0}.village",
    "h": "{0}.household_no, NULL::VARCHAR AS person_no, {0}.head_name AS name, {0}.village",
}
_LEVEL = {"p": "member", "h": "household"}
_KEY = {"p": "person_id", "h": "household_id"}


def write_preview(comparison: Comparison, rejects: pa.Table, folder: Path) -> None:
    """Write new, changed, gone and rejected rows into a folder that nobody sees yet."""
    folder.mkdir(parents=True)
    for name in ("new", "gone"):
        parts = [_list(name, table) for table in ("h", "p")]
        query = " UNION ALL ".join(parts)
        pq.write_table(comparison.con.sql(query).to_arrow_table(), folder / f"{name}.parquet")
    changed = pa.concat_tables([_changed(comparison, table) for table in ("h", "p")])
    pq.write_table(changed, folder / "changed.parquet")
    pq.write_table(rejects, folder / "rejects.parquet")


def _list(name: str, table: str) -> str:
    if name == "new":
        return (
            f"SELECT '{_LEVEL[table]}' AS level, {_PLACE[table].format('n')}, "
            f'n.file, n."row" FROM match_{table} m JOIN new_{table} n USING (ix) '
            f"WHERE m.{_KEY[table]} IS NULL"
        )
    return (
        f"SELECT '{_LEVEL[table]}' AS level, {_PLACE[table].format('o')}, "
        f'o.file, o."row" FROM match_{table} m JOIN old_{table} o USING ({_KEY[table]}) '
        "WHERE m.ix IS NULL"
    )


def _changed(comparison: Comparison, table: str) -> pa.Table:
    """Field by field; secret values are filled in masked, the old ones from the database."""
    rows = comparison.con.sql(
        f"SELECT '{_LEVEL[table]}' AS level, {_PLACE[table].format('n')}, n.file, n.\"row\", "
        f"c.col, c.old, c.new, c.id, c.ix FROM cells_{table} c JOIN new_{table} n USING (ix) "
        "ORDER BY n.ix"
    ).to_arrow_table()
    old, new = rows["old"].to_pylist(), rows["new"].to_pylist()
    columns, keys = rows["col"].to_pylist(), rows["id"].to_pylist()
    positions = rows["ix"].to_pylist()
    for column in set(columns) & set(_SECRETS):
        places = [at for at, name in enumerate(columns) if name == column]
        before = _masked_before(table, column, [keys[at] for at in places])
        clear = _clear(comparison, table, column)
        mask = mask_phone if column == "phone" else mask_id
        for at in places:
            value = clear[positions[at]]
            old[at] = before.get(keys[at]) or None
            new[at] = None if value is None else mask(value)
    rows = rows.drop_columns(["old", "new", "id", "ix"])
    return rows.append_column("old", pa.array(old, pa.string())).append_column(
        "new", pa.array(new, pa.string())
    )


def _masked_before(table: str, column: str, keys: list[int]) -> dict[int, str]:
    model = Member if table == "p" else Household
    field = _SECRETS[column]
    context = context_of(model, column)
    found: dict[int, str] = {}
    for at in range(0, len(keys), 10_000):
        rows = model._default_manager.filter(pk__in=keys[at : at + 10_000])
        found |= {key: masked(context, sealed) for key, sealed in rows.values_list("pk", field)}
    return found


def _clear(comparison: Comparison, table: str, column: str) -> list[str | None]:
    clear = comparison.clear
    if table == "p":
        return clear.id_no if column == "id_no" else clear.member_phone
    return clear.head_id if column == "head_id" else clear.phone
