"""专项行动 on indicators: chosen by name, shown on the sheet, counted with the tasks."""

import pytest
from django.urls import reverse

from shouwang.indicators.operations import make_definition
from shouwang.workplans.neighbours import initiative_goals
from shouwang.workplans.operations import add_initiative

pytestmark = pytest.mark.django_db
NAME = "千万工程"


@pytest.fixture
def tagged(places, officer):
    add_initiative(officer, name=NAME, level="nation", framework="六大行动", paper=None, year=None)
    make_definition(officer, division=places.county, code="别的", name="别的指标", unit="%")
    return make_definition(
        officer, division=places.county, code="厕所", name="卫生厕所普及率", unit="%", tags=[NAME]
    )


def test_progress_by_initiative_counts_its_indicators(tagged, officer, four_people):
    found = initiative_goals(officer)[NAME]
    assert (found.total, found.met) == (1, 0)
    client = four_people("county_officer").client("owner")
    page = client.get(reverse("workplans:initiatives")).content.decode()
    assert 'data-label="指标（个）"><a href="' in page
    shown = client.get(found.url).content.decode()
    assert "卫生厕所普及率" in shown and "别的指标" not in shown
    assert NAME in client.get(tagged.get_absolute_url()).content.decode()


def test_initiatives_are_ticked_in_the_form_and_only_known_ones(tagged, four_people):
    client = four_people("county_officer").client("owner")
    url = reverse("indicators:edit", args=[tagged.pk])
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    body = {name: value for name, value in values.items() if value not in (None, False)}
    assert client.post(url, body | {"tags": ["没有这一项"]}).status_code == 200
    assert client.post(url, body | {"tags": []}).status_code == 302
    tagged.refresh_from_db()
    assert tagged.tags == []


def test_another_county_sees_nothing_of_it(tagged, four_people):
    other = four_people("county_officer").client("neighbour")
    page = other.get(reverse("workplans:initiatives")).content.decode()
    assert "tag=" not in page.split('data-label="指标（个）"')[1][:40]


def test_the_form_offers_figures_and_indicators_by_name(tagged, four_people):
    client = four_people("county_officer").client("owner")
    page = client.get(reverse("indicators:edit", args=[tagged.pk])).content.decode()
    assert 'data-insert="registry.with_toilet"' in page
    assert 'data-insert="指标.别的"' in page
    assert 'data-insert="指标.厕所"' not in page
