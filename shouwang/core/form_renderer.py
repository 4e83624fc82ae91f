"""选择框 (select boxes): written directly, the same letters as Django's own templates write.

A box of two hundred villages is six hundred templates for Django; half of the time of a list went
into the boxes of its filters.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.template.base import render_value_in_context
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"
PLAIN = Context()


class Renderer(DjangoTemplates):
    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        if template_name == SELECT:
            widget = context["widget"]
            if all(one["template_name"] == OPTION for one in _options(widget)):
                return mark_safe("".join(_select(widget)))  # noqa: S308 - every part is escaped
        return mark_safe(  # noqa: S308 - what a template gives
            super().render(template_name, context, request)
        )


def _options(widget: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for _, options, _ in widget["optgroups"]:
        yield from options


def _select(widget: Mapping[str, Any]) -> Iterator[str]:
    yield f'<select name="{_shown(widget["name"])}"{_attributes(widget)}>'
    for group, options, _ in widget["optgroups"]:
        if group:
            yield f'\n  <optgroup label="{_shown(group)}">'
        for option in options:
            value = conditional_escape(str(option["value"]))
            yield f'\n  <option value="{value}"{_attributes(option)}>{_shown(option["label"])}'
            yield "</option>\n"
        if group:
            yield "\n  </optgroup>"
    yield "\n</select>"


def _attributes(part: Mapping[str, Any]) -> str:
    return "".join(
        f" {_shown(name)}"
        if value is True
        else f' {_shown(name)}="{conditional_escape(str(value))}"'
        for name, value in part["attrs"].items()
        if value is not False
    )


def _shown(value: object) -> str:
    """As `{{ value }}` shows it."""
    return conditional_escape(value) if isinstance(value, str) else _localised(value)


def _localised(value: object) -> str:
    return str(render_value_in_context(value, PLAIN))
