"""用法的中文写法: what click writes in English round our own texts, in Chinese."""

import re
from collections.abc import Iterable

import click

HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
WORDS = (
    (re.compile(r"Show this message and exit\."), "显示用法并退出。"),
    (re.compile(r"Show the version and exit\."), "显示版本并退出。"),
    (re.compile(r"\[default: ([^;\]]+)"), r"[默认 \1"),
    (re.compile(r"\[required"), "[必填"),
    (re.compile(r"; required"), "；必填"),
)


class Formatter(click.HelpFormatter):
    """Help with Chinese headings; the texts themselves stand beside each command."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        words = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]...")
        super().write_usage(prog, words, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(HEADINGS.get(heading, heading))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        super().write_dl([(name, _chinese(text)) for name, text in rows], col_max, col_spacing)


def _chinese(text: str) -> str:
    for pattern, words in WORDS:
        text = pattern.sub(words, text)
    return text


def speak_chinese() -> None:
    """From now on every command writes its help in Chinese."""
    click.Context.formatter_class = Formatter
