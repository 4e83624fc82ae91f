"""读表 (reading): a received file → sheets of text cells, whatever its format.

The content decides about the format, never the name. Nothing in a file is ever executed: formulas
are text or their stored result, macros are not opened.
"""

from shouwang.engine.reading.files import OpenFile, open_file
from shouwang.engine.reading.headers import Header, find_header
from shouwang.engine.reading.sheets import Sheet

__all__ = ["Header", "OpenFile", "Sheet", "find_header", "open_file"]
