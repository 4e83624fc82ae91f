"""Two implementations that were written apart find the same links, rejects, findings and clues."""

from pathlib import Path

import pytest

from .harness import differences
from .mutate import mutate

NOTHING = {name: (set(), set()) for name in ("rejects", "links", "quality", "clues")}


def test_they_agree_on_the_sample_county(county_dev: Path) -> None:
    assert differences(county_dev, county_dev.parents[1] / "domain") == NOTHING


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12])
def test_they_agree_on_counties_with_other_mess(
    seed: int, county_dev: Path, tmp_path: Path
) -> None:
    domain = county_dev.parents[1] / "domain"
    mutate(county_dev, domain, tmp_path, seed, share=0.25, rate=0.08)
    assert differences(tmp_path, domain) == NOTHING
