"""A real site for the browser: the demo county, its web process and its worker."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path(__file__).resolve().parents[2] / "test-results"


@dataclass(frozen=True)
class Site:
    """A running demo: where it is, where its files are, and who may enter (by role)."""

    url: str
    data: Path
    accounts: dict[str, dict[str, str]]
    environment: dict[str, str]

    def shouwang(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "shouwang.cli", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _own_database(folder: Path) -> str:
    """The database of the site: PostgreSQL when the run is on PostgreSQL, else SQLite."""
    given = os.environ.get("SHOUWANG_DATABASE_URL", "")
    if not given.startswith("postgres"):
        return f"sqlite:///{folder / 'site.sqlite3'}"
    import psycopg

    name = f"site_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{given.rsplit('/', 1)[0]}/{name}"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    port = _free_port()
    environment = {
        **os.environ,
        "SHOUWANG_DATA_DIR": str(folder),
        "SHOUWANG_DATABASE_URL": _own_database(folder),
        "DJANGO_SETTINGS_MODULE": "shouwang.config.settings",
    }
    log = (folder / "demo.log").open("w")
    command = [
        sys.executable,
        "-m",
        "shouwang.cli",
        "demo",
        "--households",
        "400",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, folder / "demo.log")
        kept = json.loads((folder / "demo-accounts.json").read_text(encoding="utf-8"))
        accounts = {one["role"]: {**one, "username": name} for name, one in kept.items()}
        yield Site(url, folder, accounts, environment)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(1_500):
        if process.poll() is not None:
            pytest.fail(f"the demo ended early:\n{log.read_text(encoding='utf-8')[-4000:]}")
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the demo does not answer:\n{log.read_text(encoding='utf-8')[-4000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("SHOUWANG_REQUIRE_ALL") == "1":
            pytest.fail("Chromium is not installed (apt install chromium)")
        pytest.skip("Chromium is not installed (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def enter(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Log a role in and give its page; every error of the page's console fails the test."""
    contexts = []
    complaints: list[str] = []

    def open_as(role: str, width: int = 1440) -> Page:
        context = browser.new_context(
            base_url=site.url, viewport={"width": width, "height": 900}, locale="zh-CN",
            timezone_id="Asia/Shanghai", accept_downloads=True,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type == "error"
                else None
            ),
        )
        page.on(
            "response",
            lambda response: (
                complaints.append(f"{response.status} {response.url}")
                if response.status >= 500
                else None
            ),
        )
        account = site.accounts[role]
        page.goto("/accounts/login/")
        page.fill("input[name=username]", account["username"])
        page.fill("input[name=password]", account["password"])
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []
