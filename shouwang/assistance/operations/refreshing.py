"""更新困难类型: all tags anew from the lists of civil affairs that count.

Lists of one feed are taken in the order of their periods. A person who is missing from a list and
comes back later has two tags; a month for which no list came interrupts nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.engine.rules.batches import Batch
from shouwang.feeds.queries import effective_batches
from shouwang.feeds.queries.contents import database
from shouwang.registry.models import Member

from ..models import HouseholdTier, TierRefresh, TierTag
from ..states import Tier

CIVIL = "civil_assist"
LOW_INCOME = "low_income"
COLUMNS = {CIVIL: ("kind", "start_date", "amount"), LOW_INCOME: ("tier", "start_date", None)}
TIER_OF_KIND = {
    "dibao": (Tier.DIBAO, "农村低保"),
    "tekun_dispersed": (Tier.TEKUN, "分散供养特困"),
    "tekun_central": (Tier.TEKUN, "集中供养特困"),
    "marginal": (Tier.EDGE, "低保边缘"),
}
FEN = Decimal(100)
ORDER = {tier: place for place, tier in enumerate(Tier.values)}
TAG_COLUMNS = (
    "member", "household", "tier", "kind", "valid_from", "valid_to", "amount", "months", "feed",
    "batch_key", "row",
)  # fmt: skip


@dataclass
class Spell:
    """One unbroken stay of a person in a tier."""

    kind: str
    first: date
    last: int
    amount: Decimal | None
    batch: Batch
    row: int
    months: int = 1


@dataclass
class Stays:
    """The spells of every (person, tier) of one feed, while its lists are read in order."""

    spells: dict[tuple[int, str], list[Spell]] = field(default_factory=lambda: defaultdict(list))

    def add(self, place: int, batch: Batch, rows: Iterable[Sequence[Any]]) -> None:
        for person, tier, kind, start, amount, row in rows:
            known = self.spells[person, tier]
            if known and known[-1].last == place:
                continue  # named twice in one list
            if known and known[-1].last == place - 1:
                spell = known[-1]
                spell.last, spell.batch, spell.row = place, batch, row
                spell.kind, spell.amount = kind, amount
                spell.months += 1
            else:
                begins = start if start and start <= batch.period_end else batch.period_start
                if known and begins <= known[-1].batch.period_end:
                    begins = batch.period_start  # came back: not the day he was first taken in
                known.append(Spell(kind, begins, place, amount, batch, row))


def is_behind() -> bool:
    """Whether lists have come, or were corrected, since the tags were last made."""
    newest = TierRefresh.objects.first()
    return (newest.batches if newest else []) != [batch.key for batch in _batches()]


def refresh(actor: Actor) -> TierRefresh:
    """Make every tag anew; the same lists give the same tags."""
    require(actor, "assistance.refresh")
    batches = _batches()
    tags = list(_tags(batches))
    with transaction.atomic():
        TierTag.objects.all().delete()
        HouseholdTier.objects.all().delete()
        copy_rows(TierTag, TAG_COLUMNS, tags)
        households = list(_households(tags))
        copy_rows(HouseholdTier, ("household", "tiers", "persons", "amount", "since"), households)
        made = TierRefresh.objects.create(
            made_at=clock.now(),
            made_by_label=actor.label[:120],
            newest_period=max((batch.period_end for batch in batches), default=None),
            batches=[batch.key for batch in batches],
            person_count=len({tag[0] for tag in tags if tag[5] is None}),
            tag_count=len(tags),
        )
        record(
            actor,
            "assistance.tiers.refreshed",
            target_type="assistance.refresh",
            target_id=str(made.pk),
            summary=f"更新困难类型：当前 {made.person_count} 人，标签 {made.tag_count} 条",
        )
    return made


def _batches() -> list[Batch]:
    """Of each feed and period the list that counts, in the order of periods."""
    found = [batch for batch in effective_batches() if batch.feed in COLUMNS]
    return sorted(found, key=lambda batch: (batch.feed, batch.period_end, batch.period_start))


def _tags(batches: Sequence[Batch]) -> Iterator[tuple[Any, ...]]:
    """Rows of TierTag."""
    households = dict(Member.objects.values_list("pk", "household_id")) if batches else {}
    for feed in COLUMNS:
        lists = [batch for batch in batches if batch.feed == feed]
        if not lists:
            continue
        stays = Stays()
        with database() as engine:
            for place, batch in enumerate(lists):
                stays.add(place, batch, _rows(engine, batch))
        last = len(lists) - 1
        for (person, tier), spells in sorted(stays.spells.items()):
            if person not in households:
                continue
            for spell in spells:
                ended = None if spell.last == last else lists[spell.last].period_end
                yield (
                    person, households[person], tier, spell.kind, spell.first, ended, spell.amount,
                    spell.months, feed, spell.batch.key, spell.row,
                )  # fmt: skip


def _rows(engine: duckdb.DuckDBPyConnection, batch: Batch) -> Iterator[tuple[Any, ...]]:
    """(person, tier, words of the kind, start, yuan a month, row) of the linked rows of a list."""
    kind, start, amount = COLUMNS[batch.feed]
    money = amount or "NULL"
    found = engine.execute(
        f"SELECT person_id, {kind}, {start}, {money}, row FROM read_parquet(?)"  # noqa: S608
        f" WHERE person_id IS NOT NULL AND {kind} IS NOT NULL ORDER BY row",
        [str(batch.path / "rows.parquet")],
    ).fetchall()
    for person, code, since, fen, row in found:
        tier, words = TIER_OF_KIND.get(code, (code, ""))
        if tier in Tier.values:
            yield person, str(tier), words, since, None if fen is None else fen / FEN, row


def _households(tags: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows of HouseholdTier from the tags still in force."""
    current: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for tag in tags:
        if tag[5] is None:
            current[tag[1]].append(tag)
    for household, own in sorted(current.items()):
        tiers = sorted({tag[2] for tag in own}, key=ORDER.__getitem__)
        amounts = [tag[6] for tag in own if tag[6] is not None]
        yield (
            household,
            "、".join(Tier(tier).label for tier in tiers),
            len({tag[0] for tag in own}),
            sum(amounts, Decimal(0)) if amounts else None,
            min(tag[4] for tag in own),
        )
