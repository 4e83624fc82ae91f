"""村级医疗卫生服务的登记: what a village has; a lack opens a gap at once."""

from datetime import date

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division

from ..models import PlaceProblem, VillageMedical
from ..place_kinds import book
from .places import EARLIEST, clean, record_problem
from .water import audited

KIND = "clinics"


def record_medical(
    actor: Actor,
    village: Division,
    *,
    has_clinic: bool,
    doctors: int,
    checked_on: date,
    note: str = "",
    version: int | None = None,
) -> VillageMedical:
    """Note what was seen; where clinic or doctor lack and no gap stands open, one is opened."""
    require(actor, "localities.places", village.path)
    if village.level != Level.VILLAGE or village.valid_to is not None:
        raise DomainError("请选择现有的行政村。", code="village")
    if not EARLIEST <= checked_on <= clock.today():
        raise DomainError("核实日期不能晚于今天。", code="checked_on")
    if not 0 <= doctors <= 200:
        raise DomainError("村医人数请填 0 至 200。", code="doctors")
    values = {
        "has_clinic": has_clinic, "doctors": doctors, "checked_on": checked_on,
        "note": clean(note, 200), "recorded_at": clock.now(),
        "recorded_by_label": actor.label[:120],
    }  # fmt: skip
    with transaction.atomic():
        Division.objects.select_for_update().get(pk=village.pk)
        held = VillageMedical.objects.filter(village=village).first()
        if held is None:
            held = VillageMedical.objects.create(village=village, **values)
        else:
            found = VillageMedical.objects.filter(pk=held.pk, version=version or 0)
            if not found.update(**values, version=held.version + 1):
                raise Conflict(f"{held.recorded_by_label}刚登记过本村的情况，请核对后再提交。")
            held.refresh_from_db()
        audited(actor, "medical.recorded", village, f"{village.name}医疗卫生服务")
        _open_gap(actor, held)
    return held


def _open_gap(actor: Actor, held: VillageMedical) -> None:
    subject = "no_clinic" if not held.has_clinic else "" if held.doctors else "no_doctor"
    standing = PlaceProblem.objects.unsettled().filter(kind=KIND, division=held.village)
    if not subject or standing.exists():
        return
    kind, name = book().kinds[KIND], f"{held.village.name}卫生室"
    closed = PlaceProblem.objects.filter(
        kind=KIND, division=held.village, subject=subject, state__in=("signed", "rechecked")
    )
    if closed.exists():
        return
    record_problem(
        actor, kind, held.village, subject=subject, name=name, found_on=held.checked_on,
        channel="patrol", text=f"核实时{kind.subjects[subject].label}。",
    )  # fmt: skip
