"""缩略图 (pictures): pictures are shown only as JPEG drawn anew by this server.

So what a browser receives has no place, no camera and no hidden content of the original.
"""

import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps

from .recognising import NotTaken

THUMBNAIL = 240
VIEW = 1600


def drawn(path: Path, decoder: str, longest: int) -> bytes:
    """The picture upright as JPEG with no side longer than so many pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=[decoder]) as original:
                original.draft("RGB", (longest, longest))
                picture = ImageOps.exif_transpose(original)
                picture.thumbnail((longest, longest))
                return _jpeg(picture)
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise NotTaken("图片打不开，可能已损坏，请重新拍照或扫描。") from None


def _jpeg(picture: Image.Image) -> bytes:
    if picture.mode in {"RGBA", "LA", "P", "PA"}:
        layer = picture.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
    else:
        flat = picture.convert("RGB")
    clean = Image.new("RGB", flat.size)
    clean.paste(flat)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()
