"""Fields that people see: files by drag, a long list by ticks, both ends of a range named."""

import re

from django import forms
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict
from django_filters.fields import DateRangeField

PLACES = [("1", "甲镇 子村"), ("2", "甲镇 丑村"), ("3", "乙镇 寅村")]


class PlanForm(forms.Form):
    places = forms.MultipleChoiceField(label="镇村", choices=PLACES)
    sheet = forms.FileField(label="清单（xlsx）", help_text="不超过 30 MB。")


class DayForm(forms.Form):
    day = DateRangeField(label="收到日期")


def drawn(form: forms.Form, name: str, options: str = "") -> str:
    template = Template("{% load ui %}{% field bound " + options + " %}")
    return template.render(Context({"bound": form[name]}))


def test_many_of_a_list_are_ticked_and_none_is_lost_by_one_click() -> None:
    given = MultiValueDict({"places": ["1", "3"]})
    html = drawn(PlanForm(given), "places")
    assert "<select" not in html
    boxes = re.findall(r'<input type="checkbox" name="places" value="(\d)"([^>]*)>', html)
    assert [value for value, rest in boxes if "checked" in rest] == ["1", "3"]
    assert "镇村" in re.findall(r"<legend[^>]*>([^<]*)", html)


def test_what_was_ticked_is_read_as_before() -> None:
    form = PlanForm(MultiValueDict({"places": ["1", "3"]}))
    drawn(form, "places")
    assert form["places"].value() == ["1", "3"]
    form.is_valid()
    assert form.cleaned_data["places"] == ["1", "3"]


def test_a_file_has_a_place_to_drop_it_and_one_name() -> None:
    html = drawn(PlanForm(), "sheet")
    assert "data-dropzone" in html
    field = re.search(r'<input type="file"[^>]*>', html)
    assert field is not None
    assert 'id="id_sheet"' in field[0]
    assert html.count('for="id_sheet"') == 1, "a second label would name it twice"
    assert "不超过 30 MB" in html


def test_a_missing_file_is_asked_for_in_words() -> None:
    html = drawn(PlanForm({}, {}), "sheet")
    assert "请上传清单（xlsx）" in html


def test_both_ends_of_a_range_have_a_name() -> None:
    html = drawn(DayForm(), "day", "compact=True")
    assert 'aria-label="收到日期（起）"' in html
    assert 'aria-label="收到日期（止）"' in html
