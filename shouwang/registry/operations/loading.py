"""入库 (loading): what an import changes in the tables, inside its one transaction."""

# ruff: noqa: S608 - names of tables and columns are constants of the contract

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import QuerySet

from shouwang.core.bulk import update_rows
from shouwang.registry.columns import (
    AFTER_FIELDS,
    ANNUAL_FIELDS,
    HOUSEHOLD_KEYS,
    MEMBER_KEYS,
    STATEMENT_KEYS,
    field_of,
)
from shouwang.registry.models import (
    Household,
    IncomeStatement,
    Member,
    RegistryImport,
)
from shouwang.registry.secrets import context_of, seal_many

from .new_rows import Place
from .staging import Staging, stored


class Loading:
    """Writes one staged import; the caller holds the transaction."""

    def __init__(
        self,
        staging: Staging,
        registry_import: RegistryImport,
        *,
        files: Mapping[str, int],
        places: Mapping[tuple[str, str | None], Place],
    ) -> None:
        self.staging = staging
        self.comparison = staging.comparison
        self.registry_import = registry_import
        self.files = files
        self.places = places

    def changed_values(self) -> None:
        """Each changed column by itself: as many updates as there are changed cells."""
        self._update_plain(Member, "p", "person_id", MEMBER_KEYS)
        self._update_plain(Household, "h", "household_id", HOUSEHOLD_KEYS)
        self._update_statements()
        self._update_derived()
        self._update_places()
        clear = self.comparison.clear
        self._update_secret(Member, "p", "id_no", "id", clear.id_no)
        self._update_secret(Member, "p", "phone", "phone", clear.member_phone)
        self._update_secret(Household, "h", "head_id", "head_id", clear.head_id)
        self._update_secret(Household, "h", "phone", "phone", clear.phone)

    def _update_plain(self, model: Any, table: str, key: str, columns: Sequence[str]) -> None:
        schema = self.comparison.person_schema if table == "p" else self.comparison.household_schema
        changed = self._changed_columns(table)
        for column in [name for name in columns if name in changed]:
            query = (
                f"SELECT c.id, {stored(column, schema.field(column).type)} FROM cells_{table} c "
                f"JOIN new_{table} n USING (ix) WHERE c.col = '{column}'"
            )
            self._update(model, (field_of(column),), query)

    def _changed_columns(self, table: str) -> set[str]:
        rows = self.staging.con.execute(f"SELECT DISTINCT col FROM cells_{table}").fetchall()
        return {row[0] for row in rows}

    def _update(self, model: Any, columns: Sequence[str], query: str) -> None:
        """`query` gives the key first, then the values in the order of `columns`."""
        self._write(model, columns, (row for chunk in self.staging.rows(query) for row in chunk))

    @staticmethod
    def _write(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        update_rows(model, ("id", *columns), rows)

    def _update_statements(self) -> None:
        schema = self.comparison.household_schema
        changed = self._changed_columns("h")
        year = self.comparison.export_date.year
        for key in [name for name in STATEMENT_KEYS if name in changed]:
            annual = key in ANNUAL_FIELDS
            field = ANNUAL_FIELDS[key] if annual else AFTER_FIELDS[key]
            query = (
                f"SELECT c.id, {stored(key, schema.field(key).type)} FROM cells_h c "
                f"JOIN new_h n USING (ix) WHERE c.col = '{key}'"
            )
            statements = (
                IncomeStatement.objects.filter(kind=IncomeStatement.Kind.ANNUAL, year=year)
                if annual
                else IncomeStatement.objects.filter(kind=IncomeStatement.Kind.AFTER)
            )
            # a list: its keys are read from the connection that then writes
            rows = list(self._by_household(statements, query))
            self._write(IncomeStatement, (field,), rows)

    def _by_household(
        self, statements: QuerySet[IncomeStatement], query: str
    ) -> Iterator[tuple[Any, ...]]:
        """Rows that begin with a household's key, given the key of its statement instead."""
        for chunk in self.staging.rows(query):
            keys = dict(
                statements.filter(household_id__in=[row[0] for row in chunk]).values_list(
                    "household_id", "id"
                )
            )
            yield from ((keys[row[0]], *row[1:]) for row in chunk)

    def _update_derived(self) -> None:
        """What follows from changed values: search keys, birth dates, the household of a person."""
        self._update(
            Member,
            ("name_norm", "name_key", "birth"),
            "SELECT c.id, n.name_norm, left(n.name_norm, 60), strftime(n.birth, '%Y-%m-%d') "
            "FROM changed_p c JOIN new_p n USING (ix)",
        )
        self._update(
            Member,
            ("household_id",),
            "SELECT c.id, k.household_id FROM cells_p c JOIN key_p k USING (ix) "
            "WHERE c.col = 'household_no'",
        )
        self._update(
            Household,
            ("head_key",),
            "SELECT c.id, left(coalesce(n.head_name, ''), 60) FROM cells_h c "
            "JOIN new_h n USING (ix) WHERE c.col = 'head_name'",
        )

    def _update_places(self) -> None:
        query = (
            'SELECT DISTINCT c.id, n.village_code, n."group" FROM cells_h c '
            "JOIN new_h n USING (ix) WHERE c.col IN ('village_code', 'village', 'group')"
        )
        rows = (
            (row[0], *self.places[row[1], row[2]])
            for chunk in self.staging.rows(query)
            for row in chunk
        )
        self._write(Household, ("village_id", "group_id"), rows)

    def _update_secret(
        self, model: Any, table: str, column: str, field: str, clear: Sequence[str | None]
    ) -> None:
        context = context_of(model, column)
        hashed = {
            "id_no": "coalesce(n.id_hash, n.id_text_hash)",
            "phone": "n.phone_hash",
        }.get(column)
        query = (
            f"SELECT n.ix, c.id{', ' + hashed if hashed else ''} FROM cells_{table} c "
            f"JOIN new_{table} n USING (ix) WHERE c.col = '{column}'"
        )
        rows = (
            (row[1], value, *row[2:])
            for chunk in self.staging.rows(query)
            for value, row in zip(
                seal_many(context, [clear[row[0]] for row in chunk]), chunk, strict=True
            )
        )
        self._write(model, (f"{field}_enc", f"{field}_hash")[: 2 if hashed else 1], rows)

    def absences(self) -> None:
        """Flag what the export no longer has, and take the flag from what came back."""
        mark = self.registry_import.pk
        for model, table, key in ((Household, "h", "household_id"), (Member, "p", "person_id")):
            gone = f"SELECT {key}, {mark} FROM match_{table} WHERE ix IS NULL AND NOT absent"
            back = f"SELECT {key}, NULL FROM match_{table} WHERE ix IS NOT NULL AND absent"
            self._update(model, ("absent_since_id",), gone)
            self._update(model, ("absent_since_id",), back)

    @staticmethod
    def reset_sequences() -> None:
        """Keys were given by us: tell the database where to go on."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Household, Member]):
                cursor.execute(statement)
