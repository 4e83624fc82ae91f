"""开头相同 (startswith) on SQLite: a range of the index instead of a pattern.

Every page narrows to the places of its reader by `path__startswith`. SQLite compares patterns
without regard to case and so reads the whole table; a range between two words uses the index, and
tells large from small letters as PostgreSQL does.
"""

from typing import Any

from django.db import models
from django.db.models import lookups

LAST = chr(0x10FFFF)
SURROGATES = range(0xD800, 0xE000)


def just_after(prefix: str) -> str:
    """The first text in the order of characters that is behind all that begin with the prefix;
    empty where there is none.
    """
    bare = prefix.rstrip(LAST)
    if not bare:
        return ""
    following = ord(bare[-1]) + 1
    return bare[:-1] + chr(SURROGATES.stop if following in SURROGATES else following)


@models.CharField.register_lookup
class StartsWith(lookups.StartsWith):
    """`startswith` of a known text."""

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        is_text = self.rhs_is_direct_value() and isinstance(self.rhs, str)
        end = just_after(self.rhs) if is_text else ""
        if not end:
            sql, given = super().as_sql(compiler, connection)
            return sql, tuple(given)
        column, given = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", (*given, self.rhs, *given, end)
