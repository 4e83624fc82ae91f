"""The documents build without a broken link, and every page can be found from the start."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LARGEST_IMAGE = 200_000


def listed(nav: object) -> set[str]:
    if isinstance(nav, str):
        return {nav}
    inner = nav.values() if isinstance(nav, dict) else nav
    assert not isinstance(inner, bytes)
    return set().union(*(listed(each) for each in inner))  # type: ignore[union-attr]


def test_the_documents_build_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    done = subprocess.run(
        [*command, "--site-dir", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "index.html").is_file()


def test_every_page_is_in_the_navigation() -> None:
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert pages == listed(nav)


def test_pictures_of_the_guides_are_small_and_shown() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    shown = set(re.findall(r"images/([\w.-]+)", text))
    pictures = {path.name: path.stat().st_size for path in (DOCS / "images").glob("guide-*.png")}
    assert {name for name, size in pictures.items() if size > LARGEST_IMAGE} == set()
    assert set(pictures) <= shown
