"""`shouwang export`: links, clues, rejects and quality findings as CSV, for scripts and judges."""

import csv
from collections.abc import Callable
from pathlib import Path

import click

from shouwang.core.actor import Actor

from .ending import json_option, print_json
from .starting import start

WHAT = ("links", "clues", "rejects", "quality")


@click.command("export")
@click.argument("what", type=click.Choice(WHAT))
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个文件。",
)
@json_option
def export_command(what: str, out: Path, as_json: bool) -> None:
    """导出 CSV：links（关联）、clues（线索）、rejects（退回行）、quality（质量问题）。

    例：shouwang export clues --out clues.csv
    """
    start()
    from shouwang.core.actor import system_actor

    out.parent.mkdir(parents=True, exist_ok=True)
    lines = _exporters()[what](system_actor("命令行"), out)
    if as_json:
        print_json({"what": what, "out": str(out), "lines": lines})
    else:
        click.echo(f"已导出 {lines} 行到 {out}")


def _exporters() -> dict[str, Callable[..., int]]:
    from shouwang.feeds.exports import export_links
    from shouwang.registry.operations import export_quality
    from shouwang.screening.exports import export_clues

    return {
        "links": export_links,
        "clues": export_clues,
        "rejects": _export_rejects,
        "quality": export_quality,
    }


def _export_rejects(actor: Actor, out: Path) -> int:
    """The rejected rows of the registry's workbooks, then those of the department files."""
    from shouwang.feeds.exports import export_rejects
    from shouwang.registry.rejecting import export_rejects as export_registry_rejects

    lines = export_rejects(actor, out)
    extra = out.with_name(f".{out.name}.registry")
    try:
        lines += export_registry_rejects(actor, extra)
        with (
            extra.open(encoding="utf-8", newline="") as source,
            out.open("a", encoding="utf-8", newline="") as target,
        ):
            rows = csv.reader(source)
            next(rows)
            csv.writer(target, lineterminator="\n").writerows(rows)
    finally:
        extra.unlink(missing_ok=True)
    return lines
