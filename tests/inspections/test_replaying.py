"""可复核: pools stay frozen, edits keep old and new, secrets stay out of the log, real files."""

from datetime import date

import pytest
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.audit.queries import history
from shouwang.core.actor import Actor, Scope
from shouwang.core.clock import today
from shouwang.core.errors import DomainError
from shouwang.documents.models import Attachment
from shouwang.inspections.models import Inspection, SampledHousehold
from shouwang.inspections.operations import (
    advance_inspection,
    advance_problem,
    draw_households,
    draw_look_back,
    edit_problem,
    open_special,
    record_result,
    set_units,
)
from shouwang.inspections.operations.drawing import replay
from shouwang.inspections.operations.lookbacks import replayed
from shouwang.inspections.operations.steps import signatures
from shouwang.registry.models import Household
from tests.documents.conftest import picture, upload

from .test_visits import begun, visited

pytestmark = pytest.mark.django_db


def test_a_draw_comes_out_again_although_households_left_and_came(officer, inspected, homes):
    inspection = begun(officer, inspected())
    unit = inspection.units.get()
    first = list(SampledHousehold.objects.values_list("household", "stratum"))
    told = replay(unit)
    assert (told.size, told.is_same) == (12, True)
    gone = homes[7].source_file.registry_import
    Household.objects.filter(pk__in=[homes[7].pk, homes[8].pk]).update(absent_since=gone)
    Household.objects.filter(pk=homes[0].pk).update(monitor_class="", household_type="一般农户")
    draw_households(officer, inspection)
    assert list(SampledHousehold.objects.values_list("household", "stratum")) == first
    assert replay(unit).digest == told.digest
    SampledHousehold.objects.first().delete()
    assert not replay(unit).is_same


def test_the_pool_of_a_look_back_is_frozen(problem, advanced, officer):
    advanced(problem, "sign")
    drawn = draw_look_back(officer, problem.division, percent=100, seed=7)
    assert drawn.pool == [[problem.pk, "province"]]
    assert replayed(drawn)
    drawn.items.all().delete()
    assert not replayed(drawn)


def test_edits_keep_old_and_new_values(problem, officer, places):
    edited = edit_problem(officer, problem, version=problem.version, goal="供水正常",
                          places=[places.village])  # fmt: skip
    (change, *more) = history("inspections.problem", problem.pk)[0].changes
    assert {one.field: one.new for one in (change, *more)} == {"goal": "供水正常",
                                                               "places": "柳湾村"}  # fmt: skip
    set_units(officer, edited, lead=["水利局"], responsible=["白石镇"], version=edited.version)
    (units,) = history("inspections.problem", problem.pk)[0].changes
    assert "青禾镇" in units.old and "白石镇" in units.new
    check = open_special(officer, title="资金检查", kind="subsidy", division=places.county,
                         starts_on=date(2026, 1, 1), ends_on=today())  # fmt: skip
    values = {"unit": "水利局", "checked_on": today(), "amount_checked": 900}
    record_result(officer, check, text="第一次", **values)
    record_result(officer, check, text="第二次", **values)
    (text,) = history("inspections.special", check.pk)[0].changes
    assert (text.old, text.new) == ("第一次", "第二次")


def test_an_unannounced_plan_is_not_given_away_by_the_log_or_the_search(
    officer, inspected, homes, places, four_people, water
):
    title = "暗访柳湾村饮水"
    inspection = inspected(title=title, is_announced=False, departments=[water])
    inspection = advance_inspection(officer, inspection, "settle", version=inspection.version)
    inspection = advance_inspection(officer, inspection, "begin", version=inspection.version)
    told = AuditEntry.objects.filter(target_type="inspections.inspection")
    assert told.count() == 3
    assert not [one for one in told if "暗访" in one.summary or "暗访" in one.details]
    admin = four_people("system_administrator")
    assert title not in admin.client("owner").get(reverse("audit:list")).content.decode()
    clerk = four_people("town_clerk").client("owner")
    for page in ("/", "/search/?q=暗访", "/inspections/", reverse("inspections:inspections"),
                 reverse("inspections:calendar"), reverse("inspections:coverage")):  # fmt: skip
        assert title not in clerk.get(page).content.decode()
    page = reverse("inspections:inspection", args=[inspection.pk])
    assert clerk.get(page).status_code == 404
    visited(officer, inspection)
    assert not AuditEntry.objects.filter(summary__contains="暗访").exists()


def test_a_photo_of_rectification_is_a_real_picture_and_for_those_concerned(
    problem, advanced, four_people
):
    advanced(problem, "approve")
    four = four_people("town_clerk")
    url = reverse("documents:attachments", args=["inspections.problem", problem.pk])
    clerk = four.client("owner")
    assert clerk.post(url, {"files": upload("整改.jpg"), "kind": "photo"}).status_code in (200, 302)
    kept = Attachment.objects.get()
    assert kept.target_type == "inspections.problem"
    fake = upload("假的.jpg", b"not a picture at all")
    clerk.post(url, {"files": fake, "kind": "photo"})
    assert Attachment.objects.count() == 1
    theirs = {"files": upload("别人.jpg"), "kind": "photo"}
    assert four.client("neighbour").post(url, theirs).status_code == 404
    assert kept.size == len(picture()) or kept.size > 0


def test_who_did_the_work_does_not_certify_it_with_another_post(problem, advanced, places):
    applied = advanced(problem, "apply")
    worker = applied.entries.filter(action="work").get()
    scope = Scope(places.county.path, "county_leader", frozenset({"inspections.sign"}))
    same = Actor(worker.by_account, worker.by_label, (scope,))
    with pytest.raises(DomainError, match="由另外的人"):
        advance_problem(same, applied, "sign", version=applied.version, words="同意")
    other = Actor(None, "批准人", (scope,))
    signed = advance_problem(other, applied, "sign", version=applied.version, words="同意")
    names = {one.action: one.by_label for one in signatures(signed)}
    assert names["sign"] == "批准人"
    assert not {names["verify"], names["check"], names["sign"]} & {names["work"]}
    assert Inspection.objects.count() == 0
