"""高额医疗费用: taken from the screening, dealt with once, opened again when it grows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.cases.models import RegisteredClue
from shouwang.core import clock
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.screening.models import Clue, Hit, Run
from shouwang.support import operations
from shouwang.support.models import MedicalBurden

pytestmark = pytest.mark.django_db
RULE = "medical.self_paid_ytd_other"


@pytest.fixture
def found(household):
    """A hit of one member at a month's end."""

    def make(amount: str, as_of: date, *, rule=RULE, state="valid"):
        run = Run.objects.create(
            as_of=as_of, number=Run.objects.filter(as_of=as_of).count() + 1, state=state,
            county="999901", registry_key="k", rulebook_version="v", started_at=clock.now(),
            finished_at=clock.now(), started_by_label="测试", hits_digest="d",
        )  # fmt: skip
        clue, _ = Clue.objects.get_or_create(
            risk="illness", household=household, village=household.village,
            defaults={"kind": "clue", "severity": 2, "priority": 2, "rule_id": rule},
        )  # fmt: skip
        return Hit.objects.create(
            run=run, clue=clue, rule_id=rule, risk="illness", kind="clue", severity=2,
            level="person", village=household.village, household=household,
            member=household.members.order_by("pk").first(), value=amount, threshold="20000.00",
        )  # fmt: skip

    return make


@pytest.fixture
def burden(cast, found) -> MedicalBurden:
    found("21000.00", date(2026, 1, 31))
    assert operations.take_burdens(cast.clerk) == (1, 0)
    return MedicalBurden.objects.get()


def handle(cast, burden, outcome, **more):
    given = {"note": "已入户核实。", "version": burden.version} | more
    return operations.handle_burden(cast.clerk, burden, outcome=outcome, **given)


def test_it_is_taken_once_a_year_with_the_line_of_the_screening(cast, burden, found):
    assert operations.take_burdens(cast.clerk) == (0, 0)
    assert (burden.amount, burden.line, burden.state) == (21000, 20000, "open")
    assert burden.due_on == clock.today() + timedelta(days=15)
    found("30000.00", date(2026, 2, 28), state="superseded")
    found("30000.00", date(2026, 2, 28), rule="medical.outpatient_month")
    assert operations.take_burdens(cast.clerk) == (0, 0)
    found("25000.00", date(2025, 12, 31))
    assert operations.take_burdens(cast.clerk) == (1, 0)


def test_who_was_dealt_with_and_pays_more_is_opened_again(cast, burden, found):
    closed = handle(cast, burden, "aided")
    found("21000.00", date(2026, 2, 28))
    operations.take_burdens(cast.clerk)
    closed.refresh_from_db()
    assert (closed.state, closed.seen_on) == ("aided", date(2026, 2, 28))
    found("22000.00", date(2026, 3, 31))
    assert operations.take_burdens(cast.clerk) == (0, 1)
    closed.refresh_from_db()
    assert (closed.state, closed.amount) == ("open", 22000)
    assert closed.changes.first().reason == "费用又增加，重新核实"


def test_it_is_dealt_with_once_and_opened_only_with_a_reason(cast, burden):
    for wrong in ({"note": " "}, {"outcome": "x"}, {"outcome": "open"},
                  {"on": clock.today() + timedelta(days=1)}):  # fmt: skip
        with pytest.raises(DomainError):
            handle(cast, burden, **({"outcome": "checked"} | wrong))
    checked = handle(cast, burden, "checked")
    with pytest.raises(Conflict, match="已入户核实"):
        handle(cast, burden, "aided", version=1)
    closed = handle(cast, checked, "no_need")
    assert closed.handled_by_label == cast.clerk.label[:120]
    with pytest.raises(DomainError, match="重新打开"):
        handle(cast, closed, "aided")
    assert handle(cast, closed, "open", note="又有新票据").handled_on is None


def test_a_clue_is_opened_unless_a_case_stands(cast, burden, household, monitored):
    done = handle(cast, burden, "clue")
    clue = RegisteredClue.objects.get()
    assert (done.clue, clue.household, clue.risks) == (clue, household, ["illness"])
    assert clue.screening_clue == burden.screening_clue
    opened = handle(cast, done, "open", note="线索已办结，费用仍高")
    case = monitored(household)
    with pytest.raises(DomainError, match=case.number):
        handle(cast, opened, "clue")
    assert RegisteredClue.objects.count() == 1


def test_pages_and_operations_are_tried_by_four(cast, burden, four_people):
    four = four_people("town_clerk")
    own = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    everybody = own | {"neighbour": 200}
    for name in ("burden", "burden-handle"):
        assert four.statuses(reverse(f"support:{name}", args=[burden.pk])) == own, name
    listed = reverse("support:register", args=["burdens"])
    assert four.statuses(listed) == everybody
    assert four.statuses(reverse("support:burden-towns")) == everybody
    take = reverse("support:burdens-take")
    assert four.statuses(take, "post") == {
        "owner": 302, "neighbour": 302, "department": 403, "nobody": 302,
    }  # fmt: skip
    assert four.client("owner").get(take).status_code == 405
    with pytest.raises((NotFound, NotAllowed)):
        operations.handle_burden(
            four.actor("neighbour"), burden, outcome="checked", note="x", version=1
        )
    leader = four_people("town_leader").client("owner")
    for url in (listed, reverse("support:burden", args=[burden.pk])):
        assert leader.get(url).status_code == 403
    client = four.client("owner")
    for asked in ({"q": "\x00"}, {"timing": "late"}, {"timing": "x"}, {"export": "csv"}):
        assert client.get(listed, asked).status_code == 200
    assert client.get(reverse("support:burden-towns"), {"year": "٢٠٢٦"}).status_code == 200


def test_the_clerk_deals_with_it_on_pages(cast, burden, four_people):
    client = four_people("town_clerk").client("owner")
    page = client.get(reverse("support:burden", args=[burden.pk])).content.decode()
    assert "其他参保人住院自付预警线" in page
    url = reverse("support:burden-handle", args=[burden.pk])
    sent = {"outcome": "aided", "on": clock.today().isoformat(), "note": "已救助", "version": "1"}
    assert client.post(url, sent | {"note": ""}).status_code == 422
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent | {"outcome": "open"}).status_code == 409
    towns = client.get(reverse("support:burden-towns"), {"year": burden.year})
    ((_, _, people, late, counts),) = towns.context["rows"]
    assert (people, late, counts) == (1, 0, [0, 0, 1, 0, 0])
    assert Decimal(burden.amount) == 21000
