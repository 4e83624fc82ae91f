"""Evidence: what is taken, who sees it, and that nothing hostile comes back to a browser."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from shouwang.audit.models import AuditEntry
from shouwang.core.actor import system_actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.documents import operations, queries
from shouwang.documents.models import Attachment
from shouwang.documents.operations.attaching import clean_name
from shouwang.documents.targets import Place, Target, all_targets
from shouwang.registry.models import Household
from tests.documents.conftest import picture, upload
from tests.four_people import FourPeople

TYPE = "registry.Household"
OFFICER = system_actor("命令行")


def url_of(household: Household) -> str:
    return reverse("documents:attachments", args=[TYPE, household.household_no])


def attach(household: Household, source: Path, name: str = "入户.jpg", **more: str) -> Attachment:
    return operations.attach(
        OFFICER, source, name, target_type=TYPE, target_id=household.household_no,
        **{"kind": "photo", **more},
    )  # fmt: skip


@pytest.fixture
def kept(household: Household, on_disk: Callable[..., Path]) -> Attachment:
    return attach(household, on_disk(picture()))


# ---------------------------------------------------------------- keeping and reading again


def test_a_file_is_encrypted_on_the_disk_and_comes_back_as_it_was(
    household: Household, on_disk: Callable[..., Path], data_dir: Path
) -> None:
    content = picture()
    kept = attach(household, on_disk(content))
    sealed = list((data_dir / "attachments").rglob("*.enc"))
    assert len(sealed) == 2
    assert all(b"JFIF" not in path.read_bytes() for path in sealed)
    assert operations.open_original(OFFICER, kept).read() == content
    assert list((data_dir / "tmp").iterdir()) == []


def test_the_log_tells_who_attached_looked_and_took_away(kept: Attachment) -> None:
    operations.open_view(OFFICER, kept)
    operations.open_original(OFFICER, kept).close()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["documents.attached", "documents.viewed", "documents.downloaded"]
    assert AuditEntry.objects.filter(target_type=TYPE, target_id=kept.target_id).count() == 3


def test_pictures_are_shown_without_the_place_where_they_were_taken(
    household: Household, on_disk: Callable[..., Path]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (26.0, 30.0, 0.0)}
    exif[0x010F] = "some camera"
    kept = attach(household, on_disk(picture(size=(640, 480), exif=exif)))
    assert (kept.width, kept.height) == (480, 640)
    shown = Image.open(io.BytesIO(operations.open_view(OFFICER, kept)))
    small = Image.open(io.BytesIO(operations.open_thumbnail(OFFICER, kept)))
    assert not dict(shown.getexif()) and not dict(small.getexif())
    assert shown.size == (480, 640) and max(small.size) == 240


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_the_usual_pictures_are_taken(
    household: Household, on_disk: Callable[..., Path], form: str
) -> None:
    kept = attach(household, on_disk(picture(form)), f"照片.{form.lower()}")
    assert kept.has_thumbnail


def test_a_personal_number_in_a_file_name_is_masked() -> None:
    assert clean_name("张三999901198005061234.jpg") == "张三**************1234.jpg"
    assert clean_name("C:\\照片\\..\\入户\r\n.jpg") == "入户.jpg"
    assert clean_name("../../etc/passwd") == "passwd"


def test_the_same_file_is_not_taken_twice_for_one_record(
    kept: Attachment, household: Household, on_disk: Callable[..., Path]
) -> None:
    with pytest.raises(Conflict, match="已经上传过"):
        attach(household, on_disk(picture()))
    operations.withdraw(OFFICER, kept, reason="拍错了")
    assert attach(household, on_disk(picture())).pk != kept.pk


def test_a_file_whose_record_was_not_written_leaves_nothing_on_the_disk(
    kept: Attachment, household: Household, on_disk: Callable[..., Path], data_dir: Path
) -> None:
    before = sorted((data_dir / "attachments").rglob("*.*"))
    with pytest.raises(Conflict):
        attach(household, on_disk(picture()))
    assert sorted((data_dir / "attachments").rglob("*.*")) == before


def test_a_file_that_is_gone_from_the_disk_is_said_so(kept: Attachment, data_dir: Path) -> None:
    for path in (data_dir / "attachments").rglob("*.enc"):
        path.unlink()
    with pytest.raises(NotFound, match="不在服务器上"):
        operations.open_original(OFFICER, kept)


def test_a_file_that_was_exchanged_does_not_open(
    kept: Attachment, household: Household, on_disk: Callable[..., Path], data_dir: Path
) -> None:
    other = attach(household, on_disk(picture(size=(50, 50))), "另一张.jpg")
    folder = data_dir / "attachments"
    theirs = next(folder.rglob(f"{other.uuid}.enc")).read_bytes()
    next(folder.rglob(f"{kept.uuid}.enc")).write_bytes(theirs)
    with pytest.raises(DomainError, match="无法解开"):
        operations.open_original(OFFICER, kept)


def test_withdrawing_asks_why_and_keeps_the_file(kept: Attachment) -> None:
    with pytest.raises(DomainError, match="理由"):
        operations.withdraw(OFFICER, kept, reason="  ")
    gone = operations.withdraw(OFFICER, kept, reason="拍错了门牌")
    assert gone.is_withdrawn and gone.withdrawn_by_label == "命令行"
    assert operations.open_original(OFFICER, gone).read(2) == b"\xff\xd8"
    assert queries.counts_of(TYPE, kept.target_id) == {}
    with pytest.raises(Conflict, match="命令行作废"):
        operations.withdraw(OFFICER, kept, reason="再一次")


# ---------------------------------------------------------------- hostile files


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_x", "."), content)
    return out.getvalue()


WORD = {"word__document_xxml": b"<w/>", "[Content_Types]_xxml": b"<Types/>"}
OUTSIDE = b'<Relationship TargetMode="External" Type="x/image"/>'
HOSTILE = {
    "空.jpg": (b"", "空文件"),
    "页面.html": (b"<html><script>alert(1)</script>", "只收照片"),
    "图.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "只收照片"),
    "程序.jpg": (b"MZ\x90\x00" + b"\0" * 200, "只收照片"),
    "假.jpg": (b"<svg onload=alert(1)>", "只收照片"),
    "相片.html": (picture() + b"<script>alert(1)</script>", "与扩展名不符"),
    "相片.pdf": (picture(), "与扩展名不符"),
    "相片": (picture(), "与扩展名不符"),
    "坏.jpg": (picture()[:60] + b"\xff" * 90, "损坏"),
    "坏.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "损坏"),
    "半.jpg": (picture(size=(2000, 1500))[:3000], "损坏"),
    "包.zip": (zipped(a_xtxt=b"x"), "只收照片"),
    "包.docx": (zipped(a_xtxt=b"x"), "只收照片"),
    "宏.docx": (zipped(**WORD, word__vbaProject_xbin=b"x"), "含有宏"),
    "宏类.docx": (zipped(**{**WORD, "[Content_Types]_xxml": b"<x macroEnabled='1'/>"}), "含有宏"),
    "外.docx": (
        zipped(**WORD, word___rels__a_xrels=OUTSIDE),
        "外部内容",
    ),
    "炸.docx": (zipped(**WORD, word__a_xxml=b"0" * 40_000_000), "过大"),
    "断.docx": (zipped(**WORD)[:-30], "打不开"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_is_refused_in_words(
    household: Household, on_disk: Callable[..., Path], data_dir: Path, name: str
) -> None:
    content, words = HOSTILE[name]
    with pytest.raises(DomainError, match=words):
        attach(household, on_disk(content), name)
    assert not list((data_dir / "attachments").rglob("*.enc"))
    assert not Attachment.objects.exists()


def test_a_huge_file_is_refused_before_it_is_read(household: Household, tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as out:
        out.truncate(21 * 1024 * 1024)
    with pytest.raises(DomainError, match="超过 20 MB"):
        attach(household, path)


def test_a_picture_of_absurd_size_is_refused(
    household: Household, on_disk: Callable[..., Path]
) -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(DomainError, match="尺寸过大"):
        attach(household, on_disk(out.getvalue()), "大.png")


def test_what_people_uploaded_never_runs_in_a_browser(
    household: Household, four_people: Callable[..., FourPeople], on_disk: Callable[..., Path]
) -> None:
    polyglot = picture() + b"<html><script>alert(document.domain)</script>"
    kept = attach(household, on_disk(polyglot))
    client = four_people("town_clerk").client("owner")
    answer = client.get(reverse("documents:download", args=[kept.uuid]))
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(answer.streaming_content) == polyglot
    for name in ("thumbnail", "view"):
        shown = client.get(reverse(f"documents:{name}", args=[kept.uuid]))
        assert shown["Content-Type"] == "image/jpeg"
        assert b"script" not in shown.content


# ---------------------------------------------------------------- four people and pages


def test_four_people_try_every_page(
    kept: Attachment, household: Household, four_people: Callable[..., FourPeople]
) -> None:
    four = four_people("town_clerk")
    wanted = {"owner": 200, "neighbour": 404, "department": 404, "nobody": 302}
    assert four.statuses(url_of(household)) == wanted
    for name in ("file", "thumbnail", "view", "download"):
        assert four.statuses(reverse(f"documents:{name}", args=[kept.uuid])) == wanted, name


def test_four_people_try_to_withdraw(
    kept: Attachment, four_people: Callable[..., FourPeople]
) -> None:
    four = four_people("village_worker")
    url = reverse("documents:withdraw", args=[kept.uuid])
    wanted = {"owner": 302, "neighbour": 404, "department": 404, "nobody": 302}
    assert four.statuses(url, "post", data={"reason": ""}) == wanted
    assert not Attachment.objects.get().is_withdrawn
    assert four.client("owner").post(url, {"reason": "拍错了"}).status_code == 302
    assert Attachment.objects.get().is_withdrawn


def test_who_only_watches_sees_but_adds_nothing(
    kept: Attachment, household: Household, four_people: Callable[..., FourPeople]
) -> None:
    client = four_people("supervisor").client("owner")
    page = client.get(url_of(household)).content.decode()
    assert kept.file_name in page and "data-evidence-upload" not in page
    assert client.post(url_of(household), {"files": upload(), "kind": "photo"}).status_code == 403
    withdrawing = reverse("documents:withdraw", args=[kept.uuid])
    assert client.post(withdrawing, {"reason": "x"}).status_code == 403


def test_the_administrator_sees_no_evidence(
    kept: Attachment, household: Household, four_people: Callable[..., FourPeople]
) -> None:
    client = four_people("system_administrator").client("owner")
    assert client.get(url_of(household)).status_code == 403
    assert client.get(reverse("documents:file", args=[kept.uuid])).status_code == 404


def test_several_files_are_taken_and_the_bad_one_is_named(
    household: Household, four_people: Callable[..., FourPeople]
) -> None:
    client = four_people("village_worker").client("owner")
    files = [upload("一.jpg"), upload("二.svg", b"<svg/>"), upload("三.png", picture("PNG"))]
    answer = client.post(
        url_of(household), {"files": files, "kind": "photo", "note": "堂屋"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "“二.svg”没有收下" in page and "<html" not in page
    assert set(Attachment.objects.values_list("file_name", flat=True)) == {"一.jpg", "三.png"}
    assert set(Attachment.objects.values_list("note", flat=True)) == {"堂屋"}


def test_without_script_the_upload_leads_back_to_the_record(
    household: Household, four_people: Callable[..., FourPeople]
) -> None:
    client = four_people("village_worker").client("owner")
    answer = client.post(url_of(household), {"files": upload(), "kind": "photo"})
    assert answer["Location"] == reverse("registry:household", args=[household.household_no])
    assert client.post(url_of(household), {"kind": "photo"}).status_code == 302
    assert client.post(url_of(household), {"files": upload(), "kind": "x"}).status_code == 302
    assert Attachment.objects.count() == 1


def test_a_large_upload_that_the_server_spooled_is_taken(
    household: Household, four_people: Callable[..., FourPeople], data_dir: Path
) -> None:
    noise = Image.effect_noise((2400, 1800), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > 2_621_440
    client = four_people("village_worker").client("owner")
    big = SimpleUploadedFile("大.jpg", out.getvalue())
    client.post(url_of(household), {"files": big, "kind": "photo"})
    assert Attachment.objects.get().size == len(out.getvalue())


def test_unknown_records_are_not_found(four_people: Callable[..., FourPeople]) -> None:
    client = four_people("town_clerk").client("owner")
    for target in ("registry.Household", "registry.Nothing"):
        url = reverse("documents:attachments", args=[target, "404404"])
        assert client.get(url).status_code == 404


def test_a_closed_record_takes_nothing_and_says_why(
    places: object, household: Household, on_disk: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch, four_people: Callable[..., FourPeople],
) -> None:  # fmt: skip
    closed = Place(household.village.path, "农户", "/", closed="个案已经归档，不能再添加材料。")
    target = Target(TYPE, "农户", lambda actor, number: closed)
    monkeypatch.setitem(all_targets(), TYPE, target)
    with pytest.raises(NotAllowed, match="已经归档"):
        attach(household, on_disk(picture()))
    page = four_people("village_worker").client("owner").get(url_of(household)).content.decode()
    assert "个案已经归档" in page and "data-evidence-upload" not in page


def test_a_record_may_take_only_certain_kinds(
    household: Household, on_disk: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = all_targets()[TYPE]
    monkeypatch.setitem(all_targets(), TYPE, Target(TYPE, "农户", known.resolve, ("photo",)))
    with pytest.raises(DomainError, match="类别"):
        attach(household, on_disk(picture()), kind="receipt")
    assert attach(household, on_disk(picture())).kind == "photo"


def test_a_wrong_address_of_a_file_is_not_found(
    client: Client, four_people: Callable[..., FourPeople]
) -> None:
    one = four_people("town_clerk").client("owner")
    number = "00000000-0000-0000-0000-000000000001"
    assert one.get(reverse("documents:file", args=[number])).status_code == 404
