"""What hangs on a wall: the whitelist and nothing else, whatever the record holds."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.cases import operations
from shouwang.cases.models import Notice
from shouwang.cases.notice_content import FIELDS, NotPublic, check_public
from shouwang.cases.regimes import regimes
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.divisions.offices import office_of
from shouwang.registry.models import Household
from tests.cases.conftest import Maker, Way
from tests.four_people import Places

ID_NO, PHONE, ACCOUNT = "110101199003077598", "13812345678", "6217001234567890123"
HEALTH = ("病", "残", "癌", "住院", "健康", "手术", "精神")


def texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return [node] if isinstance(node, str) else []


@pytest.mark.parametrize("risk", ["illness", "disability", "education", "accident"])
def test_a_notice_holds_only_what_the_whitelist_names(
    way: Way, maker: Maker, places: Places, risk: str
) -> None:
    household = maker(places.village, contact_cadre="干部甲")
    case = way.opened(household, text=f"患重病住院 {ID_NO} {PHONE}")
    way.checked(case, risks=[risk], difficulties=f"癌症手术，账号{ACCOUNT}")
    way.noticed(case)
    said = texts(Notice.objects.get().content)
    assert not any(re.search(r"\d{7,}", text) for text in said)
    assert not any(word in text for word in HEALTH for text in said)
    assert household.household_no not in " ".join(said)
    assert Notice.objects.get().content["rows"][0][0] == household.head_name


def test_the_regimes_name_only_fields_that_are_made_here() -> None:
    for rules in regimes().values():
        assert set(rules.data["notice"]["fields"]) <= set(FIELDS)
        words = "".join(rules.data["notice"]["risk_words"].values())
        assert not any(word in words for word in HEALTH)


@pytest.mark.parametrize("bad", [ID_NO, PHONE, ACCOUNT, "12345678", "张三13812345678"])
def test_a_number_that_got_into_a_name_stops_the_notice(
    way: Way, maker: Maker, places: Places, bad: str
) -> None:
    household = maker(places.village, head=f"某{bad}")
    case = way.opened(household)
    way.checked(case)
    way.appraise(case)
    case = way.step(way.cast.village, case, "pass_appraisal")
    with pytest.raises(NotPublic):
        operations.publish_notice(way.cast.village, [case], kind="publicity")
    assert not Notice.objects.exists()


@given(digits=st.text("0123456789", min_size=7, max_size=20), around=st.text(max_size=4))
def test_no_long_number_is_public_wherever_it_stands(digits: str, around: str) -> None:
    with pytest.raises(NotPublic):
        check_public({"rows": [["甲", [f"{around}{digits}{around}"]]]})


def test_several_households_of_a_village_share_a_notice(
    way: Way, maker: Maker, places: Places
) -> None:
    cases = []
    for _ in range(2):
        case = way.opened(maker(places.village))
        way.checked(case)
        way.appraise(case)
        cases.append(way.step(way.cast.village, case, "pass_appraisal"))
    notice = operations.publish_notice(way.cast.village, cases, kind="publicity")
    assert len(notice.content["rows"]) == notice.entries.count() == 2
    elsewhere = way.opened(maker(places.village))
    with pytest.raises(Conflict, match="不能张贴公示"):
        operations.publish_notice(way.cast.village, [elsewhere], kind="publicity")


def test_an_announcement_speaks_in_the_towns_name(way: Way, household: Household) -> None:
    way.monitored(way.opened(household))
    content = Notice.objects.get(kind="announcement").content
    assert content["signature"] == "青禾镇人民政府"
    assert content["title"] == "纳入防止返贫致贫对象名单公告"


@pytest.mark.parametrize(
    ("town", "office"),
    [
        ("青禾镇", "青禾镇人民政府"),
        ("白马族乡", "白马族乡人民政府"),
        ("河东街道", "河东街道办事处"),
        ("河东街道办事处", "河东街道办事处"),
        ("红旗农场", "红旗农场"),
    ],
)
def test_a_town_signs_with_the_name_of_its_office(town: str, office: str) -> None:
    assert office_of(town) == office


def test_a_notice_that_was_hung_wrongly_is_taken_down_and_the_days_begin_again(
    way: Way, household: Household
) -> None:
    case = way.opened(household)
    way.checked(case)
    case = way.noticed(case)
    way.calendar.forward(4)
    entry = case.notice_entries.get()
    with pytest.raises(NotAllowed):
        operations.withdraw_notice(way.cast.village, entry, reason="贴错了地方")
    operations.withdraw_notice(way.cast.clerk, entry, reason="贴错了地方")
    with pytest.raises(DomainError, match="还没有张贴公示"):
        way.step(way.cast.village, case, "end_notice")
    operations.publish_notice(way.cast.village, [case], kind="publicity")
    way.calendar.forward(3)
    with pytest.raises(DomainError, match="才满"):
        way.step(way.cast.village, case, "end_notice")


def test_who_objects_is_sealed(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.checked(case)
    case = way.noticed(case)
    made = operations.file_objection(
        way.cast.village, case, filed_on=way.calendar.day, text=f"找我 {PHONE}", objector="李某某"
    )
    made.refresh_from_db()
    assert "李某某".encode() not in bytes(made.objector_enc)
    assert PHONE not in made.text
