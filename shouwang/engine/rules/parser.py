"""表达式的词法和语法: a small text such as `paid >= param(medical.ytd_other)` becomes a tree.

The language is closed: names, numbers, dates, comparisons, and / or / not, arithmetic and a fixed
list of functions. There is no way to reach the program or the database from here."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shouwang.engine.rules import syntax
from shouwang.engine.rules.problems import NOWHERE, Place, RuleError

MAX_LENGTH = 2000
MAX_DEPTH = 60
WINDOWS = ("MONTH", "PREVIOUS_MONTH", "M3", "M12", "YTD")
KEYWORDS = frozenset({"and", "or", "not", "in", "is", "within", "else"})
STATES = frozenset({"missing", "known", "listed", "unlisted"})
WORDS = {
    "（": "(", "）": ")", "，": ",", "；": ";", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/",
    "＝": "=", "＞": ">", "＜": "<", "“": '"', "”": '"',
}  # fmt: skip
TOKEN = re.compile(
    r"""(?P<space>\s+)
      |(?P<date>\d{4}-\d{2}-\d{2}(?![\d-]))
      |(?P<number>\d{1,15}(?:\.\d{1,6})?)(?P<unit>元|%)?
      |(?P<name>[^\W\d]\w*(?:\.\w+)*)
      |(?P<text>"[^"\n]{0,200}")
      |(?P<op>>=|<=|!=|[=<>+\-*/(){},])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    column: int
    unit: str = ""


def tokens(source: str, place: Place = NOWHERE) -> list[Token]:
    """The words of an expression; an unknown character is an error that names its position."""
    if len(source) > MAX_LENGTH:
        raise RuleError(
            place, f"表达式太长（{len(source)} 字），最多 {MAX_LENGTH} 字，请拆成几个量。"
        )
    source = "".join(WORDS.get(char, char) for char in source)
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = TOKEN.match(source, at)
        if match is None:
            raise RuleError(place, f"第 {at + 1} 个字符“{source[at]}”不认识，请对照手册的语法。")
        kind = "number" if match["number"] else str(match.lastgroup)
        if kind != "space":
            text = match["number"] or match[0]
            if kind == "name" and text in KEYWORDS:
                kind = "keyword"
            found.append(Token(kind, text, at + 1, match["unit"] or ""))
        at = match.end()
    return [*found, Token("end", "（结尾）", len(source) + 1)]


def parse(source: str, place: Place = NOWHERE) -> syntax.Node:
    """The tree of an expression text."""
    parser = _Parser(tokens(source, place), place)
    node = parser.expression()
    parser.expect_end()
    return node


class _Parser:
    """Recursive descent, one method a level of precedence; see the grammar in the guide."""

    def __init__(self, words: list[Token], place: Place) -> None:
        self.words = words
        self.place = place
        self.at = 0
        self.depth = 0

    @property
    def word(self) -> Token:
        return self.words[self.at]

    def take(self) -> Token:
        word = self.word
        self.at += 1
        return word

    def accept(self, *texts: str) -> Token | None:
        if self.word.kind in ("op", "keyword") and self.word.text in texts:
            return self.take()
        return None

    def expect(self, text: str) -> Token:
        found = self.accept(text)
        if found is None:
            raise self.wrong(f"“{text}”")
        return found

    def expect_end(self) -> None:
        if self.word.kind != "end":
            raise self.wrong("表达式到此结束，或用 and、or 连接")

    def wrong(self, expected: str) -> RuleError:
        word = self.word
        return RuleError(
            self.place, f"第 {word.column} 个字符处写的是“{word.text}”，这里应当是{expected}。"
        )

    def expression(self) -> syntax.Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise RuleError(self.place, f"括号套得太深，最多 {MAX_DEPTH} 层。")
        node = self.conjunction()
        while word := self.accept("or"):
            node = syntax.Binary("or", node, self.conjunction(), column=word.column)
        self.depth -= 1
        return node

    def conjunction(self) -> syntax.Node:
        node = self.negation()
        while word := self.accept("and"):
            node = syntax.Binary("and", node, self.negation(), column=word.column)
        return node

    def negation(self) -> syntax.Node:
        if word := self.accept("not"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise RuleError(self.place, f"not 套得太深，最多 {MAX_DEPTH} 层。")
            node = syntax.Unary("not", self.negation(), column=word.column)
            self.depth -= 1
            return node
        return self.comparison()

    def comparison(self) -> syntax.Node:
        node = self.alternative()
        if word := self.accept("=", "!=", "<", "<=", ">", ">="):
            return syntax.Binary(word.text, node, self.alternative(), column=word.column)
        if word := self.accept("in"):
            return syntax.In(node, self.choices(), column=word.column)
        if self.word.text == "not" and self.words[self.at + 1].text == "in":
            word = self.take()
            self.take()
            return syntax.In(node, self.choices(), negated=True, column=word.column)
        if word := self.accept("is"):
            return self.state(node, word)
        if word := self.accept("within"):
            return self.within(node, word)
        return node

    def state(self, node: syntax.Node, word: Token) -> syntax.Node:
        if self.word.text not in STATES:
            raise self.wrong(" missing（无数据）、known（有数据）、listed（在代码表内）或 unlisted")
        return syntax.Is(node, self.take().text, column=word.column)

    def within(self, node: syntax.Node, word: Token) -> syntax.Node:
        if self.word.text not in WINDOWS:
            raise self.wrong("时间窗 " + "、".join(WINDOWS))
        return syntax.Within(node, self.take().text, column=word.column)

    def choices(self) -> syntax.Node:
        start = self.expect("{")
        items = [self.atom()]
        while self.accept(","):
            items.append(self.atom())
        self.expect("}")
        return syntax.Choices(tuple(items), column=start.column)

    def alternative(self) -> syntax.Node:
        node = self.sum()
        while word := self.accept("else"):
            node = syntax.Binary("else", node, self.sum(), column=word.column)
        return node

    def sum(self) -> syntax.Node:
        node = self.product()
        while word := self.accept("+", "-"):
            node = syntax.Binary(word.text, node, self.product(), column=word.column)
        return node

    def product(self) -> syntax.Node:
        node = self.atom()
        while word := self.accept("*", "/"):
            node = syntax.Binary(word.text, node, self.atom(), column=word.column)
        return node

    def atom(self) -> syntax.Node:
        word = self.word
        if word.kind == "number":
            self.take()
            return syntax.Number(Decimal(word.text), word.unit, column=word.column)
        if word.kind == "date":
            return self.day()
        if word.kind == "text":
            self.take()
            return syntax.Text(word.text[1:-1], column=word.column)
        if word.kind == "name":
            return self.name()
        if self.accept("("):
            node = self.expression()
            self.expect(")")
            return node
        raise self.wrong("名称、数、日期或括号")

    def day(self) -> syntax.Node:
        word = self.take()
        try:
            return syntax.Day(date.fromisoformat(word.text), column=word.column)
        except ValueError as error:
            raise RuleError(self.place, f"没有 {word.text} 这一天。") from error

    def name(self) -> syntax.Node:
        word = self.take()
        if self.word.text != "(" or self.word.kind != "op":
            return syntax.Name(tuple(word.text.split(".")), column=word.column)
        self.take()
        args: list[syntax.Node] = []
        if not self.accept(")"):
            args.append(self.expression())
            while self.accept(","):
                args.append(self.expression())
            self.expect(")")
        return syntax.Call(word.text, tuple(args), column=word.column)
