"""`shouwang audit verify` proves the log; `shouwang audit tail` shows its end."""

import sys

import click

from .ending import EXIT_REFUSED, json_option, print_json
from .starting import start


@click.group("audit")
def audit_command() -> None:
    """核验和查看审计日志。

    例：shouwang audit verify --head 打印链头，抄存在系统之外。
    """


@audit_command.command("verify")
@click.option("--head", is_flag=True, help="只打印链头，供抄存到系统之外。")
@click.option("--anchor", default=None, help="以前抄存的链头（序号:哈希），核对此前的记录。")
@json_option
def verify_command(head: bool, anchor: str | None, as_json: bool) -> None:
    """逐条核验审计日志没有被修改、删除、插入或调换；有问题时退出码为 1。

    数据库管理员有可能重写整条链。把 --head 打印的链头定期抄存在系统之外，
    以后用 --anchor 核对，这种重写也能发现。
    """
    start()
    from shouwang.audit.chain import verify

    result = verify(anchor)
    if as_json:
        print_json(
            {
                "ok": result.ok,
                "count": result.count,
                "head": result.anchor,
                "problems": [vars(problem) for problem in result.problems],
            }
        )
    elif head and result.ok:
        click.echo(result.anchor)
    else:
        for problem in result.problems:
            place = "" if problem.sequence is None else f"第{problem.sequence}号："
            click.secho(f"{place}{problem.message}", fg="red", err=True)
        verdict = "完整" if result.ok else f"发现 {len(result.problems)} 处问题"
        click.echo(f"审计日志 {result.count} 条，{verdict}。链头 {result.anchor}")
    if not result.ok:
        sys.exit(EXIT_REFUSED)


@audit_command.command("tail")
@click.option(
    "-n",
    "--lines",
    default=20,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="打印最近多少条。",
)
@json_option
def tail_command(lines: int, as_json: bool) -> None:
    """打印最近的审计记录，新的在后。"""
    start()
    from shouwang.audit.models import AuditEntry
    from shouwang.audit.wording import action_label

    entries = list(AuditEntry.objects.with_sequence().order_by("-pk")[:lines])[::-1]
    if as_json:
        print_json(
            [
                {
                    "sequence": getattr(entry, "sequence", None),
                    "at": entry.at.isoformat(),
                    "actor": entry.actor_label,
                    "action": entry.action,
                    "target": f"{entry.target_type}:{entry.target_id}".strip(":"),
                    "summary": entry.summary,
                }
                for entry in entries
            ]
        )
        return
    from django.utils.timezone import localtime

    for entry in entries:
        moment = localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S")
        words = f"{moment}  {entry.actor_label}  {action_label(entry.action)}  {entry.summary}"
        click.echo(words.rstrip())
