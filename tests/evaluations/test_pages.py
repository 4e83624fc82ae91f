"""Who sees what: own scores and what was published; names of reviewers never reach units."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from shouwang.evaluations.models import Scheme, Score, Sheet
from shouwang.evaluations.operations import (
    advance_round,
    count_round,
    draw,
    mark,
    name_reviewer,
    review,
)
from shouwang.evaluations.scheme_sheet import HEADS

pytestmark = pytest.mark.django_db
D = Decimal
ROUND_PAGES = ("round", "heat", "trend", "compare", "appeals")


def url(name, *args):
    return reverse(f"evaluations:{name}", args=args)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.fixture
def filled(running, officer):
    for name, points in (("青禾镇", 39), ("白石镇", 11)):
        for number, value in (("1", 0), ("2.1", points)):
            score = Score.objects.get(sheet__round=running, sheet__name=name, item__number=number)
            review(officer, score, value=D(value), note="核定")
    count_round(officer, running)
    running.refresh_from_db()
    return running


@pytest.fixture
def published(filled, officer):
    scored = advance_round(officer, filled, "score", version=filled.version)
    return advance_round(officer, scored, "publish", version=scored.version)


def test_a_town_sees_its_own_score_before_publication_and_no_other(four_people, filled):
    four = four_people("town_clerk")
    mine, other = (Sheet.objects.get(round=filled, name=n) for n in ("青禾镇", "白石镇"))
    assert four.statuses(mine.get_absolute_url()) == {
        "owner": 200, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip
    for page in ROUND_PAGES:
        shown = text_of(four.client("owner"), url(page, filled.pk))
        assert other.name not in shown and str(other.total) not in shown
        assert four.statuses(url(page, filled.pk))["department"] == 200
    assert mine.name in text_of(four.client("owner"), url("round", filled.pk))
    for name in ("table", "reviewer", "count"):
        method = "post" if name == "count" else "get"
        answered = four.statuses(url(name, filled.pk), method)
        assert (answered["owner"], answered["department"]) == (403, 403)


def test_a_department_sees_its_own_sheet_only(four_people, approved, officer):
    from shouwang.accounts.models import Department
    from shouwang.evaluations.operations import open_round

    Scheme.objects.filter(pk=approved.pk).update(object_kind="department")
    four = four_people("department_officer")
    approved.refresh_from_db()
    both = Department.objects.filter(name__in=("医疗保障局", "水利局"))
    round_ = open_round(officer, approved, period="2026", departments=both)
    sheet = Sheet.objects.get(round=round_, name="医疗保障局")
    answered = four.statuses(sheet.get_absolute_url())
    assert answered["owner"] == 200 and answered["department"] == 404
    assert answered["neighbour"] == 404
    page = text_of(four.client("owner"), url("mine"))
    assert "医疗保障局" in page and "水利局" not in page


def test_the_published_league_is_for_all_of_the_county_and_for_no_other(four_people, published):
    four = four_people("county_officer")
    shown = text_of(four.client("department"), url("round", published.pk))
    assert "青禾镇" in shown and "白石镇" in shown and "结果运用" in shown
    assert four.statuses(url("round", published.pk))["neighbour"] == 404
    other = Sheet.objects.get(round=published, name="白石镇")
    assert four.statuses(other.get_absolute_url())["department"] == 404
    for page in ROUND_PAGES:
        assert (
            "白石镇" in text_of(four.client("owner"), url(page, published.pk)) or page == "appeals"
        )
    for kind in ("midterm", "final"):
        word = four.client("owner").get(url("word", published.pk, kind))
        assert word.status_code == 200 and word.content[:2] == b"PK"
    sheet = b"".join(four.client("owner").get(url("table", published.pk)).streaming_content)
    cells = [c for row in openpyxl.load_workbook(io.BytesIO(sheet)).active.values for c in row]
    assert "青禾镇" in cells and "1 政策落实差错" in cells


def test_names_of_reviewers_stay_with_the_county(running, officer, person):
    reviewer = name_reviewer(officer, running, person.account("county_leader"))
    name = reviewer.account.name
    score = Score.objects.get(sheet__round=running, sheet__name="青禾镇", item__number="2.2")
    mark(person("county_leader"), reviewer, {score.pk: D(88)})
    clerk = person.client("town_clerk")
    for address in (score.sheet.get_absolute_url(), url("round", running.pk)):
        assert name not in text_of(clerk, address)
    assert "88" in text_of(clerk, score.sheet.get_absolute_url())
    assert name in text_of(person.client("county_officer"), url("round", running.pk))
    assert clerk.get(url("mark", reviewer.pk)).status_code == 403
    assert person.client("county_officer").get(url("mark", reviewer.pk)).status_code == 404
    page = person.client("county_leader")
    assert "青禾镇" in text_of(page, url("mark", reviewer.pk))
    assert page.post(url("mark", reviewer.pk), {f"mark-{score.pk}": "91.5"}).status_code == 302
    score.refresh_from_db()
    assert score.points == D("54.90")


def test_a_town_assesses_and_appeals_through_its_sheet(running, officer, person):
    clerk, county = person.client("town_clerk"), person.client("county_officer")
    sheet = Sheet.objects.get(round=running, name="青禾镇")
    score = sheet.scores.get(item__number="2.1")
    assert "青禾镇" in text_of(clerk, url("mine"))
    clerk.post(url("assess", sheet.pk), {f"points-{score.pk}": "38", f"note-{score.pk}": "照片"})
    county.post(url("review", score.pk), {"value": "30", "note": "佐证不全"})
    score.refresh_from_db()
    assert (score.self_points, score.points) == (D(38), D(30))
    county.post(url("count", running.pk))
    running.refresh_from_db()
    county.post(url("round-step", running.pk), {"action": "score", "version": running.version})
    clerk.post(url("appeal", score.pk), {"asked": "36", "reason": "补了佐证"})
    appeal = score.appeals.get()
    assert clerk.post(url("answer", appeal.pk), {"grant": "1"}).status_code == 403
    assert "补了佐证" in text_of(county, url("mine")) + text_of(county, url("appeals", running.pk))
    county.post(url("answer", appeal.pk), {"grant": "1", "text": "属实", "points": "36"})
    shown = text_of(clerk, sheet.get_absolute_url())
    assert "属实" in shown and "36.00" in shown and "30.00 → 36.00" in shown
    assert "打印" in text_of(clerk, sheet.get_absolute_url() + "?print=1")


def test_a_scheme_is_written_imported_and_told_where_it_is_wrong(person, places):
    county = person.client("county_officer")
    county.post(
        url("scheme-new"),
        {"division": places.county.pk, "year": 2026, "title": "新方案", "kind": "evaluation",
         "object_kind": "town", "routine": "40"},
    )  # fmt: skip
    made = Scheme.objects.get(title="新方案")

    def send(rows):
        book = openpyxl.Workbook()
        for row in [HEADS, *rows]:
            book.active.append(row)
        file = io.BytesIO()
        book.save(file)
        file.seek(0)
        file.name = "items.xlsx"
        version = Scheme.objects.get(pk=made.pk).version
        return county.post(url("scheme-import", made.pk), {"sheet": file, "version": version})

    bad = send([["平时考核", "1", "甲", "百", "定量", "县里核定", "", "扣分 每件2"]])
    assert "第 2 行" in bad.content.decode() and "应是数字" in bad.content.decode()
    bad = send([["平时考核", "1", "甲", "100", "定量", "县里核定", "", "随便打"]])
    assert "评分规则" in bad.content.decode()
    good = [
        ["平时考核", "1", "甲", "100", "定量", "县里核定", "", "扣分 每件2 上限20"],
        ["年终考核", "2", "乙", "60", "定量", "县里核定", "", "分档 95:100 90:85"],
        ["年终考核", "3", "丙", "40", "定性", "评委打分", "", "评委打分 去极端"],
    ]
    assert send(good).status_code == 302
    page = text_of(county, made.get_absolute_url())
    assert "每件扣 2 分，最多扣 20 分" in page and "≥95 得 100%" in page
    made.refresh_from_db()
    step = {"action": "submit", "version": made.version}
    assert county.post(url("scheme-step", made.pk), step).status_code == 302
    made.refresh_from_db()
    assert made.state == "submitted"
    assert person.client("town_clerk").get(made.get_absolute_url()).status_code == 404


def test_samples_are_not_shown_to_those_surveyed(officer, places, four_people):
    four = four_people("town_clerk")
    survey_url = url("surveys")
    assert four.statuses(survey_url)["owner"] == 403
    county = four_people("county_officer")
    assert county.statuses(survey_url)["owner"] == 200
    made = draw(officer, division=places.county, title="调查", seed="20260101", sizes={"common": 5})
    answered = county.statuses(made.get_absolute_url())
    assert answered["owner"] == 200 and answered["neighbour"] == 404
    assert "算不出" in text_of(county.client("owner"), made.get_absolute_url())


@pytest.mark.parametrize("name", ["rounds", "schemes", "mine"])
def test_lists_open_for_all_who_are_logged_in(four_people, approved, name):
    answered = four_people("town_clerk").statuses(url(name))
    assert answered == {"owner": 200, "neighbour": 200, "department": 200, "nobody": 302}
