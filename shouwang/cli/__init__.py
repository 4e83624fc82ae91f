"""命令行: the console program `shouwang` for administrators and scripts."""

import os
import sys
from importlib import import_module

import click

from . import mistakes
from .ending import EXIT_REFUSED
from .helping import speak_chinese

# command → module; a module is loaded only when its command is called, so that --help is quick
COMMANDS = {
    "demo": "demo",
    "serve": "serving",
    "worker": "serving",
    "import": "importing",
    "screen": "screening",
    "export": "exporting",
    "explain": "screening",
    "check-registry": "screening",
    "check-rulebook": "screening",
    "audit": "audit",
    "createuser": "accounts",
    "parse-paper": "papers",
    "backup": "maintenance",
    "restore": "maintenance",
    "rebuild-registry": "rebuilding",
    "rotate-keys": "keys",
}


class Program(click.Group):
    """A group that finds its commands by name in the modules beside it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"shouwang.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        return command


speak_chinese()


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shouwang", message="守望 %(version)s")
def program() -> None:
    """守望：防止返贫监测与政策落实平台。各命令加 --help 查看用法。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")


def main() -> None:
    """Entry point: a refusal or a mistake is a Chinese sentence and an exit code, no traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    from shouwang.core.errors import DomainError

    try:
        code = program(prog_name="shouwang", standalone_mode=False)
    except DomainError as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(EXIT_REFUSED)
    except click.ClickException as error:
        mistakes.show(error)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("已中止。", err=True)
        sys.exit(EXIT_REFUSED)
    sys.exit(code if isinstance(code, int) else 0)
