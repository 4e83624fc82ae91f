"""The measure of casework runs on a small county: every page answers, every approval succeeds."""

import pytest

from bench import cases, cases_county


@pytest.mark.django_db
def test_pages_are_asked_and_cases_approved() -> None:
    cases_county.make(households=400, cases=200)
    found = cases.look("clerk", times=1)["lines"]
    assert set(found) == {*cases.QUESTIONS, *cases.PAGES}
    assert found["页面 个案 cases"]["queries"] < 25
    assert cases.approve(10)["done"] == 10
