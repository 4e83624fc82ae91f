"""公示的页面: which households of a village wait for a notice, and the notice before it hangs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from shouwang.divisions.models import Division

from ..deadlines import county_of, last_notice_day
from ..models import Case
from ..notice_content import content
from ..states import NoticeKind, Stage


@dataclass(frozen=True)
class Group:
    """Households that can stand on one notice: of one village, one chain and one regime."""

    village: Division
    stage: str
    regime: str
    cases: list[Case]

    @property
    def label(self) -> str:
        town = self.village.parent.name if self.village.parent else ""
        what = "风险消除" if self.stage == Stage.EXIT else "纳入"
        return f"{town}{self.village.name}　{what} {len(self.cases)} 户"


def groups(cases: Sequence[Case]) -> list[Group]:
    found: dict[tuple[int, str, str], Group] = {}
    for case in cases:
        key = (case.village_id, case.stage, case.regime)
        group = found.setdefault(key, Group(case.village, case.stage, case.regime, []))
        group.cases.append(case)
    return list(found.values())


def preview(cases: Sequence[Case], kind: str, day: date) -> dict[str, Any]:
    """The notice exactly as it will be frozen; the same function builds it when it is hung."""
    first = cases[0]
    prefetch_related_objects(list(cases), "risks", "checks")
    village = first.village
    last = day
    if kind == NoticeKind.PUBLICITY:
        last = last_notice_day(first.regime, day, county_of(village.code))
    return content(
        cases,
        kind=kind,
        stage=first.stage,
        village=village,
        town=village.parent.name if village.parent else "",
        first_day=day,
        last_day=last,
    )
