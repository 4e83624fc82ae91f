"""A small county, made once for all tests of the generator."""

from pathlib import Path

import pytest

from shouwang.demo import DemoSummary, make_county

SMALL = 300


@pytest.fixture(scope="session")
def small_county(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    """示例县 with 300 households."""
    out: Path = tmp_path_factory.mktemp("county")
    return make_county(out, households=SMALL, seed=7)
