"""An indicator table is read the same however the file or the crawl laid it out."""

from hypothesis import HealthCheck, given, settings

from shouwang.policydocs import parse
from tests.policydocs.table_composer import ComposedTable, tables


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_every_row_comes_back_with_its_value_in_the_base_unit(composed: ComposedTable) -> None:
    found = parse(composed.source).indicators
    read = [(e.no, e.name, e.target_raw, e.comparator, e.value, e.unit, e.kind) for e in found]
    assert read == [
        (e.no, e.name, e.cell, e.comparator, e.value, e.unit, e.kind) for e in composed.rows
    ]
    if composed.with_bodies:
        named = [[unit.name for unit in each.responsible_units or ()] for each in found]
        assert named == [[each.body] for each in composed.rows]
    assert all(each.year == 2025 for each in found)
