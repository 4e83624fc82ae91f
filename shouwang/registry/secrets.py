"""个人号码 (personal numbers): sealed for storage, found by keyed hash, shown masked.

The context is authenticated with each value, so a number moved to another column does not open.
"""

from collections.abc import Sequence
from typing import Any, Final

from shouwang.core import crypto
from shouwang.core.masking import mask_id, mask_phone
from shouwang.core.sealed_values import SealedField, SealedFiles

ID_NO: Final = "registry.member.id_no"
MEMBER_PHONE: Final = "registry.member.phone"
HEAD_ID: Final = "registry.household.head_id"
HOUSEHOLD_PHONE: Final = "registry.household.phone"
_CONTEXTS: Final = {
    ("Member", "id_no"): ID_NO,
    ("Member", "phone"): MEMBER_PHONE,
    ("Household", "head_id"): HEAD_ID,
    ("Household", "phone"): HOUSEHOLD_PHONE,
}


def _context_of_change(row: dict[str, Any]) -> str:
    return _CONTEXTS["Household" if row["member_id"] is None else "Member", row["column"]]


SEALED: Final = (
    SealedField("registry.Member", "id_enc", ID_NO),
    SealedField("registry.Member", "phone_enc", MEMBER_PHONE),
    SealedField("registry.Household", "head_id_enc", HEAD_ID),
    SealedField("registry.Household", "phone_enc", HOUSEHOLD_PHONE),
    SealedField("registry.RecordChange", "old_enc", _context_of_change, ("member_id", "column")),
    SealedField("registry.RecordChange", "new_enc", _context_of_change, ("member_id", "column")),
)
SEALED_FILES: Final = (SealedFiles("originals/*/*.enc", "original:"),)
"""The workbooks and the files of the departments, which lie together."""


def context_of(model: Any, column: str) -> str:
    return _CONTEXTS[model.__name__, column]


def seal_many(context: str, values: Sequence[str | None]) -> list[bytes | None]:
    return crypto.provider().encrypt_many(values, context)


def reveal(context: str, sealed: bytes | memoryview | None) -> str | None:
    """The value in full; whoever calls this has the right and leaves an audit entry."""
    return None if sealed is None else crypto.provider().decrypt(bytes(sealed), context)


def masked(context: str, sealed: bytes | memoryview | None) -> str:
    """The value as it is shown to everybody; empty where there is none."""
    value = reveal(context, sealed)
    if value is None:
        return ""
    return mask_phone(value) if context.endswith("phone") else mask_id(value)
