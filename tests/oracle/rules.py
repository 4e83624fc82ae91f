"""The 40 rules of rules.yaml, one plain function each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .county import Batch, County, Household, Person
from .reading import Row

Clue = tuple[str, str, str, str, str, str, str]
LABOURER = {"普通劳动力", "技能劳动力"}
ANY_LABOUR = LABOURER | {"弱劳动力或半劳动力"}
BASIC = {"dibao", "tekun_dispersed", "tekun_central"}


def parameter(rules: dict[str, Any], name: str, day: date) -> Decimal | None:
    entry = next(p for p in rules["parameters"] if p["key"] == name)
    for region in ("999901", "990000", "000000"):
        for value in entry["values"]:
            if value["region"] == region and value["valid_from"] <= day:
                if value["valid_to"] is None or day <= value["valid_to"]:
                    return Decimal(str(value["value"]))
    return None


def age_on(birth: date | None, day: date) -> int | None:
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def month_index(day: date) -> int:
    return day.year * 12 + day.month - 1


def first_of(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def out(value: Fraction | Decimal | int, digits: str) -> str:
    exact = Fraction(value)
    places = -Decimal(digits).as_tuple().exponent  # type: ignore[operator]
    scaled = exact * 10**places
    whole = int(abs(scaled) + Fraction(1, 2))
    sign = "-" if scaled < 0 and whole else ""
    return f"{sign}{Decimal(whole).scaleb(-places):.{places}f}"


def money(value: Any) -> str:
    return out(value, "0.01")


def ratio(value: Any) -> str:
    return out(value, "0.0001")


class World:
    """What is visible at one date, indexed by person and household."""

    def __init__(self, county: County, day: date) -> None:
        self.county, self.day = county, day
        month = month_index(day)
        self.windows = {
            "MONTH": first_of(month),
            "M3": first_of(month - 2),
            "M12": first_of(month - 11),
            "YTD": date(day.year, 1, 1),
        }
        self.batches: dict[str, list[Batch]] = defaultdict(list)
        for batch in county.batches:
            if batch.effective and batch.end <= day:
                self.batches[batch.feed].append(batch)
        self.rows: dict[str, dict[Person, list[Row]]] = {}
        for feed, batches in self.batches.items():
            per: dict[Person, list[Row]] = defaultdict(list)
            for batch in batches:
                for row, person in batch.rows:
                    if person:
                        per[person].append(row)
            self.rows[feed] = per
        self.deaths = {p: d for p in county.persons if (d := self.death(p))}

    def p(self, name: str) -> Decimal:
        value = parameter(self.county.rules, name, self.day)
        assert value is not None, name
        return value

    def of(self, feed: str, person: Person) -> list[Row]:
        return self.rows.get(feed, {}).get(person, [])

    def home_rows(self, feed: str, home: Household) -> list[Row]:
        return [row for person in home.members for row in self.of(feed, person)]

    def inside(self, day: date | None, window: str) -> bool:
        return day is not None and self.windows[window] <= day <= self.day

    def death(self, person: Person) -> date | None:
        days = [
            row.values["event_date"]
            for row in self.of("police_event", person)
            if row.values["event_type"] in {"death", "traffic_death"}
        ] + [
            row.values["change_date"]
            for row in self.of("hukou_change", person)
            if row.values["change_type"] == "death_cancel"
        ]
        return min((day for day in days if day <= self.day), default=None)

    def alive(self, person: Person) -> bool:
        return person not in self.deaths

    def latest(self, feed: str) -> dict[Person, list[Row]] | None:
        batches = self.batches.get(feed)
        if not batches:
            return None
        end = max(batch.end for batch in batches)
        per: dict[Person, list[Row]] = defaultdict(list)
        for batch in batches:
            if batch.end == end:
                for row, person in batch.rows:
                    if person:
                        per[person].append(row)
        return per

    def last_row(self, feed: str, home: Household) -> Row | None:
        best: tuple[date, date, int] | None = None
        found = None
        members = set(home.members)
        for batch in self.batches.get(feed, []):
            for row, person in self.by_home(batch).get(home.no, []):
                assert person in members
                key = (row.values["survey_date"], batch.end, row.number)
                if key[0] <= self.day and (best is None or key > best):
                    best, found = key, row
        return found

    def by_home(self, batch: Batch) -> dict[str, list[tuple[Row, Person]]]:
        cache = self.__dict__.setdefault("_by_home", {})
        if id(batch) not in cache:
            per: dict[str, list[tuple[Row, Person]]] = defaultdict(list)
            for row, person in batch.rows:
                if person:
                    per[person.household.no].append((row, person))
            cache[id(batch)] = per
        return cache[id(batch)]

    def has_month(self, feed: str, index: int) -> bool:
        return any(month_index(batch.end) == index for batch in self.batches.get(feed, []))

    # households
    def poor(self, h: Household) -> bool:
        return h["household_type"] == "脱贫户"

    def monitored(self, h: Household) -> bool:
        classes = self.county.catalogue["registry"]["lists"]["monitor_class"]
        return h["monitor_class"] in classes and h["eliminated"] != "是"

    def target(self, h: Household) -> bool:
        return self.poor(h) or self.monitored(h)

    def net(self, h: Household) -> Fraction | None:
        plus = [h[f"{kind}_income"] for kind in ("wage", "business", "property", "transfer")]
        if None in plus or h["business_expense"] is None or not h.members:
            return None
        return Fraction(sum(plus) - h["business_expense"])

    def per_head(self, h: Household) -> Fraction | None:
        net = self.net(h)
        return None if net is None else net / len(h.members)


Rule = Callable[[World], Iterator[tuple[Any, str, str]]]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    def keep(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return keep


def total(rows: Iterable[Row], column: str) -> Decimal | None:
    values = [row.values[column] for row in rows if row.values[column] is not None]
    return sum(values, Decimal(0)) if values else None


def inpatient_ytd(w: World, poor: bool, name: str) -> Iterator[tuple[Any, str, str]]:
    limit = w.p(name)
    for person in w.county.persons:
        if w.poor(person.household) is not poor or not w.alive(person):
            continue
        rows = [
            row
            for row in w.of("medical_settlement", person)
            if row.values["visit_type"] == "inpatient"
            and w.inside(row.values["settle_date"], "YTD")
        ]
        paid = total(rows, "self_paid")
        if paid is not None and paid >= limit:
            yield person, money(paid), money(limit)


@rule("medical.self_paid_ytd_poverty_alleviated")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    yield from inpatient_ytd(w, True, "medical.ytd_poverty_alleviated")


@rule("medical.self_paid_ytd_other")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    yield from inpatient_ytd(w, False, "medical.ytd_other")


@rule("medical.outpatient_month")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("medical.outpatient_month")
    for person in filter(w.alive, w.county.persons):
        rows = [
            row
            for row in w.of("medical_settlement", person)
            if row.values["visit_type"] in {"chronic", "outpatient"}
            and w.inside(row.values["settle_date"], "MONTH")
        ]
        paid = total(rows, "self_paid")
        if paid is not None and paid >= limit:
            yield person, money(paid), money(limit)


@rule("medical.new_serious_disease")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for person in filter(w.alive, w.county.persons):
        days = [
            row.values["settle_date"]
            for row in w.of("medical_settlement", person)
            if row.values["serious_disease"] == "yes"
        ]
        fresh = [day for day in days if w.inside(day, "MONTH")]
        if fresh and not any(day < w.windows["MONTH"] for day in days):
            yield person, min(fresh).isoformat(), ""


@rule("medical.self_paid_income_ratio")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("medical.income_ratio")
    for home in w.county.households.values():
        net = w.net(home)
        if net is None or net <= 0:
            continue
        rows = [
            row
            for row in w.home_rows("medical_settlement", home)
            if w.inside(row.values["settle_date"], "M12")
        ]
        paid = total(rows, "self_paid")
        if paid is not None and Fraction(paid) / net > Fraction(limit):
            yield home, ratio(Fraction(paid) / net), ratio(limit)


@rule("medical.self_paid_catastrophic")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("medical.disposable_income")
    for person in filter(w.alive, w.county.persons):
        rows = [
            row
            for row in w.of("medical_settlement", person)
            if w.inside(row.values["settle_date"], "M12")
        ]
        paid = total(rows, "self_paid")
        if paid is not None and paid > limit:
            yield person, money(paid), money(limit)


@rule("medical.uninsured_target")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    latest = w.latest("medical_insurance")
    if latest is None:
        return
    youngest = w.day - timedelta(days=int(w.p("medical.newborn_days")))
    for person in filter(w.alive, w.county.persons):
        if not w.target(person.household) or (person.birth and person.birth > youngest):
            continue
        states = {
            row.values["status"]
            for row in latest.get(person, [])
            if row.values["insured_year"] == w.day.year
        }
        if "insured" not in states:
            state = next((s for s in ("suspended", "unpaid") if s in states), "no_record")
            yield person, state, ""


def of_school_age(w: World) -> Iterator[tuple[Person, int]]:
    start = w.day.year if w.day.month >= 9 else w.day.year - 1
    for person in filter(w.alive, w.county.persons):
        age = age_on(person.birth, date(start, 8, 31))
        if age is not None and 6 <= age <= 14:
            yield person, age


@rule("education.not_enrolled_compulsory")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    latest = w.latest("edu_enrolment")
    if latest is not None:
        for person, age in of_school_age(w):
            if not latest.get(person):
                yield person, str(age), ""


@rule("education.suspected_dropout")
def suspected(w: World) -> Iterator[tuple[Any, str, str]]:
    latest = w.latest("edu_enrolment")
    if latest is None:
        return
    for person, _age in of_school_age(w):
        states = {row.values["status"] for row in latest.get(person, [])}
        left = [s for s in ("dropout", "suspected_dropout", "other_leave") if s in states]
        if left and not states & {"in_school", "home_teaching"}:
            yield person, left[0], ""


@rule("education.dropout_target")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    yield from (hit for hit in suspected(w) if w.target(hit[0].household))


@rule("education.cost_over_limit")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    latest, limit = w.latest("edu_enrolment"), w.p("education.cost_limit")
    for person, rows in (latest or {}).items():
        costs = []
        for v in (row.values for row in rows):
            parts = [v["tuition"], v["boarding"], v["textbook"], v["subsidy"]]
            if (
                v["stage"] in {"senior_high", "secondary_vocational"}
                and v["school_kind"] == "public"
                and v["status"] == "in_school"
                and None not in parts
            ):
                costs.append(parts[0] + parts[1] + parts[2] - parts[3])
        if w.alive(person) and costs and max(costs) > limit:
            yield person, money(max(costs)), money(limit)


@rule("education.multi_noncompulsory")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    latest, limit = w.latest("edu_enrolment"), w.p("education.multi_students")
    stages = {
        "senior_high",
        "secondary_vocational",
        "higher_vocational",
        "undergraduate",
        "postgraduate",
    }
    if latest is None:
        return
    for home in filter(w.target, w.county.households.values()):
        count = sum(
            w.alive(person)
            and any(
                row.values["status"] == "in_school" and row.values["stage"] in stages
                for row in latest.get(person, [])
            )
            for person in home.members
        )
        if count >= limit:
            yield home, str(count), str(limit)


@rule("disability.new_severe")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for person, rows in (w.latest("disability_card") or {}).items():
        levels = [
            row.values["level"]
            for row in rows
            if row.values["level"] in {"1", "2"}
            and row.values["card_status"] == "valid"
            and w.inside(row.values["issue_date"], "M3")
        ]
        if levels and w.alive(person):
            yield person, min(levels), ""


@rule("disability.severe_low_income_no_assist")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    cards, assist = w.latest("disability_card"), w.latest("civil_assist")
    limit = w.p("income.low_multiple") * w.p("income.line")
    if cards is None or assist is None:
        return
    for person, rows in cards.items():
        severe = any(
            r.values["level"] in {"1", "2"} and r.values["card_status"] == "valid" for r in rows
        )
        helped = any(r.values["kind"] in BASIC for r in assist.get(person, []))
        head = w.per_head(person.household)
        if (
            severe
            and not helped
            and w.alive(person)
            and head is not None
            and head < Fraction(limit)
        ):
            yield person, money(head), money(limit)


@rule("housing.dangerous_only_house")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for home in w.county.households.values():
        row = w.last_row("housing_survey", home)
        if row and row.values["grade"] in {"C", "D"}:
            if row.values["only_house"] == "yes" and row.values["rectified"] == "no":
                yield home, row.values["grade"], ""


@rule("housing.dangerous_low_income")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("income.line")
    for home in w.county.households.values():
        row, head = w.last_row("housing_survey", home), w.per_head(home)
        if row and head is not None and row.values["grade"] in {"C", "D"}:
            if row.values["rectified"] == "no" and head < Fraction(limit):
                yield home, money(head), money(limit)


def above(value: Decimal | None, limit: Decimal) -> bool:
    return value is not None and value > limit


@rule("water.quantity_low")
def quantity_low(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("water.min_litres")
    for home in w.county.households.values():
        row = w.last_row("water_survey", home)
        if row and row.values["litres"] is not None and row.values["litres"] < limit:
            yield home, out(row.values["litres"], "1"), str(limit)


@rule("water.outage_days")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("water.max_outage_days")
    for home in w.county.households.values():
        rows = [
            r for r in w.home_rows("water_survey", home) if w.inside(r.values["survey_date"], "YTD")
        ]
        days = total(rows, "outage_days")
        if above(days, limit):
            yield home, out(days or 0, "1"), str(limit)


@rule("water.fetch_inconvenient")
def fetch_inconvenient(w: World) -> Iterator[tuple[Any, str, str]]:
    minutes, flat, steep = (w.p(f"water.fetch_{k}") for k in ("minutes", "horizontal", "vertical"))
    for home in w.county.households.values():
        row = w.last_row("water_survey", home)
        if row is None or row.values["supply_mode"] != "carry":
            continue
        v = row.values
        if above(v["fetch_minutes"], minutes) and above(v["horizontal_m"], flat):
            if above(v["vertical_m"], steep):
                yield home, out(v["fetch_minutes"], "1"), str(minutes)


@rule("water.quality_bad")
def quality_bad(w: World) -> Iterator[tuple[Any, str, str]]:
    for home in w.county.households.values():
        row = w.last_row("water_survey", home)
        if row and row.values["supply_mode"] in {"decentralised", "carry"}:
            if row.values["sensory"] == "abnormal":
                yield home, "abnormal", ""


@rule("water.village_cluster")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    least, share = w.p("water.village_min"), w.p("water.village_share")
    bad = {hit[0].no for f in (quantity_low, fetch_inconvenient, quality_bad) for hit in f(w)}
    count: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for home in w.county.households.values():
        if w.last_row("water_survey", home):
            count[home["village_code"]][0] += home.no in bad
            count[home["village_code"]][1] += 1
    for village, (wrong, surveyed) in count.items():
        if wrong >= least and Fraction(wrong, surveyed) >= Fraction(share):
            yield village, ratio(Fraction(wrong, surveyed)), ratio(share)


@rule("assist.new_dibao")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    latest = w.latest("civil_assist") or {}
    for home in w.county.households.values():
        count = sum(
            w.alive(person)
            and any(
                r.values["kind"] == "dibao" and w.inside(r.values["start_date"], "YTD")
                for r in latest.get(person, [])
            )
            for person in home.members
        )
        if count:
            yield home, str(count), ""


@rule("assist.dibao_stopped")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    ends = {"now": w.day, "before": w.windows["MONTH"] - timedelta(days=1)}
    lists: dict[str, dict[Person, list[Row]]] = {}
    for when, end in ends.items():
        batches = [b for b in w.batches.get("civil_assist", []) if b.end == end]
        if not batches:
            return
        lists[when] = defaultdict(list)
        for batch in batches:
            for row, person in batch.rows:
                if person:
                    lists[when][person].append(row)
    for person, rows in lists["before"].items():
        amounts = [r.values["amount"] for r in rows if r.values["kind"] == "dibao"]
        still = any(r.values["kind"] in BASIC for r in lists["now"].get(person, []))
        if amounts and not still and w.alive(person) and w.target(person.household):
            yield person, money(max(amounts)), ""


@rule("assist.large_temp_relief")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("assist.large_relief")
    for home in w.county.households.values():
        rows = [
            r for r in w.home_rows("temp_relief", home) if w.inside(r.values["relief_date"], "M12")
        ]
        paid = total(rows, "amount")
        if paid is not None and paid >= limit:
            yield home, money(paid), money(limit)


@rule("job.no_record_3m")
def no_record(w: World) -> Iterator[tuple[Any, str, str]]:
    now, gap = month_index(w.day), int(w.p("job.gap_months"))
    if not all(w.has_month("employment", now - back) for back in range(gap)):
        return
    for person in filter(w.alive, w.county.persons):
        if person["labour"] not in LABOURER or not w.target(person.household):
            continue
        months = [
            month_index(r.values["month"])
            for r in w.of("employment", person)
            if r.values["status"] == "employed"
        ]
        earlier = [m for m in months if m <= now - gap]
        if earlier and not any(now - gap < m <= now for m in months):
            yield person, str(now - max(earlier)), str(gap)


@rule("job.sole_labourer_no_record")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for person, value, limit in no_record(w):
        home = person.household
        if sum(w.alive(q) and q["labour"] in LABOURER for q in home.members) == 1:
            yield home, value, limit


@rule("job.village_worker_drop")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    now = month_index(w.day)
    if not (w.has_month("employment", now) and w.has_month("employment", now - 1)):
        return
    base, share = w.p("job.village_base"), w.p("job.village_drop")
    at_work: dict[str, dict[int, set[Person]]] = defaultdict(lambda: defaultdict(set))
    for person, rows in w.rows["employment"].items():
        if w.target(person.household):
            for r in rows:
                if r.values["status"] == "employed":
                    month = month_index(r.values["month"])
                    at_work[person.household["village_code"]][month].add(person)
    for village, months in at_work.items():
        before, after = len(months[now - 1]), len(months[now])
        if before >= base and before and Fraction(before - after, before) >= Fraction(share):
            yield village, ratio(Fraction(before - after, before)), ratio(share)


@rule("disaster.loss")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("disaster.loss_min")
    for home in w.county.households.values():
        rows = [
            r for r in w.home_rows("disaster", home) if w.inside(r.values["event_date"], "MONTH")
        ]
        loss = total(rows, "loss")
        if loss is not None and loss >= limit:
            yield home, money(loss), money(limit)


@rule("disaster.house_destroyed")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for home in w.county.households.values():
        damage = {
            r.values["house_damage"]
            for r in w.home_rows("disaster", home)
            if w.inside(r.values["event_date"], "MONTH")
        }
        for worst in ("collapsed", "severe"):
            if worst in damage:
                yield home, worst, ""
                break


@rule("accident.traffic")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for person in w.county.persons:
        kinds = {
            r.values["event_type"]
            for r in w.of("police_event", person)
            if w.inside(r.values["event_date"], "MONTH")
        }
        for worst in ("traffic_death", "traffic_disability", "traffic_injury"):
            if worst in kinds:
                yield person, worst, ""
                break


@rule("accident.sole_labourer_died")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for home in w.county.households.values():
        workers = [p for p in home.members if p["labour"] in LABOURER]
        if not any(map(w.alive, home.members)) or not workers or any(map(w.alive, workers)):
            continue
        last = max(w.deaths[p] for p in workers)
        if w.inside(last, "M3"):
            yield home, last.isoformat(), ""


@rule("labour.no_labour_no_assist")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    latest = w.latest("civil_assist")
    known = w.county.catalogue["registry"]["lists"]["labour"]
    if latest is None:
        return
    for home in filter(w.target, w.county.households.values()):
        alive = [p for p in home.members if w.alive(p)]
        unclear = any(
            p["labour"] not in known and ((age := age_on(p.birth, w.day)) is None or age >= 16)
            for p in alive
        )
        helped = any(r.values["kind"] in BASIC for p in alive for r in latest.get(p, []))
        if (
            alive
            and not unclear
            and not helped
            and not any(p["labour"] in ANY_LABOUR for p in alive)
        ):
            yield home, str(len(alive)), ""


@rule("income.below_line")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("income.line")
    for home in w.county.households.values():
        head = w.per_head(home)
        if w.poor(home) and not w.monitored(home) and head is not None and head < Fraction(limit):
            yield home, money(head), money(limit)


@rule("income.sharp_fall")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("income.fall_ratio")
    for home in filter(w.poor, w.county.households.values()):
        head, before = w.per_head(home), home["prev_per_capita"]
        if head is not None and before is not None and before > 0:
            fall = (Fraction(before) - head) / Fraction(before)
            if fall >= Fraction(limit):
                yield home, ratio(fall), ratio(limit)


@rule("industry.entity_closed")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for person, rows in (w.latest("business_entity") or {}).items():
        days = [
            r.values["status_date"]
            for r in rows
            if r.values["role"] == "legal_rep"
            and r.values["status"] in {"cancelled", "revoked"}
            and w.inside(r.values["status_date"], "M3")
        ]
        if days and w.alive(person) and w.target(person.household):
            yield person, max(days).isoformat(), ""


def distinct(w: World, feed: str, column: str, home: Household, **wanted: set[str]) -> int:
    latest = w.latest(feed) or {}
    return len(
        {
            r.values[column]
            for p in home.members
            if w.alive(p)
            for r in latest.get(p, [])
            if all(r.values[key] in values for key, values in wanted.items())
        }
    )


@rule("asset.vehicle")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for home in filter(w.monitored, w.county.households.values()):
        count = distinct(
            w, "vehicle", "plate", home, kind={"car", "truck", "machine"}, status={"normal"}
        )
        if count:
            yield home, str(count), ""


@rule("asset.business")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    for home in filter(w.monitored, w.county.households.values()):
        count = distinct(
            w, "business_entity", "credit_code", home,
            role={"legal_rep"}, status={"active"}, entity_type={"company", "individual", "sole"},
        )  # fmt: skip
        if count:
            yield home, str(count), ""


@rule("asset.real_estate")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("asset.house_count")
    for home in filter(w.monitored, w.county.households.values()):
        homes = distinct(w, "real_estate", "cert_no", home, usage={"residential"})
        shops = distinct(w, "real_estate", "cert_no", home, usage={"commercial"})
        if homes >= limit or shops >= 1:
            yield home, str(homes + shops), str(limit)


@rule("monitor.long_unresolved")
def _(w: World) -> Iterator[tuple[Any, str, str]]:
    limit = w.p("monitor.long_months")
    for home in filter(w.monitored, w.county.households.values()):
        if home["identified_month"]:
            months = month_index(w.day) - month_index(home["identified_month"])
            if months > limit:
                yield home, str(months), str(limit)


def multi_risk(w: World, hits: list[tuple[str, Any]]) -> Iterator[tuple[Any, str, str]]:
    meta = {entry["id"]: entry for entry in w.county.rules["rules"]}
    limit = w.p("cross.multi_risk")
    risks: dict[str, set[str]] = defaultdict(set)
    for name, subject in hits:
        entry = meta[name]
        if entry["level"] == "village" or entry["kind"] != "clue" or entry["severity"] < 2:
            continue
        home = subject.household if isinstance(subject, Person) else subject
        risks[home.no].add(entry["risk"])
    for number, found in risks.items():
        home = w.county.households[number]
        if not w.monitored(home) and len(found) >= limit:
            yield home, str(len(found)), str(limit)


def clues(county: County) -> set[Clue]:
    """Every (rule, subject, as_of) line, formatted as the truth's clues.csv."""
    found: set[Clue] = set()
    for day in county.catalogue["as_of_dates"]:
        world = World(county, day)
        hits: list[tuple[str, Any]] = []
        for name, function in RULES.items():
            for subject, value, limit in function(world):
                hits.append((name, subject))
                found.add(line(name, day, subject, value, limit))
        for subject, value, limit in multi_risk(world, hits):
            found.add(line("cross.multi_risk", day, subject, value, limit))
    return found


def line(name: str, day: date, subject: Any, value: str, limit: str) -> Clue:
    home = subject.household if isinstance(subject, Person) else subject
    village = subject if isinstance(subject, str) else home["village_code"]
    return (
        name, day.isoformat(), village, "" if isinstance(subject, str) else home.no,
        subject.no if isinstance(subject, Person) else "", value, limit,
    )  # fmt: skip
