"""重点镇村 (key places): towns and villages that are classified 重点帮扶 on a day.

Named by SHOUWANG_KEY_PLACES for the rooms below, which must not import this one.
"""

from datetime import date

from django.db.models import Q

from .models import Classification
from .states import PlaceClass


def key_places(path: str, on: date) -> set[int]:
    """Keys of the divisions under a path that are on the list that day."""
    found = Classification.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        valid_from__lte=on,
        place_class=PlaceClass.KEY_HELP,
        division__path__startswith=path,
    )
    return set(found.values_list("division", flat=True))
