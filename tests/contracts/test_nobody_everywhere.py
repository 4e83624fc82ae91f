"""Every address is tried by nobody, and none of them answers without a login."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

OPEN = {
    "accounts:login", "core:large-type", "outreach:ask", "outreach:policies",
    "consultations:public", "consultations:ask",
}  # fmt: skip
"""What a person may use before the login: the way in, the size of its letters, and the pages for
villagers. Those behind a code (outreach:report, support:card) are tried here without a code."""
SAMPLES = {
    "uuid": uuid.UUID(int=1), "number": uuid.UUID(int=1), "run_uuid": uuid.UUID(int=1),
    "household_no": "900000000001", "rule_id": "income.below_line", "change": "new",
}  # fmt: skip


def named(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, dict]]:
    """Every named address with a sample for each of its parts."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from named(one, inner)
        elif isinstance(one, URLPattern) and one.name:
            converters = one.pattern.converters
            yield f"{space}{one.name}", {key: sample(key, kind) for key, kind in converters.items()}


def sample(key: str, converter: object) -> object:
    if type(converter).__name__ == "UUIDConverter":
        return uuid.UUID(int=1)
    return 1 if type(converter).__name__ == "IntConverter" else SAMPLES.get(key, "x")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "parts"),
    [one for one in named() if one[0] not in OPEN],
    ids=lambda value: str(value)[:60],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_answers_nobody(name: str, parts: dict, method: str) -> None:
    answer = getattr(Client(), method)(reverse(name, kwargs=parts))
    assert answer.status_code in {302, 401, 403, 404, 405}
    if answer.status_code == 302:
        assert "/accounts/login/" in answer["Location"]
