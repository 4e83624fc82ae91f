"""封存 (sealed values) of support: the telephone number of a contact."""

from typing import Final

from shouwang.core.sealed_values import SealedField

PHONE: Final = "support.pairing.phone"
SEALED: Final = (SealedField("support.Pairing", "phone_enc", PHONE),)
