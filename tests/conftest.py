"""Fixtures that every test may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from shouwang.audit.protection import lifted
from tests.four_people import four_people, places  # noqa: F401

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")
"""Nothing is judged by the clock: a busy machine is no fault of what is tested."""

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def county_dev() -> Path:
    """The sample county with its truth, where it lies beside the checkout."""
    path = SHARED / "samples" / "county-dev"
    if not path.is_dir():
        pytest.skip("the sample county is not beside this checkout")
    return path


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path: Path) -> Path:
    """Each test keeps its files in a folder of its own."""
    settings.SHOUWANG_DATA_DIR = tmp_path / "data"
    (settings.SHOUWANG_DATA_DIR / "tmp").mkdir(parents=True)
    return settings.SHOUWANG_DATA_DIR


@pytest.fixture(autouse=True, scope="session")
def emptied_log() -> Iterator[None]:
    """Between tests all tables are emptied; only then does the log let go of its records."""
    empty = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with lifted(connection):
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
