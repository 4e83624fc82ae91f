"""二维码 (codes): what a phone reads, as SVG for pages and as squares for paper."""

from typing import Any

import segno

from shouwang.core.errors import DomainError

from . import personal

LONGEST = 500


def _code(text: str) -> segno.QRCode:
    """The code; one with a personal number is refused, since anybody can read it."""
    if not text or len(text) > LONGEST:
        raise DomainError("二维码的内容为空或过长。", "bad_code")
    personal.refuse([("二维码", text)])
    return segno.make(text, error="m", micro=False)


def svg(text: str, *, scale: int = 4) -> str:
    """The code as an `svg` element for a page; it holds no script and no style."""
    drawn: str = _code(text).svg_inline(scale=scale, border=2, omitsize=True)
    return drawn


def squares(text: str) -> list[list[bool]]:
    """The code row by row, dark squares true, with its quiet border."""
    matrix: Any = _code(text).matrix_iter(scale=1, border=2)
    return [[bool(square) for square in row] for row in matrix]
