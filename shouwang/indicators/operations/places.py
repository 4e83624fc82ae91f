"""分类名单、长制名册和撂荒地的登记."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.models import Division

from ..incomes import GROUPS
from ..models import AbandonedLand, Classification, DutyHolder, IncomeBenchmark, IncomeGoal
from ..states import DutyKind, PlaceClass


def classify(
    actor: Actor,
    division: Division,
    *,
    place_class: str,
    valid_from: date,
    source: str,
    list_level: str = "",
    valid_to: date | None = None,
) -> Classification:
    """Name a place for a class from a day on; an open class of the place ends the day before."""
    require_here(actor, "indicators.manage", division.path)
    if place_class not in PlaceClass.values or not place_class:
        raise DomainError("类别请写：重点帮扶、示范创建或一般。", code="place_class")
    if not source.strip():
        raise DomainError("请写明依据的文件。", code="source")
    if valid_to is not None and valid_to < valid_from:
        raise DomainError("截止日期早于起始日期，请核对。", code="valid_to")
    with transaction.atomic():
        open_ones = division.classifications.filter(valid_to=None, valid_from__lt=valid_from)
        if place_class != PlaceClass.COMMON:
            open_ones = open_ones.filter(place_class__in=(place_class, PlaceClass.COMMON))
        open_ones.update(valid_to=valid_from - timedelta(days=1))
        try:
            with transaction.atomic():
                made = Classification.objects.create(
                    division=division, place_class=place_class, valid_from=valid_from,
                    valid_to=valid_to, source=source.strip()[:200],
                    list_level=list_level.strip()[:20], made_at=clock.now(),
                    made_by_label=actor.label[:120],
                )  # fmt: skip
        except IntegrityError as error:
            raise Conflict(f"{division.name}从这一天起的这个类别已经登记过。") from error
        _audit(
            actor, "classified", division, f"{division.name}列为{made.get_place_class_display()}"
        )
    return made


def appoint(
    actor: Actor,
    division: Division,
    *,
    kind: str,
    person: str,
    valid_from: date,
    stretch: str = "",
    post: str = "",
    duty: str = "",
) -> DutyHolder:
    """Somebody takes over a duty; who held it for the same stretch stands down the day before."""
    require_here(actor, "indicators.manage", division.path)
    if kind not in DutyKind.values:
        raise DomainError("长制请写：田长、河湖长、林长或路长。", code="kind")
    if not person.strip():
        raise DomainError("请填写姓名。", code="person")
    with transaction.atomic():
        former = DutyHolder.objects.filter(
            kind=kind, division=division, stretch=stretch.strip()[:120], valid_to=None
        )
        if former.filter(valid_from__gte=valid_from).exists():
            raise DomainError("现任的任职日期不早于这一天，请核对日期。", code="valid_from")
        former.update(valid_to=valid_from - timedelta(days=1))
        made = DutyHolder.objects.create(
            kind=kind, division=division, stretch=stretch.strip()[:120],
            person=person.strip()[:60], post=post.strip()[:80], duty=duty.strip()[:300],
            valid_from=valid_from, made_at=clock.now(), made_by_label=actor.label[:120],
        )  # fmt: skip
        _audit(actor, "appointed", division, f"{division.name}{made.get_kind_display()}到任")
    return made


def report_land(
    actor: Actor,
    village: Division,
    *,
    plot: str,
    area: Decimal,
    found_on: date,
    owner: str = "",
) -> AbandonedLand:
    """A plot lies idle."""
    require_here(actor, "indicators.report", village.path)
    if village.level != "village":
        raise DomainError("撂荒地登记到行政村，请选择村。", code="village")
    if not plot.strip() or area <= 0:
        raise DomainError("请写明地块名称，面积要大于 0。", code="area")
    if found_on > clock.today():
        raise DomainError("发现日期在今天以后，请核对。", code="found_on")
    with transaction.atomic():
        made = AbandonedLand.objects.create(
            village=village, plot=plot.strip()[:120], area=area, owner=owner.strip()[:60],
            found_on=found_on, made_at=clock.now(), made_by_label=actor.label[:120],
        )  # fmt: skip
        _audit(actor, "land_found", village, f"登记撂荒地 {area} 亩")
    return made


def farm_land(
    actor: Actor, land: AbandonedLand, *, treatment: str, farmer: str, done_on: date
) -> AbandonedLand:
    """The plot is farmed again."""
    require_here(actor, "indicators.report", land.village.path)
    if not treatment.strip():
        raise DomainError("请写明怎样治理（代耕、流转、村集体经营等）。", code="treatment")
    if not land.found_on <= done_on <= clock.today():
        raise DomainError("复耕日期应在发现日期以后、今天以前。", code="done_on")
    with transaction.atomic():
        found = AbandonedLand.objects.filter(pk=land.pk, done_on=None)
        changed = found.update(
            treatment=treatment.strip()[:200], farmer=farmer.strip()[:80], done_on=done_on
        )
        if not changed:
            raise Conflict("这块地已经登记复耕，请刷新页面。")
        _audit(actor, "land_farmed", land.village, f"撂荒地复耕 {land.area} 亩")
    land.refresh_from_db()
    return land


def _audit(actor: Actor, action: str, division: Division, summary: str) -> None:
    audit(
        actor,
        f"indicators.{action}",
        target_type="divisions.division",
        target_id=str(division.pk),
        division_path=division.path,
        summary=summary,
    )


def set_income_goals(
    actor: Actor,
    division: Division,
    goals: Mapping[tuple[str, int], Decimal | None],
    *,
    source: str = "",
) -> int:
    """增收目标: set, change or clear targets by group and year; old and new values are kept."""
    require_here(actor, "indicators.manage", division.path)
    titles = dict(GROUPS)
    changes: dict[str, Any] = {}
    with transaction.atomic():
        there = {(one.group, one.year): one for one in IncomeGoal.objects.filter(division=division)}
        for (group, year), value in goals.items():
            if group not in titles or not 2000 <= year <= 2100:
                raise DomainError("没有这一类人员或年度，请刷新页面。", code="group")
            if value is not None and not 0 < value < Decimal(10) ** 9:
                raise DomainError("目标应是大于 0 的金额，单位是元。", code="value")
            former = there.get((group, year))
            before = former.value if former else None
            if before == value:
                continue
            changes[f"{titles[group]} {year}年"] = [
                "" if before is None else str(before), "" if value is None else str(value),
            ]  # fmt: skip
            if value is None:
                IncomeGoal.objects.filter(division=division, group=group, year=year).delete()
                continue
            IncomeGoal.objects.update_or_create(
                division=division, group=group, year=year,
                defaults={
                    "value": value, "source": source.strip()[:200], "made_at": clock.now(),
                    "made_by_label": actor.label[:120],
                },
            )  # fmt: skip
        if changes:
            audit(
                actor, "indicators.income_goals", target_type="indicators.income_goals",
                target_id=str(division.pk), division_path=division.path, changes=changes,
                summary=f"确定{division.name}增收目标 {len(changes)} 个",
            )  # fmt: skip
    return len(changes)


def set_benchmark(
    actor: Actor,
    division: Division,
    *,
    year: int,
    value: Decimal,
    growth: Decimal,
    source: str,
    published_on: date,
) -> IncomeBenchmark:
    """收入基准: as published; a revised figure replaces the first, both are in the log."""
    require_here(actor, "indicators.manage", division.path)
    if not source.strip():
        raise DomainError(
            "请写明出处，例如：示例县2025年国民经济和社会发展统计公报。", code="source"
        )
    if not 2000 <= year <= clock.today().year or published_on > clock.today():
        raise DomainError("只登记已经公布的年度，公布日期不能晚于今天。", code="year")
    if not 0 < value < Decimal(10) ** 9 or abs(growth) >= 1000:
        raise DomainError("收入应是大于 0 的金额（元），增速是百分数，请核对。", code="value")
    with transaction.atomic():
        former = IncomeBenchmark.objects.filter(division=division, year=year).first()
        made, _ = IncomeBenchmark.objects.update_or_create(
            division=division, year=year,
            defaults={
                "value": value, "growth": growth, "source": source.strip()[:200],
                "published_on": published_on, "made_at": clock.now(),
                "made_by_label": actor.label[:120],
            },
        )  # fmt: skip
        before = f"{former.value} 元，{former.growth}%，{former.source}" if former else ""
        audit(
            actor, "indicators.benchmark", target_type="indicators.benchmark",
            target_id=str(division.pk), division_path=division.path,
            summary=f"登记{division.name}{year}年统计局收入数",
            changes={f"{year}年": [before, f"{value} 元，{growth}%，{made.source}"]},
        )  # fmt: skip
    return made
