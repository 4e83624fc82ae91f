"""Lists: nothing a reader may type breaks them; choices, exports and mass actions are honest."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shouwang.accounts.models import Post
from shouwang.audit.models import AuditEntry
from shouwang.core import clock
from shouwang.core.models import Job, Preference

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.ui_urls")]
HTMX = {"HX-Request": "true", "HX-Target": "list"}


def person(username: str, role: str) -> Client:
    account = get_user_model().objects.create(
        username=username, name="王样例", must_change_password=False, created_at=clock.now()
    )
    Post.objects.create(account=account, role=role, valid_from="2020-01-01")
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def officer() -> Client:
    return person("officer", "county_officer")


@pytest.fixture
def rows() -> None:
    moment = clock.now()
    Job.objects.bulk_create(
        Job(
            title=f"=第{number}批",
            state="done" if number % 2 else "failed",
            done=number,
            created_at=moment - timedelta(days=number),
            task_path="x.y",
        )
        for number in range(60)
    )


def text(response) -> str:
    return response.content.decode()


def test_a_list_shows_count_sum_and_first_page(officer: Client, rows: None) -> None:
    page = text(officer.get("/sample/"))
    assert "共 <b>60</b> 条" in page and "合计 <b>1,770</b>" in page
    assert page.count("data-tick ") == 25


def test_the_fragment_is_the_list_alone_with_a_spoken_count(officer: Client, rows: None) -> None:
    page = text(officer.get("/sample/?state=done", headers=HTMX))
    assert "<html" not in page and 'id="list"' in page
    assert 'id="announcer"' in page and "共 30 条，第 1 页，共 2 页" in page


def test_a_page_in_the_drawer_has_no_frame(officer: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "drawer-body"}
    page = text(officer.get("/sample/", headers=headers))
    assert "<html" not in page and "样例列表" in page


def test_conditions_are_chips_that_can_be_taken_away_alone(officer: Client, rows: None) -> None:
    page = text(officer.get("/sample/?state=done&done=10&created_at_after=2020-01-01&page=2"))
    assert "状态：<b>已完成</b>" in page and "日期：<b>2020-01-01 起</b>" in page
    assert 'href="?state=done&amp;done=10"' in page


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=x", "page=99999999999999999999", "per_page=0",
        "per_page=1000000", "per_page=²", "sort=nope", "sort=-", "sort=title__x",
        "sort=state&sort=-x", "state=zzz", "done=abc", "done=1e999", "done=NaN",
        "pk=99999999999999999999999",
        "created_at_after=2026-13-45", "created_at_after=0001-01-01", "total_min=9&total_max=1",
        "total_min=x", "title=%00", "title=%F0%9F%98%80", "title=" + "a" * 5000, "export=exe",
        "export=", "print=2", "sort=%00", "page=%00", "done=--1", "x=y",
    ],
)  # fmt: skip
def test_wrong_parameters_never_break_a_list(officer: Client, rows: None, query: str) -> None:
    assert officer.get(f"/sample/?{query}").status_code == 200


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(["page", "per_page", "sort", "state", "done", "pk", "title", "total_min"]),
    value=st.text(max_size=30),
)
def test_any_text_in_any_parameter_is_borne(officer: Client, name: str, value: str) -> None:
    assert officer.get("/sample/", {name: value}).status_code == 200


def test_a_condition_that_cannot_be_read_is_named(officer: Client, rows: None) -> None:
    page = text(officer.get("/sample/?done=abc"))
    assert "条件“行数”没有使用" in page and "共 <b>60</b> 条" in page


def test_pages_neither_repeat_nor_lose_rows_that_sort_alike(officer: Client, rows: None) -> None:
    seen = []
    for number in (1, 2, 3):
        response = officer.get(f"/sample/?sort=state&page={number}")
        seen += [row.key for row in response.context["list"].rows]
    assert len(seen) == len(set(seen)) == 60


def test_chosen_columns_are_remembered_for_the_person(officer: Client, rows: None) -> None:
    key = officer.get("/sample/").context["list"].key
    choice = {"key": key, "columns": ["title", "error", "evil"], "next": "/sample/"}
    assert officer.post("/preferences/columns/", choice).url == "/sample/"
    heads = [head.name for head in officer.get("/sample/").context["list"].table.heads]
    assert heads == ["title", "error"]
    other = person("other", "county_officer").get("/sample/").context["list"].table.heads
    assert len(other) == 4


def test_choices_lead_back_to_this_server_only(officer: Client) -> None:
    for wanted in ("//evil.example/", "https://evil.example/", "javascript:1", "/\\evil.example"):
        answer = officer.post("/preferences/columns/", {"key": "k", "next": wanted})
        assert answer.url == "/"


def test_conditions_can_be_saved_and_forgotten(officer: Client, rows: None) -> None:
    key = officer.get("/sample/").context["list"].key
    saving = {"key": key, "name": "已完成的", "query": "state=done&page=3", "next": "/sample/"}
    officer.post("/preferences/filters/", saving)
    assert [saved.url for saved in officer.get("/sample/").context["list"].saved] == ["?state=done"]
    officer.post("/preferences/filters/", {"key": key, "name": "已完成的", "delete": "1"})
    assert not Preference.objects.exists()


def test_an_empty_list_says_why_and_what_to_do(officer: Client, rows: None) -> None:
    assert "没有符合条件的记录" in text(officer.get("/sample/?title=没有这个"))
    Job.objects.all().delete()
    assert "先运行一次" in text(officer.get("/sample/"))


def test_an_export_holds_what_is_filtered_and_is_audited(officer: Client, rows: None) -> None:
    before = AuditEntry.objects.count()
    response = officer.get("/sample/?state=done&export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet.max_row == 1 + 30 + 2
    assert str(sheet["A2"].value).startswith("'=第")
    assert AuditEntry.objects.count() == before + 1
    assert "30 条" in AuditEntry.objects.latest("pk").summary


def test_a_csv_export_holds_all_pages(officer: Client, rows: None) -> None:
    lines = b"".join(officer.get("/sample/?export=csv").streaming_content).decode("utf-8-sig")
    assert len(lines.strip().splitlines()) == 1 + 60 + 2
    assert "王样例" in lines


def test_an_export_holds_the_visible_columns_with_words_and_without_marks(
    officer: Client, rows: None
) -> None:
    lines = b"".join(officer.get("/sample/?export=csv").streaming_content).decode("utf-8-sig")
    head, first, *_ = lines.splitlines()
    assert head == "任务,状态,行数（行）,日期"
    assert first.startswith("'=第59批,已完成,59,") and "<" not in lines


def test_who_may_not_export_gets_no_file_and_no_button(rows: None) -> None:
    clerk = person("worker", "village_worker")
    assert "导出" not in text(clerk.get("/sample/"))
    assert clerk.get("/sample/?export=xlsx").status_code == 403
    assert clerk.get("/sample/?print=1").status_code == 403


def test_a_print_holds_all_that_is_filtered_with_maker_and_mark(
    officer: Client, rows: None
) -> None:
    page = text(officer.get("/sample/?print=1&state=done"))
    assert page.count("<tr>") == 32 and "条件：状态：已完成" in page
    assert page.count("王样例") >= 4


def test_a_mass_action_gets_the_ticked_rows(officer: Client, rows: None) -> None:
    keys = [str(key) for key in Job.objects.values_list("pk", flat=True)[:3]]
    data = {"ids": [*keys, "nonsense"], "all": "0"}
    assert text(officer.post("/sample/mass/", data)) == "3"


def test_a_mass_action_on_all_takes_all_that_match(officer: Client, rows: None) -> None:
    assert text(officer.post("/sample/mass/", {"all": "1", "query": "state=done"})) == "30"


def test_a_mass_action_never_falls_back_to_everything(officer: Client, rows: None) -> None:
    assert officer.post("/sample/mass/", {"all": "1", "query": "done=abc"}).status_code == 400


def test_a_refusal_is_a_page_in_its_own_words(officer: Client) -> None:
    response = officer.get("/sample/broken/")
    assert response.status_code == 400 and "请先导入农户档案" in text(response)
    partial = text(officer.get("/sample/broken/", headers=HTMX))
    assert "请先导入农户档案" in partial and "<html" not in partial


def test_a_locked_database_is_said_in_plain_words(officer: Client) -> None:
    response = officer.get("/sample/busy/")
    assert response.status_code == 503 and "请过一两分钟再试" in text(response)
    assert "自动重试" in text(response) and response.headers["Refresh"] == "5"
    sent = officer.post("/sample/busy/")
    assert sent.status_code == 503 and "Refresh" not in sent.headers
    assert "填写的内容还在" in text(sent) and sent.headers["Retry-After"] == "5"


def test_a_form_keeps_what_was_typed_and_says_what_to_do(officer: Client) -> None:
    page = text(officer.post("/sample/form/", {"name": "写好的", "on": ""}))
    assert 'value="写好的"' in page and page.count("请选择日期。") == 2
    assert 'type="date"' in page and 'aria-invalid="true"' in page


def test_large_type_is_switched_for_this_browser(officer: Client) -> None:
    officer.post("/preferences/large-type/", {"next": "/sample/"})
    assert 'class="large-type"' in text(officer.get("/sample/"))
    officer.post("/preferences/large-type/", {"next": "/sample/"})
    assert "large-type" not in text(officer.get("/sample/")).split("<body")[0]


def test_the_living_page_is_for_who_runs_the_system(officer: Client, settings) -> None:
    assert officer.get("/components/").status_code == 404
    assert person("root", "system_administrator").get("/components/").status_code == 200
    settings.DEBUG = True
    assert officer.get("/components/").status_code == 200


def test_a_list_asks_the_database_few_questions(
    officer: Client, rows: None, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(14):
        officer.get("/sample/?per_page=100")
