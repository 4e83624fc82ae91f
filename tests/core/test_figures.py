"""Figures that rooms count by themselves."""

from datetime import date
from decimal import Decimal

import pytest

from shouwang.core import figures


def test_a_village_counts_for_every_place_above_it() -> None:
    rows = [("/1/2/3/", 4), ("/1/2/5/", Decimal("0.5")), ("/1/9/", 1)]
    assert figures.roll_up(rows, ["/1/", "/1/2/", "/7/"]) == {
        "/1/": Decimal("5.5"),
        "/1/2/": Decimal("4.5"),
        "/7/": Decimal(0),
    }


def test_a_share_of_nothing_has_no_value() -> None:
    part = {"/1/": Decimal(1), "/2/": Decimal(0)}
    assert figures.share(part, {"/1/": Decimal(3), "/2/": Decimal(0)}) == {"/1/": Decimal("33.33")}


@pytest.mark.django_db
def test_every_declared_figure_counts_and_explains_itself() -> None:
    assert figures.all_figures()
    for key, figure in figures.all_figures().items():
        counting = getattr(figure.count, "func", figure.count)  # what a partial calls
        assert key.partition(".")[0] in counting.__module__
        assert figure.title and figure.unit and figure.explanation.endswith("。")
        assert set(figure.count(["/1/"], date(2026, 6, 30))) <= {"/1/"}


def test_an_unknown_figure_raises() -> None:
    with pytest.raises(figures.UnknownFigure):
        figures.get_figure("registry.nothing")
