"""`shouwang rebuild-registry`: the files that linking and screening read, from the database."""

import click

from .ending import json_option, print_json
from .progress import progress_bar
from .starting import start


@click.command("rebuild-registry")
@click.option("--force", is_flag=True, help="文件齐全也重新生成。")
@json_option
def rebuild_registry_command(force: bool, as_json: bool) -> None:
    """数据库还在而档案快照文件（registry 文件夹）丢失时，按数据库重新生成。

    恢复备份和启动后台进程时会自动检查；各值的来源文件和行以首次导入为准。

    例：shouwang rebuild-registry
    """
    start()
    made = rebuild(force=force)
    if as_json:
        print_json({"ok": True, "rebuilt": made})
        return
    click.echo("已按数据库重建档案快照。" if made else "档案快照文件齐全，没有重建。")


def rebuild(*, force: bool = False) -> bool:
    """Whether the files had to be made; refuses where nothing was ever imported."""
    from shouwang.core.actor import system_actor
    from shouwang.registry.models import Household, Member
    from shouwang.registry.operations import rebuild_snapshot

    total = Household.objects.count() + Member.objects.count()
    with progress_bar("重建档案快照", total) as (bar, task):
        snapshot = rebuild_snapshot(
            system_actor("命令行"), force=force, step=lambda count: bar.advance(task, count)
        )
    return snapshot is not None


def rebuild_if_missing() -> None:
    """For whoever starts on a database whose data folder was lost."""
    from shouwang.registry import snapshots
    from shouwang.registry.operations import is_complete

    if not is_complete(snapshots.current()):
        rebuild()
        click.echo("档案快照文件缺失，已按数据库重建。", err=True)
