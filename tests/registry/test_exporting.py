"""The registry given out again as the workbook that came in."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shouwang.audit.models import AuditEntry
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError, NotAllowed, NotFound
from shouwang.core.models import Job
from shouwang.divisions.models import Division
from shouwang.registry import queries
from shouwang.registry.models import Household, RecordChange, RegistryImport
from shouwang.registry.operations import (
    export_quality,
    export_registry,
    exporting,
    import_registry,
)
from tests.four_people import FourPeople
from tests.registry import workbooks
from tests.registry.conftest import EXPORTED, Importing

pytestmark = pytest.mark.django_db
REASON = "报送省级核对"


def exported(actor: Actor, path: Path, code: str = "999901000000", full: bool = True) -> Path:
    division = Division.objects.get(code=code)
    handle, ending = export_registry(actor, division, full=full, reason=REASON if full else "")
    path = path.with_suffix(ending)
    path.write_bytes(handle.read())
    return path


def odd_county() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Values that spreadsheets like to spoil."""
    people, households = workbooks.county(4)
    people[0] |= {"name": "=HYPERLINK(1)", "employer": "@SUM(A1)", "nation": "-", "phone": "+86"}
    people[1] |= {"id_no": people[1]["id_no"][:17].lower() + "x", "birth_date": None}
    people[2] |= {"id_no": "99990120000101", "work_months": 2.5, "health": "残疾+长期慢性病"}
    people[3] |= {"id_no": None, "labour": "半个劳动力", "household_size": None}
    people.append(people[4] | {"name": "李另", "id_no": None})
    households[0] |= {"identified_month": "202406", "monitor_class": "突发严重困难户"}
    households[1] |= {"wage_income": -12.34, "transfer_income": None, "after_wage": 0}
    households[2] |= {"group": None, "road_distance": 0.125, "contact_cadre": "=1+1"}
    households[3] |= {"head_id": "9999 0119", "farmland": 100, "measure_general": "低保+特困供养"}
    return people, households


def test_an_export_imported_again_changes_nothing(
    importing: Importing, officer: Actor, tmp_path: Path
) -> None:
    importing(*odd_county())
    path = exported(officer, tmp_path / "整本")
    again = import_registry(officer, [(path, path.name)], EXPORTED)
    assert again.state == RegistryImport.State.UNCHANGED, list(RecordChange.objects.values())
    assert again.counts["rejected"] == 0


def test_the_sample_county_makes_the_round_trip(
    county_dev: Path, db: None, officer: Actor, tmp_path: Path
) -> None:
    files = [(path, path.name) for path in sorted(county_dev.glob("input/乡村振兴局/*.xlsx"))]
    import_registry(officer, files, date(2025, 12, 31))
    path = exported(officer, tmp_path / "整本")
    again = import_registry(officer, [(path, path.name)], date(2025, 12, 31))
    assert again.state == RegistryImport.State.UNCHANGED


def test_findings_and_rejects_of_the_sample_county_are_exactly_right(
    county_dev: Path, db: None, officer: Actor, tmp_path: Path
) -> None:
    folder = county_dev / "input"
    files = [
        (path, path.relative_to(folder).as_posix())
        for path in sorted(folder.glob("乡村振兴局/*.xlsx"))
    ]
    import_registry(officer, files, date(2025, 12, 31))
    export_quality(officer, tmp_path / "quality.csv")
    truth = (county_dev / "truth" / "quality.csv").read_text(encoding="utf-8-sig").split()
    assert sorted((tmp_path / "quality.csv").read_text(encoding="utf-8").split()) == sorted(truth)
    rejects = {f"{r.file},{r.sheet},{r.row or ''},{r.reason}" for r in queries.rejected_rows()}
    lines = (county_dev / "truth" / "rejects.csv").read_text(encoding="utf-8-sig").split()
    assert rejects == {line for line in lines if line.startswith("乡村振兴局")}


def test_no_cell_of_an_export_begins_like_a_formula(
    importing: Importing, officer: Actor, tmp_path: Path
) -> None:
    importing(*odd_county())
    book = openpyxl.load_workbook(exported(officer, tmp_path / "整本"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]


def test_an_export_without_reason_hides_the_numbers(
    importing: Importing, officer: Actor, tmp_path: Path
) -> None:
    people, households = workbooks.county(1)
    importing(people, households)
    path = exported(officer, tmp_path / "脱敏", full=False)
    with zipfile.ZipFile(path) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert people[0]["id_no"].encode() not in content
    assert people[0]["phone"].encode() not in content
    with pytest.raises(DomainError, match="理由"):
        export_registry(officer, Division.objects.get(code="999901000000"), full=True)


def test_an_export_is_recorded_with_scope_and_reason(
    importing: Importing, officer: Actor, tmp_path: Path
) -> None:
    importing(*workbooks.county(1))
    exported(officer, tmp_path / "整本")
    entry = AuditEntry.objects.get(action="registry.exported")
    assert "示例县" in entry.summary and REASON in entry.summary


def test_a_clerk_exports_the_own_town_and_no_other(
    importing: Importing, four_people: Callable[..., FourPeople], tmp_path: Path
) -> None:
    people, households = workbooks.county(2)
    households[1] |= {"village": "竹园村", "village_code": workbooks.NEXT_VILLAGE}
    importing(people, households)
    clerk = four_people("town_clerk").actor("owner")
    sheet = openpyxl.load_workbook(exported(clerk, tmp_path / "镇", "999901101000"))["户"]
    numbers = {cell.value for row in sheet.iter_rows() for cell in row}
    assert households[0]["household_no"] in numbers
    assert households[1]["household_no"] not in numbers
    with pytest.raises((NotFound, NotAllowed)):
        exported(clerk, tmp_path / "邻镇", "999901102000")


def test_the_page_gives_the_workbook(
    importing: Importing, four_people: Callable[..., FourPeople]
) -> None:
    importing(*workbooks.county(1))
    clerk = four_people("town_clerk").client("owner")
    division = Division.objects.get(code="999901101000")
    url = "/registry/export/"
    refused = clerk.post(url, {"division": division.pk, "full": "on", "reason": ""})
    assert refused.status_code == 200 and "理由" in refused.content.decode()
    given = clerk.post(url, {"division": division.pk})
    book = openpyxl.load_workbook(BytesIO(b"".join(given.streaming_content)))
    assert book.sheetnames == ["人口", "户"]
    other = Division.objects.get(code="999901102000")
    assert clerk.post(url, {"division": other.pk}).status_code == 200
    assert Household.objects.count() == 1


def test_a_large_registry_is_written_in_the_background_for_who_asked(
    importing: Importing,
    four_people: Callable[..., FourPeople],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    importing(*workbooks.county(2))
    four = four_people("town_clerk")
    division = Division.objects.get(code="999901101000")
    answer = four.client("owner").post("/registry/export/", {"division": division.pk})
    job = Job.objects.get(title="导出青禾镇农户档案")
    assert answer["Location"] == job.get_absolute_url()
    assert (job.state, job.gives_file) == ("done", True)
    assert four.statuses(job.result_url) == {
        "owner": 200, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip
    content = b"".join(four.client("owner").get(job.result_url).streaming_content)
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["人口", "户"]
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"registry.exported", "export.fetched"} <= actions


def test_the_same_workbook_twice_in_one_import_counts_once(
    places: object, officer: Actor, tmp_path: Path
) -> None:
    path = workbooks.write(tmp_path / "a.xlsx", *workbooks.county(1))
    done = import_registry(officer, [(path, "a.xlsx"), (path, "b.xlsx")], EXPORTED)
    assert done.counts["persons_new"] == 2
    assert [(r.file, r.row, r.reason) for r in queries.rejected_rows()] == [
        ("b.xlsx", None, "duplicate_file")
    ]


def test_one_broken_workbook_does_not_stop_the_other(
    places: object, officer: Actor, tmp_path: Path
) -> None:
    path = workbooks.write(tmp_path / "a.xlsx", *workbooks.county(1))
    (tmp_path / "b.xlsx").write_bytes(b"")
    files = [(path, "a.xlsx"), (tmp_path / "b.xlsx", "b.xlsx")]
    assert import_registry(officer, files, EXPORTED).counts["persons_new"] == 2
    assert [(r.file, r.row, r.reason) for r in queries.rejected_rows()] == [
        ("b.xlsx", None, "file_empty")
    ]
