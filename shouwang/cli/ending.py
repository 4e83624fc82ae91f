"""Exit codes and the output of a command for people (text) and for scripts (--json)."""

import json
import sys
from typing import Any

import click

EXIT_REFUSED = 1
"""The command was understood, but the data or the rules forbid it."""
EXIT_USAGE = 2
"""The call itself is off (click's own code)."""

json_option = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果，供脚本使用。")


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=str)
    sys.stdout.write("\n")
