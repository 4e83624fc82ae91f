"""A refusal of a room becomes a page that says what to do and repeats nothing of the request."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from shouwang.core.actor import ANONYMOUS
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.middleware import DomainErrorMiddleware

ID = "999901199003071234"


def answer(error: Exception, **headers: str):
    request = RequestFactory().get(f"/x/?q={ID}", **headers)
    request.actor = ANONYMOUS
    request.htmx = HtmxDetails(request)
    return DomainErrorMiddleware(lambda request: None).process_exception(request, error)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DomainError("请先选择文件。"), 400),
        (NotAllowed(), 403),
        (PermissionDenied(), 403),
        (NotFound(), 404),
        (Http404(), 404),
        (Conflict(), 409),
    ],
)
def test_each_refusal_has_its_status(error: Exception, status: int) -> None:
    assert answer(error).status_code == status


@pytest.mark.django_db
def test_the_page_says_the_sentence_and_nothing_of_the_request() -> None:
    page = answer(DomainError("请先选择文件。")).content.decode()
    assert "请先选择文件。" in page
    assert ID not in page


@pytest.mark.django_db
def test_a_partial_request_gets_the_sentence_too() -> None:
    page = answer(DomainError("请先选择文件。"), HTTP_HX_REQUEST="true").content.decode()
    assert "请先选择文件。" in page


def test_a_mistake_of_the_program_is_not_hidden() -> None:
    assert answer(ValueError("x")) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("came", "leads"),
    [
        (f"http://testserver/calls/4/?q={ID}", "/calls/4/"),
        ("http://elsewhere.example/calls/4/", ""),
        ("", ""),
    ],
)
def test_who_was_slower_is_led_to_the_page_from_which_he_sent(came: str, leads: str) -> None:
    """What is only sent to cannot be opened; a foreign address is never linked."""
    request = RequestFactory().post("/calls/4/1/", headers={"Referer": came})
    request.actor, request.htmx = ANONYMOUS, HtmxDetails(request)
    found = DomainErrorMiddleware(lambda request: None).process_exception(request, Conflict())
    page = found.content.decode()
    assert ID not in page and "elsewhere" not in page
    assert ('href="/calls/4/"' in page) is bool(leads)
    assert 'href="/calls/4/1/"' not in page
