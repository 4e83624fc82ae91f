"""同样的规则，用 PostgreSQL: plain SQL as a database officer would write it, one query a rule.

The tables are loaded with the columns that the rules read, indexed by person and analysed before;
only the queries are timed."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import Any

import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from shouwang.engine import ScreeningInput
from shouwang.engine.rules import calendar
from shouwang.engine.rules.batches import Batch, Calendar

HOME = """household_id int PRIMARY KEY, household_type text, monitor_class text, eliminated text,
 size int, identified_month date, prev_per_capita bigint, business_expense bigint,
 wage_income bigint, business_income bigint, property_income bigint, transfer_income bigint"""
PERSON = "person_id int PRIMARY KEY, household_id int, birth date, labour text"
LATEST = {
    "medical_insurance": "person_id int, insured_year numeric, status text",
    "edu_enrolment": "person_id int, stage text, school_kind text, status text, tuition bigint,"
    " boarding bigint, textbook bigint, subsidy bigint",
    "civil_assist": "person_id int, kind text, start_date date",
    "disability_card": "person_id int, level text, card_status text",
}
ALL = {
    "police_event": "person_id int, event_type text",
    "hukou_change": "person_id int, change_type text",
    "medical_settlement": "person_id int, settle_date date, visit_type text, serious_disease text,"
    " self_paid bigint",
    "temp_relief": "person_id int, relief_date date, amount bigint",
    "disaster": "person_id int, event_date date, loss bigint",
    "employment": "person_id int, month date, status text",
    "water_survey": "person_id int, row int, survey_date date, litres numeric, outage_days numeric",
    "housing_survey": "person_id int, row int, survey_date date, grade text, rectified text",
}
PREPARED = """
CREATE TABLE dead AS
  SELECT person_id FROM police_event WHERE event_type IN ('death', 'traffic_death')
  UNION SELECT person_id FROM hukou_change WHERE change_type = 'death_cancel';
CREATE VIEW living AS SELECT p.* FROM person p
  WHERE NOT EXISTS (SELECT 1 FROM dead d WHERE d.person_id = p.person_id);
CREATE VIEW homes AS SELECT *, household_type IS NOT DISTINCT FROM '脱贫户' AS pa,
  monitor_class IS NOT NULL AND eliminated IS DISTINCT FROM '是' AS monitored,
  CASE WHEN size > 0 THEN wage_income + business_income + property_income + transfer_income
    - business_expense END AS net FROM home;
CREATE VIEW targets AS SELECT * FROM homes WHERE pa OR monitored;
"""
PAID = """SELECT p.household_id, p.person_id FROM living p JOIN homes h USING (household_id)
 JOIN (SELECT person_id, sum(self_paid) AS paid FROM medical_settlement
   WHERE settle_date BETWEEN {first} AND {last} {only} GROUP BY person_id) m USING (person_id)
 WHERE {when}"""
SUMS = """SELECT p.household_id, -1 FROM person p JOIN {feed} r USING (person_id)
 WHERE {on} BETWEEN {first} AND {last} GROUP BY p.household_id HAVING sum({value}) {when}"""
LAST = """SELECT DISTINCT ON (p.household_id) p.household_id, r.* FROM {feed} r
 JOIN person p USING (person_id) WHERE survey_date <= {day}
 ORDER BY p.household_id, survey_date DESC, batch DESC, row DESC"""
RULES = {
    "income.below_line": "SELECT household_id, -1 FROM homes"
    " WHERE pa AND NOT monitored AND net < {income.line} * size",
    "income.sharp_fall": "SELECT household_id, -1 FROM homes WHERE pa AND prev_per_capita > 0"
    " AND prev_per_capita * size - net >= {income.fall_ratio} * prev_per_capita * size",
    "monitor.long_unresolved": "SELECT household_id, -1 FROM homes WHERE monitored AND"
    " {months} - (extract(year FROM identified_month) * 12 + extract(month FROM identified_month))"
    " > {monitor.long_months}",
    "medical.outpatient_month": PAID.replace("{first}", "{month}")
    .replace("{only}", "AND visit_type IN ('chronic', 'outpatient')")
    .replace("{when}", "paid >= {medical.outpatient_month}"),
    "medical.self_paid_catastrophic": PAID.replace("{first}", "{m12}").replace("{only}", "")
    .replace("{when}", "paid > {medical.disposable_income}"),
    "medical.self_paid_ytd_other": PAID.replace("{first}", "{ytd}")
    .replace("{only}", "AND visit_type = 'inpatient'")
    .replace("{when}", "NOT pa AND paid >= {medical.ytd_other}"),
    "medical.self_paid_ytd_poverty_alleviated": PAID.replace("{first}", "{ytd}")
    .replace("{only}", "AND visit_type = 'inpatient'")
    .replace("{when}", "pa AND paid >= {medical.ytd_poverty_alleviated}"),
    "medical.self_paid_income_ratio": "SELECT household_id, -1 FROM homes JOIN ("
    "SELECT household_id, sum(self_paid) AS paid FROM medical_settlement JOIN person"
    " USING (person_id) WHERE settle_date BETWEEN {m12} AND {last} GROUP BY household_id) m"
    " USING (household_id) WHERE net > 0 AND paid > {medical.income_ratio} * net",
    "medical.new_serious_disease": "SELECT p.household_id, p.person_id FROM living p JOIN ("
    "SELECT person_id, min(settle_date) AS first FROM medical_settlement"
    " WHERE serious_disease = 'yes' GROUP BY person_id) m USING (person_id)"
    " WHERE first BETWEEN {month} AND {last}",
    "medical.uninsured_target": "SELECT p.household_id, p.person_id FROM living p JOIN targets"
    " USING (household_id) WHERE (birth IS NULL OR birth <= {day} - {medical.newborn_days})"
    " AND NOT EXISTS (SELECT 1 FROM medical_insurance i WHERE i.person_id = p.person_id"
    " AND insured_year = {year} AND status = 'insured')",
    "education.not_enrolled_compulsory": "SELECT household_id, person_id FROM living p"
    " WHERE ({school} - to_char(birth, 'YYYYMMDD')::int) / 10000 BETWEEN 6 AND 14"
    " AND NOT EXISTS (SELECT 1 FROM edu_enrolment e WHERE e.person_id = p.person_id)",
    "education.multi_noncompulsory": "SELECT household_id, -1 FROM living p JOIN targets"
    " USING (household_id) WHERE EXISTS (SELECT 1 FROM edu_enrolment e"
    " WHERE e.person_id = p.person_id AND status = 'in_school' AND stage IN ('senior_high',"
    " 'secondary_vocational', 'higher_vocational', 'undergraduate', 'postgraduate'))"
    " GROUP BY household_id HAVING count(*) >= {education.multi_students}",
    "education.cost_over_limit": "SELECT household_id, person_id FROM living JOIN ("
    "SELECT person_id, max(tuition + boarding + textbook - subsidy) AS cost FROM edu_enrolment"
    " WHERE stage IN ('senior_high', 'secondary_vocational') AND school_kind = 'public'"
    " AND status = 'in_school' GROUP BY person_id) e USING (person_id)"
    " WHERE cost > {education.cost_limit}",
    "job.no_record_3m": "SELECT p.household_id, p.person_id FROM living p JOIN targets"
    " USING (household_id) JOIN (SELECT person_id, max(month) AS last FROM employment"
    " WHERE status = 'employed' AND month <= {month} GROUP BY person_id) e USING (person_id)"
    " WHERE labour IN ('普通劳动力', '技能劳动力') AND {months} - (extract(year FROM last) * 12"
    " + extract(month FROM last)) >= {job.gap_months}",
    "labour.no_labour_no_assist": "SELECT household_id, -1 FROM living p JOIN targets"
    " USING (household_id) LEFT JOIN (SELECT DISTINCT person_id FROM civil_assist"
    " WHERE kind IN ('dibao', 'tekun_dispersed', 'tekun_central')) a USING (person_id)"
    " GROUP BY household_id HAVING count(a.person_id) = 0 AND count(*) FILTER (WHERE labour IN"
    " ('普通劳动力', '技能劳动力', '弱劳动力或半劳动力')) = 0 AND count(*) FILTER (WHERE labour"
    " IS NULL AND (birth IS NULL OR ({today} - to_char(birth, 'YYYYMMDD')::int) / 10000 >= 16))"
    " = 0",
    "assist.new_dibao": "SELECT DISTINCT household_id, -1 FROM living JOIN civil_assist"
    " USING (person_id) WHERE kind = 'dibao' AND start_date BETWEEN {ytd} AND {last}",
    "assist.large_temp_relief": SUMS.replace("{feed}", "temp_relief").replace("{value}", "amount")
    .replace("{on}", "relief_date").replace("{first}", "{m12}")
    .replace("{when}", ">= {assist.large_relief}"),
    "disaster.loss": SUMS.replace("{feed}", "disaster").replace("{value}", "loss")
    .replace("{on}", "event_date").replace("{first}", "{month}")
    .replace("{when}", ">= {disaster.loss_min}"),
    "disability.severe_low_income_no_assist": "SELECT p.household_id, p.person_id FROM living p"
    " JOIN homes USING (household_id) WHERE net < {income.low_multiple} * {income.line} * size"
    " AND EXISTS (SELECT 1 FROM disability_card c WHERE c.person_id = p.person_id"
    " AND level IN ('1', '2') AND card_status = 'valid') AND NOT EXISTS (SELECT 1"
    " FROM civil_assist a WHERE a.person_id = p.person_id"
    " AND kind IN ('dibao', 'tekun_dispersed', 'tekun_central'))",
    "water.outage_days": SUMS.replace("{feed}", "water_survey").replace("{value}", "outage_days")
    .replace("{on}", "survey_date").replace("{first}", "{ytd}")
    .replace("{when}", "> {water.max_outage_days}"),
    "water.quantity_low": "SELECT household_id, -1 FROM ("
    + LAST.replace("{feed}", "water_survey") + ") w WHERE litres < {water.min_litres}",
    "housing.dangerous_low_income": "SELECT household_id, -1 FROM homes JOIN ("
    + LAST.replace("{feed}", "housing_survey") + ") s USING (household_id)"
    " WHERE grade IN ('C', 'D') AND rectified = 'no' AND net < {income.line} * size",
}  # fmt: skip


class InPostgres:
    """One county in a database of its own; `load` once, then `hits`."""

    def __init__(
        self, address: str, inputs: ScreeningInput, day: date, params: dict[str, Fraction]
    ) -> None:
        self.con = psycopg.connect(address, autocommit=True)
        self._run("SET work_mem = '256MB'")  # the usual 4 MB would sort on disk
        self.inputs = inputs
        self.calendar = Calendar(inputs.batches, day)
        self.words = _words(day, params)

    def load(self) -> None:
        self._table("home", HOME, [(self.inputs.households, 0)])
        self._table("person", PERSON, [(self.inputs.persons, 0)])
        for feeds, is_latest in ((LATEST, True), (ALL, False)):
            for feed, columns in feeds.items():
                found = self.calendar.latest(feed) if is_latest else self.calendar.all(feed)
                self._table(feed, f"{columns}, batch int", _placed(found))
                self._run(f"CREATE INDEX ON {feed} (person_id)")
        self._run("CREATE INDEX ON person (household_id)")
        self._run(PREPARED)
        self._run("VACUUM ANALYZE")

    def hits(self) -> pd.DataFrame:
        """Every rule one after another."""
        found = []
        for rule, query in RULES.items():
            for word, value in self.words.items():
                query = query.replace(f"{{{word}}}", value)
            rows = self.con.execute(query.encode()).fetchall()
            part = pd.DataFrame(rows, columns=["household_id", "person_id"])
            found.append(part.assign(rule=rule))
        return pd.concat(found)

    def close(self) -> None:
        self.con.close()

    def _run(self, query: str) -> None:
        self.con.execute(query.encode())

    def _table(self, name: str, columns: str, files: Iterable[tuple[Any, int]]) -> None:
        self._run(f"CREATE TABLE {name} ({columns})")
        names = [part.split()[0] for part in columns.split(",")]
        with self.con.cursor() as cursor:
            order = f"COPY {name} ({', '.join(names)}) FROM STDIN (FORMAT csv)"
            with cursor.copy(order.encode()) as copy:
                for file, batch in files:
                    copy.write(_csv(pq.read_table(file, columns=_stored(names)), names, batch))


def _placed(batches: list[Batch]) -> list[tuple[Any, int]]:
    return [(batch.rows, at) for at, batch in enumerate(batches)]


def _stored(names: list[str]) -> list[str]:
    return [name for name in names if name != "batch"]


def _csv(table: pa.Table, names: list[str], batch: int) -> memoryview:
    if "batch" in names:
        table = table.append_column("batch", pa.repeat(batch, len(table)))
        table = table.filter(pc.is_valid(table["person_id"]))
    out = BytesIO()
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    pa_csv.write_csv(table.select(names), out, options)
    return out.getbuffer()


def _words(day: date, params: dict[str, Fraction]) -> dict[str, str]:
    """What stands for the day, its windows and the parameters; ratios as exact numerics."""
    first = {name: calendar.window(name, day).first for name in ("MONTH", "M12", "YTD")}
    days = {"day": day, "last": day, **{name.lower(): start for name, start in first.items()}}
    school = day.year - (day.month < 9)
    return {
        **{name: f"DATE '{value}'" for name, value in days.items()},
        "year": str(day.year),
        "today": f"{day:%Y%m%d}",
        "months": str(day.year * 12 + day.month),
        "school": f"{school}0831",
        **{key: str(value.numerator) if value.denominator == 1
           else f"{value.numerator}::numeric / {value.denominator}"
           for key, value in params.items()},
    }  # fmt: skip
