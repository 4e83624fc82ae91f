"""搜索: one box over all rooms; each room answers within the scope of who asks."""

from collections.abc import Iterable

from django.urls import reverse

from shouwang.cases.queries import find_cases
from shouwang.core.actor import Actor
from shouwang.core.components import SearchGroup, SearchHit
from shouwang.feeds.queries.completeness import contracts_for
from shouwang.registry import search as registry
from shouwang.screening.queries import rulebook_in_force

LONGEST = 60
RULES_SHOWN = 6
SHORTEST_NUMBER = 4


def groups_for(actor: Actor, text: str, *, limit: int = 8) -> list[SearchGroup]:
    """People, households, villages, cases, department data and rules that match, best first."""
    text = text.strip()[:LONGEST]
    if not text:
        return []
    groups: list[SearchGroup] = []
    if actor.can("registry.view"):
        groups += registry.suggestions(actor, text, limit=limit)
    if actor.can("cases.view") and _may_be_number(text):
        groups += _group("个案", _cases(actor, text, limit))
    if actor.can("feeds.view"):
        groups += _group("部门数据", _feeds(actor, text))
    if actor.can("rulebook.view"):
        groups += _group("规则", _rules(text))
    return groups


def _group(label: str, hits: Iterable[SearchHit]) -> list[SearchGroup]:
    found = tuple(hits)
    return [SearchGroup(label, found)] if found else []


def _may_be_number(text: str) -> bool:
    """Digits and strokes of a case's number, its ending at least; a person's number is longer."""
    figures = text.replace("-", "")
    return figures.isascii() and figures.isdigit() and SHORTEST_NUMBER <= len(figures) < 18


def _cases(actor: Actor, text: str, limit: int) -> list[SearchHit]:
    return [
        SearchHit(
            f"{case.number} {case.household}", reverse("cases:case", args=[case.number]),
            f"{case.village.name}，{case.state_label}", "folder-open",
        )
        for case in find_cases(actor, text)[:limit]
    ]  # fmt: skip


def _feeds(actor: Actor, text: str) -> list[SearchHit]:
    url = reverse("feeds:batches")
    return [
        SearchHit(
            contract.title, f"{url}?feed={contract.key}", contract.department, "database-import"
        )
        for contract in contracts_for(actor)
        if text in contract.title or text in contract.department
    ]


def _rules(text: str) -> list[SearchHit]:
    return [
        SearchHit(rule.title, reverse("screening:rule", args=[rule.id]), rule.id, "book-2")
        for rule in rulebook_in_force().rules.values()
        if text in rule.title or text == rule.id
    ][:RULES_SHOWN]
