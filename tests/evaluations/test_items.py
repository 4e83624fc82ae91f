"""考核项逐项编辑: a draft is changed item by item, the sums are told at once, all is kept."""

from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang.audit.queries import history
from shouwang.core.errors import Conflict, DomainError
from shouwang.evaluations.operations import (
    add_item,
    advance_scheme,
    edit_item,
    edit_parts,
    remove_item,
    save_items,
)
from shouwang.evaluations.operations.items import LABELS

from .conftest import ITEMS

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"evaluations:{name}", args=args)


def form_of(client, page):
    given = client.get(page).context["form"].initial
    return {key: value for key, value in given.items() if value not in (None, False, "")}


def test_an_item_is_changed_and_the_former_values_stay(scheme, officer):
    item = scheme.items.get(number="2.1")
    edit_item(officer, item, version=scheme.version, weight=Decimal(30), name="自评")
    line = history("evaluations.scheme", scheme.pk, labels=LABELS)[0]
    told = {change.field: (change.old, change.new) for change in line.changes}
    assert told == {"分值": ("40", "30"), "考核内容": ("自评工作", "自评")}
    scheme.refresh_from_db()
    with pytest.raises(DomainError, match=r"2 年终实绩.*合计 90"):
        advance_scheme(officer, scheme, "submit", version=scheme.version)
    with pytest.raises(Conflict):
        edit_item(officer, item, version=1, weight=Decimal(40))


def test_items_are_added_below_the_one_they_belong_to_and_taken_out(scheme, officer):
    above = scheme.items.get(number="2")
    made = add_item(
        officer, scheme, version=scheme.version, number="2.3", parent=above, part="平时",
        name="新的一项", weight=Decimal(0), source="manual", rule={"kind": "direct"},
    )  # fmt: skip
    assert made.part == "年终"
    assert [one.number for one in scheme.items.all()] == ["1", "2", "2.1", "2.2", "2.3", "3"]
    with pytest.raises(DomainError, match="逐项删除"):
        remove_item(officer, above, version=scheme.version)
    remove_item(officer, made, version=scheme.version)
    assert history("evaluations.scheme", scheme.pk)[0].action == "删除考核项"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"number": "1"}, "已有"), ({"part": "没有的"}, "不在方案里"), ({"name": " "}, "请写编号"),
        ({"weight": Decimal(101)}, "0 到 100"), ({"rule": {"kind": "ratio"}}, "目标值"),
        ({"source": "figure", "source_key": "no.such", "rule": {"kind": "ratio", "target": 1}},
         "没有自动数"),
        ({"source": "indicator", "source_key": "没有", "rule": {"kind": "ratio", "target": 1}},
         "没有指标"),
        ({"pk": 3}, "不能修改"),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_is_refused_with_the_reason(scheme, officer, values, words):
    item = scheme.items.get(number="2.2")
    with pytest.raises(DomainError, match=words):
        edit_item(officer, item, version=scheme.version, **values)


def test_weights_of_the_parts_add_up_or_are_refused(scheme, officer):
    with pytest.raises(DomainError, match="合计 90%"):
        edit_parts(
            officer, scheme, {"平时": Decimal(30), "年终": Decimal(60)}, version=scheme.version
        )
    edit_parts(officer, scheme, {"平时": Decimal(30), "年终": Decimal(70)}, version=scheme.version)
    scheme.refresh_from_db()
    assert scheme.weights["年终"] == 70
    with pytest.raises(DomainError, match="不能去掉"):
        edit_parts(officer, scheme, {"平时": Decimal(100)}, version=scheme.version)


def test_an_imported_table_keeps_what_it_replaced(scheme, officer):
    rows = [dict(ITEMS[0], name="差错"), *ITEMS[1:]]
    save_items(officer, scheme, rows, version=scheme.version)
    (change,) = history("evaluations.scheme", scheme.pk)[0].changes
    assert "政策落实差错" in change.old and "差错" in change.new


def test_the_whole_way_by_form_with_a_live_check(scheme, person):
    client = person.client("county_officer")
    item = scheme.items.get(number="2.2")
    data = form_of(client, url("item-edit", item.pk))
    data |= {"weight": "55", "source": "manual", "kind": "threshold", "steps": "95:100 90:85"}
    told = client.post(url("item-check", scheme.pk), data | {"item": item.pk}).content.decode()
    assert "合计 <b>95</b> 分，应为 100 分：还差 5" in told
    assert "≥95 得 100%" in told
    assert client.post(url("item-edit", item.pk), data).status_code == 302
    item.refresh_from_db()
    assert item.rule["table"] == [{"at": "95", "share": "100"}, {"at": "90", "share": "85"}]
    wrong = client.post(url("item-edit", item.pk), data | {"steps": "九十五"})
    assert "95:100 90:85 的样子" in wrong.content.decode()
    scheme.refresh_from_db()
    more = form_of(client, url("item-new", scheme.pk))
    more |= {"part": "平时", "name": "按时办结", "weight": "5", "nature": "quantitative",
             "source": "figure", "figure": "workplans.done", "base": "workplans.tasks",
             "kind": "ratio", "target": "100", "missing": "excluded"}  # fmt: skip
    assert client.post(url("item-new", scheme.pk), more).status_code == 302
    made = scheme.items.get(name="按时办结")
    assert (made.source_key, made.rule) == ("workplans.done/workplans.tasks",
                                            {"kind": "ratio", "target": "100"})  # fmt: skip
    scheme.refresh_from_db()
    weights = {"version": scheme.version, "weight_0": "50", "weight_1": "50"}
    assert client.post(url("scheme-parts", scheme.pk), weights).status_code == 302
    page = client.get(scheme.get_absolute_url()).content.decode()
    assert "修改考核项" in page and "还不能提请批准" in page
    scheme.refresh_from_db()
    gone = client.post(url("item-remove", made.pk), {"version": scheme.version})
    assert gone.status_code == 302


def test_a_frozen_scheme_is_not_edited_and_only_its_county_may(approved, person):
    item = approved.items.get(number="2.2")
    owner = person.client("county_officer")
    assert owner.get(url("item-edit", item.pk)).status_code == 409
    assert person.client("county_officer", "neighbour").get(
        url("item-edit", item.pk)
    ).status_code == 404  # fmt: skip
    assert person.client("county_leader").get(url("item-edit", item.pk)).status_code == 403
    assert person.client("town_clerk").get(url("item-edit", item.pk)).status_code == 403
