"""Select boxes are written as Django's templates write them, letter by letter."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html

from shouwang.core.form_renderer import Renderer

CHOICES = [
    ("", "全部"),
    (1, "<一> & “二”"),
    (2024, 2024),
    ('x\' "y"', format_html("<b>{}</b>", "&")),
    ("组 <1>", [("a", "甲"), ("b", "乙")]),
]


@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
@pytest.mark.parametrize("value", ["", 1, "a", 2024, None])
def test_a_select_is_the_same_as_the_one_of_django(widget: type[forms.Select], value: str) -> None:
    box = widget(attrs={"class": "form-select", "required": True, "hidden": False, "data-x": '"<'})
    if not isinstance(box, forms.NullBooleanSelect):
        box.choices = CHOICES
    chosen = [value] if widget is forms.SelectMultiple else value
    attrs = {"id": "id_box", "size": 3}
    ours = box.render("box", chosen, attrs, renderer=Renderer())
    assert ours == box.render("box", chosen, attrs, renderer=DjangoTemplates())


def test_other_widgets_are_left_to_their_templates() -> None:
    text = forms.TextInput().render("a", "<", renderer=Renderer())
    assert text == forms.TextInput().render("a", "<", renderer=DjangoTemplates())
