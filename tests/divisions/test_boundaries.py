"""Areas of divisions: read with suspicion, made simple, taken by code within one's scope."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.accounts.actors import actor_for
from shouwang.audit.models import AuditEntry
from shouwang.core import clock
from shouwang.core.actor import system_actor
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.divisions import demo
from shouwang.divisions.geometry import read_areas, simplified, thinned
from shouwang.divisions.models import Boundary
from shouwang.divisions.operations.boundaries import import_boundaries
from tests.four_people import FourPeople, Places, make_account, make_post

SQUARE = [[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0], [1.0, 1.0]]


def feature(code: object, ring: Any = None, kind: str = "Polygon") -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": [SQUARE if ring is None else ring]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def file(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"{" * 100_000, "不是能读取"),
        (b"[" * 100_000, "不是能读取"),
        (b'{"type": "Topology"}', "要素集合"),
        (file(), "没有要素"),
        (file("x"), "没有几何图形"),
        (file({"type": "Feature", "properties": {}, "geometry": None}), "没有几何图形"),
        (file(feature("../../etc")), "区划代码"),
        (file(feature(True)), "区划代码"),
        (file(feature("1", kind="Point")), "不是面"),
        (file(feature("1", ring=[[1, 1], [2, 2], [1, 1]])), "少于 4 个点"),
        (file(feature("1", ring=[*SQUARE[:-1], [9, 9]])), "没有闭合"),
        (file(feature("1", ring=[["a", 1]] * 4)), "不是经纬度"),
        (file(feature("1", ring=[[500000, 3400000]] * 4)), "不是经纬度"),
        (file(feature("1", ring=[[1, 95]] * 4)), "不是经纬度"),
        (b'{"type": "FeatureCollection", "features": [{"properties": {"code": "1"}, "geometry":'
         b' {"type": "Polygon", "coordinates": [[[NaN, 1]]]}}]}', "不是能读取"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_area_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        read_areas(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_nothing_that_somebody_sends_breaks_the_reader(node: Any) -> None:
    for body in (node, {"type": "FeatureCollection", "features": [node]},
                 {"type": "FeatureCollection", "features": [feature("1", ring=node)]}):  # fmt: skip
        try:
            read_areas(json.dumps(body).encode())
        except DomainError:
            continue


def test_points_that_do_not_shape_an_area_fall_away_and_corners_stay() -> None:
    side = [(x / 100, 0.0) for x in range(101)]
    ring = [*side, (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    assert thinned(ring, 0.01) == [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    found = simplified([[ring]])
    assert found == [[[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]]]
    flat = [(5.0, 5.0)] * 4
    assert simplified([[flat]]), "an area without extent is kept as it is"


@pytest.mark.django_db
def test_areas_come_in_by_code_and_replace_what_was_there(places: Places) -> None:
    actor = system_actor("测试")
    village = places.village
    outcome = import_boundaries(
        actor, file(feature(village.code), feature("110101001001")), name="边界.geojson"
    )
    assert (outcome.taken, outcome.unknown) == (1, ["110101001001"])
    assert village.boundary.coordinates == [[SQUARE]]
    moved = [[x + 1, y] for x, y in SQUARE]
    import_boundaries(actor, file(feature(int(village.code), ring=moved)), name="新.geojson")
    assert Boundary.objects.get().coordinates == [[moved]]
    assert AuditEntry.objects.filter(action="divisions.boundaries").count() == 2
    with pytest.raises(DomainError, match="都没有"):
        import_boundaries(actor, file(feature("110101001001")), name="别处.geojson")


@pytest.mark.django_db
def test_only_who_manages_divisions_imports_areas(places: Places, four_people: FourPeople) -> None:
    url = reverse("divisions:boundaries")
    four = four_people("county_officer")
    statuses = four.statuses(url)
    assert (statuses["owner"], statuses["nobody"]) == (200, 302)
    assert four_people("town_clerk").client("owner").get(url).status_code == 403
    client = four.client("owner")
    sent = SimpleUploadedFile("边界.geojson", file(feature(places.village.code)))
    page = client.post(url, {"file": sent})
    assert page.status_code == 200 and "已导入 1 个" in page.content.decode()
    bad = client.post(url, {"file": SimpleUploadedFile("x.geojson", b"<xml/>")})
    assert bad.status_code == 400 and "GeoJSON" in bad.content.decode()
    worker = make_account("某村干部", "某村干部")
    make_post(worker, "village_worker", places.village)
    with pytest.raises(NotAllowed):
        import_boundaries(actor_for(worker, clock.today()), file(feature("1")), name="x")


@pytest.mark.django_db
def test_the_demo_draws_the_same_fictitious_areas_each_time(places: Places) -> None:
    count = demo.make(system_actor("演示"))
    first = dict(Boundary.objects.values_list("division__code", "coordinates"))
    assert count == len(first) >= 2
    demo.make(system_actor("演示"))
    assert dict(Boundary.objects.values_list("division__code", "coordinates")) == first
