"""Numbers of the navigation are counted seldom, and anew when the person did something."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from shouwang.core.actor import Actor, Scope
from shouwang.core.badges import badge_of
from shouwang.core.middleware import BadgeMiddleware


def _actor(account_id: int | None, path: str = "/1/") -> Actor:
    return Actor(account_id, "某人", (Scope(path, "town_clerk", frozenset({"x.view"})),))


@pytest.fixture(autouse=True)
def kept(settings: pytest.MonkeyPatch) -> Iterator[None]:
    settings.SHOUWANG_BADGE_SECONDS = 30
    cache.clear()
    yield
    cache.clear()


class Counter:
    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, actor: Actor) -> int:
        self.asked += 1
        return self.asked


def test_a_number_is_counted_once_for_many_pages() -> None:
    count = Counter()
    assert [badge_of(_actor(1), "room", count) for _ in range(3)] == [1, 1, 1]


def test_another_person_another_room_and_another_post_have_numbers_of_their_own() -> None:
    count = Counter()
    asked = [
        badge_of(_actor(1), "room", count),
        badge_of(_actor(2), "room", count),
        badge_of(_actor(1), "other", count),
        badge_of(_actor(1, "/2/"), "room", count),
    ]
    assert asked == [1, 2, 3, 4]


@pytest.mark.parametrize(("method", "anew"), [("POST", True), ("GET", False), ("HEAD", False)])
def test_what_a_person_sends_shows_at_once(method: str, anew: bool) -> None:
    count, request = Counter(), HttpRequest()
    badge_of(_actor(1), "room", count)
    request.method, request.actor = method, _actor(1)
    BadgeMiddleware(lambda _: HttpResponse())(request)
    assert badge_of(_actor(1), "room", count) == (2 if anew else 1)


def test_the_console_program_counts_every_time() -> None:
    count = Counter()
    assert [badge_of(_actor(None), "room", count) for _ in range(2)] == [1, 2]
