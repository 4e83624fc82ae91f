"""Nothing public of the demo county holds a number of a person: pages that open without an account,
notices, posters, letters, bulletins, policy cards."""

import json
import subprocess
import sys

import pytest

from .conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]


def test_nothing_public_of_the_county_holds_a_personal_number(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.scanning"],
        env=site.environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["wrong"] == []
    assert found["known"] > 500
    least = {
        "page": 4,
        "notice-paper": 5,
        "notice-poster": 5,
        "letter": 20,
        "bulletin": 1,
        "card": 1,
    }
    assert {key: min(found["read"].get(key, 0), count) for key, count in least.items()} == least
