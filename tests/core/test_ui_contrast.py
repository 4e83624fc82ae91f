"""Colours: every pair of text and ground that the pages use is readable (WCAG AA)."""

import re
from pathlib import Path

import pytest

from shouwang.core.charts import PALETTE

STATIC = Path(__file__).resolve().parents[2] / "shouwang" / "core" / "static" / "core"
COLOURS = dict(
    re.findall(r"(--[a-z0-9-]+):\s*(#[0-9a-f]{6});", (STATIC / "base.css").read_text("utf-8"))
)
TEXT = [
    *[
        (ink, ground)
        for ink in ("--ink", "--ink-2", "--ink-3")
        for ground in ("--surface", "--ground")
    ],
    *[(ink, "--blue-soft") for ink in ("--ink", "--ink-2", "--blue")],
    *[(tone, f"{tone}-soft") for tone in ("--late", "--near", "--done", "--idle", "--going")],
    *[(tone, "--surface") for tone in ("--late", "--near", "--done", "--blue", "--blue-dark")],
    *[("--ink", f"{tone}-soft") for tone in ("--late", "--near", "--done", "--going")],
    *[("--surface", ground) for ground in ("--blue", "--blue-dark", "--late")],
    ("--blue", "--ground"),
    ("--ink-3", "--idle-soft"),
    ("--ink-2", "--idle-soft"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_known_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_is_readable_on_its_ground(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["--surface", "--ground"])
def test_borders_of_fields_are_visible(ground: str) -> None:
    assert contrast(COLOURS["--line-strong"], COLOURS[ground]) >= 3


@pytest.mark.parametrize("colour", PALETTE)
def test_chart_colours_are_visible_on_white(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 3


def test_no_style_sheet_names_a_text_colour_outside_the_palette() -> None:
    allowed = {*COLOURS.values(), "#fff", "#444"}
    found = {
        (path.name, colour)
        for path in STATIC.glob("*.css")
        for colour in re.findall(r"[{;]\s*color:\s*(#[0-9a-f]{3,6})", path.read_text("utf-8"))
    }
    assert {pair for pair in found if pair[1] not in allowed} == set()
