"""The quality page: folded by check and by town, narrowed by both, quick for a large county."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.registry import quality_page
from shouwang.registry.models import QualityFinding
from tests.four_people import FourPeople
from tests.registry import workbooks
from tests.registry.conftest import Importing

Four = Callable[..., FourPeople]


@pytest.fixture
def county(importing: Importing) -> list[dict[str, Any]]:
    """Two households of 柳湾村 (青禾镇), one of 竹园村 (白石镇); a finding in two of them."""
    people, households = workbooks.county(3)
    for person in people:
        person |= {"nation": "汉族"}
    people[0]["nation"] = people[1]["nation"] = None
    people[5]["nation"] = None
    people[0]["labour"] = "半个劳动力"
    households[2] |= {"village": "竹园村", "village_code": "999901102201", "town": "白石镇"}
    importing(people, households)
    return households


def lines(folds: list[quality_page.Fold]) -> dict[str, tuple[int, int]]:
    return {line.title: (line.count, line.households) for fold in folds for line in fold.lines}


def test_towns_fold_their_villages_and_checks_their_group(county: object, officer: Actor) -> None:
    shown = quality_page.overview(officer, "", "")
    towns = {fold.title: [line.title for line in fold.lines] for fold in shown["towns"]}
    assert towns == {"青禾镇": ["柳湾村"], "白石镇": ["竹园村"]}
    assert not any(fold.is_open for fold in [*shown["towns"], *shown["groups"]])
    groups = {fold.title: fold for fold in shown["groups"]}
    assert lines(shown["groups"])["民族为空"] == (3, 2)
    assert "民族为空" in [line.title for line in groups["人口基本项"].lines]
    assert shown["total"] == QualityFinding.objects.count()
    assert shown["households"] == 2


def test_a_check_narrows_the_places(county: object, officer: Actor) -> None:
    shown = quality_page.overview(officer, "", "labour.invalid")
    assert [fold.title for fold in shown["towns"]] == ["青禾镇"]
    assert shown["total"] == 1
    assert [chip.value for chip in shown["chips"]] == ["劳动技能为空或不在代码表"]
    assert "check_id=labour.invalid" in shown["findings_url"]
    assert [fold.is_open for fold in shown["groups"] if fold.is_chosen] == [True]


def test_a_town_narrows_the_checks(county: object, officer: Actor) -> None:
    shown = quality_page.overview(officer, "999901102000", "")
    assert lines(shown["groups"])["民族为空"] == (1, 1)
    assert lines(shown["towns"]).keys() == {"竹园村"}
    assert shown["towns"][0].is_open


@pytest.mark.parametrize("asked", [("nowhere", "no.check"), ("'", "%00"), ("9" * 400, "")])
def test_a_wrong_address_shows_everything(
    county: object, officer: Actor, asked: tuple[str, str]
) -> None:
    shown = quality_page.overview(officer, *asked)
    assert (len(shown["towns"]), shown["chips"]) == (2, [])


def test_a_clerk_sees_the_own_town_open_and_no_other(county: object, four_people: Four) -> None:
    clerk = four_people("town_clerk").client("owner")
    page = clerk.get(reverse("registry:quality"), {"town": "999901102000"}).content.decode()
    assert "柳湾村" in page
    assert "竹园村" not in page
    assert "<details open>" in page


def test_the_number_of_questions_does_not_grow_with_the_county(
    county: object, officer: Actor
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        quality_page.overview(officer, "", "")
    assert len(asked) <= 6


def test_the_lists_behind_the_numbers_open(county: object, four_people: Four) -> None:
    client = four_people("county_officer").client("owner")
    shown = quality_page.overview(four_people("county_leader").actor("owner"), "", "nation.missing")
    urls = [shown["findings_url"], *(line.url for fold in shown["towns"] for line in fold.lines)]
    counts = []
    for url in urls:
        body = client.get(url).content.decode()
        assert "质量问题" in body
        counts.append(body.count("民族为空</a>"))
    assert counts == [3, 2, 1]
