"""构成: what a hit rests on that is not one household's rows: other hits, or a village's homes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.engine.rules.composition import composition, rules_counted
from shouwang.registry.models import Household

from .explanations import SEVERITY_TONES, sentence_of
from .models import Hit
from .operations.replaying import frozen_inputs
from .queries import rulebook_of
from .states import Level, Severity

MOST_HOMES = 200


@dataclass(frozen=True)
class Part:
    """A hit that another hit counts, with the clue that it belongs to."""

    title: str
    sentence: str
    severity: str
    tone: str
    url: str


@dataclass(frozen=True)
class Home:
    """One household of a village's number, and what it adds to each part of it."""

    title: str
    number: str
    url: str
    values: Sequence[int]


@dataclass(frozen=True)
class Homes:
    titles: Sequence[str]
    rows: Sequence[Home]
    totals: Sequence[int]
    count: int

    @property
    def rest(self) -> int:
        return self.count - len(self.rows)


def counted_hits(hit: Hit) -> list[Hit]:
    """The hits of the same household and run that a hit counts, the gravest first."""
    if hit.household_id is None:
        return []
    run = hit.run
    rules = rules_counted(rulebook_of(run.rulebook_version), run.county, hit.rule_id, run.as_of)
    found = Hit.objects.filter(run=run, household=hit.household_id, rule_id__in=rules)
    related = found.select_related("run", "village", "member")
    return list(related.order_by("-severity", "risk", "rule_id", "pk"))


def parts_of(hits: Sequence[Hit]) -> list[Part]:
    """Hits that were counted, in words."""
    return [
        Part(
            title=rulebook_of(hit.run.rulebook_version).rules[hit.rule_id].title,
            sentence=sentence_of(hit, hit.run),
            severity=str(Severity(hit.severity).label),
            tone=SEVERITY_TONES[Severity(hit.severity)],
            url=reverse("screening:clue", args=[hit.clue_id]),
        )
        for hit in hits
    ]


def homes_of(actor: Actor, hit: Hit) -> Homes | None:
    """The households behind a village's number, from the inputs that the run froze."""
    if hit.level != Level.VILLAGE:
        return None
    made = composition(
        rulebook_of(hit.run.rulebook_version),
        frozen_inputs(hit.run),
        hit.rule_id,
        village_code=hit.village.code,
        as_of=hit.run.as_of,
    )
    shown = made.shares[:MOST_HOMES]
    homes = Household.objects.visible_to(actor, "screening.view").in_bulk(
        [share.household_id for share in shown]
    )
    return Homes(
        titles=made.titles,
        rows=[
            Home(
                title=homes[share.household_id].head_name or "户主姓名未填",
                number=homes[share.household_id].household_no,
                url=_url(actor, homes[share.household_id], hit),
                values=share.values,
            )
            for share in shown
            if share.household_id in homes
        ],
        totals=[sum(share.values[at] for share in made.shares) for at in range(len(made.titles))],
        count=len(made.shares),
    )


def _url(actor: Actor, household: Household, hit: Hit) -> str:
    if not actor.can_at("registry.view", hit.village.path):
        return ""
    return reverse("registry:household", args=[household.household_no])
