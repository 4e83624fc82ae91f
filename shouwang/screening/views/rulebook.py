"""规则库: every rule readable, its parameters over time, its sources, test cases and hits."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang.core.actor import require
from shouwang.core.components import Tab
from shouwang.core.requests import actor_of

from .. import charts, queries, rulewords
from ..explanations import feed_titles, parameter_value, region_chain, region_name, source_text
from ..states import Kind, Level, Risk, Severity, risk_label
from ..tables import SEVERITY_TONES


def _tabs(current: str) -> list[Tab]:
    pages = [("rulebook", "规则"), ("parameters", "参数"), ("sources", "依据文件")]
    return [
        Tab(label, reverse(f"screening:{name}"), is_current=name == current)
        for name, label in pages
    ]


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    rulebook = queries.rulebook_in_force()
    base = {"tabs": _tabs(name), "rulebook": rulebook, "rule_count": len(rulebook.rules)}
    return render(request, f"screening/{name}.html", base | context)


def rule_list(request: HttpRequest) -> HttpResponse:
    """Rules by risk; the search looks at title, sentence and source."""
    actor = actor_of(request)
    require(actor, "rulebook.view")
    rulebook = queries.rulebook_in_force()
    newest = queries.newest_run() if actor.can("screening.view") else None
    counts = queries.counts_by_rule(actor, newest) if newest else {}
    wanted = request.GET.get("q", "").strip()
    groups: dict[str, list[dict[str, Any]]] = {risk: [] for risk in Risk.values}
    for rule in rulebook.rules.values():
        text = f"{rule.title}{rule.explanation}{source_text(rulebook, rule.source)}{rule.id}"
        if wanted not in text:
            continue
        groups.setdefault(rule.risk, []).append(
            {
                "rule": rule,
                "level": Level(rule.level).label,
                "severity": Severity(rule.severity).label,
                "tone": SEVERITY_TONES[str(rule.severity)],
                "kind": Kind(rule.kind).label,
                "hits": counts.get(rule.id, (0, 0))[1] if newest else None,
            }
        )
    shown = [(risk_label(risk), rows) for risk, rows in groups.items() if rows]
    return _page(request, "rulebook", {"groups": shown, "q": wanted, "newest": newest})


def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "rulebook.view")
    rulebook = queries.rulebook_in_force()
    rule = rulebook.rules.get(rule_id)
    if rule is None:
        raise Http404
    by_month = queries.counts_by_month(actor, rule_id) if actor.can("screening.view") else []
    context = {
        "rule": rule,
        "words": rulewords.sentence_words(rule),
        "risk": risk_label(rule.risk),
        "severity": Severity(rule.severity).label,
        "tone": SEVERITY_TONES[str(rule.severity)],
        "facts": [
            ("对象", Level(rule.level).label),
            ("性质", Kind(rule.kind).label),
            ("所需数据", feed_titles(rulebook, rule)),
            ("依据", source_text(rulebook, rule.source)),
            ("编号", rule.id),
        ],
        "source": rulewords.ruleset(rulebook).sources.get(rule.source, {}),
        "population": rulewords.population_words(rulebook, rule),
        "condition": rulewords.condition_words(rulebook, rule),
        "steps": rulewords.steps(rulebook, rule),
        "requirements": rulewords.requirements(rulebook, rule),
        "parameters": [_parameter(rulebook, key) for key in rule.params],
        "cases": _cases(rule),
        "hits_chart": charts.rule_by_month(rule.title, by_month) if by_month else None,
        "clues_url": f"{reverse('screening:clues')}?rule={rule.id}",
        "may_see_clues": actor.can("screening.view"),
    }
    return _page(request, "rule", context)


def _parameter(rulebook: Any, key: str) -> dict[str, Any]:
    parameter = rulebook.parameters[key]
    entries = [
        {
            "region": region_name(rulebook, entry.region),
            "from": entry.valid_from,
            "to": entry.valid_to,
            "value": parameter_value(parameter, entry),
            "source": source_text(rulebook, entry.source) if entry.source else "",
            "note": entry.note,
        }
        for entry in sorted(parameter.entries, key=lambda entry: (entry.region, entry.valid_from))
    ]
    return {
        "parameter": parameter,
        "entries": entries,
        "chart": charts.parameter(parameter, region_chain(rulebook, settings.SHOUWANG_COUNTY)),
        "chart_id": f"parameter-{key.replace('.', '-')}",
        "rules": [rule for rule in rulebook.rules.values() if key in rule.params],
    }


CASE_KINDS = {
    "hit": "命中", "miss": "不命中", "line": "正好在线上", "before_change": "标准调整前一天",
    "after_change": "标准调整当天", "missing": "缺数据",
}  # fmt: skip
EXPECTED = {"met": "命中", "none": "不命中", "not_met": "不命中", "unknown": "不判断"}


def _cases(rule: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": case.name,
            "kind": CASE_KINDS.get(case.kind, case.kind),
            "as_of": case.as_of,
            "expected": EXPECTED.get(case.expect["state"], case.expect["state"]),
            "value": case.expect.get("value", ""),
            "threshold": case.expect.get("threshold", ""),
        }
        for case in rule.cases
    ]


def parameters(request: HttpRequest) -> HttpResponse:
    """All parameters with their values by region and date."""
    actor = actor_of(request)
    require(actor, "rulebook.view")
    rulebook = queries.rulebook_in_force()
    rows = [_parameter(rulebook, key) for key in rulebook.parameters]
    return _page(request, "parameters", {"rows": rows})


def sources(request: HttpRequest) -> HttpResponse:
    """The documents that rules and parameters stand on, and how sure their wording is."""
    actor = actor_of(request)
    require(actor, "rulebook.view")
    rulebook = queries.rulebook_in_force()
    rows = [
        (source, [rule for rule in rulebook.rules.values() if rule.source == key])
        for key, source in rulewords.ruleset(rulebook).sources.items()
    ]
    return _page(request, "sources", {"rows": rows})
