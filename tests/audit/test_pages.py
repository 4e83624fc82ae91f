"""The log's pages, tried by four people: list, filters, export, one entry, verification."""

import pytest

from shouwang.accounts.actors import actor_for
from shouwang.audit.models import AuditEntry
from shouwang.audit.operations import record
from shouwang.audit.queries import history, source_text
from shouwang.audit.wording import action_label, declared_actions
from shouwang.core.actor import Actor
from shouwang.core.clock import today
from tests.four_people import make_account, make_post

SOMEBODY = Actor(5, "李工")


@pytest.fixture
def four(four_people):
    return four_people("supervisor")


def test_the_log_opens_for_who_watches_it(four) -> None:
    assert four.statuses("/audit/") == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip


def test_an_entry_opens_for_who_watches_its_place(four) -> None:
    entry = record(SOMEBODY, "x.y", division_path=four.places.village.path)
    assert four.statuses(f"/audit/{entry.pk}/") == {
        "owner": 200, "neighbour": 404, "department": 403, "nobody": 302,
    }  # fmt: skip


def test_verifying_is_for_who_watches_and_is_itself_logged(four) -> None:
    assert four.statuses("/audit/verify/", "post") == {
        "owner": 200, "neighbour": 200, "department": 403, "nobody": 302,
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="audit.verified").count() == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "李"}, True), ({"who": "张"}, False),
        ({"action": "divisions."}, True), ({"action": "divisions.merged"}, False),
        ({"at_after": "2020-01-01"}, True), ({"at_before": "2020-01-01"}, False),
        ({"division": "青禾"}, True), ({"division": "白石"}, False),
        ({"q": "更名"}, True), ({"target": "12"}, True), ({"target": "13"}, False),
    ],
)  # fmt: skip
def test_the_list_is_filtered_by_who_what_when_and_where(four, query, found: bool) -> None:
    record(
        SOMEBODY, "divisions.renamed", target_id="12", summary="更名之事",
        division_path=four.places.village.path,
    )  # fmt: skip
    page = four.client("owner").get("/audit/", query).content.decode()
    assert ("更名之事" in page) is found


def test_the_export_is_logged(four) -> None:
    record(SOMEBODY, "divisions.renamed", summary="更名之事")
    answer = four.client("owner").get("/audit/", {"export": "csv"})
    assert "更名之事" in b"".join(answer.streaming_content).decode("utf-8-sig")
    assert AuditEntry.objects.filter(action__endswith="exported").exists()


def test_a_history_tells_who_when_old_new_and_from_where(four) -> None:
    clerk = make_account("clerk", "王敏")
    make_post(clerk, "town_clerk", four.places.town)
    record(
        actor_for(clerk, today()), "registry.updated", target_type="registry.household",
        target_id="900060001630", changes={"income": [None, "5230.00"]},
        source={"file": "档案.xlsx", "sheet": "户", "row": 12},
    )  # fmt: skip
    (line,) = history("registry.household", "900060001630", labels={"income": "人均纯收入"})
    assert (line.who, line.acting_as, line.source) == (
        "王敏", "青禾镇 乡镇业务员", "档案.xlsx 户 第 12 行",
    )  # fmt: skip
    assert [(one.field, one.old, one.new) for one in line.changes] == [
        ("人均纯收入", "空", "5230.00")
    ]


def test_a_source_may_be_just_a_name() -> None:
    assert source_text("档案.xlsx") == "档案.xlsx"
    assert source_text(None) == ""


def test_what_is_about_no_place_belongs_to_the_posts_of_who_did_it(four) -> None:
    entry = record(four.actor("neighbour"), "list.exported", summary="邻县导出")
    assert entry.division_path == four.places.neighbour_county.path
    assert four.client("owner").get(f"/audit/{entry.pk}/").status_code == 404
    make_post(four.neighbour, "town_clerk", four.places.town)
    both = record(four.actor("neighbour"), "list.exported")
    assert both.division_path == four.places.prefecture.path


def test_every_declared_action_has_chinese_words() -> None:
    assert [code for code, words in declared_actions().items() if words.isascii()] == []


def test_an_action_that_no_room_declared_still_has_words() -> None:
    assert action_label("registry.household.updated") == "农户档案·修改"
    assert not action_label("something.odd").isascii()
