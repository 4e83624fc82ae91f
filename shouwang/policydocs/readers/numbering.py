"""自动编号 (numbering): the labels that Word counts itself and does not keep in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "零一二三四五六七八九"
CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographTraditional",
    "chineseLegalSimplified",
    "taiwaneseCountingThousand",
}
HEADINGS = {f"heading {n}": n for n in range(1, 7)} | {f"标题 {n}": n for n in range(1, 7)}


def chinese(number: int) -> str:
    """1 … 99 as 一 … 九十九."""
    if number <= 0 or number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones or not tens else "")


@dataclass(frozen=True)
class _Level:
    start: int
    kind: str
    text: str


@dataclass
class Numbering:
    """编号定义: levels of each list, and how far each list has counted."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    style_numbers: dict[str, tuple[str, int]] = field(default_factory=dict)
    style_levels: dict[str, int] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, numbering: ElementTree.Element | None, styles: ElementTree.Element | None
    ) -> Numbering:
        found = cls()
        if numbering is not None:
            found._read_lists(numbering)
        if styles is not None:
            found._read_styles(styles)
        return found

    def _read_lists(self, root: ElementTree.Element) -> None:
        for abstract in root.iter(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId", "")
            for level in abstract.findall(f"{W}lvl"):
                self.levels[key, _int(level.get(f"{W}ilvl"))] = _Level(
                    _int(_value(level, "start"), 1),
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                )
        for number in root.iter(f"{W}num"):
            self.lists[number.get(f"{W}numId", "")] = _value(number, "abstractNumId") or ""

    def _read_styles(self, root: ElementTree.Element) -> None:
        for style in root.iter(f"{W}style"):
            key = style.get(f"{W}styleId", "")
            name = (_value(style, "name") or "").lower()
            if name in HEADINGS:
                self.style_levels[key] = HEADINGS[name]
            properties = style.find(f"{W}pPr/{W}numPr")
            if properties is not None:
                self.style_numbers[key] = (
                    _value(properties, "numId") or "",
                    _int(_value(properties, "ilvl")),
                )

    def heading_level(self, paragraph: ElementTree.Element) -> int | None:
        return self.style_levels.get(_style(paragraph))

    def label(self, paragraph: ElementTree.Element) -> str:
        """The label that Word shows before this paragraph, counted on; empty for bullets."""
        properties = paragraph.find(f"{W}pPr/{W}numPr")
        if properties is not None:
            number, depth = _value(properties, "numId") or "", _int(_value(properties, "ilvl"))
        else:
            number, depth = self.style_numbers.get(_style(paragraph), ("", 0))
        abstract = self.lists.get(number)
        level = self.levels.get((abstract, depth)) if abstract is not None else None
        if level is None or number == "0" or abstract is None:
            return ""
        counts = self.counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        return self._shown(abstract, depth, counts)

    def _shown(self, abstract: str, depth: int, counts: dict[int, int]) -> str:
        level = self.levels[abstract, depth]
        if level.kind == "bullet":
            return "●"
        text = level.text
        for each in range(depth + 1):
            own = self.levels.get((abstract, each), level)
            count = counts.get(each, own.start)
            text = text.replace(f"%{each + 1}", _written(count, own.kind))
        return text


def _written(count: int, kind: str) -> str:
    if kind in CHINESE:
        return chinese(count)
    if kind.startswith("decimalEnclosedCircle") and 1 <= count <= 20:
        return chr(ord("①") + count - 1)
    return str(count)


def _style(paragraph: ElementTree.Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return found.get(f"{W}val", "") if found is not None else ""


def _value(element: ElementTree.Element, tag: str) -> str | None:
    found = element.find(f"{W}{tag}")
    return found.get(f"{W}val") if found is not None else None


def _int(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default
