"""同样的规则，用 pandas: rules as an analyst would write them in a notebook.

Each table is read once with the columns that are needed. Amounts are whole fen, far below 2⁵³, and
comparisons multiply across, so that floats are exact. A missing value makes a comparison false."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cached_property

import pandas as pd

from shouwang.engine import ScreeningInput
from shouwang.engine.rules import calendar
from shouwang.engine.rules.batches import Calendar

Hits = dict[str, pd.DataFrame]
STUDYING = ["senior_high", "secondary_vocational", "higher_vocational", "undergraduate",
            "postgraduate"]  # fmt: skip
ASSISTED = ["dibao", "tekun_dispersed", "tekun_central"]
LABOURERS = ["普通劳动力", "技能劳动力"]
INCOMES = ["wage_income", "business_income", "property_income", "transfer_income"]


class InPandas:
    """One evaluation for one day; `hits` gives the subjects of each rule."""

    def __init__(self, inputs: ScreeningInput, day: date, params: dict[str, Fraction]) -> None:
        self.inputs = inputs
        self.day = day
        self.params = params
        self.calendar = Calendar(inputs.batches, day)
        months = ("M12", "YTD", "MONTH")
        self.windows = {name: calendar.window(name, day) for name in months}

    def hits(self) -> Hits:
        found: Hits = {}
        for rules in (self.of_registry, self.of_medical, self.of_lists, self.of_surveys):
            found |= rules()
        return found

    # ---- tables

    @cached_property
    def homes(self) -> pd.DataFrame:
        homes = pd.read_parquet(
            self.inputs.households,
            columns=["household_id", "household_type", "monitor_class", "eliminated", "size",
                     "identified_month", "prev_per_capita", "business_expense", *INCOMES],
        ).set_index("household_id")  # fmt: skip
        homes["pa"] = homes.household_type == "脱贫户"
        homes["monitored"] = homes.monitor_class.notna() & (homes.eliminated != "是")
        homes["target"] = homes.pa | homes.monitored
        net = homes[INCOMES].sum(axis=1, skipna=False) - homes.business_expense
        homes["net"] = net.where(homes["size"] > 0)
        return homes

    @cached_property
    def people(self) -> pd.DataFrame:
        columns = ["person_id", "household_id", "birth", "labour"]
        people = pd.read_parquet(self.inputs.persons, columns=columns)
        people["birth"] = pd.to_datetime(people.birth)
        dead = pd.concat(
            [
                self.rows("police_event", "event_type", event_type=["death", "traffic_death"]),
                self.rows("hukou_change", "change_type", change_type=["death_cancel"]),
            ]
        )
        people = people[~people.person_id.isin(dead.person_id)]
        homes = self.homes[["pa", "target", "net", "size"]]
        return people.join(homes, on="household_id").set_index("person_id")

    def rows(
        self, feed: str, *columns: str, latest: bool = False, **only: list[str]
    ) -> pd.DataFrame:
        batches = self.calendar.latest(feed) if latest else self.calendar.all(feed)
        filters = [(name, "in", values) for name, values in only.items()]
        parts = [
            pd.read_parquet(batch.rows, columns=["person_id", *columns], filters=filters or None)
            for batch in batches
        ]
        return pd.concat(parts).dropna(subset=["person_id"])

    def within(self, rows: pd.DataFrame, on: str, window: str) -> pd.DataFrame:
        days = pd.to_datetime(rows[on])
        period = self.windows[window]
        return rows[days.between(pd.Timestamp(period.first), pd.Timestamp(period.last))]

    def param(self, key: str) -> float:
        return float(self.params[key])

    def alive(self, values: pd.Series) -> pd.DataFrame:
        """Living persons with a value each."""
        return self.people.join(values.rename("value"), how="inner")

    def per_home(self, rows: pd.DataFrame, column: str) -> pd.Series:
        at = rows.join(self.all_people, on="person_id", how="inner")
        return at.groupby("household_id")[column].sum(min_count=1)

    @cached_property
    def all_people(self) -> pd.DataFrame:
        columns = ["person_id", "household_id"]
        return pd.read_parquet(self.inputs.persons, columns=columns).set_index("person_id")

    # ---- rules

    def of_registry(self) -> Hits:
        h, line = self.homes, self.params["income.line"]
        fall = self.params["income.fall_ratio"]
        lost = h.prev_per_capita * h["size"] - h.net
        months = pd.to_datetime(h.identified_month)
        watched = (self.day.year - months.dt.year) * 12 + self.day.month - months.dt.month
        return {
            "income.below_line": of_homes(h[h.pa & ~h.monitored & (h.net < int(line) * h["size"])]),
            "income.sharp_fall": of_homes(
                h[h.pa & (h.prev_per_capita > 0)
                  & (lost * fall.denominator >= fall.numerator * h.prev_per_capita * h["size"])]
            ),
            "monitor.long_unresolved": of_homes(
                h[h.monitored & (watched > self.param("monitor.long_months"))]
            ),
        }  # fmt: skip

    def of_medical(self) -> Hits:
        rows = self.rows("medical_settlement", "settle_date", "visit_type", "self_paid")
        serious = self.rows("medical_settlement", "settle_date", serious_disease=["yes"])
        year = self.within(rows, "settle_date", "M12")
        inpatient = self.within(rows[rows.visit_type == "inpatient"], "settle_date", "YTD")
        outpatient = rows[rows.visit_type.isin(["chronic", "outpatient"])]
        by_person: Callable[[pd.DataFrame], pd.DataFrame] = lambda part: self.alive(  # noqa: E731
            part.groupby("person_id").self_paid.sum(min_count=1)
        )
        month, paid = by_person(self.within(outpatient, "settle_date", "MONTH")), by_person(year)
        stays = by_person(inpatient)
        first = self.alive(pd.to_datetime(serious.groupby("person_id").settle_date.min()))
        begins = pd.Timestamp(self.windows["MONTH"].first)
        ratio = self.params["medical.income_ratio"]
        home = self.homes.join(self.per_home(year, "self_paid").rename("paid"), how="inner")
        over = home.paid * ratio.denominator > home.net * ratio.numerator
        p = self.param
        return {
            "medical.outpatient_month": of_people(
                month[month.value >= p("medical.outpatient_month")]
            ),
            "medical.self_paid_catastrophic": of_people(
                paid[paid.value > p("medical.disposable_income")]
            ),
            "medical.self_paid_ytd_poverty_alleviated": of_people(
                stays[stays.pa & (stays.value >= p("medical.ytd_poverty_alleviated"))]
            ),
            "medical.self_paid_ytd_other": of_people(
                stays[~stays.pa & (stays.value >= p("medical.ytd_other"))]
            ),
            "medical.new_serious_disease": of_people(
                first[first.value.between(begins, pd.Timestamp(self.day))]
            ),
            "medical.self_paid_income_ratio": of_homes(home[(home.net > 0) & over]),
        }

    def of_lists(self) -> Hits:
        people = self.people
        insured = self.rows("medical_insurance", "insured_year", latest=True, status=["insured"])
        insured = insured[insured.insured_year.astype(float) == self.day.year]
        newborn = pd.Timestamp(self.day) - pd.Timedelta(days=self.param("medical.newborn_days"))
        old_enough = people.birth.isna() | (people.birth <= newborn)
        uninsured = people[people.target & old_enough & ~people.index.isin(insured.person_id)]
        school = self.rows("edu_enrolment", "stage", "school_kind", "status", "tuition",
                           "boarding", "textbook", "subsidy", latest=True)  # fmt: skip
        age = self.school_age(people.birth)
        away = people[age.between(6, 14) & ~people.index.isin(school.person_id)]
        studying = school[(school.status == "in_school") & school.stage.isin(STUDYING)]
        students = people.loc[people.index.isin(studying.person_id)]
        count = students[students.target].groupby("household_id").size()
        paying = school[school.stage.isin(["senior_high", "secondary_vocational"])
                        & (school.school_kind == "public") & (school.status == "in_school")]  # fmt: skip
        cost = paying.tuition + paying.boarding + paying.textbook - paying.subsidy
        costs = self.alive(cost.groupby(paying.person_id).max())
        many = count[count >= self.param("education.multi_students")]
        return {
            "medical.uninsured_target": of_people(uninsured),
            "education.not_enrolled_compulsory": of_people(away),
            "education.multi_noncompulsory": of_homes(many.to_frame()),
            "education.cost_over_limit": of_people(
                costs[costs.value > self.param("education.cost_limit")]
            ),
            **self.of_assistance(),
            **self.of_work(),
        }

    def school_age(self, birth: pd.Series) -> pd.Series:
        year = self.day.year - (self.day.month < 9)
        number = birth.dt.year * 10000 + birth.dt.month * 100 + birth.dt.day
        return (year * 10000 + 831 - number) // 10000

    def of_assistance(self) -> Hits:
        people = self.people
        listed = self.rows("civil_assist", "kind", "start_date", latest=True)
        joined = self.within(listed[listed.kind == "dibao"], "start_date", "YTD")
        new = people[people.index.isin(joined.person_id)].groupby("household_id").size()
        relief = self.within(self.rows("temp_relief", "relief_date", "amount"),
                             "relief_date", "M12")  # fmt: skip
        loss = self.within(self.rows("disaster", "event_date", "loss"), "event_date", "MONTH")
        relief_sums, loss_sums = self.per_home(relief, "amount"), self.per_home(loss, "loss")
        cards = self.rows("disability_card", latest=True, level=["1", "2"], card_status=["valid"])
        assisted = listed[listed.kind.isin(ASSISTED)]
        severe = people[people.index.isin(cards.person_id)
                        & ~people.index.isin(assisted.person_id)]  # fmt: skip
        line = self.params["income.low_multiple"] * self.params["income.line"]
        low = severe.net * line.denominator < line.numerator * severe["size"]
        return {
            "assist.new_dibao": of_homes(new.to_frame()),
            "assist.large_temp_relief": of_homes(
                relief_sums[relief_sums >= self.param("assist.large_relief")].to_frame()
            ),
            "disaster.loss": of_homes(
                loss_sums[loss_sums >= self.param("disaster.loss_min")].to_frame()
            ),
            "disability.severe_low_income_no_assist": of_people(severe[low]),
        }

    def of_work(self) -> Hits:
        people = self.people
        worked = self.rows("employment", "month", status=["employed"])
        last = pd.to_datetime(worked.groupby("person_id").month.max())
        able = self.alive(last)
        gap = (self.day.year - able.value.dt.year) * 12 + self.day.month - able.value.dt.month
        idle = able[able.target & able.labour.isin(LABOURERS)
                    & (gap >= self.param("job.gap_months"))]  # fmt: skip
        young = (pd.Timestamp(self.day).year * 10000 + self.day.month * 100 + self.day.day
                 - people.birth.dt.year * 10000 - people.birth.dt.month * 100
                 - people.birth.dt.day) // 10000 < 16  # fmt: skip
        unclear = people[people.labour.isna() & ~young].household_id
        any_labour = people[people.labour.isin([*LABOURERS, "弱劳动力或半劳动力"])].household_id
        listed = self.rows("civil_assist", latest=True, kind=ASSISTED)
        assisted = people[people.index.isin(listed.person_id)].household_id
        out = pd.concat([unclear, any_labour, assisted])
        living = people[people.target & ~people.household_id.isin(out)]
        return {
            "job.no_record_3m": of_people(idle),
            "labour.no_labour_no_assist": of_homes(
                living.groupby("household_id").size().to_frame()
            ),
        }

    def of_surveys(self) -> Hits:
        water = self.surveyed("water_survey", "litres", "outage_days")
        out = self.per_home(self.within(water, "survey_date", "YTD"), "outage_days")
        dry = self.last(water)
        house = self.last(self.surveyed("housing_survey", "grade", "rectified"))
        unsafe = house[house.grade.isin(["C", "D"]) & (house.rectified == "no")]
        poor = self.homes.loc[self.homes.index.isin(unsafe.index)]
        poor = poor[poor.net < int(self.params["income.line"]) * poor["size"]]
        return {
            "water.outage_days": of_homes(
                out[out > self.param("water.max_outage_days")].to_frame()
            ),
            "water.quantity_low": of_homes(dry[dry.litres < self.param("water.min_litres")]),
            "housing.dangerous_low_income": of_homes(poor),
        }

    def surveyed(self, feed: str, *columns: str) -> pd.DataFrame:
        """Rows up to the day with the place of their batch."""
        parts = [
            pd.read_parquet(batch.rows, columns=["person_id", "row", "survey_date", *columns])
            .assign(batch=at)
            for at, batch in enumerate(self.calendar.all(feed))
        ]  # fmt: skip
        rows = pd.concat(parts)
        for name in set(columns) & {"litres", "outage_days"}:
            rows[name] = rows[name].astype(float)
        return rows[pd.to_datetime(rows.survey_date) <= pd.Timestamp(self.day)]

    def last(self, rows: pd.DataFrame) -> pd.DataFrame:
        at = rows.join(self.all_people, on="person_id", how="inner")
        order = at.sort_values(["survey_date", "batch", "row"])
        return order.drop_duplicates("household_id", keep="last").set_index("household_id")


def of_homes(found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"household_id": found.index, "person_id": -1})


def of_people(found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"household_id": found.household_id.to_numpy(), "person_id": found.index})
