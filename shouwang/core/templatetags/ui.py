"""模板标签 (ui): the parts that every page is made of; how to use them is on /components/."""

from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from shouwang.core import formats
from shouwang.core.charts import Chart, ChartTable
from shouwang.core.components import TONES, pill

register = template.Library()
register.filter("number", formats.number)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("share", formats.share)
register.simple_tag(formats.number, name="number")
register.simple_tag(formats.share, name="share")
register.simple_tag(formats.day, name="day")
register.simple_tag(formats.moment, name="moment")
register.simple_tag(formats.amount, name="amount")


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """One icon of the sprite; silent for screen readers unless it has a label."""
    spoken = format_html(' role="img" aria-label="{}"', label) if label else ' aria-hidden="true"'
    return format_html(
        '<svg class="icon {}"{}><use href="{}#{}"></use></svg>',
        css,
        mark_safe(spoken),  # noqa: S308 - built above
        static("vendor/icons/sprite.svg"),
        name,
    )


register.simple_tag(pill, name="pill")


@register.filter
def tone(value: str) -> str:
    """A tone that exists, so that a wrong one is grey instead of invisible."""
    return value if value in TONES else "idle"


@register.simple_tag(takes_context=True)
def render_block(context: template.Context, name: str) -> SafeString:
    """The text of a block of this page, empty where the page does not give it."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    if block is None:
        return SafeString("")
    return SafeString(block.render(context).strip())


@register.simple_tag(takes_context=True)
def block_words(context: template.Context, name: str) -> str:
    """The words of a block without its marks, for the title of the window."""
    return " ".join(strip_tags(render_block(context, name)).split())


@register.inclusion_tag("core/crumb.html")
def crumb(text: str, url: str = "") -> dict[str, Any]:
    return {"text": text, "url": url}


@register.inclusion_tag("core/masked.html")
def masked(text: str | None, reveal_url: str = "", label: str = "") -> dict[str, Any]:
    """Masked personal data; with `reveal_url` a button that asks for a reason."""
    return {"text": text or formats.DASH, "reveal_url": reveal_url if text else "", "label": label}


@register.inclusion_tag("core/chart.html")
def chart(
    id: str,  # noqa: A002 - it is the id of the element
    option: Chart | Mapping[str, Any],
    title: str = "",
    unit: str = "",
    source: str = "",
    table: ChartTable | None = None,
    height: str = "",
) -> dict[str, Any]:
    """A chart whose title says its message, with the table of its figures behind it."""
    if isinstance(option, Chart):
        drawn = option
    else:
        drawn = Chart(title, unit, source, dict(option), table or ChartTable([], []))
    return {
        "id": id,
        "data_id": f"{id}-option",
        "chart": drawn,
        "height": height or drawn.height,
        "is_empty": not drawn.table.rows and not drawn.option.get("series"),
    }


@register.inclusion_tag("core/field.html")
def field(bound: BoundField, unit: str = "", compact: bool = False) -> dict[str, Any]:
    """One form field: label above, help under it, the error in words."""
    widget = bound.field.widget if compact else _ticks(bound.field.widget)
    kind = _kind(widget)
    attrs = _attrs(bound, kind)
    if kind == "range":
        _prepare_range(bound)
    if kind in {"range", "group", "many"}:
        attrs.pop("class", None)
    _prepare_date(widget, is_date=isinstance(widget, forms.DateInput))
    if compact:
        _offer_all(bound)
    return {
        "bound": bound,
        "errors": error_words(bound),
        "widget": bound.as_widget(widget, attrs=attrs),
        "kind": kind,
        "unit": unit,
        "compact": compact,
    }


class Ticks(forms.CheckboxSelectMultiple):
    """Many of a long list: boxes to tick, with a field that narrows the list."""


def _ticks(widget: forms.Widget) -> forms.Widget:
    """Boxes to tick instead of a list in which one loses everything by one click without Ctrl."""
    if isinstance(widget, forms.SelectMultiple):
        return Ticks(choices=widget.choices)
    return widget


def _prepare_range(bound: BoundField) -> None:
    widget = bound.field.widget
    for part, end in zip(getattr(widget, "widgets", []), ("起", "止"), strict=False):
        part.attrs.setdefault("class", _css(part))
        part.attrs.setdefault("aria-label", f"{bound.label}（{end}）")
        _prepare_date(part, is_date="Date" in type(widget).__name__)


def error_words(bound: BoundField) -> list[str]:
    """What is wrong with a field and what to do, in words."""
    words: list[str] = []
    for error in bound.errors.as_data():
        if error.code == "required":
            words.append(f"请{_verb(bound.field.widget)}{bound.label}。")
        else:
            words.extend(str(message) for message in error.messages)
    return words


def _summary_line(bound: BoundField) -> str:
    words = " ".join(error_words(bound))
    return words if str(bound.label) in words else f"{bound.label}：{words}"


def _verb(widget: forms.Widget) -> str:
    if isinstance(widget, forms.FileInput):
        return "上传"
    if isinstance(widget, forms.CheckboxInput):
        return "勾选"
    chosen = forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple | forms.DateInput
    return "选择" if isinstance(widget, chosen) else "填写"


def _offer_all(bound: BoundField) -> None:
    """A filter that is not set says 全部 instead of dashes or 未知."""
    widget = bound.field.widget
    if hasattr(bound.field, "empty_label"):
        bound.field.empty_label = "全部"
    if not isinstance(widget, forms.Select) or isinstance(widget, forms.SelectMultiple):
        return
    names = {"": "全部"}
    if isinstance(bound.field, forms.NullBooleanField):
        names |= {"unknown": "全部", "true": "是", "false": "否"}
    widget.choices = [(key, names.get(str(key), label)) for key, label in widget.choices]


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, Ticks):
        return "many"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "range" if isinstance(widget, forms.MultiWidget) else "plain"


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.FileInput):
        return "dropzone-input"
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _attrs(bound: BoundField, kind: str) -> dict[str, Any]:
    own = bound.field.widget.attrs.get("class", "")
    css = _css(bound.field.widget)
    attrs: dict[str, Any] = {"class": f"{own} {css}".strip()}
    notes = []
    if bound.help_text:
        notes.append(f"{bound.auto_id}_help")
    if bound.errors:
        attrs["class"] += " is-invalid"
        attrs["aria-invalid"] = "true"
        notes.append(f"{bound.auto_id}_error")
    if notes and kind not in {"group", "many"}:
        attrs["aria-describedby"] = " ".join(notes)
    return attrs


def _prepare_date(widget: forms.Widget, *, is_date: bool) -> None:
    """The browser's own date field reads and gives 2026-06-30 only."""
    if is_date and isinstance(widget, forms.TextInput):
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"  # type: ignore[attr-defined]


@register.inclusion_tag("core/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """All errors of a form on top, each leading to its field."""
    wrong = [(bound, _summary_line(bound)) for bound in form if bound.errors]
    return {"form": form, "wrong": wrong, "general": form.non_field_errors()}
