"""筛选条件: conditions that several rooms word alike."""

from typing import Any

import django_filters


def chosen(label: str, **options: Any) -> django_filters.ChoiceFilter:
    """One choice of a list, or all."""
    return django_filters.ChoiceFilter(label=label, empty_label="全部", **options)
