"""演示: meetings of the fictitious county, most rhythms kept and a few not."""

from collections.abc import Iterator
from datetime import date, timedelta

from shouwang.core import clock
from shouwang.core.actor import Actor

from . import cadence
from .operations import record_meeting
from .queries import Body, bodies_of

TITLES = {
    "study": "专题研究巩固脱贫成果工作",
    "dispatch": "防返贫监测帮扶调度推进会",
    "judgement": "风险线索会议研判",
    "team": "监测帮扶专班会议",
    "visit": "农户走访排查",
    "supervision": "乡镇监测帮扶督促指导",
    "report": "监测帮扶工作情况报告",
}
VILLAGES_SHOWN = 12
"""Villages whose weekly visits are made up; the others show as not yet recorded."""


def make(actor: Actor) -> int:
    """Record what the rules ask for in the last two periods, leaving out one body in seven."""
    today = clock.today()
    made = 0
    for rule in cadence.rules():
        for place, body in enumerate(_bodies(actor, rule.body, today)):
            for period in cadence.periods_back(rule.period, today, 3)[:2]:
                for time in range(rule.times):
                    if (place + time + period.first.month) % 7 == 3 or not rule.covers(period):
                        continue
                    day = period.first + timedelta(days=(place * 3 + time * 11) % 6)
                    record_meeting(
                        actor, body=rule.body, division=body.division, department=body.department,
                        kind=rule.kind, title=f"{TITLES[rule.kind]}（{rule.framework}）",
                        held_on=min(day, period.last), attendance=5 + (place + time) % 20,
                        minutes="听取情况，研究困难户的核实和帮扶，明确责任人和时限。",
                    )  # fmt: skip
                    made += 1
    return made


def _bodies(actor: Actor, level: str, today: date) -> Iterator[Body]:
    yield from bodies_of(actor, level, today)[:VILLAGES_SHOWN]
