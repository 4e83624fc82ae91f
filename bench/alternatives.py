"""同样的规则，另外几种做法: how long others take for the same hits, shown by the same digest.

22 rules that stand for all kinds: the registry alone, sums in windows, lists, those who are on no
list, last survey rows, members of a household. Written out in pandas and in PostgreSQL's SQL; the
engine is asked for the same rules, all together and one by one."""

import hashlib
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd

from bench.rules_in_pandas import InPandas
from shouwang.engine import Rulebook, ScreeningInput
from shouwang.engine.rules.database import connect
from shouwang.engine.rules.loading import load
from shouwang.engine.rules.moment import moment_of, needs_of, strata, with_used
from shouwang.engine.rules.screening import evaluate_level, prepare
from shouwang.engine.rules.workspace import Workspace

RULES = (
    "income.below_line", "income.sharp_fall", "monitor.long_unresolved",
    "medical.outpatient_month", "medical.self_paid_catastrophic",
    "medical.self_paid_income_ratio", "medical.self_paid_ytd_other",
    "medical.self_paid_ytd_poverty_alleviated", "medical.new_serious_disease",
    "medical.uninsured_target", "education.not_enrolled_compulsory",
    "education.multi_noncompulsory", "education.cost_over_limit", "job.no_record_3m",
    "labour.no_labour_no_assist", "assist.new_dibao", "assist.large_temp_relief",
    "disaster.loss", "disability.severe_low_income_no_assist", "water.outage_days",
    "water.quantity_low", "housing.dangerous_low_income",
)  # fmt: skip
HITS = "SELECT rule_index, household_id, COALESCE(person_id, -1) AS person_id FROM hits"


def parameters(inputs: ScreeningInput, day: date) -> dict[str, Fraction]:
    found = moment_of(load(Rulebook.load().path), inputs.county, day).parameters
    return {key: value for key, value in found.items() if value is not None}


def by_engine(inputs: ScreeningInput, day: date, names: tuple[str, ...] = RULES) -> pd.DataFrame:
    """The rules together, as a screening evaluates them."""
    return pd.concat(_evaluated(inputs, day, [names], whole=False))


def one_by_one(inputs: ScreeningInput, day: date, names: tuple[str, ...] = RULES) -> pd.DataFrame:
    """Each rule with its own connection, registry tables and features, for everybody."""
    return pd.concat(_evaluated(inputs, day, [(name,) for name in names], whole=True))


def _evaluated(
    inputs: ScreeningInput, day: date, groups: list[tuple[str, ...]], *, whole: bool
) -> Iterator[pd.DataFrame]:
    book = load(Rulebook.load().path)
    moment = moment_of(book, inputs.county, day)
    for names in groups:
        rules = with_used(book, set(names))
        with connect(None, 2, None) as con:
            work = Workspace(con, inputs, moment, book.catalog, needs_of(rules))
            prepare(work, rules)
            for level in strata(rules):
                evaluate_level(work, level, whole=whole)
            found = con.execute(HITS).df()
        places = {work.rule_index[name]: name for name in names}
        found["rule"] = found.pop("rule_index").map(places)
        yield found.dropna(subset=["rule"])


def by_pandas(inputs: ScreeningInput, day: date) -> pd.DataFrame:
    found = InPandas(inputs, day, parameters(inputs, day)).hits()
    return pd.concat([part.assign(rule=rule) for rule, part in found.items()])


def digest(hits: pd.DataFrame) -> str:
    """The same for the same subjects of the same rules, in whatever order they were found."""
    places = {rule: at for at, rule in enumerate(sorted(RULES))}
    columns = [hits["rule"].map(places), hits["household_id"], hits["person_id"]]
    table = np.column_stack([column.to_numpy(dtype=np.int64) for column in columns])
    table = table[np.lexsort(table.T[::-1])]
    return hashlib.sha256(np.ascontiguousarray(table).tobytes()).hexdigest()[:16]
