"""startswith: on both databases what Python says, and on SQLite by the index."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.lookups import just_after
from shouwang.divisions.models import Division

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(TEXT, TEXT)
def test_the_range_holds_exactly_what_begins_with_the_prefix(prefix, text):
    end = just_after(prefix)
    inside = prefix <= text and (not end or text < end)
    assert inside == text.startswith(prefix)


def make(code, path):
    return Division.objects.create(
        code=code, name=code, level="village", path=path, pinyin="", initials=""
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prefix", "found"),
    [("/1/2/", {"a", "b"}), ("/1/2/3/", {"b"}), ("/1/X", {"d"}), ("", {"a", "b", "c", "d"}),
     ("/1/%", set()), ("/1/_", set())],
)  # fmt: skip
def test_paths_below_a_path_are_found_with_regard_to_case(prefix, found):
    for code, path in (("a", "/1/2/"), ("b", "/1/2/3/"), ("c", "/1/20/"), ("d", "/1/X/")):
        make(code, path)
    rows = Division.objects.filter(path__startswith=prefix, code__in="abcd")
    assert set(rows.values_list("code", flat=True)) == found
    assert not Division.objects.filter(path__startswith="/1/x").exists()


@pytest.mark.django_db
def test_a_place_is_looked_up_by_its_index_on_sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has its own index of patterns")
    plan = Division.objects.filter(path__startswith="/1/2/").order_by().explain()
    assert "path>" in plan and "SCAN" not in plan
