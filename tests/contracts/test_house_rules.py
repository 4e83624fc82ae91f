"""The rules of the house that a reader relies on, held by looking at the code itself."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import shouwang.engine

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "shouwang"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
MODULE_LINES = 600
FUNCTION_LINES = 60
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "services.py", "managers.py", "signals.py", "tasks.py"}
LONG_FUNCTIONS: dict[str, str] = {}
"""path:function → why it may be longer; an entry that is no longer true fails the test."""


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_is_longer_than_a_reader_bears() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{name}": lines
        for path in SOURCES
        for name, lines in functions(path)
        if lines > FUNCTION_LINES
    }
    assert set(long) == set(LONG_FUNCTIONS), long


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in SOURCES if path.name in FORBIDDEN_NAMES] == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name not in {"apps.py", "urls.py"}
        and (text := path.read_text(encoding="utf-8")).strip()
        and ast.get_docstring(ast.parse(text)) is None
    ]
    assert silent == []


def test_the_clock_is_read_in_one_place() -> None:
    reading = re.compile(
        r"\b(date\.today|datetime\.now|datetime\.utcnow|timezone\.now|localdate)\("
    )
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path != PACKAGE / "core" / "clock.py"
        and reading.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_who_asks_is_read_from_a_request_in_one_place() -> None:
    setting = {PACKAGE / "core" / "requests.py", PACKAGE / "accounts" / "middleware.py"}
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path not in setting and ".actor  # type: ignore" in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_what_the_engine_offers_is_written_down() -> None:
    written = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [name for name in shouwang.engine.__all__ if f"`{name}`" not in written] == []


def test_the_engine_works_where_django_cannot_be_imported() -> None:
    code = (
        "import sys; sys.modules['django'] = None\n"
        "import shouwang.engine\n"
        "assert not [name for name in sys.modules if name.startswith('django.')]\n"
        "print(len(shouwang.engine.Rulebook.load().rules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 40


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an address outside the machine", r"https?://(cdn|unpkg|fonts\.|ajax\.|code\.jquery)"),
        ("a path of one machine", r"/(home|work|root)/[a-z]"),
        ("executed text", r"(?<![\w.])(eval|exec)\("),
    ],
)
def test_the_code_holds_nothing_of(what: str, pattern: str) -> None:
    files = [
        path
        for ending in ("py", "html", "js", "css", "yaml")
        for path in PACKAGE.rglob(f"*.{ending}")
        if "vendor" not in path.parts
    ]
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files
        if (match := re.search(pattern, path.read_text(encoding="utf-8")))
    ]
    assert found == [], what


def test_lock_files_carry_hashes_and_no_addresses() -> None:
    locks = [*(ROOT / "requirements").glob("*.lock"), ROOT / "frontend" / "package-lock.json"]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in re.sub(r'"(url|funding)": "[^"]*"', "", text), lock.name
        assert "sha256:" in text or '"integrity"' in text, lock.name


READ = re.compile(r"env\.\w+\(\s*\"(SHOUWANG_[A-Z_]+)\"|environ[^\n]*\"(SHOUWANG_[A-Z_]+)\"")
NAMED = re.compile(r"\bSHOUWANG_[A-Z_]+\b")


def documented() -> tuple[set[str], set[str]]:
    """Variables of the environment, and settings that only join rooms, as the page tells them."""
    written = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    outside, _, inside = written.partition("## 内部接线")
    return set(NAMED.findall(outside)), set(re.findall(r"^\| `(SHOUWANG_[A-Z_]+)`", inside, re.M))


def test_every_variable_of_the_environment_is_documented() -> None:
    read = set()
    for path in [*SOURCES, *(ROOT / "tests").glob("*.py")]:
        for found in READ.findall(path.read_text(encoding="utf-8")):
            read |= {name for name in found if name}
    told, _ = documented()
    assert read - told == set()
    assert told - read - {"SHOUWANG_SECRET_KEY_FILE"} == set(), "documented, but never read"


def test_settings_that_only_join_rooms_are_told_apart() -> None:
    settings = (PACKAGE / "config" / "settings.py").read_text(encoding="utf-8")
    given = set(re.findall(r"^(SHOUWANG_[A-Z_]+) = [(\"]", settings, re.M))
    told, joining = documented()
    assert joining == given
    assert not joining & told
