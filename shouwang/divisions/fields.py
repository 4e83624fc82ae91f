"""区划选择框: a form field that finds a division by name, pinyin initials or code.

With JavaScript it offers matches while one types; without, what was typed must name one division.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from shouwang.core.actor import Actor

from .models import Division
from .queries import full_names
from .querysets import DivisionQuerySet

TYPED = "_text"


class DivisionPicker(forms.Widget):
    """A search box and the chosen key behind it."""

    template_name = "divisions/picker.html"

    class Media:
        css = {"all": ("divisions/divisions.css",)}
        js = ("divisions/picker.js",)

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.right = "divisions.view"
        self.level = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return str(data.get(name) or "").strip(), str(data.get(name + TYPED) or "").strip()

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and name + TYPED not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        key, text = _shown(value)
        context["widget"] |= {
            "key": key,
            "text": text,
            "typed_name": name + TYPED,
            "url": f"{reverse_lazy('divisions:picker')}?right={self.right}&level={self.level}",
        }
        return context


def _shown(value: Any) -> tuple[str, str]:
    """Key and text of a chosen division, or of what was typed and not understood."""
    if isinstance(value, Division):
        return str(value.pk), full_names([value])[value.pk]
    if isinstance(value, tuple):
        key, text = value
        found = Division.objects.filter(pk=key).first() if key.isdigit() and not text else None
        return (key, full_names([found])[found.pk]) if found else (key, text)
    if isinstance(value, int | str) and str(value).isdigit():
        found = Division.objects.filter(pk=int(value)).first()
        return (str(found.pk), full_names([found])[found.pk]) if found else ("", "")
    return "", ""


class DivisionField(forms.Field):
    """A division that the actor reaches with a right; the form calls `use` for it."""

    widget = DivisionPicker

    def __init__(self, *, level: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.level = level
        self._choices: DivisionQuerySet = Division.objects.none()

    def use(self, actor: Actor, right: str = "divisions.view") -> None:
        """Offer what the actor reaches with the right."""
        choices = Division.objects.visible_to(actor, right).current()
        self._choices = choices.filter(level=self.level) if self.level else choices
        assert isinstance(self.widget, DivisionPicker)
        self.widget.right, self.widget.level = right, self.level

    def clean(self, value: Any) -> Division | None:
        key, text = value if isinstance(value, tuple) else (str(value or ""), "")
        found = self._by_key(key) or self._by_text(text)
        if found is None and (key or text):
            raise ValidationError("没有找到这个区划，请从下拉列表中选择。", code="unknown_division")
        if found is None and self.required:
            raise ValidationError("请选择区划。", code="required")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(getattr(initial, "pk", initial) or "") != (data[0] if data else "")

    def _by_key(self, key: str) -> Division | None:
        return self._choices.filter(pk=int(key)).first() if key.isdecimal() else None

    def _by_text(self, text: str) -> Division | None:
        if not text:
            return None
        matches = list(self._choices.matching(text)[:20])
        exact = [one for one in matches if text in (one.name, one.code)]
        chosen = exact or matches
        return chosen[0] if len(chosen) == 1 else None


def use(form: forms.Form, name: str, actor: Actor, right: str = "divisions.view") -> None:
    """Tell a form's division field for whom it is; belongs in the form's `__init__`."""
    field = form.fields[name]
    assert isinstance(field, DivisionField), name
    field.use(actor, right)
