"""One concept, one name: the glossary is true of the code, and the code of the glossary."""

import re
from collections import Counter
from pathlib import Path

import yaml
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY: dict[str, str] = yaml.safe_load((ROOT / "docs" / "glossary.yaml").read_text("utf-8"))
GROUND = {"core", "audit", "divisions", "accounts", "registry", "feeds", "screening"}
"""Rooms whose records must all be in the glossary, under the very word of their docstring."""
CONCEPTS = {
    "evidence_target", "letter_draft", "national_export", "comparison_of_exports",
    "exchange_difference", "problem_row", "upload_workbook", "measure_catalogue",
    "development_measure", "security_measure", "visit_rhythm",
}  # fmt: skip
"""Words of the field that no identifier bears as it stands; one that does leaves this list."""
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for ending in ("py", "yaml")
    for path in (ROOT / "shouwang").rglob(f"*.{ending}")
)
WORDS = set(re.findall(r"[A-Za-z_]+", CODE))


def records() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("shouwang.")]


def identifier(model: type[models.Model]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def term(model: type[models.Model]) -> str:
    """The Chinese word with which the docstring of a model begins."""
    return re.split(r"[:：，,;。. (（]", (model.__doc__ or "").strip())[0]


def test_every_record_of_the_ground_rooms_is_in_the_glossary() -> None:
    missing = {identifier(model) for model in records() if model._meta.app_label in GROUND}
    assert missing - set(GLOSSARY) == set()


def test_a_record_of_the_ground_rooms_is_called_what_the_glossary_calls_it() -> None:
    wrong = {
        identifier(model): (term(model), GLOSSARY[identifier(model)])
        for model in records()
        if model._meta.app_label in GROUND and term(model) != GLOSSARY[identifier(model)]
    }
    assert wrong == {}


def test_no_two_names_mean_the_same() -> None:
    assert [word for word, times in Counter(GLOSSARY.values()).items() if times > 1] == []


def test_every_name_of_the_glossary_is_used() -> None:
    camel = {name: "".join(part.capitalize() for part in name.split("_")) for name in GLOSSARY}
    unused = {name for name in GLOSSARY if not {name, camel[name]} & WORDS}
    assert unused - CONCEPTS == set()
    assert {name for name in CONCEPTS & set(GLOSSARY) if name not in unused} == set()


def test_the_chinese_words_are_chinese() -> None:
    assert [word for word in GLOSSARY.values() if not re.fullmatch(r"[\u4e00-\u9fff]+", word)] == []
