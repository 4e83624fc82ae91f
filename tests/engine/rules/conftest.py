"""A small rulebook to break, and the sample county imported once."""

import shutil
from pathlib import Path

import pytest

from shouwang.engine.rulebook import PACKAGED, Rulebook
from shouwang.engine.rules.batches import ScreeningInput
from tests.engine.rules.county import import_county


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The packaged rulebook, free to be changed."""
    return shutil.copytree(PACKAGED, tmp_path / "rulebook")


@pytest.fixture(scope="session")
def sample(county_dev: Path, tmp_path_factory: pytest.TempPathFactory) -> ScreeningInput:
    return import_county(county_dev / "input", tmp_path_factory.mktemp("county"))
