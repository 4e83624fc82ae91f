"""常驻内存 (memory): what a server keeps for its whole life is not searched for garbage.

The program with its libraries is half a million objects. A full collection looks at every one of
them, a quarter of a second in the midst of whatever page happens to be made.
"""

import atexit
import gc

from django.urls import get_resolver


def settle() -> None:
    """Load what every page needs, then leave all that is there out of further collections."""
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
