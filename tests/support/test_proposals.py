"""The catalogue and what it proposes: checked data, three-valued fits, labour needs development."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shouwang.screening.states import Risk
from shouwang.support import catalogue as catalogues
from shouwang.support.catalogue import RULEBOOK, BadCatalogue, catalogue, load
from shouwang.support.needs import (
    CANNOT_TELL,
    FITS,
    FITS_NOT,
    HouseholdFacts,
    PersonFacts,
    fits,
    has_labour,
)
from shouwang.support.proposals import demand, propose

DAY = date(2026, 6, 30)
LABOURS = st.sampled_from(
    ["普通劳动力", "技能劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力", "", None, "别的"]
)
MAYBE = st.sampled_from([True, False, None])


def person(key: int = 1, **changes: object) -> PersonFacts:
    known: dict = {
        "age": 40, "labour": "普通劳动力", "stage": "", "is_dropout": False, "is_ill": False,
        "is_disabled": False, "is_insured": True, "has_pension": True,
    }  # fmt: skip
    return PersonFacts(key, f"成员{key}", **(known | changes))


PEOPLE = st.builds(
    PersonFacts,
    key=st.integers(1, 9),
    name=st.just("成员"),
    age=st.one_of(st.none(), st.integers(0, 100)),
    labour=LABOURS,
    stage=st.sampled_from(["", "primary", "secondary_vocational", "university", None]),
    is_dropout=MAYBE,
    is_ill=MAYBE,
    is_disabled=MAYBE,
    is_insured=MAYBE,
    has_pension=MAYBE,
)
HOUSEHOLDS = st.builds(
    HouseholdFacts,
    risks=st.lists(st.sampled_from(Risk.values), max_size=5, unique=True),
    is_poverty_alleviated=MAYBE,
    danger_house=MAYBE,
    water_unsafe=MAYBE,
    on_assistance=MAYBE,
    members=st.lists(PEOPLE, max_size=5, unique_by=lambda one: one.key),
)


def test_the_catalogue_has_nine_kinds_and_names_a_document_for_each_measure() -> None:
    found = catalogue()
    assert list(found.kinds.values()) == [
        "产业", "消费", "就业", "健康", "教育", "综合保障", "住房", "饮水", "扶志扶智",
    ]  # fmt: skip
    assert all(item.source and item.source_words for item in found.items.values())


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "magic"}, "不在九类里"),
        ({"risks": ["boredom"]}, "风险“boredom”不认识"),
        ({"department": "魔法局"}, "不在部门名录里"),
        ({"source": "NOWHERE"}, "不在 sources.yaml 里"),
        ({"amount": {"parameter": "support.nothing"}}, "参数“support.nothing”不存在"),
        ({"valid_to": "2020-01-01"}, "失效日期早于生效日期"),
        ({"valid_from": "2021-13-01"}, "日期不存在"),
        ({"ends": "never"}, "is not one of"),
        ({"fits": {"person": {"colour": "red"}}}, "colour"),
    ],
)
def test_a_faulty_catalogue_is_refused_with_the_fault(
    tmp_path: Path, change: dict, complaint: str
) -> None:
    data = yaml.safe_load((RULEBOOK / "measures.yaml").read_text(encoding="utf-8"))
    data["measures"][0] |= change
    path = tmp_path / "measures.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(BadCatalogue, match=complaint):
        load(
            path,
            risks=Risk.values,
            departments=[item.department for item in catalogue().items.values()],
            parameters=[item.parameter for item in catalogue().items.values()],
            sources=[item.source for item in catalogue().items.values()],
        )


def test_a_stage_is_read_from_how_the_national_code_begins() -> None:
    stages = {
        "小学": "primary", "八年级": "junior", "普通高中二年级": "senior",
        "中职一年级": "secondary_vocational", "高职高专三年级": "higher_vocational",
        "本科四年级": "university", "学龄前儿童": "preschool", "": None, None: None, "别的": None,
    }  # fmt: skip
    assert {text: catalogue().stage_of(text) for text in stages} == stages


@pytest.mark.parametrize(
    ("labours", "expected"),
    [
        (["普通劳动力", None], True),
        (["弱劳动力或半劳动力"], True),
        (["无劳动力", "丧失劳动力"], False),
        (["无劳动力", None], None),
        (["别的"], None),
        ([], None),
    ],
)
def test_weak_or_half_labour_counts_and_what_is_not_known_stays_open(
    labours: list, expected: bool | None
) -> None:
    members = [person(number, labour=labour) for number, labour in enumerate(labours)]
    assert HouseholdFacts(members=members).has_labour is expected


@pytest.mark.parametrize(("age", "state"), [(15, FITS_NOT), (16, FITS), (69, FITS), (70, FITS_NOT)])
def test_a_public_post_is_for_sixteen_to_sixty_nine(age: int, state: str) -> None:
    item = catalogue().items["employment.public_post"]
    assert fits(item, HouseholdFacts(members=[person(age=age)]))[0].state == state


def test_a_missing_fact_is_asked_for_and_not_taken_for_no() -> None:
    item = catalogue().items["employment.public_post"]
    found = fits(item, HouseholdFacts(members=[person(age=None)]))
    assert found[0].state == CANNOT_TELL and found[0].reasons == ("不知道是否16 至 69 周岁",)


@given(HOUSEHOLDS)
def test_nothing_is_proposed_twice_and_every_proposal_has_its_risk(
    household: HouseholdFacts,
) -> None:
    found = propose(catalogue(), household, DAY)
    places = [(one.item.key, one.fit.member.key if one.fit.member else None) for one in found]
    assert len(places) == len(set(places))
    assert all(one.fit.state != FITS_NOT for one in found)
    assert all(one.risk in one.item.risks for one in found if not one.item.is_development)
    assert propose(catalogue(), household, DAY, places) == []


@given(HOUSEHOLDS)
def test_a_household_with_labour_is_offered_development(household: HouseholdFacts) -> None:
    found = propose(catalogue(), household, DAY)
    offered = any(one.item.is_development for one in found)
    assert offered or not household.has_labour
    assert household.has_labour is not False or not any(
        one.item.is_development and one.item.household.get("labour") for one in found
    )


@given(LABOURS)
def test_a_word_outside_the_list_is_not_known(word: str | None) -> None:
    known = {"普通劳动力", "技能劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力"}
    assert (has_labour(word) is None) == (word not in known)


@pytest.mark.parametrize(
    ("labour", "development", "security", "met", "late"),
    [
        (True, False, True, False, True),
        (True, True, False, True, False),
        (False, True, False, False, True),
        (False, False, True, True, False),
        (None, True, True, False, True),
    ],
)
def test_labour_asks_for_development_and_its_lack_for_assistance(
    labour: bool | None, development: bool, security: bool, met: bool, late: bool
) -> None:
    found = demand(
        labour, has_development=development, has_security=security,
        identified_on=date(2026, 5, 1), due_on=date(2026, 5, 31), today=DAY,
    )  # fmt: skip
    assert (found.is_met, found.is_late) == (met, late)


def test_the_packaged_catalogue_is_read_once() -> None:
    assert catalogues.catalogue() is catalogues.catalogue()
