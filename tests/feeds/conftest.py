"""People and files for the tests of department files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shouwang.core.actor import Actor, system_actor
from shouwang.feeds.models import FeedBatch
from shouwang.feeds.operations import import_batch, receive_file
from tests.four_people import Places

from .world import MAY, gb18030, id_number, make_registry, relief

ZHANG, LI, OUTSIDER = id_number(1), id_number(2), id_number(900)


@pytest.fixture
def system(places: Places) -> Actor:
    return system_actor("命令行")


@pytest.fixture
def registry(places: Places) -> Any:
    return make_registry(places, [("张三", ZHANG, "900000000001"), ("李四", LI, "900000000002")])


@pytest.fixture
def may_file(tmp_path: Path) -> Path:
    """Two known people, one from elsewhere, one rejected row."""
    rows = [
        relief("张三", ZHANG),
        relief("李四", LI),
        relief("王五", OUTSIDER),
        relief("张三", ZHANG, amount="八百"),
    ]
    return gb18030(tmp_path, "临时救助_202605.csv", rows)


@pytest.fixture
def take(system: Actor) -> Callable[..., FeedBatch]:
    """Receive and import a file as the command line does."""

    def run(path: Path, **said: Any) -> FeedBatch:
        values = {"feed": "temp_relief", "period_start": MAY[0], "period_end": MAY[1]} | said
        return import_batch(system, receive_file(system, path, **values), source=path)

    return run
