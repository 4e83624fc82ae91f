"""合成地州: registry and department Parquet for any number of households, made directly.

Nobody in it exists. Shares and amounts are like those of a county's data, so that each rule finds
about as many households as it does there. The same number of households gives the same files."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from shouwang.engine import Batch, ScreeningInput

LAST = date(2026, 6, 30)
HOUSEHOLDS_A_VILLAGE = 500


def chance(key: str, salt: int) -> str:
    """A number from 0 to 999,999 that depends on a row's key."""
    return f"(hash({key}, {salt}) % 1000000)"


def pick(key: str, salt: int, shares: dict[str | None, int]) -> str:
    """A value by shares of a thousand; what is left over is no data."""
    upper, parts = 0, []
    for value, share in shares.items():
        upper += share * 1000
        shown = "NULL" if value is None else f"'{value}'"
        parts.append(f"WHEN {chance(key, salt)} < {upper} THEN {shown}")
    return f"CASE {' '.join(parts)} END"


def between(key: str, salt: int, low: int, high: int) -> str:
    return f"({low} + hash({key}, {salt}) % {high - low})"


def day_in(key: str, salt: int, first: date, last: date) -> str:
    days = (last - first).days + 1
    return f"(DATE '{first}' + (hash({key}, {salt}) % {days})::INTEGER)"


def fen(key: str, salt: int, median: int, heaviness: int) -> str:
    """A long-tailed amount in fen around a median in yuan."""
    part = f"({chance(key, salt)} / 1000000.0)"
    return f"CAST({median} * 100 * exp({heaviness} * pow({part} - 0.5, 3) * 4) AS BIGINT)"


@dataclass
class Prefecture:
    """Writes the files below one folder; a folder that is complete is reused."""

    folder: Path
    households: int

    def make(self) -> ScreeningInput:
        marker = self.folder / "complete-2"
        if not marker.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with duckdb.connect(config={"threads": 2}) as con:
                self.con = con
                self._registry()
                for feed, start, end in periods():
                    self._batch(feed, start, end)
            marker.touch()
        batches = [
            Batch(feed, start, end, 1, self._path(feed, end), f"{feed}-{end}")
            for feed, start, end in periods()
        ]
        return ScreeningInput(self.folder / "registry", batches)

    def _path(self, feed: str, end: date) -> Path:
        return self.folder / "feeds" / feed / end.isoformat()

    def _save(self, query: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.con.execute(
            f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)"
        )

    def _registry(self) -> None:
        self.con.execute(f"""
            CREATE TABLE household AS SELECT i::INTEGER AS household_id,
              'H' || lpad(i::VARCHAR, 9, '0') AS household_no,
              lpad((999901000000 + i // {HOUSEHOLDS_A_VILLAGE})::VARCHAR, 12, '0') AS village_code,
              '示例村' || (i // {HOUSEHOLDS_A_VILLAGE})::VARCHAR AS village,
              {pick("i", 1, {"脱贫户": 460, "一般农户": 535})} AS household_type,
              {pick("i", 2, {"脱贫不稳定户": 30, "边缘易致贫户": 35, "突发严重困难户": 23})}
                AS monitor_class,
              {pick("i", 3, {"是": 420, "否": 480})} AS eliminated,
              {day_in("i", 4, date(2023, 1, 1), date(2025, 12, 1))} AS identified_on,
              CASE {chance("i", 5)} // 100000 WHEN 0 THEN 1 WHEN 1 THEN 2 WHEN 2 THEN 2
                WHEN 3 THEN 3 WHEN 4 THEN 3 WHEN 5 THEN 4 WHEN 6 THEN 4 WHEN 7 THEN 5
                WHEN 8 THEN 5 ELSE 6 END AS size,
              {fen("i", 6, 16200, 4)} AS per_head
            FROM range({self.households}) t(i)""")
        self._save(
            f"""SELECT * EXCLUDE (identified_on, per_head),
              CASE WHEN monitor_class IS NOT NULL THEN date_trunc('month', identified_on)::DATE END
                AS identified_month,
              CASE WHEN {chance("household_id", 7)} < 985000 THEN per_head * size * 6 // 10 END
                AS wage_income,
              per_head * size * 3 // 10 AS business_income,
              per_head * size // 50 AS property_income,
              per_head * size // 5 AS transfer_income,
              per_head * size * 12 // 100 AS business_expense,
              CAST(per_head * (0.75 + {chance("household_id", 8)} / 2300000.0) AS BIGINT)
                AS prev_per_capita
            FROM household ORDER BY household_id""",
            self.folder / "registry" / "households.parquet",
        )
        self.con.execute(f"""
            CREATE TABLE person AS SELECT
              (row_number() OVER (ORDER BY household_id, k))::INTEGER AS person_id,
              household_id, village_code, village, household_type,
              {day_in("(household_id, k)", 11, date(1940, 1, 1), date(2026, 3, 1))} AS birth
            FROM household, range(1, 7) t(k) WHERE k <= size""")
        adult = "birth BETWEEN DATE '1966-01-01' AND DATE '2010-01-01'"
        self._save(
            f"""SELECT person_id, household_id, village_code,
              'P' || lpad(person_id::VARCHAR, 10, '0') AS person_no, '成员' AS name,
              birth AS birth_date, birth,
              CASE WHEN {adult} THEN
                {
                pick(
                    "person_id",
                    12,
                    {
                        "普通劳动力": 640,
                        "技能劳动力": 60,
                        "弱劳动力或半劳动力": 280,
                        "丧失劳动力": 18,
                    },
                )
            }
              ELSE {
                pick("person_id", 13, {"无劳动力": 900, "弱劳动力或半劳动力": 98})
            } END AS labour
            FROM person ORDER BY person_id""",
            self.folder / "registry" / "persons.parquet",
        )

    def _batch(self, feed: str, start: date, end: date) -> None:
        query = BATCHES[feed](start, end)
        self._save(
            f"""SELECT (row_number() OVER ())::INTEGER AS row, * FROM
            (SELECT q.*, p.household_id FROM ({query}) q JOIN person p USING (person_id)
             ORDER BY person_id)""",
            self._path(feed, end) / "rows.parquet",
        )


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def periods() -> list[tuple[str, date, date]]:
    """Feed, first and last day of each batch, in the rhythm of a real county."""
    found = [("medical_settlement", date(2025, 1, 1), date(2025, 6, 30))]
    ends = [month_end(2025, month) for month in range(7, 13)]
    ends += [month_end(2026, month) for month in range(1, 7)]
    found += [("medical_settlement", end.replace(day=1), end) for end in ends]
    found += [("employment", end.replace(day=1), end) for end in ends[2:]]
    found += [("temp_relief", date(2025, 1, 1), date(2025, 12, 31))]
    for feed in ("temp_relief", "disaster", "hukou_change"):
        found += [(feed, end.replace(day=1), end) for end in ends[6:]]
    for feed in ("civil_assist", "police_event"):
        found += [(feed, end.replace(day=1), end) for end in ends[5:]]
    for feed in ("water_survey", "disability_card", "business_entity"):
        found += [(feed, end - timedelta(days=89), end) for end in (ends[5], ends[8], ends[11])]
    for feed, months in (("edu_enrolment", (2, 8, 10)), ("housing_survey", (4, 8, 10)),
                         ("vehicle", (5, 9)), ("real_estate", (5, 10)),
                         ("medical_insurance", (6, 8))):  # fmt: skip
        found += [(feed, ends[at].replace(day=1), ends[at]) for at in months]
    return found


def rows_of(salt: int, thousandths: float, extra: str = "TRUE") -> str:
    return f"FROM person WHERE {extra} AND {chance('person_id', salt)} < {int(thousandths * 1000)}"


def medical(start: date, end: date) -> str:
    salt = end.toordinal()
    months = (end - start).days // 28
    key = f"(person_id, k, {salt})"
    kinds = pick(key, 21, {"inpatient": 400, "chronic": 380, "outpatient": 220})
    return f"""SELECT person_id, {day_in(key, 22, start, end)} AS settle_date,
      {kinds} AS visit_type,
      {pick(key, 23, {"yes": 20, "no": 950})} AS serious_disease,
      CASE WHEN {kinds} = 'inpatient' THEN {fen(key, 24, 1230, 5)} ELSE {fen(key, 25, 160, 4)} END
        AS self_paid
      FROM person, range(4) t(k)
      WHERE {chance(key, 26)} < CASE WHEN hash(person_id, 27) % 100 < 12 THEN {100000 * months}
        ELSE {6500 * months} END"""


def employment(start: date, end: date) -> str:
    key = f"(person_id, {end.toordinal()})"
    leaving = f"{chance('person_id', 31)} < 90000 AND DATE '{end}' > {day_in('person_id', 32, date(2025, 10, 1), date(2026, 9, 1))}"
    return f"""SELECT person_id, DATE '{start}' AS month,
      CASE WHEN {leaving} OR {chance(key, 33)} < 20000 THEN 'unemployed' ELSE 'employed' END
        AS status
      {rows_of(34, 345, "birth BETWEEN DATE '1966-01-01' AND DATE '2007-01-01'")}"""


def insurance(start: date, end: date) -> str:
    shares = {"insured": 950, "suspended": 15, "unpaid": 20}
    return f"""SELECT person_id, 2026::DECIMAL(18,3) AS insured_year,
      coalesce({pick("person_id", 41, shares)}, 'unpaid') AS status {rows_of(42, 985)}"""


def education(start: date, end: date) -> str:
    key = f"(person_id, {end.toordinal()})"
    stage = """CASE WHEN birth > DATE '2013-09-01' THEN 'primary' WHEN birth > DATE '2010-09-01'
      THEN 'junior' WHEN birth > DATE '2007-09-01' THEN 'senior_high' ELSE 'undergraduate' END"""
    shares = {"in_school": 990, "leave": 4, "dropout": 2, "suspected_dropout": 3}
    return f"""SELECT person_id, {stage} AS stage,
      {pick(key, 51, {"public": 850, "private": 120})} AS school_kind,
      coalesce({pick(key, 52, shares)}, 'in_school') AS status,
      {fen(key, 53, 3000, 6)} AS tuition, {fen(key, 54, 900, 4)} AS boarding,
      {fen(key, 55, 600, 4)} AS textbook,
      CASE WHEN {chance(key, 56)} < 900000 THEN {fen(key, 57, 500, 4)} END AS subsidy
      {rows_of(58, 990, "birth BETWEEN DATE '2003-09-01' AND DATE '2019-08-31'")}"""


def heads(salt: int, thousandths: float) -> str:
    """One person a household, for a share of the households."""
    return f"""FROM (SELECT min(person_id) AS person_id, household_id FROM person
        GROUP BY household_id)
      WHERE {chance("household_id", salt)} < {int(thousandths * 1000)}"""


def housing(start: date, end: date) -> str:
    key = f"(household_id, {end.toordinal()})"
    full = end.year == 2025
    return f"""SELECT person_id, {day_in(key, 61, start, end)} AS survey_date,
      coalesce({pick(key, 62, {"A": 600, "B": 370, "C": 20, "D": 10})}, 'A') AS grade,
      {pick(key, 63, {"yes": 850, "no": 120})} AS only_house,
      {pick(key, 64, {"no": 800, "yes": 200})} AS rectified
      {heads(65 if full else end.toordinal(), 960 if full else 45)}"""


def water(start: date, end: date) -> str:
    key = f"(household_id, {end.toordinal()})"
    return f"""SELECT person_id, {day_in(key, 71, start, end)} AS survey_date,
      {pick("household_id", 72, {"piped": 850, "decentralised": 110, "carry": 40})} AS supply_mode,
      CASE WHEN {chance(key, 73)} < 970000 THEN {between(key, 74, 32, 110)}::DECIMAL(18,3) END
        AS litres,
      CASE WHEN {chance(key, 75)} < 960000 THEN
        floor(pow({chance(key, 76)} / 1000000.0, 10) * 45) END::DECIMAL(18,3) AS outage_days,
      {between(key, 77, 5, 40)}::DECIMAL(18,3) AS fetch_minutes,
      {between(key, 78, 100, 1500)}::DECIMAL(18,3) AS horizontal_m,
      {between(key, 79, 10, 150)}::DECIMAL(18,3) AS vertical_m,
      {pick(key, 80, {"normal": 910, "abnormal": 70})} AS sensory
      {heads(end.toordinal() + 1, 620)}"""


def assistance(start: date, end: date) -> str:
    key = f"(person_id, {end.toordinal()})"
    kinds = {"dibao": 800, "tekun_dispersed": 70, "tekun_central": 30, "marginal": 100}
    return f"""SELECT person_id, {pick("person_id", 81, kinds)} AS kind,
      CASE WHEN {chance("person_id", 82)} < 970000 THEN
        {day_in("person_id", 83, date(2021, 1, 1), start)} END AS start_date,
      {fen("person_id", 84, 400, 2)} AS amount
      FROM person WHERE {chance("person_id", 85)} < 56000 AND {chance(key, 86)} < 990000"""


def relief(start: date, end: date) -> str:
    key = f"(person_id, {end.toordinal()})"
    months = (end - start).days // 28
    return f"""SELECT person_id, {day_in(key, 91, start, end)} AS relief_date,
      {fen(key, 92, 2500, 5)} AS amount {rows_of(end.toordinal(), 0.65 * months)}"""


def disability(start: date, end: date) -> str:
    levels = {"1": 150, "2": 250, "3": 300, "4": 300}
    return f"""SELECT person_id, 'limb' AS kind, {pick("person_id", 101, levels)} AS level,
      CASE WHEN {chance("person_id", 102)} < 970000 THEN
        {day_in("person_id", 103, date(2010, 1, 1), end)} END AS issue_date,
      {pick("person_id", 104, {"valid": 970, "cancelled": 30})} AS card_status {rows_of(105, 70)}"""


def disaster(start: date, end: date) -> str:
    key = f"(person_id, {end.toordinal()})"
    damage = {"none": 600, "slight": 300, "severe": 60, "collapsed": 20}
    return f"""SELECT person_id, {day_in(key, 111, start, end)} AS event_date,
      {fen(key, 112, 2500, 5)} AS loss, {pick(key, 113, damage)} AS house_damage
      {rows_of(end.toordinal() + 2, 0.6)}"""


def police(start: date, end: date) -> str:
    key = f"(person_id, {end.toordinal()})"
    kinds = {"death": 600, "traffic_injury": 200, "traffic_disability": 60, "traffic_death": 60,
             "crime_injury": 80}  # fmt: skip
    return f"""SELECT person_id, {day_in(key, 121, start, end)} AS event_date,
      {pick(key, 122, kinds)} AS event_type {rows_of(end.toordinal() + 3, 0.6)}"""


def hukou(start: date, end: date) -> str:
    key = f"(person_id, {end.toordinal()})"
    kinds = {"death_cancel": 450, "birth": 150, "move_in": 150, "move_out": 150, "split": 100}
    return f"""SELECT person_id, {day_in(key, 131, start, end)} AS change_date,
      {pick(key, 132, kinds)} AS change_type {rows_of(end.toordinal() + 4, 0.8)}"""


def business(start: date, end: date) -> str:
    types = {"individual": 700, "company": 100, "coop": 120, "sole": 80}
    return f"""SELECT person_id, 'C' || (person_id // 2)::VARCHAR AS credit_code,
      {pick("person_id", 141, types)} AS entity_type,
      {pick("person_id", 142, {"legal_rep": 700, "shareholder": 200, "manager": 100})} AS role,
      {pick("person_id", 143, {"active": 850, "cancelled": 110, "revoked": 40})} AS status,
      {day_in("person_id", 144, date(2020, 1, 1), end)} AS status_date {rows_of(145, 22)}"""


def estate(start: date, end: date) -> str:
    usage = {"homestead": 860, "residential": 110, "commercial": 10, "other": 20}
    return f"""SELECT person_id, 'Z' || person_id::VARCHAR || k::VARCHAR AS cert_no,
      {pick("(person_id, k)", 151, usage)} AS usage
      FROM person, range(2) t(k) WHERE {chance("(person_id, k)", 152)} < 50000"""


def vehicles(start: date, end: date) -> str:
    kinds = {
        "car": 300,
        "truck": 40,
        "machine": 10,
        "motorcycle": 500,
        "tricycle": 140,
        "disabled": 10,
    }
    return f"""SELECT person_id, '示A' || person_id::VARCHAR AS plate,
      {pick("person_id", 161, kinds)} AS kind,
      {pick("person_id", 162, {"normal": 930, "scrapped": 70})} AS status {rows_of(163, 54)}"""


BATCHES = {
    "medical_settlement": medical, "employment": employment, "medical_insurance": insurance,
    "edu_enrolment": education, "housing_survey": housing, "water_survey": water,
    "civil_assist": assistance, "temp_relief": relief, "disability_card": disability,
    "disaster": disaster, "police_event": police, "hukou_change": hukou,
    "business_entity": business, "real_estate": estate, "vehicle": vehicles,
}  # fmt: skip
