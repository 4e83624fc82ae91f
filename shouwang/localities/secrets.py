"""封存 (sealed values) of the localities room: telephone numbers of grid people."""

from typing import Final

from shouwang.core.sealed_values import SealedField

GRID_PHONE: Final = "localities.grid.phone"
SEALED: Final = (SealedField("localities.GridMember", "phone_enc", GRID_PHONE),)
