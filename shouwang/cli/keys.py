"""`shouwang rotate-keys`: a new encryption key, and what lies under older ones sealed anew."""

import click

from .ending import json_option, print_json
from .progress import progress_bar
from .starting import start


@click.command("rotate-keys")
@click.option(
    "--continue",
    "goes_on",
    is_flag=True,
    help="不换新密钥，只把还没有用现行密钥的内容重新加密（中断以后，或改了加密算法以后）。",
)
@json_option
def rotate_keys_command(goes_on: bool, as_json: bool) -> None:
    """换一把新的加密密钥，并把已有的号码和文件用新密钥重新加密。

    可以在使用中执行，也可以随时中断，之后用 --continue 接着做。旧密钥留在密钥文件里，
    以前的备份仍能解开。检索用的散列密钥不更换：没有它，已有的号码就找不到了。
    完成后请立即备份密钥文件。

    例：shouwang rotate-keys
    """
    start()
    from shouwang.audit.operations import record
    from shouwang.core import crypto, sealed_values
    from shouwang.core.actor import system_actor

    actor = system_actor("命令行")
    if not goes_on:
        crypto.rotate_key()
        record(actor, "audit.keys_rotated", summary="启用新的加密密钥，开始重新加密")
    with progress_bar("重新加密", sealed_values.amount()) as (bar, task):
        done = sealed_values.reseal_everything(lambda count: bar.advance(task, count))
    record(
        actor,
        "audit.keys_rotated",
        summary=f"重新加密号码 {done.values_changed} 个、文件 {done.files_changed} 个",
    )
    if as_json:
        print_json({"ok": True, **vars(done)})
        return
    click.echo(
        f"已用现行密钥重新加密：号码 {done.values_changed} 个（共 {done.values} 个），"
        f"文件 {done.files_changed} 个（共 {done.files} 个）。请立即备份密钥文件。"
    )
