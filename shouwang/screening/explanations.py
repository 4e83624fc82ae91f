"""理由: what a hit says in words, with its values, the line they are held against, and the law.

Sentences and values come from the rulebook of the run, so that an old hit reads as it did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from shouwang.core.components import Explanation, ExplanationRow
from shouwang.engine import Rulebook, sentence
from shouwang.engine.rules import sentences
from shouwang.engine.rules.model import Rule
from shouwang.engine.rules.parameters import Entry, Parameter, chain

from .models import Clue, Hit, Run
from .queries import rulebook_of
from .rulewords import ruleset
from .states import Severity

EXITED_POVERTY = "脱贫户"
OTHER_SOURCES = {"registry": "农户档案", "all": "各项部门数据"}
SEVERITY_TONES = {Severity.URGENT: "late", Severity.VERIFY: "near", Severity.NOTE: "idle"}


@dataclass(frozen=True)
class Evidence:
    """One hit of a clue as its page shows it."""

    hit: Hit
    explanation: Explanation


def readable(rulebook: Rulebook, rule_id: str, text: str, *, is_threshold: bool = False) -> str:
    """A value or threshold as people write it: 5,230.00 元, 41.23%, 2026年3月31日, 无记录."""
    rule = rulebook.rules.get(rule_id)
    if not text or rule is None:
        return text
    shown = (rule.threshold if is_threshold else None) or rule.value
    unit = " 元" if shown.format == "amount" else ""
    return sentences.readable(ruleset(rulebook), shown, text) + unit


def sentence_of(hit: Hit, run: Run) -> str:
    """The rule's sentence with the names of the member and the village."""
    words: str = sentence(
        rulebook_of(run.rulebook_version),
        hit.rule_id,
        value=hit.value,
        threshold=hit.threshold,
        as_of=run.as_of,
        name=hit.member.name if hit.member else "",
        village=hit.village.name,
        household_kind=hit.monitor_class or EXITED_POVERTY,
    )
    return words


def explanation_of(hit: Hit) -> Explanation:
    """The card of reasons: the sentence first, then rule, value, line, dates and source."""
    run = hit.run
    rulebook = rulebook_of(run.rulebook_version)
    rule = rulebook.rules[hit.rule_id]
    rows = [
        ExplanationRow(
            label=rule.title,
            value=readable(rulebook, rule.id, hit.value),
            threshold=readable(rulebook, rule.id, hit.threshold, is_threshold=True),
            source=feed_titles(rulebook, rule),
        )
    ]
    rows += [parameter_row(rulebook, key, run) for key in rule.params]
    return Explanation(
        sentence=sentence_of(hit, run),
        rule=rule.title,
        rows=rows,
        state=Severity(hit.severity).label,
        tone=SEVERITY_TONES[Severity(hit.severity)],
        source=source_text(rulebook, rule.source),
        dates=f"按 {run.as_of:%Y-%m-%d} 计算，规则库 {run.rulebook_version[:12]}",
        rule_url=reverse("screening:rule", args=[rule.id]),
    )


def feed_titles(rulebook: Rulebook, rule: Rule) -> str:
    """What a rule looks at: the department files and the registry, by name."""
    feeds = rulebook.feeds
    titles = [feeds[feed].title if feed in feeds else OTHER_SOURCES[feed] for feed in rule.feeds]
    return "、".join(titles)


def parameter_row(rulebook: Rulebook, key: str, run: Run) -> ExplanationRow:
    """The entry of a parameter in force on the run's date: value, dates, document."""
    parameter = rulebook.parameters[key]
    entry = parameter.entry(run.as_of, region_chain(rulebook, run.county))
    if entry is None:
        return ExplanationRow(parameter.title, "当日没有规定")
    until = f"至 {entry.valid_to:%Y-%m-%d}" if entry.valid_to else "起"
    return ExplanationRow(
        label=parameter.title,
        value="—",
        threshold=parameter_value(parameter, entry),
        source=f"{entry.valid_from:%Y-%m-%d} {until}，{region_name(rulebook, entry.region)}，"
        f"{parameter.basis}",
    )


def parameter_value(parameter: Parameter, entry: Entry) -> str:
    """A parameter's value with its unit: 5,000 元/年, 40%, 3 月."""
    if parameter.type.kind == "ratio":
        return f"{(entry.value * 100).normalize():f}%"
    value = f"{entry.value:,}" if entry.value == entry.value.to_integral() else f"{entry.value}"
    return f"{value} {parameter.unit}"


def region_chain(rulebook: Rulebook, county: str) -> tuple[str, ...]:
    """The county, its province, the country."""
    return chain(county, ruleset(rulebook).regions)


def region_name(rulebook: Rulebook, code: str) -> str:
    region = ruleset(rulebook).regions.get(code)
    return region.name if region else code


def source_text(rulebook: Rulebook, key: str) -> str:
    """《document》, region, year, and how sure the wording is."""
    source = ruleset(rulebook).sources.get(key)
    if source is None:
        return ""
    return "，".join(
        str(part)
        for part in (
            f"《{source['document']}》",
            source["region"],
            source["year"],
            source["reliability"],
        )
        if part
    )


def main_reason(clue: Clue, runs: Mapping[int, Run]) -> str:
    """One sentence for a list: the main rule's, as of the date the clue was last seen.

    `runs` are the valid runs by key: a list has thousands of clues and a handful of runs.
    """
    hit = clue.main_hit
    if hit is None:
        return "依据已随数据更正撤回。"
    hit.village = clue.village
    return sentence_of(hit, runs[hit.run_id])


def evidence_by_date(hits: Sequence[Hit]) -> list[tuple[date, Run, list[Evidence]]]:
    """A clue's evidence, newest date first."""
    found: dict[date, tuple[Run, list[Evidence]]] = {}
    for hit in hits:
        entry = found.setdefault(hit.run.as_of, (hit.run, []))
        entry[1].append(Evidence(hit, explanation_of(hit)))
    return [(day, run, items) for day, (run, items) in found.items()]
