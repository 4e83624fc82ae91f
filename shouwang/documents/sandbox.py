"""模板的沙箱 (sandbox): what a letter template may say, decided before it is run.

A template may put in a value, choose by one, and repeat for the rows of a list; nothing else. No
calls, no attributes but the data's own, no sums, no loops within loops within loops. How long the
result can become is reckoned before it is made, which also bounds the time.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

DEEPEST_LOOP = 2
LONGEST_RESULT = 60_000_000
"""Characters of XML; a village list of 3,000 rows takes about 20 million."""
_VALUE_LENGTH = 400
_LOOP_PARTS = frozenset({"index", "first", "last", "length"})
_FILTERS = ("default", "length", "join", "first", "last")
_TESTS = ("defined", "undefined", "none", "eq", "equalto", "ne", "true", "false")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const,
    nodes.For, nodes.If, nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or,
    nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Concat,
)  # fmt: skip


class NotPermitted(TemplateSyntaxError):
    """A way of writing that a letter template may not use."""


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Runs one letter; `used` collects the fields that its parts name.

    `longest_list` is the number of rows of the longest list among the values.
    """

    def __init__(self, longest_list: int) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.tests = {name: self.tests[name] for name in _TESTS}
        self.longest_list = max(longest_list, 1)
        self.used: set[str] = set()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _refuse_unknown(tree)
        _refuse_depth(tree, 0)
        if _weight(tree, self.longest_list) > LONGEST_RESULT:
            raise NotPermitted("生成的文书会过长，请减少重复的内容或分批生成", 1)
        self.used |= set(_names(tree, frozenset()))
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Only the data's own keys; a method of a value is never reached."""
        if isinstance(obj, Mapping):
            if argument in obj:
                return obj[argument]
            return self.undefined(obj=obj, name=argument)
        if isinstance(obj, LoopContext) and argument in _LOOP_PARTS:
            return getattr(obj, argument)
        raise SecurityError(f"不能使用“{argument}”")

    def call(__self, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as jinja2 names it
        raise SecurityError("模板里不能调用程序")


def _refuse_unknown(tree: nodes.Template) -> None:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            raise NotPermitted("模板只能填入内容、判断有无和逐行重复，有不支持的写法", node.lineno)
        if isinstance(node, nodes.For) and (node.recursive or node.test is not None):
            raise NotPermitted("逐行重复只支持“for 行 in 清单”的写法", node.lineno)


def _refuse_depth(node: nodes.Node, depth: int) -> None:
    depth += isinstance(node, nodes.For)
    if depth > DEEPEST_LOOP:
        raise NotPermitted("逐行重复最多套两层", node.lineno)
    for child in node.iter_child_nodes():
        _refuse_depth(child, depth)


def _weight(node: nodes.Node, rows: int) -> int:
    """No fewer characters than the node can give, each value reckoned at some hundreds."""
    if isinstance(node, nodes.TemplateData):
        return len(node.data)
    if isinstance(node, nodes.Output):
        return sum(
            _weight(one, rows) if isinstance(one, nodes.TemplateData) else _VALUE_LENGTH
            for one in node.nodes
        )
    inner = sum(_weight(child, rows) for child in node.iter_child_nodes())
    return inner * rows if isinstance(node, nodes.For) else inner


def _names(node: nodes.Node, bound: frozenset[str]) -> Iterator[str]:
    """The fields of the data that are named, without the rows of loops; a.b for a row's column."""
    if isinstance(node, nodes.Name):
        if node.ctx == "load" and node.name not in bound:
            yield node.name
        return
    if isinstance(node, nodes.For):
        yield from _names(node.iter, bound)
        targets = {one.name for one in node.target.find_all(nodes.Name)} | (
            {node.target.name} if isinstance(node.target, nodes.Name) else set()
        )
        for child in (*node.body, *node.else_):
            yield from _names(child, bound | targets | {"loop"})
        return
    for child in node.iter_child_nodes():
        yield from _names(child, bound)
