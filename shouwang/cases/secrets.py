"""封存 (sealed values) of casework: contexts under which names and numbers are encrypted."""

import json
from typing import Final

from shouwang.core import crypto
from shouwang.core.masking import mask_id
from shouwang.core.sealed_values import SealedField

CLUE_CONTACT: Final = "cases.clue.phone"
CLUE_REPORTER: Final = "cases.clue.reporter"
OBJECTOR: Final = "cases.objection.objector"
SUPPORTER_ID: Final = "cases.supporter.id_no"
SEALED: Final = (
    SealedField("cases.RegisteredClue", "contact_enc", CLUE_CONTACT),
    SealedField("cases.RegisteredClue", "reporter_enc", CLUE_REPORTER),
    SealedField("cases.Supporter", "id_enc", SUPPORTER_ID),
    SealedField("cases.Objection", "objector_enc", OBJECTOR),
)


def opened(context: str, sealed: bytes | memoryview | None) -> str:
    """The value in full; whoever calls this has the right and leaves an audit entry."""
    return "" if sealed is None else crypto.provider().decrypt(bytes(sealed), context)


def masked_number(sealed: bytes | memoryview | None) -> str:
    """A supporter's number as pages show it."""
    return mask_id(opened(SUPPORTER_ID, sealed))


def reporter(sealed: bytes | memoryview | None) -> dict[str, str]:
    """{"name": …, "phone": …} of who reported."""
    text = opened(CLUE_REPORTER, sealed)
    found: dict[str, str] = json.loads(text) if text else {}
    return found
