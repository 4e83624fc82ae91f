"""说明文字: a rule's sentence filled for people: separators, percents, Chinese labels.

The text is shown in the village, so only what the rule shows goes in: no number of a document, no
phone, no diagnosis. A name is masked nowhere here; who may see it is the page's business."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from shouwang.engine.rules.loading import RuleSet, load
from shouwang.engine.rules.model import Rule, Shown

if TYPE_CHECKING:
    from shouwang.engine.rulebook import Rulebook

PLACEHOLDER = re.compile(r"\{(\w+)\}")
PLACEHOLDERS = frozenset(
    {"value", "threshold", "as_of", "year", "month", "name", "village", "household_kind"}
)


def sentence(
    rulebook: "Rulebook",
    rule_id: str,
    *,
    value: str,
    threshold: str,
    as_of: date,
    name: str = "",
    village: str = "",
    household_kind: str = "",
) -> str:
    """The explanation of a hit."""
    return told(
        load(rulebook.path), rule_id, value=value, threshold=threshold, as_of=as_of,
        name=name, village=village, household_kind=household_kind,
    )  # fmt: skip


def told(
    book: RuleSet,
    rule_id: str,
    *,
    value: str,
    threshold: str,
    as_of: date,
    name: str = "",
    village: str = "",
    household_kind: str = "",
) -> str:
    """The same with a rule set that was read before."""
    rule = book.rules[rule_id]
    words = {
        "value": readable(book, rule.value, value),
        "threshold": readable(book, rule.threshold or rule.value, threshold),
        "as_of": f"{as_of.year}年{as_of.month}月{as_of.day}日",
        "year": str(as_of.year),
        "month": f"{as_of.year}年{as_of.month}月",
        "name": name,
        "village": village,
        "household_kind": household_kind,
    }
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), rule.explanation)


def readable(book: RuleSet, shown: Shown, text: str) -> str:
    """A value as people write it: 5,230.00, 41.23%, 2026年3月31日, 无记录."""
    if not text:
        return ""
    try:
        return _readable(book, shown, text)
    except (InvalidOperation, ValueError):
        return text


def _readable(book: RuleSet, shown: Shown, text: str) -> str:
    if shown.format == "amount":
        return f"{Decimal(text):,.2f}"
    if shown.format == "ratio":
        percent = (Decimal(text) * 100).quantize(Decimal("0.01"))
        return f"{percent.normalize():f}%"
    if shown.format == "date":
        day = date.fromisoformat(text)
        return f"{day.year}年{day.month}月{day.day}日"
    if shown.format == "code":
        return label(book, shown.expression.type.codes, text)
    return text


def label(book: RuleSet, codes: str, key: str) -> str:
    """The Chinese word of a code; house grades are shown as C or D, for the sentence adds 级."""
    if key in book.labels:
        return book.labels[key]
    found = book.catalog.lists.get(codes, {}).get(key, key)
    return key if found == f"{key}级" else found


def household_kind(household_type: str | None, monitor_class: str | None, monitored: bool) -> str:
    """脱贫户, or the class of a household that is being monitored."""
    if monitored and monitor_class:
        return monitor_class
    return household_type or "一般农户"


def placeholders(rule: Rule) -> set[str]:
    return set(PLACEHOLDER.findall(rule.explanation))
