"""封存 (sealed values) of consultations: name and telephone of who commented."""

from typing import Final

from shouwang.core.sealed_values import SealedField

NAME: Final = "consultations.name"
PHONE: Final = "consultations.phone"
SEALED: Final = (
    SealedField("consultations.Comment", "name_enc", NAME),
    SealedField("consultations.Comment", "phone_enc", PHONE),
)
