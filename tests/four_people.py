"""四个人: the four who try every protected page: the owner, the same duty in the neighbouring town
(or county), another department's officer of the same county, and nobody.

    def test_a_page(four_people):
        four = four_people("town_clerk")
        assert four.client("owner").get(url).status_code == 200
        assert four.statuses(url)["neighbour"] == 404
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client

from shouwang.accounts.actors import actor_for
from shouwang.accounts.models import Account, Department, Post
from shouwang.accounts.roles import ROLES
from shouwang.core.actor import ANONYMOUS, Actor
from shouwang.core.clock import now, today
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division
from shouwang.divisions.pinyin import spelling

PASSWORD = "Pa55-for-tests"
WHO = ("owner", "neighbour", "department", "nobody")
SINCE = date(2020, 1, 1)
LEVELS = (Level.VILLAGE, Level.TOWN, Level.COUNTY, Level.PREFECTURE)


def make_division(
    code: str, name: str, level: str, parent: Division | None = None, **values: Any
) -> Division:
    """One division, as the import would make it."""
    pinyin, initials = spelling(name)
    division = Division.objects.create(
        code=code.ljust(12, "0"), name=name, level=level, parent=parent, pinyin=pinyin,
        initials=initials, path="", **values,
    )  # fmt: skip
    division.path = f"{parent.path if parent else '/'}{division.pk}/"
    division.save()
    return division


def make_account(username: str, name: str = "", **values: Any) -> Account:
    """An account that has changed its first password."""
    account = Account(
        username=username, name=name or username, created_at=now(),
        **{"must_change_password": False, **values},
    )  # fmt: skip
    account.set_password(PASSWORD)
    account.save()
    return account


def make_post(
    account: Account,
    role: str,
    division: Division | None,
    department: Department | None = None,
    **values: Any,
) -> Post:
    return Post.objects.create(
        account=account, role=role, division=division, department=department,
        **{"valid_from": SINCE, **values},
    )  # fmt: skip


@dataclass
class Places:
    """Two counties of one prefecture; the first with two towns of two villages each."""

    province: Division
    prefecture: Division
    neighbour_prefecture: Division
    county: Division
    neighbour_county: Division
    town: Division
    neighbour_town: Division
    village: Division
    other_village: Division
    neighbour_village: Division

    def of(self, level: str) -> tuple[Division, Division]:
        """Where the owner and where his neighbour of the same duty sit."""
        return {
            Level.VILLAGE: (self.village, self.neighbour_village),
            Level.TOWN: (self.town, self.neighbour_town),
            Level.COUNTY: (self.county, self.neighbour_county),
            Level.PREFECTURE: (self.prefecture, self.neighbour_prefecture),
        }[Level(level)]


def make_places() -> Places:
    province = make_division("99", "示例省", Level.PROVINCE)
    prefecture = make_division("9999", "示例市", Level.PREFECTURE, province)
    county = make_division("999901", "示例县", Level.COUNTY, prefecture)
    neighbour_county = make_division("999902", "邻水县", Level.COUNTY, prefecture)
    town = make_division("999901101", "青禾镇", Level.TOWN, county)
    neighbour_town = make_division("999901102", "白石镇", Level.TOWN, county)
    return Places(
        province=province,
        prefecture=prefecture,
        neighbour_prefecture=make_division("9998", "邻江市", Level.PREFECTURE, province),
        county=county,
        neighbour_county=neighbour_county,
        town=town,
        neighbour_town=neighbour_town,
        village=make_division("999901101201", "柳湾村", Level.VILLAGE, town),
        other_village=make_division("999901101202", "石桥村", Level.VILLAGE, town),
        neighbour_village=make_division("999901102201", "竹园村", Level.VILLAGE, neighbour_town),
    )


@dataclass
class FourPeople:
    """The four with their actors and browsers; `nobody` is not logged in."""

    places: Places
    owner: Account
    neighbour: Account
    department: Account
    _clients: dict[str, Client] = field(default_factory=dict)

    def account(self, who: str) -> Account | None:
        return None if who == "nobody" else getattr(self, who)

    def actor(self, who: str) -> Actor:
        account = self.account(who)
        return actor_for(account, today()) if account else ANONYMOUS

    def client(self, who: str) -> Client:
        if who not in self._clients:
            client = Client(headers={"host": "localhost"})
            account = self.account(who)
            if account:
                client.force_login(account)
            self._clients[who] = client
        return self._clients[who]

    def statuses(self, url: str, method: str = "get", **kwargs: Any) -> dict[str, int]:
        """What each of the four is answered."""
        return {who: getattr(self.client(who), method)(url, **kwargs).status_code for who in WHO}


@pytest.fixture
def places(db: None) -> Places:
    return make_places()


@pytest.fixture
def four_people(places: Places) -> Callable[..., FourPeople]:
    """A maker of four people: `four_people("town_clerk")`, `four_people("county_officer")`.

    A department role gives the owner and the neighbour 医疗保障局; the other department is always
    水利局 of the owner's county.
    """

    def make(role: str = "town_clerk") -> FourPeople:
        medical, _ = Department.objects.get_or_create(
            name="医疗保障局", defaults={"code": "medical_insurance"}
        )
        water, _ = Department.objects.get_or_create(name="水利局", defaults={"code": "water"})
        duty = ROLES[role]
        level = next(level for level in LEVELS if level in duty.levels)
        here, there = places.of(level)
        own = medical if duty.needs_department else None
        people = {
            "owner": (role, here, own),
            "neighbour": (role, there, own),
            "department": ("department_officer", places.county, water),
        }
        accounts = {}
        for who, (held, division, department) in people.items():
            accounts[who] = make_account(f"{who}-{role}", division=division)
            make_post(accounts[who], held, division, department)
        return FourPeople(places, **accounts)

    return make
