"""帮扶建议 (proposals): per risk the measures of the catalogue that fit, with the reasons.

Pure. The system proposes, a person decides. A household with labour (weak or half included) must
have a development measure; one without is secured by assistance (monitoring.md §5.1).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from .catalogue import Catalogue, Item
from .needs import CANNOT_TELL, FITS, FITS_NOT, Fit, HouseholdFacts, fits

DEVELOPMENT, SECURITY = "development", "security"


@dataclass(frozen=True)
class Proposal:
    """One measure proposed for one risk, and for whom."""

    item: Item
    risk: str
    fit: Fit

    @property
    def is_sure(self) -> bool:
        return self.fit.state == FITS

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.item.key}|{self.risk}|{self.fit.member.key if self.fit.member else ''}"

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.fit.reasons


@dataclass(frozen=True)
class Demand:
    """要求: what a household must have and does not, until when it should."""

    key: str
    sentence: str
    due_on: date | None
    is_met: bool
    is_late: bool = False
    is_unknown: bool = False


def propose(
    catalogue: Catalogue,
    household: HouseholdFacts,
    day: date,
    already: Collection[tuple[str, int | None]] = (),
) -> list[Proposal]:
    """For each open risk the measures that fit or may fit, sure ones first; none twice.

    `already` names (item, member) of measures that run. A single risk gets measures of its own
    kind only; development measures come first where the household has labour.
    """
    seen: set[tuple[str, int | None]] = set(already)
    found = [
        proposal
        for risk in household.risks
        for item in catalogue.for_risk(risk, day)
        for proposal in _fitting(item, risk, household, seen)
    ]
    found += _development(catalogue, household, day, seen)
    return _ordered(found, household)


def _development(
    catalogue: Catalogue,
    household: HouseholdFacts,
    day: date,
    seen: set[tuple[str, int | None]],
) -> list[Proposal]:
    """Development measures for a household with labour whose risks ask for none."""
    running = (catalogue.item(key) for key, _ in seen)
    if not household.has_labour or any(item and item.is_development for item in running):
        return []
    risk = household.risks[0] if household.risks else ""
    return [
        proposal
        for item in catalogue.on(day)
        if item.is_development
        for proposal in _fitting(item, risk, household, seen)
        if proposal.is_sure
    ]


def _fitting(
    item: Item, risk: str, household: HouseholdFacts, seen: set[tuple[str, int | None]]
) -> Iterator[Proposal]:
    """The item for each member or for the household, where it is not `seen` yet."""
    for fit in fits(item, household):
        place = (item.key, fit.member.key if fit.member else None)
        taken = item.per_household and any(key == item.key for key, _ in seen)
        if fit.state != FITS_NOT and place not in seen and not taken:
            seen.add(place)
            yield Proposal(item, risk, fit)


def _ordered(found: Iterable[Proposal], household: HouseholdFacts) -> list[Proposal]:
    places = {risk: place for place, risk in enumerate(household.risks)}
    return sorted(
        found,
        key=lambda one: (
            one.fit.state == CANNOT_TELL,
            places.get(one.risk, len(places)),
            not one.item.is_development,
        ),
    )


def demand(
    labour: bool | None,
    *,
    has_development: bool,
    has_security: bool,
    identified_on: date | None,
    due_on: date | None,
    today: date,
) -> Demand:
    """What the household's labour asks for, whether it is there, and until when it should be."""
    late = due_on is not None and due_on < today
    if labour is None:
        return Demand(
            "labour", "家庭成员的劳动技能不全，先核实有没有劳动力。", due_on, False, late, True
        )
    if labour:
        sentence = (
            "家里有劳动力，已有开发式帮扶措施。"
            if has_development
            else "家里有劳动力（含弱劳动力或半劳动力），至少要有一项开发式帮扶措施。"
        )
        return Demand(DEVELOPMENT, sentence, due_on, has_development, late and not has_development)
    sentence = (
        "全家没有劳动力，已有兜底保障。"
        if has_security
        else "全家没有劳动力，应当落实兜底保障（低保、特困供养或照料）。"
    )
    return Demand(SECURITY, sentence, due_on, has_security, late and not has_security)
