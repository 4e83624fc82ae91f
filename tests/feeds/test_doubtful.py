"""未关联的行: which rows are listed, who they may be about, and that nothing is linked by it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.audit.models import AuditEntry
from shouwang.engine.cleaning.identity import valid_number
from shouwang.engine.resemblance import name_resemblance, near_numbers
from shouwang.feeds import storage
from shouwang.feeds.models import FeedBatch
from shouwang.feeds.operations import withdraw_batch
from tests.four_people import FourPeople, Places

from .conftest import LI, OUTSIDER, ZHANG
from .world import gb18030, id_number, make_registry

Take = Callable[..., FeedBatch]
PAGE = "feeds:doubtful"
WRONG = ZHANG[:16] + str((int(ZHANG[16]) + 1) % 10) + ZHANG[17]


@pytest.fixture
def batch(places: Places, take: Take, tmp_path: Path) -> FeedBatch:
    people = [("张三", ZHANG, "900000000001"), ("李小四", LI, "900000000002")]
    make_registry(places, people)
    head = ("姓名", "身份证号", "出生日期", "所在村", "救助类别", "月发放金额")
    rows = [
        ("张三", ZHANG, "", "", "低保", 300),
        ("王二", ZHANG, "", "", "低保", 300),
        ("张三", WRONG, "", "", "低保", 300),
        ("李晓四", "", "1980-03-05", "柳湾村", "低保", 300),
        ("赵六", OUTSIDER, "", "", "低保", 300),
    ]
    return take(gb18030(tmp_path, "低保_202605.csv", rows, head), feed="civil_assist")


@pytest.fixture
def officer(four_people: Callable[..., FourPeople]) -> FourPeople:
    return four_people("county_officer")


def text(client: Client, query: str = "") -> str:
    answer = client.get(reverse(PAGE) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_rows_without_a_person_are_listed_with_their_reason_and_place(
    officer: FourPeople, batch: FeedBatch
) -> None:
    page = text(officer.client("owner"))
    for words in ("号码与姓名不符", "号码有误", "没有号码", "第3行", "第4行", "第5行"):
        assert words in page
    assert "赵六" not in page  # a right number of nobody here: somebody from elsewhere
    assert "共 <b>3</b> 行" in page


def test_numbers_are_masked_and_never_whole(officer: FourPeople, batch: FeedBatch) -> None:
    page = text(officer.client("owner"))
    assert f"{ZHANG[:6]}{'*' * 11}{ZHANG[-1]}" in page
    assert f"{WRONG[:6]}{'*' * 11}{WRONG[-1]}" in page
    assert ZHANG not in page
    assert WRONG not in page


def test_people_whom_a_row_may_be_about_are_named_and_nothing_is_linked(
    officer: FourPeople, batch: FeedBatch
) -> None:
    before = pq.read_table(storage.data_dir() / batch.directory / "rows.parquet")
    page = text(officer.client("owner"))
    assert "号码相同，姓名不同" in page
    assert "号码差一位，同名" in page
    assert "同村，姓名差一字，出生日期相同" in page
    assert reverse("registry:household", args=["900000000002"]) in page
    batch.refresh_from_db()
    assert pq.read_table(storage.data_dir() / batch.directory / "rows.parquet") == before
    assert batch.linked_count == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?reason=id_missing", 1),
        ("?reason=ambiguous", 0),
        ("?feed=civil_assist", 3),
        ("?month=2026-05", 3),
        ("?feed=nothing&month=2026-05", 3),
        ("?page=99", 3),
        ("?sort=name", 3),
        ("?per_page=100", 3),
    ],
)
def test_the_list_is_narrowed_by_kind_reason_and_month(
    officer: FourPeople, batch: FeedBatch, query: str, count: int
) -> None:
    assert f"共 <b>{count}</b> 行" in text(officer.client("owner"), query)


def test_the_list_is_taken_away_masked_without_suggestions_and_audited(
    officer: FourPeople, batch: FeedBatch
) -> None:
    answer = officer.client("owner").get(reverse(PAGE) + "?export=csv")
    lines = b"".join(answer.streaming_content).decode()
    assert "王二,号码与姓名不符" in lines
    assert "低保_202605.csv 第3行" in lines
    assert ZHANG not in lines
    assert "李小四" not in lines
    assert AuditEntry.objects.filter(action="list.exported").count() == 1
    assert officer.client("owner").get(reverse(PAGE) + "?export=xlsx").status_code == 200
    assert "王二" in text(officer.client("owner"), "?print=1")


def test_each_sees_the_rows_of_the_own_county_and_department(
    officer: FourPeople, four_people: Callable[..., FourPeople], batch: FeedBatch
) -> None:
    statuses = officer.statuses(reverse(PAGE))
    assert statuses == {"owner": 200, "neighbour": 200, "department": 200, "nobody": 302}
    for who in ("neighbour", "department"):
        assert "没有未关联的行" in text(officer.client(who))
    for role in ("town_clerk", "village_worker", "system_administrator"):
        assert four_people(role).client("owner").get(reverse(PAGE)).status_code == 403
    supervisor = four_people("supervisor").client("owner")
    assert "王二" in text(supervisor)
    assert supervisor.get(reverse(PAGE) + "?export=csv").status_code == 403


def test_a_department_sees_its_rows_but_not_who_is_registered(
    four_people: Callable[..., FourPeople], places: Places, take: Take, tmp_path: Path
) -> None:
    make_registry(places, [("张三", ZHANG, "900000000001")])
    head = ("结算流水号", "姓名", "身份证号", "结算日期", "医疗类别", "个人自付")
    rows = [("1", "王二", ZHANG, "2026-05-03", "住院", 900)]
    take(gb18030(tmp_path, "结算.csv", rows, head), feed="medical_settlement")
    page = text(four_people("department_officer").client("owner"))
    assert "王二" in page
    assert "张三" not in page
    assert "900000000001" not in page


def test_withdrawn_and_replaced_batches_are_left_out(
    officer: FourPeople, batch: FeedBatch, system: Any
) -> None:
    withdraw_batch(system, batch, reason="报错了")
    assert "没有未关联的行" in text(officer.client("owner"))


def test_a_large_original_is_not_opened_for_a_page(
    officer: FourPeople, batch: FeedBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shouwang.feeds.queries.doubtful.LARGEST_ORIGINAL", 10)
    page = text(officer.client("owner"))
    assert "见原件" in page
    assert "号码差一位" not in page


@settings(deadline=None)
@given(st.integers(1, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_found_again(serial: int, at: int, shift: int) -> None:
    number = id_number(serial)
    mark = number[at]
    wrong = str((int(mark) + shift) % 10) if mark != "X" else str(shift)
    slip = number[:at] + wrong + number[at + 1 :]
    if valid_number(slip) is None:
        assert number in near_numbers(slip)
    assert number in near_numbers(number[:at] + number[at + 1 :])
    assert number in near_numbers(number[:at] + "7" + number[at:])


@settings(deadline=None)
@given(st.text(max_size=25))
def test_any_text_has_only_valid_numbers_near_it(written: str) -> None:
    assert all(valid_number(number) == number for number in near_numbers(written))


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("张三", "张三", "同名"),
        ("张三", "张四", ""),
        ("李小四", "李晓四", "姓名差一字"),
        ("李小四", "李四", "姓名差一字"),
        ("张伟", "张玮", "姓名同音"),
        ("李小四", "王小五", ""),
        ("", "", ""),
    ],
)
def test_names_resemble_each_other_in_words(one: str, other: str, words: str) -> None:
    assert name_resemblance(one, other) == words
