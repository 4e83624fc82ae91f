"""省级救助平台: its exported list becomes clues, each plea once."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division
from shouwang.engine.cleaning.identity import valid_number
from shouwang.registry.models import Household, Member

from ..models import RegisteredClue, RescueFile
from ..querysets import places_with
from ..rescue_sheet import RescueRow, read_rescue
from ..states import Channel
from .clues import register_clue
from .writing import Step, quiet


def import_rescue_file(
    actor: Actor,
    path: Path,
    *,
    name: str,
    step: Step = quiet,
) -> RescueFile:
    """Register the pleas of a list; a bad row is kept with its place, a known number is counted."""
    require(actor, "cases.register")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if RescueFile.objects.filter(sha256=digest).exists():
        raise Conflict("这份文件已经导入过，不会重复登记。", code="file")
    rows, rejects = read_rescue(path)
    if not rows and not rejects:
        raise DomainError("文件里没有内容。", code="file")
    with transaction.atomic():
        file = RescueFile.objects.create(
            name=name[:300], sha256=digest, received_at=clock.now(),
            received_by_label=actor.label[:120],
        )  # fmt: skip
        known = set(
            RegisteredClue.objects.filter(
                channel=Channel.RESCUE_PLATFORM, outside_no__in=[row.number for row in rows]
            ).values_list("outside_no", flat=True)
        )
        villages = _villages(actor)
        households = _by_number([row for row in rows if row.number not in known])
        for done, row in enumerate(rows):
            step(done, len(rows), "正在逐条登记")
            if row.number in known:
                file.known += 1
                continue
            place = _village(row, villages)
            household = households.get(row.row)
            if household is None and isinstance(place, str):
                rejects.append({"row": row.row, "column": "行政村", "reason": place})
                continue
            village = household.village if household else place
            if not isinstance(village, Division) or not actor.can_at(
                "cases.register", village.path
            ):
                rejects.append({"row": row.row, "column": "行政村", "reason": "不在您的管辖范围"})
                continue
            _register(actor, row, village, household, file)
            known.add(row.number)
            file.accepted += 1
        file.rejects = sorted(rejects, key=lambda each: int(each["row"]))
        file.save()
        record(
            actor, "cases.rescue.imported", target_type="cases.rescue_file",
            target_id=str(file.pk), source=name,
            summary=f"救助平台清单：登记 {file.accepted}，已有 {file.known}，"
            f"退回 {len(rejects)} 行",
        )  # fmt: skip
    return file


def _villages(actor: Actor) -> dict[str, list[Division]]:
    """Present villages of the actor by name."""
    reach = places_with(actor, "cases.register", "pk")
    found: dict[str, list[Division]] = {}
    villages = Division.objects.filter(reach, level=Level.VILLAGE, valid_to=None)
    for village in villages.select_related("parent"):
        found.setdefault(village.name, []).append(village)
    return found


def _village(row: RescueRow, villages: dict[str, list[Division]]) -> Division | str:
    """The village that the row names, or why it cannot be told."""
    named = villages.get(row.village) or villages.get(f"{row.village}村") or []
    if row.town:
        named = [each for each in named if each.parent and each.parent.name == row.town]
    if not named:
        return f"辖区里没有“{row.town}{row.village}”"
    return named[0] if len(named) == 1 else f"有 {len(named)} 个“{row.village}”，请补填乡镇"


def _by_number(rows: Sequence[RescueRow]) -> dict[int, Household]:
    """The households of those whose ID number is in the registry, by row."""
    given = {row.row: valid_number(row.id_no) or row.id_no for row in rows if row.id_no}
    if not given:
        return {}
    sealed = crypto.provider()
    hashes = dict(zip(given, sealed.digest_many(list(given.values())), strict=True))
    members = Member.objects.filter(id_hash__in=list(hashes.values()), absent_since=None)
    by_hash: dict[bytes, list[Household]] = {}
    for member in members.select_related("household__village"):
        assert member.id_hash is not None
        by_hash.setdefault(bytes(member.id_hash), []).append(member.household)
    return {
        number: by_hash[key][0] for number, key in hashes.items() if len(by_hash.get(key, ())) == 1
    }


def _register(
    actor: Actor, row: RescueRow, village: Division, household: Household | None, file: RescueFile
) -> None:
    register_clue(
        actor,
        channel=Channel.RESCUE_PLATFORM,
        village=village,
        household=household,
        subject_name=row.name,
        contact=row.phone,
        risks=row.risks,
        text=row.text,
        outside_no=row.number,
        received_on=row.received_on,
        emergency=row.emergency,
        rescue_file=file,
        source_row=row.row,
    )
