"""有效衔接的方面 (frameworks): by which the register of policies is ordered."""

from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "frameworks.yaml"


@cache
def frameworks() -> dict[str, str]:
    """Each by its key, with its Chinese name, in the order of the paper that lists them."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))["frameworks"]
    return {str(row["key"]): str(row["label"]) for row in rows}
