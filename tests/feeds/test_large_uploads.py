"""A large upload is recognised in the background; whoever sends it does not wait."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.feeds import jobs, proposals
from shouwang.feeds.models import FeedFile
from shouwang.feeds.operations import complete_proposal
from tests.four_people import FourPeople

from .conftest import ZHANG
from .world import gb18030, relief


@pytest.fixture
def waiting(
    four_people: Callable[..., FourPeople], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[FourPeople, FeedFile, list[Any]]:
    """A file over the limit was uploaded, and the worker has not come to it yet."""
    monkeypatch.setattr(proposals, "LARGEST_AT_ONCE", 10)
    queued: list[Any] = []
    monkeypatch.setattr(
        "shouwang.feeds.views.upload.start_recognising", lambda *given: queued.append(given)
    )
    monkeypatch.setattr(proposals, "propose", _never)
    officer = four_people("county_officer")
    upload(officer.client("owner"), gb18030(tmp_path, "2026年5月.csv", [relief("张三", ZHANG)]))
    monkeypatch.undo()
    return officer, FeedFile.objects.get(), queued


def _never(*_: Any) -> dict[str, Any]:
    raise AssertionError("the file was opened while its sender waited")


def upload(client: Client, path: Path) -> None:
    with path.open("rb") as stream:
        assert client.post(reverse("feeds:upload"), {"files": stream}).status_code == 302


def page(client: Client) -> str:
    return client.get(reverse("feeds:upload")).content.decode()


def address(name: str, file: FeedFile) -> str:
    return reverse(f"feeds:{name}", args=[file.uuid])


def test_its_sender_sees_that_it_is_being_recognised_and_then_what_it_is(
    waiting: tuple[FourPeople, FeedFile, list[Any]],
) -> None:
    officer, file, queued = waiting
    client = officer.client("owner")
    assert "正在后台识别" in page(client)
    assert client.get(address("recognised", file)).status_code == 204
    assert client.post(reverse("feeds:confirm"), {"only": ""}).status_code == 409
    jobs.start_recognising(*queued[0])
    part = client.get(address("recognised", file)).content.decode()
    assert 'value="temp_relief" selected' in part
    assert 'value="2026-05-31"' in part
    assert "<html" not in part
    assert "正在后台识别" not in page(client)


def test_its_sender_need_not_wait(waiting: tuple[FourPeople, FeedFile, list[Any]]) -> None:
    officer, file, _ = waiting
    client = officer.client("owner")
    assert client.post(address("decide-file", file)).status_code == 302
    assert f'name="{file.uuid}-feed"' in page(client)
    complete_proposal(file, {"feeds": ["late"]})
    file.refresh_from_db()
    assert "late" not in str(file.proposal)  # what the sender decided stands


def test_it_is_shown_to_its_sender_only(waiting: tuple[FourPeople, FeedFile, list[Any]]) -> None:
    officer, file, _ = waiting
    assert officer.statuses(address("recognised", file)) == {
        "owner": 204, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip


def test_a_small_file_is_recognised_at_once(
    four_people: Callable[..., FourPeople], tmp_path: Path, system: Actor
) -> None:
    client = four_people("county_officer").client("owner")
    upload(client, gb18030(tmp_path, "临时救助_202605.csv", [relief("张三", ZHANG)]))
    assert "正在后台识别" not in page(client)
