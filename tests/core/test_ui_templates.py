"""Templates of all rooms keep to the content security policy and use only icons that are there."""

import re
from pathlib import Path

import pytest

from shouwang.config.navigation import navigation

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(ROOT.glob("shouwang/*/templates/**/*.html"))
ICONS = set((ROOT / "frontend" / "icons.txt").read_text("utf-8").split())


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style attribute", r"\sstyle\s*="),
        ("a style element", r"<style\b"),
        ("a script with text", r"<script(?![^>]*\bsrc=)(?![^>]*json)[^>]*>"),
        ("an event attribute", r"\son(click|change|submit|load|input|error)\s*="),
        ("an expression of htmx", r"hx-on|hx-vals=.?js:|hx-trigger=\"[^\"]*\["),
        ("a link to script", r"javascript:"),
    ],
)
def test_no_template_holds(what: str, pattern: str) -> None:
    found = [path.name for path in TEMPLATES if re.search(pattern, path.read_text("utf-8"))]
    assert found == [], what


def test_every_icon_of_a_template_is_in_the_sprite() -> None:
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r"\{% icon [\"']([a-z0-9-]+)", path.read_text("utf-8"))
    }
    assert used - ICONS == set()


def test_every_icon_of_the_navigation_is_in_the_sprite() -> None:
    used = {room.icon for verb in navigation() for room in verb.rooms}
    assert used - ICONS == set()


def test_every_icon_named_in_code_is_in_the_sprite() -> None:
    used = {
        name
        for path in ROOT.glob("shouwang/**/*.py")
        for name in re.findall(r"\bicon=\"([a-z0-9-]+)\"", path.read_text("utf-8"))
    }
    assert used - ICONS == set()


def test_fault_pages_speak_without_any_context() -> None:
    from django.template.loader import render_to_string

    pages = {code: render_to_string(f"{code}.html") for code in (400, 403, 404, 409, 500)}
    assert all("回到首页" in text and "</html>" in text for text in pages.values())
