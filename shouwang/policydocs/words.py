"""公文用语 (the words): words.yaml and units.yaml, read once, as ready-made alternatives."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@cache
def _file(name: str) -> dict[str, Any]:
    with (HERE / f"{name}.yaml").open(encoding="utf-8") as file:
        loaded = yaml.safe_load(file)
    assert isinstance(loaded, dict)
    return loaded


@cache
def words(path: str, file: str = "words") -> tuple[str, ...]:
    """All words under a dotted path, the longest first; groups below it are joined."""
    node: Any = _file(file)
    for key in path.split("."):
        node = node[key]
    found = _flat(node)
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (-len(each), each)))


def _flat(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [word for each in node.values() for word in _flat(each)]
    return [str(each) for each in node]


def keys(path: str, file: str = "words") -> tuple[str, ...]:
    node: Any = _file(file)
    for key in path.split("."):
        node = node[key]
    return tuple(node)


def one_of(alternatives: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    ordered = sorted(set(alternatives), key=lambda each: (-len(each), each))
    return "(?:" + "|".join(re.escape(each) for each in ordered) + ")"


@cache
def any_of(path: str, file: str = "words") -> str:
    return one_of(words(path, file))
