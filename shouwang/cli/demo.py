"""`shouwang demo`: the fictitious county, brought through the whole main job, then served.

Everything takes the way that a user's click or upload takes; nothing is written past the rooms.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError

from .demo_accounts import open_accounts, print_accounts
from .importing import Line, import_folder, print_lines
from .progress import progress_bar
from .serving import serve
from .starting import start

if TYPE_CHECKING:
    from shouwang.demo import DemoSummary
    from shouwang.screening.models import Run

SEED = 2026
NOTE = "demo.json"
ROOMS = (
    ("assistance", "低收入人口", "shouwang.assistance.operations.refresh"),
    ("boundaries", "村的边界（虚构）", "shouwang.divisions.demo.make"),
    ("cases", "监测帮扶个案", "shouwang.cases.demo.make"),
    ("referrals", "低收入人口转介", "shouwang.assistance.demo.make"),
    ("support", "帮扶措施和走访", "shouwang.support.demo.make"),
    ("baselines", "历史基数", "shouwang.baselines.demo.make"),
    ("outreach", "自主申报和宣传", "shouwang.outreach.demo.make"),
    ("meetings", "会议与频次", "shouwang.meetings.demo.make"),
    ("campaigns", "集中排查与台账", "shouwang.campaigns.demo.make"),
    ("localities", "饮水工程、网格和村级问题", "shouwang.localities.demo.make"),
    ("calls", "吹哨报到", "shouwang.calls.demo.make"),
    ("consultations", "征求意见", "shouwang.consultations.demo.make"),
    ("exchange", "国家系统对接", "shouwang.exchange.demo.make"),
    ("workplans", "任务与督办", "shouwang.workplans.demo.make"),
    ("inspections", "督查整改", "shouwang.inspections.demo.make"),
    ("indicators", "指标", "shouwang.indicators.demo.make"),
    ("bulletins", "通报", "shouwang.campaigns.demo.make_bulletins"),
    ("evaluations", "考核评估", "shouwang.evaluations.demo.make"),
)
"""What the rooms above screening add to the demo, in this order: key, title, function(actor)."""
OWN = (
    "demo",
    "originals",
    "attachments",
    "registry",
    "feeds",
    "runs",
    "rulebooks",
    "exports",
    "tmp",
    "static",
)
OWN_FILES = (NOTE, "demo-accounts.json", "keys.json", ".keys.json.lock", "secret_key")


@dataclass
class Progressed:
    """How far the demo of this installation has come; kept in DATA_DIR/demo.json."""

    path: Path
    households: int
    done: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def stage(self, name: str, work: Callable[[], Any]) -> Any:
        """Do a stage that is not done yet, and note that it is; returns what the work gave."""
        if name in self.done:
            return None
        begun = time.perf_counter()
        given = work()
        self.done.append(name)
        self.seconds[name] = round(time.perf_counter() - begun, 2)
        kept = {"households": self.households, "done": self.done, "seconds": self.seconds}
        self.path.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        return given


@click.command("demo")
@click.option(
    "--households",
    default=20_000,
    show_default=True,
    type=click.IntRange(100, 1_000_000),
    help="示例县的户数。",
)
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="网页端口。"
)
@click.option("--no-serve", is_flag=True, help="做完即退出，不启动网页服务。")
@click.option("--fresh", is_flag=True, help="删除已有的演示数据，重新生成。")
def demo_command(households: int, port: int, no_serve: bool, fresh: bool) -> None:
    """生成虚构的示例县，导入、筛查并启动网页服务；再次执行时沿用已有数据。

    打印各职责的演示账号和密码。网页服务运行时不能用 --fresh。

    例：shouwang demo --households 3000 --port 8001
    """
    import django

    begun = time.perf_counter()
    django.setup()
    from shouwang.core import occupancy

    if fresh:
        with occupancy.alone(_data_dir(), "重新生成演示数据"):
            _clear()
    with occupancy.shared(_data_dir()):
        start()
        _make(households, begun)
    if no_serve:
        return
    click.secho(f"\n请在浏览器打开 http://127.0.0.1:{port}/ （按 Ctrl+C 停止）", bold=True)
    serve("127.0.0.1", port)


def _make(households: int, begun: float) -> None:
    """Bring the demo to its end, and print what came of it."""
    from shouwang.core.actor import system_actor

    actor = system_actor("演示")
    progressed = _progressed(households)
    again = {"screening", *[key for key, _, _ in ROOMS]} <= set(progressed.done)
    _build(actor, progressed)
    if again:
        click.echo(f"沿用已有的演示数据（{progressed.households:,} 户）。重新生成请加 --fresh。")
    else:
        _print_seconds(progressed.seconds, time.perf_counter() - begun)
    _print_risks(actor)
    print_accounts(_data_dir())


def _data_dir() -> Path:
    from django.conf import settings

    return Path(settings.SHOUWANG_DATA_DIR)


def _progressed(households: int) -> Progressed:
    """What is there already; a demo is never laid over an installation that is in use."""
    from shouwang.registry import snapshots

    path = _data_dir() / NOTE
    if path.is_file():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["households"] != households:
            click.echo(
                f"已有 {kept['households']:,} 户的演示数据；要换成 {households:,} 户请加 --fresh。"
            )
        return Progressed(path, kept["households"], kept["done"], kept["seconds"])
    if snapshots.current() is not None:
        raise DomainError(
            "这里已有农户档案，不能再放入演示数据。请另设 SHOUWANG_DATA_DIR 和数据库。"
        )
    return Progressed(path, households)


def _clear() -> None:
    """Remove a demo (and only a demo) with its keys and its SQLite database."""
    import shutil

    from django.db import connection

    folder = _data_dir()
    if not (folder / NOTE).is_file():
        return
    if connection.vendor != "sqlite":
        raise DomainError("--fresh 只用于 SQLite；PostgreSQL 请新建一个空数据库后再执行。")
    database = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for path in (
        database,
        database.with_name(database.name + "-wal"),
        database.with_name(database.name + "-shm"),
    ):
        path.unlink(missing_ok=True)
    for name in OWN:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in OWN_FILES:
        (folder / name).unlink(missing_ok=True)
    (folder / "tmp").mkdir(exist_ok=True)


def _build(actor: Actor, progressed: Progressed) -> None:
    """The stages in order; one that was broken off is done again, the finished ones are not."""
    from django.utils.module_loading import import_string

    from shouwang.core import crypto
    from shouwang.demo.places import make_places

    folder = _data_dir() / "demo"
    places = make_places(progressed.households, SEED)
    crypto.provider()  # makes the keys of this installation
    progressed.stage("county", lambda: _generate(folder, progressed.households))
    progressed.stage("divisions", lambda: _divisions(actor, folder, places))
    progressed.stage("accounts", lambda: open_accounts(actor, _data_dir()))
    lines = progressed.stage("import", lambda: import_folder(actor, folder / "input"))
    if lines:
        print_lines(lines)
        _report_refusals(lines)
    progressed.stage("screening", lambda: _screen(actor))
    for key, _, path in ROOMS:
        progressed.stage(key, partial(import_string(path), actor))


def _generate(folder: Path, households: int) -> "DemoSummary":
    from shouwang.demo import make_county

    with progress_bar("生成示例县", 1) as (bar, task):

        def move(done: int, total: int, text: str) -> None:
            bar.update(task, completed=done, total=total, description=f"生成 {text}")

        return make_county(folder, households=households, seed=SEED, progress=move)


def _divisions(actor: Actor, folder: Path, places: Any) -> None:
    """The table of 2023, then what happened since: one village merged, one renamed."""
    from django.db import transaction

    from shouwang.divisions import operations
    from shouwang.divisions.queries import by_code

    merger, renaming = places.merger, places.renaming
    with transaction.atomic():
        former = "divisions-2023.csv"
        operations.apply_table(actor, folder / former, former, on=merger.on)
        gone, into = by_code(merger.village.code), by_code(merger.into.code)
        assert gone is not None and into is not None
        operations.merge(actor, [gone], into, on=merger.on, document="示例县村级区划调整")
        now = "divisions.csv"
        operations.apply_table(actor, folder / now, now, on=renaming.on)


def _screen(actor: Actor) -> "list[Run]":
    from shouwang.screening import operations, queries

    dates = queries.as_of_dates(queries.rulebook_in_force())
    with progress_bar("筛查", len(dates) + 2) as (bar, task):

        def move(done: int, total: int, text: str) -> None:
            bar.update(task, completed=done, total=total, description=text)

        return operations.run(actor, dates, progress=move)


def _report_refusals(lines: list[Line]) -> None:
    """Say which files were sent back whole: that is a part of the story, not a failure."""
    whole = [line for line in lines if line.message and not line.rows]
    if whole:
        click.echo(f"整份退回 {len(whole)} 份：{'、'.join(line.file for line in whole)}")


def _print_seconds(seconds: dict[str, float], total: float) -> None:
    titles = {
        "county": "生成文件",
        "divisions": "区划",
        "accounts": "账号",
        "import": "导入",
        "screening": "筛查六个月末",
        **{key: title for key, title, _ in ROOMS},
    }
    table = Table(title="用时", title_justify="left")
    table.add_column("步骤")
    table.add_column("秒", justify="right")
    for key, spent in seconds.items():
        table.add_row(titles.get(key, key), f"{spent:.1f}")
    table.add_row("合计", f"{total:.1f}", style="bold")
    Console().print(table)


def _print_risks(actor: Actor) -> None:
    """Clues by risk on each of the screened days."""
    from shouwang.screening import queries

    runs = [run for _, run in reversed(queries.date_choices()) if run is not None]
    runs.sort(key=lambda run: run.as_of)
    counts = {run.as_of: {r: c for r, c, _ in queries.counts_by_risk(actor, run)} for run in runs}
    risks = sorted({risk for each in counts.values() for risk in each})
    table = Table(title="线索（按风险类型）", title_justify="left")
    table.add_column("风险")
    for run in runs:
        table.add_column(f"{run.as_of:%Y-%m}", justify="right")
    for risk in risks:
        table.add_row(_risk_label(risk), *[f"{counts[run.as_of].get(risk, 0):,}" for run in runs])
    Console().print(table)


def _risk_label(risk: str) -> str:
    from shouwang.screening.models import Clue

    return str(dict(Clue._meta.get_field("risk").flatchoices).get(risk, risk))
