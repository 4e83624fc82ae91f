"""文书 (letters): which papers the rooms make, and how one is made from its template.

A room declares LETTERS in its letters.py and ships `letters/<key>.docx` beside it. A county may put
its own template in its place (operations/templates.py); both are filled in the same way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings

from shouwang.core import formats
from shouwang.core.errors import NotFound
from shouwang.divisions.models import Division
from shouwang.divisions.queries import county as county_by_code

from . import templating
from .models import LetterTemplate

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Sample = str | Sequence[Mapping[str, str]]


class Field(NamedTuple):
    """A value that a template may name: `{{ name }}`, or a list whose rows have `columns`."""

    name: str
    label: str
    sample: Sample
    columns: Mapping[str, str] = {}

    @property
    def is_list(self) -> bool:
        return not isinstance(self.sample, str)


@dataclass(frozen=True)
class LetterKind:
    """文书种类: `public` papers hang on a wall and refuse every personal number.

    `fields` are (name, label, sample) or (name, label, sample, columns) for a list of rows. The
    `code` under which a letter is made is `<room>.<key>`.
    """

    key: str
    title: str
    room: str
    fields: Sequence[Any] = field(repr=False)
    public: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", tuple(Field(*each) for each in self.fields))

    @property
    def code(self) -> str:
        return f"{self.room}.{self.key}"

    @property
    def names(self) -> set[str]:
        return {each.name for each in self.fields}

    @property
    def sample(self) -> dict[str, Any]:
        return {each.name: each.sample for each in self.fields}

    @property
    def default(self) -> Path:
        return Path(apps.get_app_config(self.room).path) / "letters" / f"{self.key}.docx"


def _declared() -> Iterator[LetterKind]:
    for app in apps.get_app_configs():
        is_room = app.name.startswith("shouwang.") and app.label != "documents"
        if is_room and find_spec(f"{app.name}.letters"):
            yield from import_module(f"{app.name}.letters").LETTERS


@cache
def all_letters() -> dict[str, LetterKind]:
    """Every declared letter by its code, in the order of the rooms."""
    found: dict[str, LetterKind] = {}
    for kind in _declared():
        if kind.code in found:
            raise ValueError(f"the letter {kind.code} is declared twice")
        found[kind.code] = kind
    return found


def letter_kind(code: str) -> LetterKind:
    try:
        return all_letters()[code]
    except KeyError:
        raise NotFound("没有这种文书。") from None


def template_in_use(kind: LetterKind, county: Division | None) -> LetterTemplate | None:
    """The county's own template; None where the default is in use. Holds no personal data."""
    county = county or county_by_code(settings.SHOUWANG_COUNTY)
    return LetterTemplate.objects.filter(
        key=kind.code, county=county, state=LetterTemplate.State.CURRENT
    ).first()


def template_file(kind: LetterKind, own: LetterTemplate | None) -> bytes:
    return bytes(own.file) if own else kind.default.read_bytes()


def render(code: str, context: Mapping[str, Any], *, county: Division | None = None) -> bytes:
    """The letter as Word, from the county's template or else the default.

    `context` gives every field of the kind and nothing else. Days, amounts and numbers may come as
    such; None is left blank. A public letter with a personal number raises PersonalNumber.
    """
    kind = letter_kind(code)
    if wrong := kind.names.symmetric_difference(context):
        raise ValueError(f"{code}: fields missing or unknown: {', '.join(sorted(wrong))}")
    values = {name: _plain(value) for name, value in context.items()}
    labels = {each.name: each.label for each in kind.fields}
    own = template_in_use(kind, county)
    return templating.fill(template_file(kind, own), values, labels, public=kind.public)


def _plain(value: Any) -> Any:
    """A value as words; lists of rows row by row."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return words(value)


def words(value: Any) -> str:
    """How a value is written on paper: 2026年6月30日, 1,234.50.

    >>> words(date(2026, 6, 30))
    '2026年6月30日'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal):
        return formats.amount(value)
    return str(value)
