"""A made-up scheme of towns, approved by a second person, and a round of it."""

from decimal import Decimal

import pytest

from shouwang.core.actor import Actor, system_actor
from shouwang.evaluations.models import Round, Scheme
from shouwang.evaluations.operations import advance_scheme, make_scheme, open_round, save_items

ITEMS = [
    {"part": "平时", "number": "1", "name": "政策落实差错", "weight": 100, "source": "manual",
     "rule": {"kind": "deduction", "each": 2}, "missing": "excluded"},
    {"part": "年终", "number": "2", "name": "年终实绩", "weight": 100},
    {"part": "年终", "number": "2.1", "parent": "2", "name": "自评工作", "weight": 40,
     "source": "self", "rule": {"kind": "direct"}, "evidence": "照片"},
    {"part": "年终", "number": "2.2", "parent": "2", "name": "现场评价", "weight": 60,
     "source": "expert", "rule": {"kind": "expert", "top": 100}},
    {"part": "年终", "number": "3", "name": "颠覆性问题", "weight": 0, "source": "manual",
     "rule": {"kind": "direct"}, "is_veto": True, "veto_cap": 59},
]  # fmt: skip
PARTS = [("平时", Decimal(40)), ("年终", Decimal(60))]


@pytest.fixture
def officer() -> Actor:
    return system_actor("考核办")


@pytest.fixture
def scheme(places, officer) -> Scheme:
    made = make_scheme(
        officer, division=places.county, title="乡镇考核2026", year=2026, object_kind="town",
        parts=PARTS,
    )  # fmt: skip
    save_items(officer, made, ITEMS, version=made.version)
    return made


@pytest.fixture
def approved(scheme, officer) -> Scheme:
    sent = advance_scheme(officer, scheme, "submit", version=scheme.version)
    return advance_scheme(officer, sent, "approve", version=sent.version)


@pytest.fixture
def running(approved, officer) -> Round:
    return open_round(officer, approved, period="2026-H1")


@pytest.fixture
def person(four_people):
    """The owner of a duty, made once: `person("town_clerk")` is his actor."""
    made = {}

    def find(role: str, who: str = "owner") -> Actor:
        made[role] = made.get(role) or four_people(role)
        return made[role].actor(who)

    find.client = lambda role, who="owner": (find(role), made[role].client(who))[1]
    find.account = lambda role, who="owner": (find(role), made[role].account(who))[1]
    return find
