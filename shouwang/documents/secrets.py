"""封存 (sealed files) of documents: attachments and their thumbnails."""

from typing import Final

from shouwang.core.sealed_values import SealedFiles

SEALED_FILES: Final = (SealedFiles("attachments/*/*.enc", "attachment:"),)
