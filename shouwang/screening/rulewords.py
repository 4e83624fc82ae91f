"""规则的文字: a rule's expressions read out in Chinese, for people who do not write rules.

The words of an expression are replaced one by one by the titles that the rulebook itself gives
them (quantities, terms, columns, codes, parameters), so a new rule reads well without new code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shouwang.engine import Rulebook
from shouwang.engine.rules.loading import RuleSet, load
from shouwang.engine.rules.model import Rule
from shouwang.engine.rules.parser import Token, tokens

WORDS = {
    ">=": " ≥ ", "<=": " ≤ ", ">": " ＞ ", "<": " ＜ ", "=": "为", "!=": "不是",
    "+": " ＋ ", "-": " － ",
    "*": " × ", "/": " ÷ ", "(": "（", ")": "）", ",": "、", "{": "“", "}": "”之一",
    "and": "，并且", "or": "，或者", "not": "不满足：", "in": "为", "within": "在",
    "else": "，没有时取", "is": "",
    "missing": "没有数据", "known": "有数据", "listed": "在代码表内", "unlisted": "不在代码表内",
    "D": "筛查日",
}  # fmt: skip
WINDOWS = {
    "MONTH": "筛查当月",
    "PREVIOUS_MONTH": "筛查上月",
    "M3": "近3个月",
    "M12": "近12个月",
    "YTD": "本年1月1日至筛查日",
}
FUNCTIONS = {
    "year": "年份", "month": "月份", "month_end": "月末", "school_year": "学年起始年",
    "date": "日期", "age": "周岁", "months_between": "相差月数",
    "earliest": "其中最早的",
    "int": "数字", "contains": "含有", "only": "只有", "has_any": "含有字符",
    "starts_with": "开头是",
}  # fmt: skip
SCOPES = {
    "latest": "最新一期“{}”",
    "month_end": "筛查当月末的“{}”",
    "previous_month_end": "上月末的“{}”",
}
COUNTED = {"rows": "记录数", "members": "人数", "persons": "人数", "households": "户数"}
BLANKS = {
    "value": "数值", "threshold": "标准", "name": "姓名", "village": "村名", "as_of": "筛查日期",
    "month": "月份", "year": "年份", "household_kind": "户类型",
}  # fmt: skip
HIT_WORDS = {
    "risk": "风险类型",
    "kind": "性质",
    "severity": "程度",
    "level": "对象",
    "rule": "规则",
}


@dataclass(frozen=True)
class Step:
    """One named quantity of a rule: what it is called and how it is counted."""

    title: str
    words: str


def ruleset(rulebook: Rulebook) -> RuleSet:
    """Terms, labels and sources beside the rules; read once a version."""
    return _ruleset(rulebook.path, rulebook.version)


@lru_cache(maxsize=4)
def _ruleset(path: Path, version: str) -> RuleSet:
    return load(path)


def population_words(rulebook: Rulebook, rule: Rule) -> str:
    return Reader(rulebook, rule).read(rule.population_text) if rule.population_text else "全部"


def condition_words(rulebook: Rulebook, rule: Rule) -> str:
    return Reader(rulebook, rule).read(rule.when_text)


def steps(rulebook: Rulebook, rule: Rule) -> list[Step]:
    """How the quantities that the condition names are counted, in order."""
    reader = Reader(rulebook, rule)
    lets = rule.raw.get("let") or {}
    return [Step(reader.name(name), reader.quantity(spec)) for name, spec in lets.items()]


def sentence_words(rule: Rule) -> str:
    """The rule's sentence with what will be filled in named in brackets."""
    text = rule.explanation
    for placeholder, word in BLANKS.items():
        text = text.replace("{" + placeholder + "}", f"〔{word}〕")
    return text


def requirements(rulebook: Rulebook, rule: Rule) -> list[str]:
    """What must be there before the rule says anything."""
    reader = Reader(rulebook, rule)
    found = []
    for need in rule.require:
        if need.feed:
            feed = rulebook.feeds[need.feed].title
            found.append(f"截至筛查月，最近{reader.read(need.text)}个月每月都有“{feed}”")
        else:
            found.append(f"{reader.read(need.text)}（否则因缺少“{need.missing}”不判断）")
    return found


class Reader:
    """Reads expressions of one rule; `feed` narrows names to the columns of one feed."""

    def __init__(self, rulebook: Rulebook, rule: Rule) -> None:
        self.rulebook = rulebook
        self.rule = rule
        self.set = ruleset(rulebook)
        self.terms = {term.name: term.title for term in self.set.terms.values()}

    def read(self, text: str, feed: str = "") -> str:
        """The expression with every word in Chinese."""
        return "".join(self._words(tokens(text), feed)).strip()

    def _words(self, found: list[Token], feed: str) -> Iterator[str]:
        at = 0
        while at < len(found) and found[at].kind != "end":
            token, following = found[at], found[at + 1 : at + 4]
            if token.text == "param" and len(following) == 3:
                yield self._parameter(following[1].text)
                at += 4
                continue
            yield self._word(token, feed)
            at += 1

    def _parameter(self, key: str) -> str:
        parameter = self.rulebook.parameters.get(key)
        return f"「{parameter.title if parameter else key}」"

    def _word(self, token: Token, feed: str) -> str:
        if token.kind in ("op", "keyword") or token.text in WORDS:
            return WORDS.get(token.text, token.text)
        if token.kind == "name":
            return self.name(token.text, feed)
        return token.text.strip('"') + (token.unit or "")

    def name(self, text: str, feed: str = "") -> str:
        """The title of a quantity, term, column, window, function, rule or code."""
        last = text.rpartition(".")[2]
        for known in (self._lets(), WINDOWS, self._columns(feed), self.terms, FUNCTIONS):
            if text in known or last in known:
                return str(known.get(text) or known[last])
        if text in self.rulebook.rules:
            return str(self.rulebook.rules[text].title)
        return self._code(text, feed)

    def _lets(self) -> Mapping[str, str]:
        return {let.name: let.title for let in self.rule.lets if let.title}

    def _columns(self, feed: str) -> Mapping[str, str]:
        if feed == "hits":
            return HIT_WORDS
        columns = self.set.catalog.feeds.get(feed)
        return columns.headers if columns else self.set.catalog.headers

    def _code(self, text: str, feed: str) -> str:
        """The label of a code, looked for in the feed's own code lists first."""
        contract = self.rulebook.feeds.get(feed)
        own = [column.codes for column in contract.columns if column.codes] if contract else []
        for codes in [*own, *self.rulebook.codes]:
            entry = self.rulebook.codes[codes].get(text)
            if entry:
                return str(entry.label)
        if text in self.set.labels:
            return self.set.labels[text]
        for labels in self.set.catalog.lists.values():
            if text in labels:
                return labels[text]
        return text

    def quantity(self, spec: Any) -> str:
        """How one quantity is counted, as a phrase."""
        if not isinstance(spec, Mapping) or "is" in spec:
            return self.read(str(spec["is"] if isinstance(spec, Mapping) else spec))
        aggregate = next(
            key for key in ("sum", "count", "count_distinct", "min", "max", "first", "last_row")
            if key in spec
        )  # fmt: skip
        what = str(spec[aggregate])
        feed, source = self._source(spec, aggregate)
        limits = []
        if spec.get("within"):
            limits.append(f"日期在{WINDOWS[spec['within']]}")
        if spec.get("where"):
            limits.append(self.read(str(spec["where"]), feed))
        limited = f"{source}中{'、'.join(limits)}的" if limits else f"{source}的"
        return limited + self._aggregated(spec, aggregate, what, feed)

    def _source(self, spec: Mapping[str, Any], aggregate: str) -> tuple[str, str]:
        text = str(spec[aggregate] if aggregate == "last_row" else spec.get("of", "members"))
        text = text.replace(" ", "")
        scope, _, inner = text.rpartition("(")
        feed = inner.rstrip(")")
        if feed == "members":
            return "", "家庭成员"
        if feed == "hits":
            return "hits", "其他规则的命中"
        title = self.rulebook.feeds[feed].title if feed in self.rulebook.feeds else feed
        return feed, SCOPES.get(scope, "“{}”").format(title)

    def _aggregated(self, spec: Mapping[str, Any], aggregate: str, what: str, feed: str) -> str:
        if aggregate == "last_row":
            return "最近一次记录"
        if aggregate == "count":
            return COUNTED.get(what, what)
        column = self.read(what, feed)
        if aggregate == "first":
            order = "、".join(self.name(str(code), feed) for code in spec.get("order", []))
            return f"“{column}”，依次取{order}"
        endings = {
            "sum": "合计",
            "count_distinct": "不同值个数",
            "min": "最小（最早）",
            "max": "最大（最晚）",
        }
        return f"“{column}”{endings[aggregate]}"
