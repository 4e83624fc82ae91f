"""查名与查型: names become columns and quantities, and every part gets a type.

An expression that passes here can be compiled: nothing in it is outside the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction

from shouwang.engine.rules import syntax, typed
from shouwang.engine.rules.catalog import HITS, Catalog, FeedColumns
from shouwang.engine.rules.functions import FUNCTIONS
from shouwang.engine.rules.parameters import Parameter
from shouwang.engine.rules.problems import Place, RuleError
from shouwang.engine.rules.typed import BOOL, NUMERIC, Quantity, Type, Typed

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
LEVELS = ("person", "household", "village")


@dataclass(frozen=True)
class Scope:
    """What bare names mean here: the rule's subject, a feed's rows, members or hits."""

    main: str  # person, household, village, row, hits
    feed: FeedColumns | None = None
    lets: Mapping[str, Typed] = field(default_factory=dict)

    def sees(self, level: str) -> bool:
        """A person knows its household; a row knows the person it is linked to."""
        if self.main in ("row", "hits"):
            return level != "village"
        return self.main == level or (self.main == "person" and level == "household")


@dataclass
class Checker:
    """Types expressions against a catalogue, terms and parameters."""

    catalog: Catalog
    parameters: Mapping[str, Parameter]
    term: Callable[[str, str], Typed | None]  # level, name
    terms: Callable[[str], list[str]]
    hit_values: Mapping[str, Type]  # rules of level person: type of the value they show
    labels: Mapping[str, str]

    def condition(self, node: syntax.Node, scope: Scope, place: Place) -> Typed:
        found = self.infer(node, scope, place)
        if found.type != BOOL:
            raise RuleError(place, f"这里应当是一个条件（是或否），写的却是{found.type}。")
        return found

    def infer(
        self, node: syntax.Node, scope: Scope, place: Place, expected: Type | None = None
    ) -> Typed:
        match node:
            case syntax.Name():
                return self._name(node, scope, place, expected)
            case syntax.Number():
                return _number(node, place, expected)
            case syntax.Text():
                return self._text(node, place, expected)
            case syntax.Day():
                return Typed("literal", typed.DATE, value=node.value)
            case syntax.Call():
                return self._call(node, scope, place)
            case syntax.Unary():
                return Typed("not", BOOL, (self.condition(node.operand, scope, place),))
            case syntax.Binary():
                return self._binary(node, scope, place, expected)
            case syntax.Is():
                return self._is(node, scope, place)
            case syntax.In():
                return self._in(node, scope, place)
            case syntax.Within():
                return self._within(node, scope, place)
        raise RuleError(place, f"第 {node.column} 个字符处的写法只能用在 in 后面。")

    # ---- names

    def _name(self, node: syntax.Name, scope: Scope, place: Place, expected: Type | None) -> Typed:
        codes = expected.codes if expected is not None and expected.kind == "code" else ""
        if expected is not None and node.text in self.catalog.lists.get(codes, {}):
            return Typed("literal", expected, value=node.text)
        found = self._resolve(node.parts, scope)
        if found is not None:
            return found
        if expected is not None and expected.kind == "code":
            known = "、".join(list(self.catalog.lists.get(expected.codes, {}))[:12])
            raise RuleError(
                place, f"“{node.text}”不在代码表 {expected.codes} 内，可以写：{known}。"
            )
        names = self._names(scope)
        near = get_close_matches(node.text, names, n=3, cutoff=0.6)
        hint = f"是不是“{'”或“'.join(near)}”？" if near else f"可以用：{'、'.join(names[:15])}。"
        raise RuleError(place, f"第 {node.column} 个字符处的“{node.text}”没有定义，{hint}")

    def _resolve(self, parts: tuple[str, ...], scope: Scope) -> Typed | None:
        if len(parts) == 1:
            return self._bare(parts[0], scope)
        first, rest = parts[0], ".".join(parts[1:])
        let = scope.lets.get(first)
        if let is not None and let.type.kind == "row":
            return self._row_column(let, rest)
        if first in ("person", "household") and scope.sees(first):
            return self._of_level(first, rest)
        return None

    def _bare(self, name: str, scope: Scope) -> Typed | None:
        if name in scope.lets:
            return scope.lets[name]
        if name == "D":
            return Typed("day", typed.DATE)
        if name == "county_name":
            return Typed("county", typed.TEXT)
        if scope.main == "row" and scope.feed is not None:
            kind = scope.feed.columns.get(name)
            return Typed("column", kind, value=("row", name)) if kind else None
        if scope.main == "hits":
            return Typed("column", HITS[name], value=("row", name)) if name in HITS else None
        return self._of_level(scope.main, name)

    def _of_level(self, level: str, name: str) -> Typed | None:
        term = self.term(level, name)
        if term is not None:
            return term
        columns = {"person": self.catalog.persons, "household": self.catalog.households}
        kind = columns.get(level, {}).get(name)
        return Typed("column", kind, value=(level, name)) if kind else None

    def _row_column(self, let: Typed, name: str) -> Typed | None:
        quantity: Quantity = let.value[0]
        kind = self.catalog.feeds[quantity.source.feed].columns.get(name)
        return Typed("quantity", kind, value=(quantity, name)) if kind else None

    def _names(self, scope: Scope) -> list[str]:
        names = [*scope.lets]
        if scope.feed is not None:
            names += scope.feed.columns
        if scope.main == "hits":
            names += HITS
        if scope.main == "person":
            names += [*self.terms("person"), *self.catalog.persons]
        if scope.main == "household":
            names += [*self.terms("household"), *self.catalog.households]
        return [*names, "D"]

    def _text(self, node: syntax.Text, place: Place, expected: Type | None) -> Typed:
        if expected is not None and expected.kind == "code":
            if node.value not in self.catalog.lists.get(expected.codes, {}):
                raise RuleError(place, f"“{node.value}”不在代码表 {expected.codes} 内。")
            return Typed("literal", expected, value=node.value)
        return Typed("literal", typed.TEXT, value=node.value)

    # ---- functions

    def _call(self, node: syntax.Call, scope: Scope, place: Place) -> Typed:
        if node.name in ("param", "param_at"):
            return self._param(node, scope, place)
        if node.name in ("hit", "value_of"):
            return self._hit(node, scope, place)
        if node.name == "given":
            return self._given(node, scope, place)
        function = FUNCTIONS.get(node.name)
        if function is None:
            known = "、".join([*FUNCTIONS, "given", "param", "param_at", "hit", "value_of"])
            raise RuleError(place, f"没有“{node.name}”这个函数，可以用：{known}。")
        count = len(function.args)
        if (len(node.args) != count) and not (function.repeats and node.args):
            raise RuleError(place, f"{node.name}（{function.help}）要写 {count} 个内容。")
        accepted = [function.args[min(at, count - 1)] for at in range(len(node.args))]
        args = tuple(
            self._argument(arg, kinds, node.name, scope, place)
            for arg, kinds in zip(node.args, accepted, strict=True)
        )
        return Typed("call", function.result, args, node.name)

    def _argument(
        self, arg: syntax.Node, kinds: frozenset[str], name: str, scope: Scope, place: Place
    ) -> Typed:
        if "literal" in kinds:
            if isinstance(arg, syntax.Text):
                return Typed("literal", typed.TEXT, value=arg.value)
            if isinstance(arg, syntax.Name):
                return Typed("literal", typed.TEXT, value=arg.text)
            raise RuleError(place, f"{name} 的最后一项应当是写定的文字。")
        found = self.infer(arg, scope, place)
        if found.type.kind not in kinds:
            wanted = "或".join(typed.TITLES[kind] for kind in sorted(kinds))
            raise RuleError(place, f"{name} 里应当是{wanted}，写的却是{found.type}。")
        return found

    def _param(self, node: syntax.Call, scope: Scope, place: Place) -> Typed:
        if not node.args or not isinstance(node.args[0], syntax.Name):
            raise RuleError(place, f"{node.name}(…) 里应当写参数的名称，例如 income.line。")
        key = node.args[0].text
        parameter = self.parameters.get(key)
        if parameter is None:
            near = get_close_matches(key, list(self.parameters), n=3, cutoff=0.5)
            hint = f"是不是 {'、'.join(near)}？" if near else "请先在 parameters 里写明。"
            raise RuleError(place, f"没有参数“{key}”，{hint}")
        if node.name == "param":
            if len(node.args) != 1:
                raise RuleError(place, "param(…) 里只写参数的名称。")
            return Typed("param", parameter.type, value=key)
        if len(node.args) != 2:
            raise RuleError(place, "param_at(…) 里写参数的名称和日期。")
        day = self._argument(node.args[1], frozenset({"date"}), "param_at", scope, place)
        return Typed("param_at", parameter.type, (day,), key)

    def _given(self, node: syntax.Call, scope: Scope, place: Place) -> Typed:
        """given(condition, value): the value where the condition holds, else no data."""
        if len(node.args) != 2:
            raise RuleError(place, "given(…) 里写条件和条件成立时的值。")
        condition = self.condition(node.args[0], scope, place)
        value = self.infer(node.args[1], scope, place)
        return Typed("given", value.type, (condition, value))

    def _hit(self, node: syntax.Call, scope: Scope, place: Place) -> Typed:
        if len(node.args) != 1 or not isinstance(node.args[0], syntax.Name):
            raise RuleError(place, f"{node.name}(…) 里应当写另一条规则的编号。")
        rule = node.args[0].text
        if rule not in self.hit_values:
            raise RuleError(place, f"没有对人的规则“{rule}”，hit 只能引用 level 为 person 的规则。")
        if not scope.sees("person"):
            raise RuleError(place, f"{node.name}(…) 只能用在人的条件里。")
        shown = self.hit_values[rule]  # reads the other rule, so that a circle is noticed
        return (
            Typed("hit", BOOL, value=rule)
            if node.name == "hit"
            else Typed("hit_value", shown, value=rule)
        )

    # ---- operators

    def _binary(
        self, node: syntax.Binary, scope: Scope, place: Place, expected: Type | None
    ) -> Typed:
        if node.op in ("and", "or"):
            args = tuple(self.condition(part, scope, place) for part in (node.left, node.right))
            return Typed(node.op, BOOL, args)
        if node.op == "else":
            return self._else(node, scope, place, expected)
        left, right = self._pair(node, scope, place)
        if node.op in COMPARISONS:
            _comparable(node, left, right, place)
            return Typed("compare", BOOL, (left, right), node.op)
        return Typed(node.op, _arithmetic(node, left.type, right.type, place), (left, right))

    def _pair(self, node: syntax.Binary, scope: Scope, place: Place) -> tuple[Typed, Typed]:
        """A literal takes its type from the other side."""
        hinted = node.op in COMPARISONS or node.op in "+-"
        if isinstance(node.left, syntax.Number | syntax.Text):
            right = self.infer(node.right, scope, place)
            return self.infer(node.left, scope, place, right.type if hinted else None), right
        left = self.infer(node.left, scope, place)
        return left, self.infer(node.right, scope, place, left.type if hinted else None)

    def _else(
        self, node: syntax.Binary, scope: Scope, place: Place, expected: Type | None
    ) -> Typed:
        left = self.infer(node.left, scope, place, expected)
        if isinstance(node.right, syntax.Name) and node.right.text in self.labels:
            right = Typed("literal", left.type, value=node.right.text)
        else:
            right = self.infer(node.right, scope, place, left.type)
        if left.type != right.type:
            raise RuleError(place, f"else 两边应当同类，左边是{left.type}，右边是{right.type}。")
        return Typed("else", left.type, (left, right))

    def _is(self, node: syntax.Is, scope: Scope, place: Place) -> Typed:
        operand = self.infer(node.operand, scope, place)
        if node.state in ("listed", "unlisted") and operand.type.kind != "code":
            raise RuleError(place, f"is {node.state} 只能用于代码，这里是{operand.type}。")
        return Typed("is", BOOL, (operand,), node.state)

    def _in(self, node: syntax.In, scope: Scope, place: Place) -> Typed:
        operand = self.infer(node.operand, scope, place)
        if not isinstance(node.choices, syntax.Choices):
            raise RuleError(place, "in 后面应当是花括号里的几项，例如 {C, D}。")
        items = []
        for choice in node.choices.items:
            item = self.infer(choice, scope, place, operand.type)
            if item.op != "literal" or item.type != operand.type:
                raise RuleError(place, f"花括号里应当都是{operand.type}的写定值。")
            items.append(item.value)
        found = Typed("in", BOOL, (operand,), tuple(items))
        return Typed("not", BOOL, (found,)) if node.negated else found

    def _within(self, node: syntax.Within, scope: Scope, place: Place) -> Typed:
        operand = self.infer(node.operand, scope, place)
        if operand.type.kind not in ("date", "month"):
            raise RuleError(place, f"within 左边应当是日期或月份，写的却是{operand.type}。")
        return Typed("within", BOOL, (operand,), node.window)


def _number(node: syntax.Number, place: Place, expected: Type | None) -> Typed:
    value = Fraction(node.value)
    kind = expected.kind if expected else ""
    if node.unit == "元":
        return Typed("literal", typed.AMOUNT, value=value * 100)
    if node.unit == "%":
        return Typed("literal", typed.RATIO, value=value / 100)
    if kind == "amount":
        if value != 0:
            raise RuleError(place, f"金额要写单位，例如 {node.value}元；门槛应当写成参数。")
        return Typed("literal", typed.AMOUNT, value=value)
    if expected is not None and kind == "code":
        return Typed("literal", expected, value=str(node.value))
    if value.denominator == 1 and kind not in ("ratio", "number"):
        return Typed("literal", typed.INT, value=value)
    return Typed("literal", typed.NUMBER if kind == "number" else typed.RATIO, value=value)


def _comparable(node: syntax.Binary, left: Typed, right: Typed, place: Place) -> None:
    a, b = left.type, right.type
    loose = {a.kind, b.kind} <= {"int", "number"} or {a.kind, b.kind} <= {"int", "ratio"}
    if a != b and not loose:
        raise RuleError(
            place,
            f"第 {node.column} 个字符处“{node.op}”左边是{a}，右边是{b}，两边应当是同一类才能比较。",
        )
    if a.kind in ("bool", "row") or (node.op not in ("=", "!=") and a.kind in ("code", "text")):
        raise RuleError(place, f"{a}不能用“{node.op}”比较。")


def _arithmetic(node: syntax.Binary, left: Type, right: Type, place: Place) -> Type:
    a, b = left.kind, right.kind
    if node.op in "+-":
        if a == b and a in NUMERIC:
            return left
        if a == "date" and b == "int":
            return left
        if {a, b} <= {"int", "number"} or {a, b} <= {"int", "ratio"}:
            return left if a != "int" else right
    elif node.op == "*" and {a, b} <= {"int", "ratio", "amount"} and (a, b) != ("amount", "amount"):
        return left if a == "amount" or b == "int" else right
    elif node.op == "/":
        if a == b and a in ("amount", "int"):
            return typed.RATIO
        if b in ("int", "ratio") and a in ("amount", "ratio", "int"):
            return left if a != "int" else typed.RATIO
    raise RuleError(place, f"第 {node.column} 个字符处：{left}和{right}不能用“{node.op}”计算。")
