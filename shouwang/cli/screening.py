"""`shouwang screen`, `explain`, `check-registry` and `check-rulebook`."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from .ending import EXIT_REFUSED, json_option, print_json
from .progress import progress_bar
from .starting import start

if TYPE_CHECKING:
    from shouwang.engine.rules.problems import Problem
    from shouwang.screening.models import Run

STATES = {"met": "命中", "not_met": "未命中", "unknown": "无法判断"}
COLOURS = {"met": "red", "not_met": "green", "unknown": "yellow"}
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("screen")
@click.option("--all-dates", is_flag=True, help="筛查规则库列出的全部日期（月末）。")
@click.option("--as-of", "dates", type=DAY, multiple=True, help="筛查日期，可重复：2026-06-30。")
@json_option
def screen_command(all_dates: bool, dates: Sequence[datetime], as_json: bool) -> None:
    """按规则库筛查全县，把命中归并为线索。

    例：shouwang screen --all-dates，或 shouwang screen --as-of 2026-06-30
    """
    if all_dates == bool(dates):
        raise click.UsageError("请写 --all-dates，或用 --as-of 指明日期，二者选一。")
    start()
    from shouwang.core.actor import system_actor
    from shouwang.screening import operations, queries

    chosen = (
        queries.as_of_dates(queries.rulebook_in_force())
        if all_dates
        else [each.date() for each in dates]
    )
    with progress_bar("筛查", len(chosen) + 2) as (bar, task):
        runs = operations.run(system_actor("命令行"), chosen, progress=_moving(bar, task))
    if as_json:
        print_json([_run_json(each) for each in runs])
    else:
        _print_runs(runs)


def _moving(bar: Any, task: Any) -> Callable[[int, int, str], None]:
    def move(done: int, total: int, message: str) -> None:
        bar.update(task, completed=done, total=total, description=message)

    return move


def _run_json(run: "Run") -> dict[str, Any]:
    return {
        "uuid": str(run.uuid),
        "name": run.name,
        "as_of": run.as_of.isoformat(),
        "hits": run.hit_count,
        "clues": run.clue_count,
        "new_clues": run.new_clue_count,
        "counts": run.counts,
        "not_evaluated": run.not_evaluated,
        "seconds": run.seconds,
        "rulebook": run.rulebook_version,
    }


def _print_runs(runs: Sequence["Run"]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("批次", title="筛查结果")
    for name in ("命中", "线索", "新线索", "未评估规则", "用时（秒）"):
        table.add_column(name, justify="right")
    for run in runs:
        table.add_row(
            run.name,
            f"{run.hit_count:,}",
            f"{run.clue_count:,}",
            f"{run.new_clue_count:,}",
            str(len(run.not_evaluated)),
            f"{run.seconds.get('total', 0) + run.seconds.get('merge', 0):.1f}",
        )
    Console().print(table)


@click.command("explain")
@click.argument("household_no")
@click.option("--as-of", "as_of", type=DAY, required=True, help="筛查日期：2026-06-30。")
@json_option
def explain_command(household_no: str, as_of: datetime, as_json: bool) -> None:
    """对一户逐条说明每条规则：命中、未命中、无法判断，及数值、标准和依据。

    例：shouwang explain 900000003669 --as-of 2026-06-30
    """
    start()
    from shouwang.core.actor import system_actor
    from shouwang.screening import evidence

    rows = evidence.verdicts_now(system_actor("命令行"), household_no, as_of.date())
    if as_json:
        print_json({"household_no": household_no, "as_of": as_of.date(), "verdicts": rows})
        return
    _print_verdicts(household_no, as_of.date(), rows)


def _print_verdicts(household_no: str, as_of: date, rows: Sequence[dict[str, Any]]) -> None:
    """A table; members of whom a rule says the same share a line."""
    from rich.console import Console
    from rich.table import Table

    counts = Counter(row["state"] for row in rows)
    summary = "，".join(f"{label} {counts[state]} 条" for state, label in STATES.items())
    table = Table("判断", "规则", "对象", title=f"{household_no}，{as_of}：{summary}")
    for name in ("数值", "标准"):
        table.add_column(name, justify="right")
    table.add_column("说明", overflow="fold")
    table.add_column("依据", overflow="fold")
    shown: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        alike = ("state", "title", "value", "threshold", "words", "source")
        shown.setdefault(tuple(row[key] for key in alike), []).append(row["subject"])
    for (state, title, value, threshold, words, source), subjects in shown.items():
        label = f"[{COLOURS[state]}]{STATES[state]}[/]"
        table.add_row(label, title, "、".join(subjects), value, threshold, words, source)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@click.command("check-registry")
@json_option
def check_registry_command(as_json: bool) -> None:
    """对现有档案运行全部质量检查，给出各项问题数。

    例：shouwang check-registry --json
    """
    start()
    from shouwang.core.actor import system_actor
    from shouwang.registry.models import QualityFinding
    from shouwang.registry.operations.quality import run_quality
    from shouwang.screening.queries import rulebook_in_force

    run_quality(system_actor("命令行"))
    counts = Counter(QualityFinding.objects.values_list("check_id", flat=True))
    titles = {check.id: check.title for check in rulebook_in_force().checks.values()}
    if as_json:
        print_json(counts)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("检查", "说明", title=f"档案质量：{sum(counts.values()):,} 个问题")
    table.add_column("问题数", justify="right")
    for check, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(check, titles.get(check, ""), f"{count:,}")
    Console().print(table)


@click.command("check-rulebook")
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@json_option
def check_rulebook_command(folder: Path | None, as_json: bool) -> None:
    """检查规则库：写法、引用、日期、依据，规则和质量检查的测试案例；错误指明文件和行。

    不写文件夹时检查程序自带的规则库。有问题时退出码为 1。

    例：shouwang check-rulebook 我的规则库
    """
    from shouwang.engine.rulebook import PACKAGED

    problems = _problems(folder or PACKAGED)
    if as_json:
        print_json([asdict(each) for each in problems])
    for each in () if as_json else problems:
        click.secho(str(each), fg="red")
    if problems:
        raise SystemExit(EXIT_REFUSED)
    if not as_json:
        click.secho("规则库没有问题。", fg="green")


def _problems(folder: Path) -> list["Problem"]:
    """What is wrong with the writing; where nothing is, what the test cases show."""
    from shouwang.engine import Rulebook
    from shouwang.engine.errors import EngineError
    from shouwang.engine.rules.cases import run_cases
    from shouwang.engine.rules.check_cases import run_check_cases
    from shouwang.engine.rules.loading import read
    from shouwang.engine.rules.problems import Problem

    try:
        if problems := read(folder).problems:
            return problems
        with TemporaryDirectory() as scratch:
            rulebook = Rulebook.load(folder)
            return [
                *run_cases(rulebook, Path(scratch) / "rules"),
                *run_check_cases(rulebook, Path(scratch) / "checks"),
            ]
    except EngineError as error:
        return [Problem(folder.name, 1, str(error))]
