"""Every command explains itself in Chinese."""

import re

import click
import pytest
from click.testing import CliRunner

from shouwang.cli import COMMANDS, program

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b(Usage|Options|Commands|Show this|default:|required)\b")


def named(name: str) -> click.Command:
    command = program.get_command(click.Context(program), name)
    assert command is not None
    return command


def all_commands() -> list[tuple[str, ...]]:
    """Every command, those inside a group included."""
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        command = named(name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, inner) for inner in command.commands]
    return found


@pytest.mark.parametrize("path", [(), *all_commands()], ids=" ".join)
def test_help_is_chinese_from_head_to_foot(path: tuple[str, ...]) -> None:
    done = CliRunner().invoke(program, [*path, "--help"])
    assert done.exit_code == 0
    assert CHINESE.search(done.output)
    assert ENGLISH.findall(done.output) == []
    assert done.output.startswith("用法：")


@pytest.mark.parametrize("path", all_commands(), ids=" ".join)
def test_every_option_says_what_it_does(path: tuple[str, ...]) -> None:
    command = named(path[0])
    if len(path) == 2:
        assert isinstance(command, click.Group)
        command = command.commands[path[1]]
    silent = [
        option.name
        for option in command.params
        if isinstance(option, click.Option) and not CHINESE.search(option.help or "")
    ]
    assert silent == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_how_it_is_called(name: str) -> None:
    assert "例：" in (named(name).help or ""), name


def test_the_list_of_commands_says_what_each_is_for() -> None:
    output = CliRunner().invoke(program, ["--help"]).output
    for name in COMMANDS:
        line = next(line for line in output.splitlines() if line.startswith(f"  {name} "))
        assert CHINESE.search(line), name
