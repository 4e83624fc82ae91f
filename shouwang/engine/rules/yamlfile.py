"""规则书文件: YAML read with the line of every key, decimals exact, and 是/否 never guessed.

Only plain data is built. Tags, anchors that build objects and duplicate keys are refused."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from shouwang.engine.rules.problems import Place, RuleError

STR, INT, FLOAT = "tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
BOOL, NULL = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"
TIMESTAMP = "tag:yaml.org,2002:timestamp"
COLLECTIONS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


class Mapping(dict[str, Any]):
    """A YAML mapping that knows the line of each key."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}

    def place(self, key: str | None = None) -> Place:
        return Place(self.file, self.lines.get(key, self.line) if key else self.line)

    def text(self, key: str, default: str | None = None) -> str:
        """The text under a key; without a default the key must be there."""
        value = self.get(key)
        if value is None:
            if default is None:
                raise RuleError(self.place(), f"缺少“{key}”，这里要写一段文字。")
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise RuleError(self.place(key), f"“{key}”应当是文字。")
        return str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.get(key)
        items = [] if value is None else value if isinstance(value, Sequence) else [value]
        if any(isinstance(item, Mapping | Sequence) for item in items):
            raise RuleError(self.place(key), f"“{key}”应当是一列文字。")
        return tuple(str(item) for item in items)

    def day(self, key: str) -> date | None:
        value = self.get(key)
        if value is not None and not isinstance(value, date):
            raise RuleError(self.place(key), f"“{key}”应当是日期，写作 2026-03-31，或写 null。")
        return value

    def mapping(self, key: str) -> "Mapping":
        value = self.get(key)
        if value is None:
            return Mapping(self.file, self.line)
        if not isinstance(value, Mapping):
            raise RuleError(self.place(key), f"“{key}”下面应当是“名称: 内容”各一行。")
        return value

    def items_of(self, key: str) -> Iterator["Mapping"]:
        value = self.get(key)
        if value is None:
            return
        if not isinstance(value, Sequence):
            raise RuleError(self.place(key), f"“{key}”下面应当是以短横线开头的若干条。")
        for item, line in zip(value, value.lines, strict=True):
            if not isinstance(item, Mapping):
                raise RuleError(Place(self.file, line), f"“{key}”的每一条应当由“名称: 内容”组成。")
            yield item

    def only(self, allowed: frozenset[str]) -> None:
        """Unknown keys are refused: a mistyped key must not be read as "absent"."""
        for key in self:
            if key not in allowed:
                known = "、".join(sorted(allowed))
                raise RuleError(self.place(key), f"不认识“{key}”，这里可以写：{known}。")


class Sequence(list[Any]):
    """A YAML sequence that knows the line of each item."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def read_yaml(path: Path, root: Path) -> Mapping:
    """The one mapping of a file."""
    name = path.relative_to(root).as_posix()
    return parse_yaml(path.read_text(encoding="utf-8"), name)


def parse_yaml(text: str, name: str) -> Mapping:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleError(Place(name, line), f"不是合法的 YAML：{error.problem}。") from error
    except yaml.YAMLError as error:
        raise RuleError(Place(name, 1), "文件中有不允许的字符，请用 UTF-8 保存。") from error
    if node is None:
        return Mapping(name, 1)
    value = _build(node, name, 0)
    if not isinstance(value, Mapping):
        raise RuleError(Place(name, 1), "文件最外层应当是“名称: 内容”。")
    return value


def _build(node: yaml.Node, name: str, depth: int) -> Any:
    place = Place(name, node.start_mark.line + 1)
    if depth > 20:
        raise RuleError(place, "嵌套太深，最多 20 层。")
    if isinstance(node, yaml.CollectionNode) and node.tag not in COLLECTIONS:
        raise RuleError(place, f"不允许 {node.tag} 这种写法，只能写文字、数、日期。")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, name, depth)
    if isinstance(node, yaml.SequenceNode):
        items = Sequence(place.line)
        for child in node.value:
            items.append(_build(child, name, depth + 1))
            items.lines.append(child.start_mark.line + 1)
        return items
    return _scalar(node, place)


def _mapping(node: yaml.MappingNode, name: str, depth: int) -> Mapping:
    mapping = Mapping(name, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise RuleError(Place(name, line), "名称应当是一个词。")
        key = str(key_node.value)
        if key in mapping:
            raise RuleError(Place(name, line), f"“{key}”写了两次。")
        mapping[key] = _build(value_node, name, depth + 1)
        mapping.lines[key] = line
    return mapping


def _scalar(node: yaml.Node, place: Place) -> Any:
    text = str(node.value)
    if node.tag == NULL:
        return None
    if node.tag == BOOL:
        return text.lower() == "true" if text.lower() in ("true", "false") else text
    if node.tag == INT and text.lstrip("+-").isdigit():
        return int(text) if len(text) < 20 else text
    if node.tag == FLOAT and text.replace(".", "", 1).lstrip("+-").isdigit():
        return Decimal(text)
    if node.tag == TIMESTAMP and len(text) == 10:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise RuleError(place, f"没有 {text} 这一天。") from error
    if node.tag in (STR, INT, FLOAT, TIMESTAMP):
        return text
    raise RuleError(place, f"不允许 {node.tag} 这种写法，只能写文字、数、日期。")
