"""规则书问题: what is wrong in a rulebook file, where, and what was expected, in Chinese."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """A file, relative to the rulebook, and a line in it (1-based)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行"


NOWHERE = Place("（表达式）", 1)


@dataclass(frozen=True, order=True)
class Problem:
    """One finding of the rulebook check."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.message}"


class RuleError(Exception):
    """A rulebook text that cannot be used; carries the place and says what was expected."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(f"{place}：{message}")
        self.place = place
        self.message = message

    def problem(self) -> Problem:
        return Problem(self.place.file, self.place.line, self.message)
