"""宣传的登记: leaflets, handing out one by one or by a signed list, events."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division
from shouwang.registry.models import Household
from shouwang.support.sheets import Column, Fault, Sheet, read

from ..models import Handout, Leaflet, PublicityEvent
from ..states import EventKind, HandoutWay, LeafletKind

SIGNED = Sheet("handouts", "签收表", (
    Column("household_no", "户编号", required=True),
    Column("handed_on", "发放日期", "date"),
    Column("received_by", "签收人"),
))  # fmt: skip


def _audited(actor: Actor, action: str, place: Division, summary: str, **more: Any) -> None:
    record(
        actor, f"outreach.{action}", target_type="divisions.division", target_id=place.code,
        division_path=place.path, summary=summary, **more,
    )  # fmt: skip


def _past(day: date, what: str) -> date:
    if day > clock.today():
        raise DomainError(f"{what}不能晚于今天。", code="date")
    return day


def record_leaflet(
    actor: Actor,
    *,
    division: Division,
    title: str,
    kind: str,
    edition: str,
    printed: int,
    made_on: date,
    department: str = "",
    is_for_all: bool = True,
    note: str = "",
) -> Leaflet:
    """Enter a leaflet in a version; a new version is a leaflet of its own."""
    require(actor, "outreach.leaflets", division.path)
    if kind not in LeafletKind.values:
        raise DomainError("请从列表中选择资料类型。", code="kind")
    if not title.strip() or not edition.strip():
        raise DomainError("请填写名称和版次。", code="title")
    if not 0 < printed <= 10_000_000:
        raise DomainError("印数应为大于零的整数，请核对。", code="printed")
    _past(made_on, "印制日期")
    try:
        with transaction.atomic():
            made: Leaflet = Leaflet.objects.create(
                division=division, title=title.strip()[:80], kind=kind,
                edition=edition.strip()[:20], printed=printed, made_on=made_on,
                department=department.strip()[:60], is_for_all=is_for_all,
                note=note.strip()[:200], recorded_at=clock.now(),
                recorded_by_label=actor.label[:120],
            )  # fmt: skip
            _audited(actor, "leaflet.recorded", division, f"登记宣传资料：{made}")
    except IntegrityError:
        raise Conflict("同名同版次的资料已经登记，请换一个版次。") from None
    return made


def hand_out(
    actor: Actor,
    leaflet: Leaflet,
    households: Iterable[Household],
    *,
    handed_on: date,
    way: str,
    received_by: str = "",
) -> int:
    """Note that these households have got it; who has it already stays as it is. How many new."""
    require(actor, "outreach.record")
    if way not in HandoutWay.values:
        raise DomainError("请选择发放方式。", code="way")
    _past(handed_on, "发放日期")
    if handed_on < leaflet.made_on:
        raise DomainError("发放日期早于资料的印制日期，请核对。", code="handed_on")
    homes = list(households)
    for home in homes:
        require(actor, "outreach.record", home.village.path)
        if not home.village.path.startswith(leaflet.division.path):
            raise DomainError("这份资料不是发给这个地方的。", code="leaflet")
    with transaction.atomic():
        return _handed(actor, leaflet, [(home, received_by) for home in homes], handed_on, way)


def _handed(
    actor: Actor,
    leaflet: Leaflet,
    signed: list[tuple[Household, str]],
    handed_on: date,
    way: str,
) -> int:
    keys = [home.pk for home, _ in signed]
    known = set(
        Handout.objects.filter(leaflet=leaflet, household__in=keys).values_list(
            "household", flat=True
        )
    )
    new = {home.pk: (home, name) for home, name in signed if home.pk not in known}
    Handout.objects.bulk_create(
        [
            Handout(
                leaflet=leaflet, household=home, handed_on=handed_on, way=way,
                received_by=(name.strip() or home.head_name or "户主")[:40],
                recorded_at=clock.now(), recorded_by_label=actor.label[:120],
            )
            for home, name in new.values()
        ]
    )  # fmt: skip
    if new:
        words = f"登记发放 {leaflet}：{len(new)} 户"
        _audited(actor, "handout.recorded", leaflet.division, words)
    return len(new)


def import_handouts(
    actor: Actor, leaflet: Leaflet, path: Path, *, name: str, handed_on: date
) -> tuple[int, list[Fault]]:
    """A signed list that comes back: rows with a signer or a date count, empty ones are those who
    have not got it. One wrong row and nothing is taken."""
    require(actor, "outreach.record")
    found = read(path, name, SIGNED)
    faults = list(found.faults)
    lines = [one for one in found.lines if one.values["received_by"] or one.values["handed_on"]]
    numbers = [line.values["household_no"] for line in lines]
    homes = {
        home.household_no: home
        for start in range(0, len(numbers), 500)
        for home in Household.objects.visible_to(actor, "outreach.record")
        .filter(household_no__in=numbers[start : start + 500], absent_since=None)
        .filter(village__path__startswith=leaflet.division.path)
        .select_related("village")
    }
    by_day: dict[date, list[tuple[Household, str]]] = {}
    for line in lines:
        home = homes.get(line.values["household_no"])
        day = line.values["handed_on"] or handed_on
        if home is None:
            faults.append(Fault(line.row, "户编号", "辖区内没有这个户编号，请核对。"))
        elif not leaflet.made_on <= day <= clock.today():
            faults.append(Fault(line.row, "发放日期", "应在印制日期和今天之间"))
        else:
            by_day.setdefault(day, []).append((home, line.values["received_by"]))
    if faults:
        return 0, sorted(faults, key=lambda fault: fault.row)
    with transaction.atomic():
        count = sum(
            _handed(actor, leaflet, signed, day, HandoutWay.LIST) for day, signed in by_day.items()
        )
    return count, []


def record_event(
    actor: Actor,
    *,
    division: Division,
    held_on: date,
    kind: str,
    place: str,
    topic: str,
    people: int,
    note: str = "",
) -> PublicityEvent:
    require(actor, "outreach.record", division.path)
    if kind not in EventKind.values:
        raise DomainError("请从列表中选择宣传形式。", code="kind")
    if not topic.strip() or not place.strip():
        raise DomainError("请填写主题和地点。", code="topic")
    if not 0 <= people <= 1_000_000:
        raise DomainError("参加人数不对，请核对。", code="people")
    with transaction.atomic():
        made: PublicityEvent = PublicityEvent.objects.create(
            division=division, held_on=_past(held_on, "日期"), kind=kind,
            place=place.strip()[:80], topic=topic.strip()[:120], people=people,
            note=note.strip()[:500], recorded_at=clock.now(),
            recorded_by_label=actor.label[:120],
        )  # fmt: skip
        _audited(actor, "event.recorded", division, f"登记宣传活动：{made.topic}")
    return made
