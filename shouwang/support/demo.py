"""示例帮扶: measures in every state, contacts, visits, registers of the demo county.

Everything goes through the operations, told on its own days in the past; only the plain visits of
the last months are written in one go.
"""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction

from shouwang.accounts.actors import actor_for
from shouwang.accounts.models import Post
from shouwang.audit.operations import record
from shouwang.cases.checklists import checklists
from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.actor import Actor, system_actor
from shouwang.core.bulk import copy_rows
from shouwang.core.errors import DomainError
from shouwang.divisions.models import Division
from shouwang.registry.models import Household, Member

from . import matching_demo, operations, standing_demo
from .catalogue import catalogue
from .facts import stage_of
from .models import Measure, Visit
from .needs import has_labour
from .operations.planning import proposals_for
from .queries.helped import helped
from .states import DutyKind

SEED = 2026
STORIES = 16
UNITS = ("农业农村局", "教育体育局", "住房和城乡建设局", "水利局", "民政局", "卫生健康局")
VISIT_COLUMNS = (
    "household", "case", "visited_on", "way", "visitors", "by_contact", "persons_met", "template",
    "template_version", "answers", "failing", "situation", "needs", "recorded_at",
    "recorded_by_label", "token",
)  # fmt: skip


def make(actor: Actor) -> int:
    """Returns how many measures there are; a county that has measures is left alone."""
    if Measure.objects.exists():
        return 0
    draw = random.Random(SEED)  # noqa: S311 - the same county each time
    with transaction.atomic():
        rows = helped(actor).select_related("household__village", "village__parent")
        cases = list(rows.order_by("village__code", "pk"))
        operations.adopt_measures(actor, cases)
        operations.adopt_contacts(actor, cases)
        operations.refresh_receipts(actor)
        _duties(actor, cases)
        _plain_visits(actor, cases, draw)
        people = People()
        home = _home_first(people, cases)
        _measures(people, home[:STORIES])
        _visits(people, home[:8])
        _registers(actor, draw)
        _ledgers(actor)
        _industries(actor)
        _helped_industries(people, home[:STORIES])
        matching_demo.make(actor, home[:8])
        _reliefs(people, home[:7])
        _reviews(people, home[:4])
        _cards(people, home[:6])
        standing_demo.make(actor)
    return Measure.objects.count()


@contextmanager
def _on(days_ago: int) -> Iterator[date]:
    """On a day in the past, at twenty past ten in the county."""
    moment = clock.now() - timedelta(days=days_ago)
    told: datetime = moment.replace(hour=2, minute=20)
    with clock.telling(told):
        yield clock.today()


class People:
    """Who takes the steps: the demo's accounts where the place is theirs, else the program under
    the name of the duty."""

    def __init__(self) -> None:
        posts = Post.objects.on(clock.today()).filter(account__is_active=True)
        self._posts = list(posts.select_related("account", "division", "department").order_by("pk"))
        self._actors = {post.pk: actor_for(post.account, clock.today()) for post in self._posts}

    def worker_place(self) -> Division | None:
        return next((one.division for one in self._posts if one.role == "village_worker"), None)

    def clerk(self, path: str) -> Actor:
        return self._at("town_clerk", "support.assign", path) or system_actor("乡镇业务员")

    def department(self, name: str, path: str) -> Actor:
        found = self._at("department_officer", "support.answer", path, name)
        return found or system_actor(f"{name}经办人")

    def _at(self, role: str, right: str, path: str, department: str = "") -> Actor | None:
        for post in self._posts:
            named = post.department.name if post.department else ""
            if post.role == role and (not department or named == department):
                actor = self._actors[post.pk]
                if actor.can_at(right, path):
                    return actor
        return None


def _home_first(people: People, cases: Sequence[Case]) -> list[Case]:
    """Households of the demo's own village worker first, then of his town: visitors see them."""
    place = people.worker_place()
    if place is None:
        return list(cases)
    town = place.path.rsplit(f"{place.pk}/", 1)[0]
    return sorted(
        cases,
        key=lambda case: (
            not case.village.path.startswith(place.path),
            not case.village.path.startswith(town),
        ),
    )


def _duties(actor: Actor, cases: Sequence[Case]) -> None:
    """Leaders of towns, units and teams of villages; a few are missing, as in life."""
    villages: dict[int, Division] = {case.village_id: case.village for case in cases}
    towns = {village.parent_id: village.parent for village in villages.values() if village.parent}
    with _on(300):
        for town in towns.values():
            assert town is not None
            kinds = ((DutyKind.COUNTY_LEADER, "联点县领导"), (DutyKind.TOWN_OFFICER, "包村干部"))
            for kind, words in kinds:
                operations.set_duty(actor, town, kind=kind, name=f"{town.name}{words}")
        for place, village in enumerate(villages.values()):
            if place % 9 != 4:
                unit = UNITS[place % len(UNITS)]
                operations.set_duty(actor, village, kind=DutyKind.DEPARTMENT, name=unit)
            if place % 11 != 7:
                name = f"{village.name}驻村工作队"
                operations.set_duty(actor, village, kind=DutyKind.VILLAGE_TEAM, name=name)


def _plain_visits(actor: Actor, cases: Sequence[Case], draw: random.Random) -> None:
    """One visit a month for most households, until a few days ago; some have fallen behind."""
    today = clock.today()
    rows: list[tuple[Any, ...]] = []
    for case in cases:
        contact = (case.household.contact_cadre or "").strip() or "村干部"
        first = draw.choice((2, 6, 9, 13, 17, 21, 26)) if draw.random() < 0.9 else 41
        for month in range(draw.choice((2, 3, 4))):
            day = today - timedelta(days=first + 29 * month)
            if case.identified_on is None or day <= case.identified_on:
                break
            moment = clock.now() - timedelta(days=first + 29 * month)
            rows.append((
                case.household_id, case.pk, day, "home", contact, True, "", "", None, [], 0,
                "收入和生活没有大的变化。", "", moment, contact,
                uuid.UUID(int=draw.getrandbits(128)),
            ))  # fmt: skip
    copy_rows(Visit, VISIT_COLUMNS, rows)
    record(
        actor, "support.visits.imported", target_type="support.visit",
        summary=f"导入示例走访 {len(rows)} 次",
    )  # fmt: skip


def _measures(people: People, cases: Sequence[Case]) -> None:
    """One household after the other takes its proposals, each brought a step further."""
    for place, case in enumerate(cases):
        household = case.household
        with _on(60):
            clerk = people.clerk(case.village.path)
            offered = [one for one in proposals_for(household) if one.is_sure][:3]
            if not offered:
                continue
            made = operations.plan_proposals(clerk, household, [one.key for one in offered])
        for number, measure in enumerate(made):
            _bring(people, measure, (place + number) % 7)


def _bring(people: People, measure: Measure, stop: int) -> None:
    """Bring a measure so many steps on; the last numbers are a refusal and a finished one."""
    actor = people.clerk(measure.village.path)
    if stop == 0:
        return
    with _on(55 if stop > 1 else 3):
        measure = _step(actor, measure, "assign")
    if stop == 1:
        return
    department = people.department(measure.department, measure.village.path)
    with _on(50):
        if stop == 6:
            _step(department, measure, "refuse", reason="本季度名额已满，建议改为技能培训。")
            return
        measure = _step(department, measure, "accept")
    if stop == 2:
        return
    with _on(44) as day:
        end = day + timedelta(days=600) if measure.continues else None
        measure = _step(department, measure, "start", date=day, contract_end=end)
    item = catalogue().item(measure.item)
    if stop >= 4 and not (item and item.register == "loans"):
        with _on(30) as day:
            amount = measure.amount or Decimal(800)
            operations.record_payment(
                department, measure, amount=min(amount, Decimal(3000)), paid_on=day,
                channel="一卡通",
            )  # fmt: skip
    if stop == 5 and not measure.continues:
        with _on(12):
            _step(department, measure, "finish", result="已按标准发放到户，农户签字确认。")


def _step(actor: Actor, measure: Measure, action: str, **given: Any) -> Measure:
    return operations.take_measure_step(actor, measure, action, version=measure.version, **given)


def _visits(people: People, cases: Sequence[Case]) -> None:
    """Visits with the whole list; one finds something and raises a clue."""
    asked = next(iter(checklists().values()), None)
    if asked is None:
        return
    for place, case in enumerate(cases):
        answers = {
            question.key: next((one for one in question.options if one != question.fails), "")
            for question in asked.questions
        }
        failing = next((one for one in asked.questions if one.fails and one.risk), None)
        if place == 2 and failing is not None:
            answers[failing.key] = failing.fails
        with _on(2 + place) as day:
            clerk = people.clerk(case.village.path)
            operations.record_visit(
                clerk, case.household, visited_on=day,
                visitors=case.household.contact_cadre or clerk.label, persons_met="户主",
                template=asked.key, answers=answers, situation="逐项查看，情况已向户主说明。",
            )  # fmt: skip


def _ledgers(actor: Actor) -> None:
    """Insurance with claims, subsidies of two years, care of some of the four diseases."""
    today = clock.today()
    homes = Household.objects.filter(absent_since=None).select_related("village").order_by("pk")
    for place, home in enumerate(homes[:60:3]):
        starts = today - timedelta(days=200 + place)
        policy = operations.record_policy(
            actor, home, kind="crop" if place % 3 else "poverty", insurer="示例财险公司",
            policy_no=f"SL{today.year}{place:05d}", subject="水稻" if place % 3 else "农户",
            sum_insured=Decimal(6_000), premium=Decimal(180), aid=Decimal(144),
            starts_on=starts, ends_on=starts + timedelta(days=364 if place % 5 else 120),
        )  # fmt: skip
        for year in (today.year - 1, today.year):
            operations.record_subsidy(
                actor, home, item="farmland", year=year, quantity=Decimal(place % 5 + 2),
                amount=Decimal(place % 5 + 2) * 96, paid_on=date(year, 1, 12),
            )  # fmt: skip
        if place % 4 == 1:
            paid = place % 8 == 1
            operations.record_claim(
                actor, policy, happened_on=starts + timedelta(days=60), event="暴雨内涝",
                claimed=Decimal(2_400), state="paid" if paid else "assessed",
                paid=Decimal(1_900) if paid else None,
                paid_on=starts + timedelta(days=90) if paid else None,
            )  # fmt: skip
    ill = Member.objects.filter(health__contains="慢性病", absent_since=None).order_by("pk")
    for place, member in enumerate(ill.select_related("household__village")[:12]):
        operations.record_care(
            actor, member, disease="hypertension" if place % 2 else "diabetes",
            is_managed=place % 3 > 0, doctor="村医", noted_on=today - timedelta(days=300),
            followed_on=today - timedelta(days=40) if place % 3 else None,
        )  # fmt: skip


def _industries(actor: Actor) -> None:
    """Industries of two years; some led by a cooperative, one ended, some without money noted."""
    today = clock.today()
    present = Household.objects.filter(absent_since=None).order_by("village__code", "pk")
    keys = list(present.values_list("pk", flat=True))
    homes = present.filter(pk__in=keys[:: len(keys) // 45 + 1]).select_related("village")
    offers = (
        ("planting", "茶叶", Decimal("3.5"), "亩", 14_000, 6_800),
        ("breeding", "能繁母猪", Decimal(4), "头", 22_000, 7_500),
        ("courtyard", "庭院蔬菜", Decimal(120), "平方米", 3_600, 2_400),
        ("processing", "竹编", None, "", 9_000, 5_200),
        ("service", "农机服务", Decimal(1), "台", 18_000, 9_600),
    )
    for place, home in enumerate(homes):
        kind, what, scale, unit, output, income = offers[place % len(offers)]
        link = ("order", "skill")[place % 2]
        led: dict[str, Any] = {"enterprise": "示例种养专业合作社", "link": link}
        for year in (today.year - 1, today.year):
            known = place % 6 != 5
            made = operations.record_industry(
                actor, home, year=year, kind=kind, what=what, scale=scale, unit=unit,
                output=Decimal(output + 200 * place) if known else None,
                income=Decimal(income) if known else None, channel="合作社收购、集市",
                needs="缺技术指导。" if place % 4 == 0 else "", **(led if place % 3 else {}),
            )  # fmt: skip
        if place % 10 == 9:
            operations.end_industry(
                actor, made, ended_on=today, reason="外出务工，不再经营。", version=made.version
            )


def _helped_industries(people: People, cases: Sequence[Case]) -> None:
    """What an industry measure of a visited household helps."""
    today = clock.today()
    rows = Measure.objects.filter(
        case__in=cases, kind="industry", state__in=("assigned", "accepted", "under_way")
    )
    for measure in rows.order_by("pk").select_related("household__village")[:6]:
        clerk = people.clerk(measure.household.village.path)
        made = measure.household.industries.filter(ended_on=None).first()
        if made is None:
            made = operations.record_industry(
                clerk, measure.household, year=today.year, kind="breeding", what="土鸡",
                scale=Decimal(60), unit="只", output=Decimal(4_800), income=Decimal(2_100),
                channel="集市零售", needs="缺防疫指导。",
            )  # fmt: skip
        operations.name_industry(clerk, measure, industry=made, version=measure.version)


def _registers(actor: Actor, draw: random.Random) -> None:
    """Loans of 脱贫户, aid of students, renovated houses."""
    today = clock.today()
    poor = Member.objects.filter(household__household_type="脱贫户", absent_since=None)
    people = list(poor.select_related("household__village").order_by("pk")[:1500])
    adults = [one for one in people if has_labour(one.labour) and one.birth]
    homes: set[int] = set()
    for place, member in enumerate(adults[::9][:36]):
        if member.household_id in homes:
            continue
        homes.add(member.household_id)
        granted = today - timedelta(days=draw.choice((90, 400, 700, 1010, 1090, 1130)))
        amount = Decimal(draw.choice((20_000, 30_000, 50_000)))
        _try(
            partial(
                operations.record_loan, actor, member, bank="示例农商银行", amount=amount,
                months=36, granted_on=granted, rate=Decimal("0.0345"), purpose="种植养殖",
                balance=Decimal(0) if place % 6 == 5 else amount,
            )
        )  # fmt: skip
    vocational = {"secondary_vocational", "higher_vocational"}
    pupils = [one for one in people if stage_of(one) in {*vocational, "primary", "junior"}]
    classes = list(catalogue().student_classes)
    for place, member in enumerate(pupils[:40]):
        rain = stage_of(member) in vocational
        _try(
            partial(
                operations.record_student_aid, actor, member, year=today.year - 1, term=2,
                programme="rain_plan" if rain else "compulsory",
                amount=Decimal(1500) if rain else Decimal(625), student_class=classes[0],
                stage=member.school_status or "", boards=None if rain else place % 2 == 0,
                paid_on=today - timedelta(days=150) if place % 5 else None,
            )
        )  # fmt: skip
    unsafe = Household.objects.filter(danger_house="是", absent_since=None)
    for place, household in enumerate(unsafe.select_related("village").order_by("pk")[:10]):
        worst, hit = place % 3 == 0, place == 4
        _try(
            partial(
                operations.record_renovation, actor, household, grade="D" if worst else "C",
                method="rebuild" if worst else "repair", programme_year=today.year,
                amount=Decimal(28_000) if worst else Decimal(14_000),
                disaster_amount=Decimal(5_000) if hit else Decimal(0),
                doubled_answer="灾后资金用于院墙，与主房不重复。" if hit else "",
                started_on=today - timedelta(days=100),
            )
        )  # fmt: skip


def _try(work: Callable[[], Any]) -> None:
    """A row of which the county's data will not have it is left out of the demo."""
    try:
        with transaction.atomic():
            work()
    except DomainError:
        return


def _reliefs(people: People, cases: Sequence[Case]) -> None:
    """Applications at every step of their approval."""
    town, county = system_actor("乡镇分管领导"), system_actor("县级分管领导")
    for place, case in enumerate(cases):
        clerk = people.clerk(case.village.path)
        asked = Decimal(2000 + 500 * place)
        with _on(40 - place) as day:
            made = operations.apply_relief(
                clerk, case.household, risk="illness", reason="经其他政策解决后仍有困难。",
                asked=asked, applied_on=day,
            )  # fmt: skip
        steps: list[tuple[Actor, str, dict[str, Any]]] = [
            (town, "review", {"note": "情况属实，同意上报。", "granted": asked}),
            (county, "approve", {"note": "同意救助。", "granted": asked - 500}),
            (county, "pay", {"date": None, "channel": "一卡通"}),
        ]
        if place == 6:
            steps = [(town, "refuse", {"reason": "困难已由临时救助解决。"})]
        for number, (who, action, given) in enumerate(steps[: min(place, 3) or 0]):
            with _on(30 - place - number * 4) as day:
                values = given | ({"date": day} if "date" in given else {})
                made = operations.take_relief_step(
                    who, made, action, version=made.version, **values
                )


def _reviews(people: People, cases: Sequence[Case]) -> None:
    for place, case in enumerate(cases):
        flags = {"education_ok": True, "medical_ok": True, "housing_ok": True, "water_ok": True}
        conclusion = ("stable", "continue", "strengthen", "continue")[place % 4]
        with _on(15) as day:
            operations.record_review(
                people.clerk(case.village.path), case.household, reviewed_on=day,
                participants="村两委、驻村工作队、联系人", conclusion=conclusion,
                guarantees=flags if conclusion == "stable" else {},
                note="收入比帮扶前增加，措施继续执行。",
            )  # fmt: skip


def _cards(people: People, cases: Sequence[Case]) -> None:
    for case in cases:
        with _on(10) as day:
            clerk = people.clerk(case.village.path)
            card = operations.card_for(clerk, case.household)
            operations.hand_over(
                clerk, card, handed_on=day, received_by=case.household.head_name or "户主"
            )
