"""The boards, lists and pages ask the database as often for fifty rows as for one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from bench import cases, cases_county, plans

MOST = 45
MORE = 6
"""What is beside the rows (units, leaders, places) is asked for only where there are rows."""
Looked = dict[str, dict[str, float]]


@contextmanager
def undone() -> Iterator[None]:
    """What is made within it is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def compared(make: Callable[[int], None], look: Callable[[], Looked], few: int, many: int) -> None:
    with undone():
        make(few)
        before = look()
    with undone():
        make(many)
        after = look()
    assert after
    for title, line in after.items():
        assert line["queries"] <= MOST, f"{title}: {line['queries']}"
        if title in before:
            assert line["queries"] <= before[title]["queries"] + MORE, (
                f"{title}: {before[title]['queries']} → {line['queries']}"
            )


@pytest.mark.django_db
@pytest.mark.parametrize("role", plans.ROLES)
def test_pages_of_tasks_ask_as_often_for_many_tasks_as_for_few(role: str) -> None:
    compared(
        lambda size: plans.make(papers=max(size // 25, 1), tasks=size, reports=size * 3),
        lambda: plans.look(role, times=0)["lines"],
        few=5, many=200,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("role", cases.ROLES)
def test_pages_of_cases_ask_as_often_for_many_cases_as_for_few(
    role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases_county, "TOWNS", 1)
    monkeypatch.setattr(cases_county, "VILLAGES", 2)
    compared(
        lambda size: cases_county.make(households=size, cases=size),
        lambda: cases.look(role, times=0)["lines"],
        few=2, many=100,
    )  # fmt: skip


@pytest.mark.django_db
def test_many_approvals_ask_once_for_each_case_and_little_beside(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Callable
) -> None:
    monkeypatch.setattr(cases_county, "TOWNS", 1)
    monkeypatch.setattr(cases_county, "VILLAGES", 2)
    cases_county.make(households=400, cases=400)
    with django_assert_max_num_queries(20 + 45):
        assert cases.approve(20)["done"] == 20
