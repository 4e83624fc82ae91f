"""网格和信息员: who keeps which part of a village, and which village has nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.localities.models import GridMember
from shouwang.localities.operations import add_member, end_grid, end_member, record_grid
from shouwang.localities.queries import GAPS, villages_with_grids
from tests.campaigns.conftest import homes  # noqa: F401 - fixture

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


def url(name, *args):
    return reverse(f"localities:{name}", args=args)


@pytest.fixture
def grid(places, officer):
    return record_grid(officer, places.village, name="第一网格", households=60)


def lacking(actor, gap):
    rows = villages_with_grids(actor).filter(GAPS[gap][1])
    return {village.name for village in rows}


def test_villages_without_grids_keepers_or_informants_are_seen(grid, officer, places, homes):  # noqa: F811
    assert lacking(officer, "grids") == {"石桥村", "竹园村"}
    assert lacking(officer, "keepers") == {"柳湾村"}
    keeper = add_member(officer, grid, name="张三", role="keeper", valid_from=today())
    assert lacking(officer, "keepers") == set()
    assert "柳湾村" in lacking(officer, "informants")
    add_member(officer, grid, name="李四", role="informant", valid_from=today(), phone=PHONE)
    village = villages_with_grids(officer).get(pk=places.village.pk)
    assert (village.homes, village.grid_count, village.covered) == (2, 1, 60)
    assert (village.keepers, village.informants, village.without_keeper) == (1, 1, None)
    end_member(officer, keeper, valid_to=today())
    assert lacking(officer, "keepers") == {"柳湾村"}
    end_grid(officer, grid, ended_on=today())
    assert "柳湾村" in lacking(officer, "grids")
    assert not GridMember.objects.filter(valid_to=None).exists()


def test_what_cannot_be_is_refused(grid, officer, places):
    given = {"name": "张三", "role": "keeper", "valid_from": today()}
    add_member(officer, grid, **given)
    with pytest.raises(Conflict):
        add_member(officer, grid, **given)
    for changes in ({"role": "king"}, {"name": " "}, {"name": PHONE}, {"phone": "12"}):
        with pytest.raises(DomainError):
            add_member(officer, grid, **(given | {"name": "王五"} | changes))
    with pytest.raises(Conflict):
        record_grid(officer, places.village, name="第一网格")
    with pytest.raises(DomainError):
        record_grid(officer, places.town, name="镇网格")
    with pytest.raises(DomainError):
        end_grid(officer, grid, ended_on=today() + timedelta(days=1))
    end_grid(officer, grid, ended_on=today())
    with pytest.raises(Conflict):
        add_member(officer, grid, **given)


def test_pages_are_tried_by_four_and_phones_are_for_who_keeps_the_roster(
    grid, officer, places, four_people
):
    member = add_member(officer, grid, name="张三", role="keeper", valid_from=today(), phone=PHONE)
    assert PHONE.encode() not in bytes(member.phone_enc)
    four = four_people("village_worker")
    mine = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    assert four.statuses(url("grids")) == mine | {"neighbour": 200}
    for name, key in (
        ("village", places.village.pk), ("new-grid", places.village.pk), ("new-member", grid.pk),
        ("end-grid", grid.pk), ("end-member", member.pk),
    ):  # fmt: skip
        assert four.statuses(url(name, key)) == mine, name
    assert PHONE in four.client("owner").get(url("village", places.village.pk)).content.decode()
    leader = four_people("town_leader").client("owner")
    shown = leader.get(url("village", places.village.pk)).content.decode()
    assert PHONE not in shown
    assert "138****0001" in shown
    assert leader.get(url("new-member", grid.pk)).status_code == 403
    values = {"name": "李四", "role": "informant", "valid_from": today().isoformat()}
    client = four.client("owner")
    assert client.post(url("new-member", grid.pk), values).status_code == 302
    assert client.post(url("new-member", grid.pk), values | {"role": "x"}).status_code == 422
    with pytest.raises(NotFound):
        add_member(four.actor("neighbour"), grid, name="王", role="keeper", valid_from=today())
