"""Files that cannot be used, sent through the upload page: a clear sentence, no error page."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwang.feeds.models import BatchState, FeedBatch, FeedFile
from tests.four_people import FourPeople

from .conftest import ZHANG
from .world import HEAD, gb18030, relief, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def client(four_people: Callable[..., FourPeople]) -> Client:
    return four_people("county_officer").client("owner")


def send(client: Client, content: bytes, name: str) -> FeedBatch:
    """Upload, confirm as 临时救助发放 of May, and return what became of it."""
    answer = client.post(reverse("feeds:upload"), {"files": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    assert client.get(reverse("feeds:upload")).status_code == 200
    file = FeedFile.objects.get(batches=None)
    values = {
        "feed": "temp_relief",
        "period_start": "2026-05-01",
        "period_end": "2026-05-31",
        "version": "1",
    }
    data = {f"{file.uuid}-{key}": value for key, value in values.items()}
    assert client.post(reverse("feeds:confirm"), data).status_code == 302
    batch = FeedBatch.objects.get(file=file)
    assert client.get(reverse("feeds:batch", args=[batch.uuid])).status_code == 200
    return batch


def workbook(rows: int = 1, **parts: bytes) -> bytes:
    """A small valid workbook with more parts inside."""
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(list(HEAD))
    for _ in range(rows):
        book.active.append(list(relief("张三", ZHANG)))
    book.save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    """A sheet of 300 MB of blanks that packs into a third of a megabyte."""
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(workbook()))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            if part.filename != "xl/worksheets/sheet1.xml":
                archive.writestr(part.filename, source.read(part.filename))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            blanks = b" " * (1 << 20)
            for _ in range(300):
                sheet.write(blanks)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "reason", "words"),
    [
        (b"", "空.xlsx", "file_empty", "文件是空的"),
        (b"PK\x03\x04 broken", "坏.xlsx", "file_corrupt", "损坏"),
        (workbook()[:-200], "截断.xlsx", "file_corrupt", "损坏"),
        (OLE + b"\x00" * 4000, "坏.xls", "file_corrupt", "。"),
        (b"\x00\x01\x02\x03" * 500, "图片.csv", "file_corrupt", "。"),
        (b"<html><body>404</body></html>", "网页.xls", "file_corrupt", "。"),
        ("随便几个字".encode("gb18030"), "信.csv", "file_corrupt", "表头"),
    ],
)
def test_a_file_that_cannot_be_opened_is_rejected_whole(
    client: Client, content: bytes, name: str, reason: str, words: str
) -> None:
    batch = send(client, content, name)
    assert (batch.state, batch.reason) == (BatchState.REJECTED, reason)
    assert words in batch.message
    page = client.get(reverse("feeds:batch", args=[batch.uuid])).content.decode()
    assert batch.message in page
    assert "整份退回" in page


def test_a_zip_bomb_is_refused_before_it_unfolds(client: Client) -> None:
    batch = send(client, bomb(), "炸弹.xlsx")
    assert batch.reason == "file_corrupt"
    assert "解压后过大" in batch.message


def test_a_workbook_with_a_password_says_what_to_do(client: Client) -> None:
    container = OLE + b"\x00" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 4000
    batch = send(client, container, "加密.xlsx")
    assert batch.reason == "file_corrupt"
    assert batch.message.endswith("。")


def test_macros_are_never_run_and_the_data_is_read(client: Client) -> None:
    batch = send(client, workbook(**{"xl/vbaProject.bin": b"Sub AutoOpen()"}), "宏.xlsm")
    assert batch.state == BatchState.ACCEPTED
    assert batch.row_count == 1
    page = client.get(reverse("feeds:batch", args=[batch.uuid])).content.decode()
    assert "宏没有运行" in page


def test_a_wrong_ending_does_not_matter(client: Client, tmp_path: Path) -> None:
    content = gb18030(tmp_path, "a.csv", [relief("张三", ZHANG)]).read_bytes()
    assert send(client, content, "其实是文本.xlsx").row_count == 1


def test_five_hundred_columns_are_read_and_more_are_refused(client: Client, tmp_path: Path) -> None:
    def wide(count: int) -> bytes:
        head = [*HEAD, *(f"列{number}" for number in range(count - len(HEAD)))]
        return xlsx(tmp_path, f"{count}.xlsx", [relief("张三", ZHANG)], head).read_bytes()

    refused = send(client, wide(501), "501列.xlsx")
    assert refused.reason == "file_corrupt"
    assert "列数超过" in refused.message
    batch = send(client, wide(500), "500列.xlsx")
    assert batch.state == BatchState.ACCEPTED
    assert len(batch.mapping["unknown"]) == 495


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd.csv",
        "..\\..\\windows\\system.csv",
        "换\u202e行\x07名.csv",
        "名" * 290 + ".csv",
        "<script>alert(1)</script>.csv",
        "'; DROP TABLE feeds_feedbatch; --.csv",
        "%00%2e%2e.csv",
        "=HYPERLINK(1).csv",
    ],
)
def test_a_hostile_name_is_only_shown(
    client: Client, tmp_path: Path, data_dir: Path, name: str
) -> None:
    content = gb18030(tmp_path, "a.csv", [relief("张三", ZHANG)]).read_bytes()
    batch = send(client, content, name)
    assert batch.state == BatchState.ACCEPTED
    page = client.get(reverse("feeds:batch", args=[batch.uuid])).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in batch.file_name
    kept = [path for path in data_dir.rglob("*") if path.is_file()]
    assert not [path for path in kept if "passwd" in path.name or "script" in path.name]


def test_a_file_above_the_limit_is_refused_with_the_limit(client: Client, settings: Any) -> None:
    settings.SHOUWANG_MAX_UPLOAD_MB = 1
    upload = SimpleUploadedFile("大.csv", b"a" * (2 << 20))
    answer = client.post(reverse("feeds:upload"), {"files": upload})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "超过上限1 MB" in page
    assert "拆分" in page
    assert FeedFile.objects.count() == 0


def test_two_hundred_megabytes_are_refused_without_being_read(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "二百兆.xlsx"
    with path.open("wb") as out:
        out.truncate(200 << 20)
    monkeypatch.setattr("shouwang.feeds.storage.fingerprint", _must_not_be_called)
    with path.open("rb") as stream:
        answer = client.post(reverse("feeds:upload"), {"files": stream})
    assert answer.status_code == 400
    assert "200 MB" in answer.content.decode()


def _must_not_be_called(*args: Any) -> None:
    raise AssertionError("read")


def test_no_file_at_all_is_told(client: Client) -> None:
    answer = client.post(reverse("feeds:upload"), {})
    assert answer.status_code == 400
    assert "没有收到文件" in answer.content.decode()


def test_a_good_file_beside_a_refused_one_is_kept(
    client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.SHOUWANG_MAX_UPLOAD_MB = 1
    good = gb18030(tmp_path, "好.csv", [relief("张三", ZHANG)]).read_bytes()
    files = [SimpleUploadedFile("好.csv", good), SimpleUploadedFile("大.csv", b"a" * (2 << 20))]
    answer = client.post(reverse("feeds:upload"), {"files": files})
    assert answer.status_code == 400
    assert "请核对这 1 份文件" in answer.content.decode()
    assert FeedFile.objects.get().file_name == "好.csv"


def test_the_registry_workbook_is_sent_to_its_own_page(client: Client) -> None:
    book = openpyxl.Workbook()
    book.active.title = "人口"
    book.active.append(["姓名"])
    book.create_sheet("户").append(["户编号"])
    out = io.BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("防返贫监测导出.xlsx", out.getvalue())
    client.post(reverse("feeds:upload"), {"files": upload})
    assert "档案导入" in client.get(reverse("feeds:upload")).content.decode()


def test_formula_text_stays_text_in_every_file_that_leaves(client: Client, tmp_path: Path) -> None:
    rows = [
        relief("张三", ZHANG),
        ("=HYPERLINK(1)", ZHANG, "2026-05-08", "八百", "@SUM(A1)"),
    ]
    batch = send(client, gb18030(tmp_path, "a.csv", rows).read_bytes(), "公式.csv")
    answer = client.get(reverse("feeds:reject-workbook", args=[batch.uuid]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}
