"""用错命令时的提示: what click says of a mistaken call, in Chinese and with what to do next."""

import re

import click

TYPES = {"File": "文件", "Directory": "文件夹", "Path": "路径"}
STATES = {
    "does not exist": "不存在",
    "is a file": "是文件，这里要文件夹",
    "is a directory": "是文件夹，这里要文件",
    "is not readable": "没有读取权限",
    "is not writable": "没有写入权限",
    "is not executable": "没有执行权限",
}
NUMBERS = ("integer range", "float range", "integer", "float")
MESSAGES = (
    (r"No such command '(.+?)'\.?", r"没有命令“\1”。"),
    (r"No such option '?(.+?)'?\.", r"没有选项 \1。"),
    (r"Missing command\.", "没有写命令。"),
    (r"Got unexpected extra arguments? \((.+)\)", r"多了参数：\1。"),
    (r"Option '(.+)' requires an argument\.", r"选项 \1 后面要有值。"),
    (r"Option '(.+)' requires \d+ arguments\.", r"选项 \1 后面的值不够。"),
    (r"Option '(.+)' does not take a value\.", r"选项 \1 后面不带值。"),
    (r"Argument '(.+)' takes (\d+) values\.", r"参数 \1 要有 \2 个值。"),
    (r"'(.*)' does not match the formats? .*%Y-%m-%d.*", r"“\1”不是日期，应写成 2026-06-30 这样。"),
    (rf"'(.*)' is not a valid (?:{'|'.join(NUMBERS)})\.", r"“\1”不是数字。"),
    (r"(\S+) is not in the range (.+)\.", r"\1 超出范围 \2。"),
    (r"'(.*)' is not a valid boolean\..*", r"“\1”应为 true 或 false。"),
    (r"'(.*)' is not (?:one of )?(.+)\.", r"“\1”不在可选的值里：\2。"),
)
SUGGESTED = re.compile(r"\s*\(?Did you mean (?:one of: )?(.+?)\?\)?$", re.DOTALL)
PLACE = re.compile(rf"({'|'.join(TYPES)}) '(.*)' ({'|'.join(STATES)})\.")


def chinese(message: str) -> str:
    """Click's sentence in Chinese; a sentence of our own stays as it is."""
    if found := SUGGESTED.search(message):
        names = found[1].replace("'", "")
        return f"{chinese(message[: found.start()])}是不是 {names}？"
    if found := PLACE.fullmatch(message):
        return f"{TYPES[found[1]]} {found[2]} {STATES[found[3]]}。"
    for pattern, words in MESSAGES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return found.expand(words)
    return message


def explained(error: click.UsageError) -> str:
    """What is wrong, at which option or argument."""
    if isinstance(error, click.MissingParameter):
        name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
        return f"缺少 {name.replace(chr(39), '')}。"
    if isinstance(error, click.BadParameter) and error.param and error.ctx:
        name = error.param.get_error_hint(error.ctx).replace("'", "")
        return f"{name}：{chinese(error.message)}"
    return chinese(error.format_message())


def show(error: click.ClickException) -> None:
    """Write the mistake to the error stream, under the usage of the command."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return
    if not isinstance(error, click.UsageError):
        click.echo(f"出错：{chinese(error.format_message())}", err=True)
        return
    if error.ctx is not None:
        click.echo(f"{error.ctx.get_usage()}\n", err=True)
    click.secho(f"出错：{explained(error)}", fg="red", err=True)
    command = error.ctx.command_path if error.ctx else "命令加"
    click.echo(f"用法说明：{command} --help", err=True)
