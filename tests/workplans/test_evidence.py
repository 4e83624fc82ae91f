"""佐证: a department brings files with its report; without them nothing is reported as done."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from shouwang.core.clock import today
from shouwang.core.errors import DomainError, NotAllowed
from shouwang.documents.models import Attachment
from shouwang.workplans.models import Progress, Task
from shouwang.workplans.operations import (
    ReportFile,
    advance_task,
    check_report,
    edit_task,
    make_task,
    report_progress,
    split_task,
)
from shouwang.workplans.operations.splitting import Part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.SHOUWANG_DATA_DIR = tmp_path


@pytest.fixture
def four(four_people):
    return four_people("department_officer")


@pytest.fixture
def task(four, officer, places) -> Task:
    """A task of 医疗保障局 that asks for a record of the work."""
    made = make_task(
        officer, number="1", title="核查参保数据", division=places.county, lead=["县医疗保障局"],
        place="全县", person="张三", ends_on=today(), evidence_needed="核查记录",
    )  # fmt: skip
    return advance_task(officer, made, "start", version=made.version)


def picture(colour="red", name="现场.png"):
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/png")


def body(percent="100", **values):
    return {"as_of": today().isoformat(), "percent": percent, "text": "已核查", **values}


def report_url(task):
    return reverse("workplans:report", args=[task.pk])


def test_the_officer_of_the_department_reports_with_files_and_no_other_does(task, four):
    url = report_url(task)
    sent = {who: four.client(who).post(url, body(files=[picture()], kind="photo")).status_code
            for who in ("neighbour", "department", "nobody")}  # fmt: skip
    assert sent == {"neighbour": 404, "department": 404, "nobody": 302}
    assert not Progress.objects.exists()
    files = [picture("red"), picture("blue", "台账.png")]
    assert four.client("owner").post(url, body(files=files, kind="photo")).status_code == 302
    report = Progress.objects.get()
    found = Attachment.objects.filter(target_type="workplans.progress", target_id=str(report.pk))
    assert {one.file_name for one in found} == {"现场.png", "台账.png"}
    assert {one.kind for one in found} == {"photo"}


def test_whoever_checks_sees_the_files_and_the_others_do_not(task, four, person):
    four.client("owner").post(report_url(task), body(files=[picture()]))
    page = reverse("workplans:task", args=[task.pk])
    file = reverse("documents:file", args=[Attachment.objects.get().uuid])
    for role in ("county_officer", "county_leader"):
        assert "现场.png" in person.client(role).get(page).content.decode()
        assert person.client(role).get(file).status_code == 200
    assert four.statuses(file) == {
        "owner": 200, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip
    download = reverse("documents:download", args=[Attachment.objects.get().uuid])
    assert four.statuses(download)["department"] == 404


def test_files_are_added_to_own_tasks_only_and_not_after_the_check(task, four, officer):
    url = reverse("documents:attachments", args=["workplans.task", task.pk])
    statuses = {
        who: four.client(who).post(url, {"files": [picture()], "kind": "photo"}).status_code
        for who in ("owner", "neighbour", "department", "nobody")
    }
    assert statuses == {"owner": 302, "neighbour": 404, "department": 404, "nobody": 302}
    assert Attachment.objects.count() == 1
    report = report_progress(
        four.actor("owner"), task, as_of=today(), text="已核查", percent=Decimal(50)
    )
    url = reverse("documents:attachments", args=["workplans.progress", report.pk])

    def more():
        return {"files": [picture("blue")], "kind": "photo"}

    assert four.client("department").post(url, more()).status_code == 404
    assert four.client("owner").post(url, more()).status_code == 302
    assert Attachment.objects.count() == 2
    check_report(officer, report, accept=True)
    late = {"files": [picture("green")], "kind": "photo"}
    assert four.client("owner").post(url, late).status_code == 403
    assert Attachment.objects.count() == 2


def test_a_final_report_without_the_evidence_is_refused_at_its_field(task, four):
    client = four.client("owner")
    answer = client.post(report_url(task), body())
    assert answer.status_code == 200
    assert "还没有需要的佐证（核查记录）" in answer.content.decode()
    assert "已核查" in answer.content.decode()
    assert not Progress.objects.exists()
    assert client.post(report_url(task), body("60")).status_code == 302
    files = [picture()]
    assert client.post(report_url(task), body(files=files)).status_code == 302
    assert client.post(report_url(task), body()).status_code == 302, "the file is there already"


def test_a_returned_report_and_a_withdrawn_file_are_no_evidence(task, four, officer, tmp_path):
    owner = four.actor("owner")
    source = tmp_path / "x.png"
    source.write_bytes(picture().read())
    final = {"as_of": today(), "text": "已核查", "percent": Decimal(100)}
    report = report_progress(owner, task, **final, files=[ReportFile(source, "x.png")])
    check_report(officer, report, accept=False, note="照片看不清")
    with pytest.raises(DomainError, match="核查记录"):
        report_progress(owner, task, **final)


def test_a_task_is_not_ended_without_its_evidence(task, four, officer):
    owner = four.actor("owner")
    task = edit_task(officer, task, version=task.version, evidence_needed="")
    report_progress(owner, task, as_of=today(), text="已核查", percent=Decimal(100))
    task.refresh_from_db()
    task = edit_task(officer, task, version=task.version, evidence_needed="核查记录")
    with pytest.raises(DomainError, match="核查记录"):
        advance_task(owner, task, "finish", version=task.version, note="完成")


def test_a_file_that_is_refused_leaves_no_report_and_no_file(task, four, tmp_path):
    bad = SimpleUploadedFile("现场.png", b"<html><script>alert(1)</script>")
    answer = four.client("owner").post(report_url(task), body(files=[picture(), bad]))
    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()
    assert not Progress.objects.exists()
    assert not Attachment.objects.exists()
    assert not list((tmp_path / "attachments").rglob("*.enc"))


def test_the_leading_department_looks_at_the_parts_of_towns(task, four, officer, person, places):
    task = edit_task(officer, task, version=task.version, quantity=Decimal(10), unit="处")
    part = split_task(officer, task, [Part(places.town.name, Decimal(10))], version=task.version)[0]
    clerk = person("town_clerk")
    report = report_progress(clerk, part, as_of=today(), text="已完成", value=Decimal(5))
    page = reverse("workplans:task", args=[part.pk])
    assert four.statuses(page) == {
        "owner": 200, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip
    shown = four.client("owner").get(page).content.decode()
    assert "采信" in shown
    assert "报送进展" not in shown
    assert "申请办结" not in shown
    with pytest.raises(NotAllowed):
        report_progress(four.actor("owner"), part, as_of=today(), text="x", value=Decimal(1))
    check = reverse("workplans:check", args=[report.pk])
    assert four.client("department").post(check, {"accept": "1"}).status_code == 404
    assert four.client("owner").post(check, {"accept": "1"}).status_code == 302
    report.refresh_from_db()
    assert report.state == "accepted"
