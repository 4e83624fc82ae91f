"""同数同源: the same number wherever it appears: board, map, lists, funnel, figures, bulletin,
start page and low-income comparison, for the county and a village."""

from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.accounts.models import Account
from shouwang.assistance.queries import counts_by_side
from shouwang.campaigns.compiling import compile_sections
from shouwang.cases import demo, queries
from shouwang.cases.models import Case
from shouwang.cases.pages import steering
from shouwang.config import home
from shouwang.core import clock
from shouwang.core.actor import Actor, system_actor
from shouwang.core.figures import get_figure
from shouwang.support.operations import adopt_measures
from shouwang.support.queries.helped import helped
from tests.cases.conftest import calendar, cast, maker  # noqa: F401 - fixtures
from tests.cases.test_demo import county  # noqa: F401 - the households of the demo's stories

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def worked(county, calendar):  # noqa: F811
    """Cases in every state of both regimes; some days later several of them are late."""
    system = system_actor("演示")
    demo.make(system)
    adopt_measures(system, list(Case.objects.monitored().select_related("village", "household")))
    late = Case.objects.filter(is_open=True, due_on__gt=clock.today()).first()
    Case.objects.filter(pk=late.pk).update(deadline_on=clock.today() - timedelta(days=1))


def listed(client: Client, url: str) -> int:
    query = {key: values[0] for key, values in parse_qs(urlparse(url).query).items()}
    page = client.get(urlparse(url).path, query)
    assert page.status_code == 200
    return int(page.context["list"].count)


def figure(key: str, path: str) -> int:
    """What tasks and indicators are told under this key."""
    return int(get_figure(key).count([path], clock.today())[path])


def client_of(actor: Actor) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def test_a_number_is_the_same_wherever_it_appears(worked, cast) -> None:  # noqa: F811
    for actor in (cast.officer, cast.village):  # one county is dear to make
        agrees(actor)


def agrees(actor: Actor) -> None:
    client, path = client_of(actor), actor.scopes[0].division_path
    cases = reverse("cases:list")
    board = {one.label: one.value for one in steering.board(actor)["figures"]}
    sections = {one["key"]: one for one in compile_sections(actor, clock.today())}
    steps, towns = queries.board(actor), queries.board_by_town(actor)
    villages = queries.board_by_village(actor)

    def phases(timing: str = "") -> int:
        return sum(
            listed(client, f"{cases}?phase={phase}&timing={timing}")
            for phase in ("identifying", "monitored", "exiting")
        )

    limits = sections["limits"]["rows"]
    assert len({
        board["在办和监测中"], sum(one.count for one in steps), sum(one.count for one in towns),
        sum(one.count for one in villages), listed(client, f"{cases}?phase=open"), phases(),
        sum(row[1] for row in limits), figure("cases.open", path),
    }) == 1  # fmt: skip
    assert len({
        board["超期"], sum(one.late for one in steps), sum(one.late for one in towns),
        sum(one.late for one in villages), phases("late"), sum(row[2] for row in limits),
        figure("cases.late", path),
    }) == 1 and board["超期"] > 0  # fmt: skip
    assert board["即将到期"] == phases("near") == sum(row[3] for row in limits)
    waiting = reverse("cases:clues") + "?state=received"
    assert board["待核实线索"] == listed(client, waiting)

    funnel = queries.funnel(actor)[0]
    assert sections["cases"]["rows"] == [[
        funnel.clues, funnel.households, funnel.verified, funnel.cases, funnel.identified,
        funnel.helped, funnel.resolved,
    ]]  # fmt: skip
    assert funnel.clues == listed(client, reverse("cases:clues"))
    for grouping in ("channel", "department", "rule", "town"):
        assert sum(one.clues for one in queries.funnel(actor, grouping)) == funnel.clues

    register = listed(client, f"{cases}?phase=register")
    sides = counts_by_side(actor)
    started = {one.label: one for one in home.figures(actor)}
    monitored = started["监测对象（风险未消除）"]
    assert monitored.value == register == sum(sides[key] for key in ("both", "monitored_only"))
    assert listed(client, monitored.url) == monitored.value
    assert listed(client, started["农户"].url) == started["农户"].value
    assert started["农户"].value == figure("registry.households", path)
    green = helped(actor).filter(identified_on=None).count()
    assert helped(actor).count() == register + green
