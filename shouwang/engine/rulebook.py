"""规则库 (rulebook): feeds, codes, registry form, dated parameters, rules and checks, as one value.

A rulebook is a folder of YAML. Its version is the hash of its content, so that a result can name
exactly the law under which it was found.
"""

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shouwang.engine.contracts import (
    CodeList,
    Conventions,
    FeedContract,
    RegistryContract,
    load_codes,
    load_conventions,
    load_feeds,
    load_registry,
    read_yaml,
)
from shouwang.engine.errors import RulebookError

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGED = Path(__file__).resolve().parents[1] / "rulebook"


@dataclass(frozen=True)
class Rulebook:
    """规则库: what files look like is read at once; law and rules when first asked for."""

    path: Path
    version: str
    feeds: dict[str, FeedContract]
    registry: RegistryContract
    codes: dict[str, CodeList]
    conventions: Conventions

    @classmethod
    def load(cls, path: Path = PACKAGED) -> "Rulebook":
        return _packaged() if path == PACKAGED else _checked(path)

    @cached_property
    def parameters(self) -> "Mapping[str, Any]":
        from shouwang.engine.rules.loading import load_parameters

        return load_parameters(self.path)

    @cached_property
    def rules(self) -> "Mapping[str, Any]":
        from shouwang.engine.rules.loading import load_rules

        return load_rules(self.path)

    @cached_property
    def checks(self) -> "Mapping[str, Any]":
        from shouwang.engine.rules.loading import load_checks

        return load_checks(self.path)

    @cached_property
    def sources(self) -> "Mapping[str, Any]":
        return _optional(self.path / "sources.yaml")

    @cached_property
    def regions(self) -> "Mapping[str, Any]":
        return _optional(self.path / "regions.yaml")


def content_version(path: Path) -> str:
    """SHA-256 over names and content of all files of the rulebook."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*.*")):
        if file.suffix in {".yaml", ".json"}:
            digest.update(file.relative_to(path).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _packaged() -> Rulebook:
    """The program's own rulebook changes only with a release, so it is looked at once."""
    return _checked(PACKAGED)


def _checked(path: Path) -> Rulebook:
    if not (path / "feeds").is_dir():
        raise RulebookError(f"规则库目录 {path.name} 里没有 feeds，请检查规则库是否完整。")
    return _load(path.resolve(), content_version(path))


@lru_cache(maxsize=8)
def _load(path: Path, version: str) -> Rulebook:
    return Rulebook(
        path=path,
        version=version,
        feeds=load_feeds(path),
        registry=load_registry(path / "registry.yaml"),
        codes=load_codes(path / "codes.yaml"),
        conventions=load_conventions(path / "conventions.yaml"),
    )


def _optional(path: Path) -> "Mapping[str, Any]":
    return read_yaml(path) or {} if path.is_file() else {}
