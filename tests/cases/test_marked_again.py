"""风险再标注: what the national system identifies anew after a resolution here is a new round."""

from datetime import date

import pytest
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.cases import operations
from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.registry.models import RecordChange
from tests.four_people import Places

from .conftest import Cast, Maker

RESOLVED = date(2026, 1, 1)
AGAIN = date(2026, 3, 1)
REASON = "与镇里核对，上一轮消除属实，新患大病"


@pytest.fixture
def old(cast: Cast, maker: Maker, places: Places) -> Case:
    """Resolved here; the national system has it as resolved, too."""
    maker(
        places.village, monitor_class="边缘易致贫户", identified_month=date(2025, 6, 1),
        risk1="因病", eliminated="是", eliminated_month=RESOLVED, elimination_way="帮扶消除",
    )  # fmt: skip
    assert operations.adopt_from_registry(cast.approver) == 1
    return Case.objects.select_related("household", "village").get()


def mark(case: Case, maker: Maker, **changes: object) -> None:
    """A later export marks the household anew, in its row 77."""
    given = {
        "monitor_class": "突发严重困难户", "identified_month": AGAIN, "risk1": "因灾",
        "eliminated": "否", "eliminated_month": None, "elimination_way": None, **changes,
    }  # fmt: skip
    if given.pop("is_absent", False):
        given["absent_since"] = maker.file.registry_import
    for name, value in given.items():
        setattr(case.household, name, value)
    case.household.save()
    RecordChange.objects.create(
        household=case.household, column="identified_month", old="2025-06", new="2026-03",
        registry_import=maker.file.registry_import, source_file=maker.file, source_row=77,
        changed_at=clock.now(),
    )  # fmt: skip


def test_the_national_mark_begins_a_new_round_and_the_old_one_stays(
    cast: Cast, maker: Maker, old: Case
) -> None:
    before = Case.objects.filter(pk=old.pk).values().get()
    mark(old, maker)
    assert operations.adopt_from_registry(cast.approver) == 0
    made = operations.adopt_again(cast.officer, old, reason=REASON, version=old.version)
    assert (made.round, made.state, made.is_open, made.origin) == (2, "monitored", True, "adopted")
    assert (made.identified_on, made.resolved_on, made.resolution_way) == (AGAIN, None, "")
    assert made.class_label == "突发严重困难户" and made.number != old.number
    assert [risk.key for risk in made.risks.all()] == ["natural_disaster"]
    assert made.entry_snapshot["row"] == 77 and made.entry_snapshot["after"] == old.number
    step = made.steps.get()
    assert (step.actor_label, step.reason) == (cast.officer.label, REASON)
    assert old.number in step.note and "档案.xlsx 第 77 行" in step.note
    entry = AuditEntry.objects.get(target_id=made.number)
    assert entry.action == "cases.case.adopted" and REASON in entry.summary
    assert Case.objects.filter(pk=old.pk).values().get() == before
    assert old.steps.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"identified_month": RESOLVED}, "不晚于这里的消除"),
        ({"identified_month": date(2025, 6, 1)}, "回退"),
        ({"eliminated": "是", "eliminated_month": date(2026, 4, 1)}, "已经消除"),
        ({"monitor_class": ""}, "没有把这户标注"),
        ({"monitor_class": "=1+1"}, "没有把这户标注"),
        ({"identified_month": None}, "没有把这户标注"),
        ({"is_absent": True}, "没有这户"),
    ],
)
def test_a_mark_that_is_no_new_one_is_refused_with_what_to_do(
    cast: Cast, maker: Maker, old: Case, changes: dict[str, object], words: str
) -> None:
    mark(old, maker, **changes)
    with pytest.raises(DomainError, match=words):
        operations.adopt_again(cast.officer, old, reason=REASON, version=old.version)
    assert Case.objects.count() == 1


def test_a_round_begins_once_and_needs_a_reason(cast: Cast, maker: Maker, old: Case) -> None:
    mark(old, maker)
    with pytest.raises(DomainError, match="为什么接续"):
        operations.adopt_again(cast.officer, old, reason="  ", version=old.version)
    with pytest.raises(Conflict):
        operations.adopt_again(cast.officer, old, reason=REASON, version=old.version + 1)
    made = operations.adopt_again(cast.officer, old, reason=REASON, version=old.version)
    with pytest.raises(DomainError, match="后面的一轮"):
        operations.adopt_again(cast.officer, old, reason=REASON, version=old.version)
    with pytest.raises(DomainError, match="还没有消除"):
        operations.adopt_again(cast.officer, made, reason=REASON, version=made.version)


def test_only_the_county_of_the_place_adopts(cast: Cast, maker: Maker, old: Case) -> None:
    mark(old, maker)
    for who, refusal in ((cast.village, NotAllowed), (cast.clerk, NotAllowed)):
        with pytest.raises(refusal):
            operations.adopt_again(who, old, reason=REASON, version=old.version)
    assert Case.objects.count() == 1


def test_the_page_is_tried_by_four(maker: Maker, old: Case, four_people) -> None:
    url = reverse("cases:again", args=[old.number])
    page = reverse("cases:case", args=[old.number])
    four = four_people("county_officer")
    owner = four.client("owner")
    assert url not in owner.get(page).content.decode()
    mark(old, maker)
    assert url in owner.get(page).content.decode()
    found = four.statuses(url)
    assert (found["owner"], found["neighbour"], found["department"]) == (200, 404, 403)
    sent = {"reason": REASON, "version": old.version}
    assert four.client("neighbour").post(url, sent).status_code == 404
    late = owner.post(url, {**sent, "version": old.version + 1})
    assert late.status_code == 400 and REASON in late.content.decode()
    assert owner.post(url, sent).status_code == 302
    again = owner.post(url, sent)
    assert again.status_code == 400 and "后面的一轮" in again.content.decode()
    assert Case.objects.count() == 2
