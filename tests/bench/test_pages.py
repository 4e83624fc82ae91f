"""The part "pages" of the benchmark: every page that it measures answers, on a small county."""

import pytest

from bench import cases_county, pages
from shouwang.core import clock
from shouwang.screening.models import Run


@pytest.fixture
def county(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases_county, "TOWNS", 1)
    monkeypatch.setattr(cases_county, "VILLAGES", 2)
    cases_county.make(households=40, cases=20)
    Run.objects.create(
        as_of=clock.today(), number=1, county="999901", started_at=clock.now(),
        finished_at=clock.now(), started_by_label="x",
    )  # fmt: skip


@pytest.mark.parametrize("role", pages.ROLES)
def test_every_page_that_is_measured_answers(
    county: None, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = pages._pages(role)
    listed.pop(pages.VERDICTS)  # evaluates the files of a screening, which this county has not
    monkeypatch.setattr(pages, "_pages", lambda role: listed)
    monkeypatch.setattr("django.core.management.call_command", lambda *_, **__: None)
    lines = pages.visit(role, times=1)["lines"]
    assert set(lines) >= {title for title in listed if not title.startswith(pages.NEWER)}
    assert all(0 < line["queries"] <= 45 for line in lines.values())
