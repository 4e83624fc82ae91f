"""变更历史 (history): an entry for each changed value, with the file and row that brought it."""

# ruff: noqa: S608 - names of tables and columns are constants of the contract

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from shouwang.core.bulk import copy_rows
from shouwang.core.masking import mask_id, mask_phone
from shouwang.registry.columns import STATEMENT_KEYS
from shouwang.registry.models import Household, Member, RecordChange, RegistryImport
from shouwang.registry.secrets import context_of, masked, seal_many

from .staging import Staging

_COLUMNS = (
    "household_id", "member_id", "column", "year", "old", "new", "old_enc", "new_enc",
    "registry_import_id", "source_file_id", "source_row", "changed_at",
)  # fmt: skip
_SECRETS = (
    ("p", Member, "id_no", "id_enc"),
    ("p", Member, "phone", "phone_enc"),
    ("h", Household, "head_id", "head_id_enc"),
    ("h", Household, "phone", "phone_enc"),
)


class History:
    """Writes the entries of one import; must run before the values themselves are replaced."""

    def __init__(
        self,
        staging: Staging,
        registry_import: RegistryImport,
        *,
        files: Mapping[str, int],
        now: datetime,
    ) -> None:
        self.staging = staging
        self.files = files
        self.import_id = registry_import.pk
        self.now = now
        self.year = staging.comparison.export_date.year

    def write(self) -> int:
        count = copy_rows(RecordChange, _COLUMNS, self._plain("p"))
        count += copy_rows(RecordChange, _COLUMNS, self._plain("h"))
        clear = self.staging.comparison.clear
        values = (clear.id_no, clear.member_phone, clear.head_id, clear.phone)
        for (table, model, column, field), given in zip(_SECRETS, values, strict=True):
            # a list: the rows are read from the connection that then copies them in
            rows = list(self._secret(table, model, column, field, given))
            count += copy_rows(RecordChange, _COLUMNS, rows)
        return count

    def _cells(self, table: str, condition: str) -> Iterator[list[tuple[Any, ...]]]:
        return self.staging.rows(
            f'SELECT k.household_id, c.id, c.col, c.old, c.new, n.file, n."row", c.ix '
            f"FROM cells_{table} c JOIN new_{table} n USING (ix) JOIN key_{table} k USING (ix) "
            f"WHERE c.col {condition}"
        )

    def _entry(self, table: str, row: tuple[Any, ...], *values: Any) -> tuple[Any, ...]:
        household, key, column, _, _, file, line = row[:7]
        year = self.year if column in STATEMENT_KEYS else None
        member = key if table == "p" else None
        source = (self.import_id, self.files[file], line, self.now)
        return (household, member, column, year, *values, *source)

    def _plain(self, table: str) -> Iterator[tuple[Any, ...]]:
        for chunk in self._cells(table, "NOT IN ('id_no', 'phone', 'head_id')"):
            for row in chunk:
                yield self._entry(table, row, row[3], row[4], None, None)

    def _secret(
        self, table: str, model: Any, column: str, field: str, clear: list[str | None]
    ) -> Iterator[tuple[Any, ...]]:
        context = context_of(model, column)
        mask = mask_phone if column == "phone" else mask_id
        for chunk in self._cells(table, f"= '{column}'"):
            olds = dict(
                model.objects.filter(pk__in=[row[1] for row in chunk]).values_list("pk", field)
            )
            sealed = seal_many(context, [clear[row[7]] for row in chunk])
            for row, new_enc in zip(chunk, sealed, strict=True):
                old_enc = olds[row[1]]
                new = clear[row[7]]
                yield self._entry(
                    table,
                    row,
                    masked(context, old_enc) or None,
                    None if new is None else mask(new),
                    None if old_enc is None else bytes(old_enc),
                    new_enc,
                )
