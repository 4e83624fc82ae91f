"""Letters: what a template may hold and do, how a county puts its own in place, public papers."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.audit.models import AuditEntry
from shouwang.core.actor import system_actor
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.documents import letters, operations, personal, previewing, templating
from shouwang.documents.letters import LetterKind, all_letters
from shouwang.documents.models import LetterTemplate
from shouwang.documents.papers import Paper
from tests.documents.conftest import picture
from tests.four_people import FourPeople, Places

OFFICER = system_actor("命令行")
ROWS = [{"name": "张三", "size": "4"}, {"name": "李四", "size": "2"}]
LABELS = {"village": "村", "on": "日期", "rows": "名单"}
SAMPLE: dict[str, Any] = {"village": "柳湾村", "on": "2026年6月30日", "rows": ROWS}


def drawn(paper: Paper) -> bytes:
    out = io.BytesIO()
    paper.document.save(out)
    return out.getvalue()


def written(*lines: str) -> bytes:
    return drawn(Paper("试").text(*lines))


def usual(title: str = "通知") -> bytes:
    paper = Paper("通知").title(title).text("{{ village }}：{{ on }}")
    return drawn(
        paper.table(
            [["姓名", "人口"], ["{{ row.name }}", "{{ row.size }}"]],
            [80, 40], head=1, loop="row in rows",
        )
    )  # fmt: skip


def text_of(letter: bytes) -> str:
    return "\n".join(templating.lines_of(letter))


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, LetterKind]]:
    """A private and a public letter of a room that is there for the tests."""
    fields = (("village", "村", "柳湾村"), ("on", "日期", "2026年6月30日"),
              ("rows", "名单", ROWS, {"name": "姓名", "size": "人口"}))  # fmt: skip
    found = {
        kind.code: kind
        for kind in (
            LetterKind("note", "通知", "divisions", fields),
            LetterKind("wall", "公示", "divisions", fields, public=True),
        )
    }
    for kind in found.values():
        (tmp_path / f"{kind.key}.docx").write_bytes(usual(kind.title))
    monkeypatch.setattr(LetterKind, "default", property(lambda kind: tmp_path / f"{kind.key}.docx"))
    for code, kind in found.items():
        monkeypatch.setitem(all_letters(), code, kind)
    yield found


# ---------------------------------------------------------------- filling


def test_a_letter_is_filled_with_values_and_rows() -> None:
    made = templating.fill(usual(), SAMPLE, LABELS, public=False)
    table = Document(io.BytesIO(made)).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["姓名", "人口"], ["张三", "4"], ["李四", "2"],
    ]  # fmt: skip
    assert "柳湾村：2026年6月30日" in text_of(made)
    assert "{{" not in text_of(made) and "{%" not in text_of(made)


def test_signs_of_xml_in_a_value_stay_signs() -> None:
    hostile = 'A & B <w:p> "x" ]]> {{ on }} {% for a in b %}'
    made = templating.fill(usual(), {**SAMPLE, "village": hostile}, LABELS, public=False)
    assert hostile in text_of(made)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_stand_in_a_letter(value: str) -> None:
    made = templating.fill(usual(), {**SAMPLE, "village": value}, LABELS, public=False)
    assert Document(io.BytesIO(made)).paragraphs


def test_days_amounts_and_blanks_are_written_as_on_paper(
    places: Places, kinds: dict[str, LetterKind]
) -> None:
    rows = [{"name": None, "size": Decimal("1234.5")}]
    made = letters.render("divisions.note", {"village": True, "on": date(2026, 6, 3), "rows": rows})
    assert "是：2026年6月3日" in text_of(made) and "1,234.50" in text_of(made)


def test_a_context_must_fit_the_kind(places: Places, kinds: dict[str, LetterKind]) -> None:
    with pytest.raises(ValueError, match="rows"):
        letters.render("divisions.note", {"village": "", "on": ""})
    with pytest.raises(NotFound):
        letters.render("divisions.nothing", {})


# ---------------------------------------------------------------- what a template may not do

HOSTILE_MARKS = [
    "{{ village.__class__.__mro__ }}",
    "{{ village.upper() }}",
    "{{ rows.append(1) }}",
    "{{ ''.__class__ }}",
    "{{ range(999999999) }}",
    "{% for a in range(9) %}{% endfor %}",
    "{{ 'x' * 999999999 }}",
    "{{ 9 ** 999999999 }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ self }}",
    "{{ village | attr('__class__') }}",
    "{{ village | format }}",
    "{% set a = 1 %}",
    "{% macro a() %}{% endmacro %}",
    "{% include 'a' %}",
    "{% import 'a' as b %}",
    "{% extends 'a' %}",
    "{% for a in rows recursive %}{% endfor %}",
    "{% for a in rows %}" * 3 + "x" + "{% endfor %}" * 3,
    "{{ unknown }}",
    "{{ rows[0] }}",
    "{% for a in rows %}{{ a.unknown }}{% endfor %}",
    "{% for a in village %}{{ a }}",
    "{{ village",
    "{{ village | }}",
    "{% if %}",
    "{{ loop }}",
    "{{ lipsum }}",
]


@pytest.mark.parametrize("mark", HOSTILE_MARKS)
def test_a_template_may_only_fill_choose_and_repeat(mark: str) -> None:
    with pytest.raises(DomainError) as refused:
        templating.check(written(mark), SAMPLE, LABELS, public=False)
    assert refused.value.message.endswith("。")


def test_choosing_and_defaults_are_allowed() -> None:
    template = written(
        "{% if village == '柳湾村' and rows %}{{ village or '＿＿' }}{% else %}无{% endif %}",
        "{% for row in rows %}{{ loop.index }}{{ row.name }}{% if not loop.last %}、{% endif %}"
        "{% endfor %}{{ on | default('') }}{{ rows | length }}",
    )
    made = templating.fill(template, SAMPLE, LABELS, public=False)
    assert "1张三、2李四2026年6月30日2" in text_of(made)


def test_a_letter_that_would_become_enormous_is_refused_before_it_is_made() -> None:
    body = "长" * 20_000
    template = written("{% for a in rows %}" + body + "{% endfor %}")
    many = {**SAMPLE, "rows": [{"name": "x", "size": "1"}] * 5_000}
    with pytest.raises(DomainError, match="过长"):
        templating.fill(template, many, LABELS, public=False)


def test_unclosed_marks_without_end_do_not_hang() -> None:
    with pytest.raises(DomainError, match="标记"):
        templating.check(written("{{ r " * 1_400), SAMPLE, LABELS, public=False)
    with pytest.raises(DomainError, match="标记"):
        templating.check(written("{% tr " * 40_000), SAMPLE, LABELS, public=False)


def with_part(name: str, content: bytes, template: bytes = b"") -> bytes:
    """A usual template with one part added or exchanged."""
    out = io.BytesIO()
    source = io.BytesIO(template or usual())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


REL = (
    b'<Relationships><Relationship Id="r" TargetMode="External" Type="x/%s" Target="http://x"/>'
    b"</Relationships>"
)
BAD_FILES = {
    "not a zip": (b"hello", "不是 Word"),
    "a picture": (picture(), "不是 Word"),
    "another zip": (with_part("a.txt", b"x", usual()).replace(b"word/document", b"worx/document"),
                    "不是 Word"),
    "a macro": (with_part("word/vbaProject.bin", b"x"), "含有宏"),
    "an embedded program": (with_part("word/embeddings/oleObject1.bin", b"x"), "嵌入的程序"),
    "a remote template": (with_part("word/_rels/settings.xml.rels", REL % b"attachedTemplate"),
                          "外部内容"),
    "a remote picture": (with_part("word/_rels/document.xml.rels", REL % b"image"), "外部内容"),
    "an entity": (with_part("word/footnotes.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
                  "重新另存"),
    "another encoding": (with_part("word/footnotes.xml", "<a>字</a>".encode("utf-16")), "重新另存"),
    "a command": (with_part("word/footnotes.xml",
                            b"<w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText>"), "域代码"),
    "too much": (with_part("word/footnotes.xml", b"<a>" + b"x" * 3_300_000 + b"</a>"), "过"),
    "broken xml": (with_part("word/document.xml", b"<w:document><w:p></w:document>"),
                   "不能生成|打不开"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_could_act_is_no_template(name: str) -> None:
    content, words = BAD_FILES[name]
    with pytest.raises(DomainError, match=words):
        templating.check(content, SAMPLE, LABELS, public=False)


def test_a_plain_link_is_allowed() -> None:
    out = Document(io.BytesIO(usual()))
    out.part.relate_to(
        "https://www.example.org/",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        is_external=True,
    )
    file = io.BytesIO()
    out.save(file)
    assert templating.check(file.getvalue(), SAMPLE, LABELS, public=False)


# ---------------------------------------------------------------- public papers

PERSONAL = [
    "999901198005061234", "99990119800506123X", "999901 19800506 1234",
    "９９９９０１１９８００５０６１２３４",
    "13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "6222020200112233445",
    "6222 0202 0011 2233 445", "999901800506123",
]  # fmt: skip
HARMLESS = [
    "12317",
    "0990-1234567",
    "2026-06-30 至 2026-07-05",
    "999901-2026-000123",
    "4人",
    "张三",
]


@pytest.mark.parametrize("number", PERSONAL)
def test_a_public_letter_refuses_a_personal_number(number: str) -> None:
    rows = [{"name": f"张三 {number}", "size": "4"}]
    with pytest.raises(personal.PersonalNumber, match="名单"):
        templating.fill(usual(), {**SAMPLE, "rows": rows}, LABELS, public=True)
    with pytest.raises(personal.PersonalNumber, match="模板"):
        templating.check(written(f"联系人 {number}"), SAMPLE, LABELS, public=True)
    assert templating.fill(usual(), {**SAMPLE, "rows": rows}, LABELS, public=False)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_public_letter_takes_what_is_no_personal_number(text: str) -> None:
    made = templating.fill(usual(), {**SAMPLE, "village": text}, LABELS, public=True)
    assert text in text_of(made)


def test_a_number_split_over_two_values_is_seen_in_the_finished_letter() -> None:
    template = written("{{ village }}{{ on }}")
    halves = {**SAMPLE, "village": "999901198", "on": "005061234"}
    with pytest.raises(personal.PersonalNumber, match="正文"):
        templating.fill(template, halves, LABELS, public=True)


# ---------------------------------------------------------------- paper


def test_the_paper_is_that_of_official_documents() -> None:
    document = Document(io.BytesIO(usual()))
    section = document.sections[0]
    top, left = section.top_margin, section.left_margin
    text_width = section.page_width - left - section.right_margin
    text_height = section.page_height - top - section.bottom_margin
    lengths = (section.page_width, section.page_height, top, left, text_width, text_height)
    assert [round(length / Mm(1)) for length in lengths] == [210, 297, 37, 28, 156, 225]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "lines"
    closer = document.styles["Normal"].element.rPr.find(qn("w:spacing"))
    assert int(text_width / (Pt(16) + Pt(1) / 20 * int(closer.get(qn("w:val"))))) == 28
    assert round(12_756 / int(grid.get(qn("w:linePitch")))) == 22
    title, body = document.paragraphs[0], document.paragraphs[1]
    assert title.runs[0].font.size.pt == 22 and body.runs[0].font.size.pt == 16
    faces = [p.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) for p in (title, body)]
    assert faces == ["方正小标宋简体", "仿宋_GB2312"]
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (2, 0)
    assert "PAGE" in odd._p.xml and "PAGE" in even._p.xml


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("示例县工作通报（2026年10月）", "示例县工作通报（2026年10月）"),
        (
            "示例县防止返贫监测帮扶工作通报（2026年10月）",
            "示例县防止返贫监测帮扶工作通报\n（2026年10月）",
        ),
    ],
)
def test_a_long_title_breaks_before_its_bracket(title: str, shown: str) -> None:
    assert Paper(title).title(title).document.paragraphs[0].text == shown


def test_a_letter_is_shown_as_plain_blocks() -> None:
    made = templating.fill(usual(), SAMPLE, LABELS, public=False)
    found = previewing.blocks(made)
    assert found[0].css == "is-title" and found[0].text == "通知"
    assert found[-1].is_table and found[-1].rows[1] == (("张三", 1), ("4", 1))


# ---------------------------------------------------------------- a county's own


def test_a_county_puts_its_own_in_place_and_goes_back(
    places: Places, kinds: dict[str, LetterKind]
) -> None:
    draft = operations.upload_template(
        OFFICER, "divisions.note", places.county, usual("本县通知"), "C:\\本县.docx"
    )
    made = letters.render("divisions.note", SAMPLE, county=places.county)
    assert "本县通知" not in text_of(made)
    operations.adopt_template(OFFICER, draft)
    assert "本县通知" in text_of(letters.render("divisions.note", SAMPLE, county=places.county))
    neighbour = letters.render("divisions.note", SAMPLE, county=places.neighbour_county)
    assert "本县通知" not in text_of(neighbour)
    with pytest.raises(Conflict):
        operations.adopt_template(OFFICER, draft)
    operations.reset_template(OFFICER, "divisions.note", places.county)
    made = letters.render("divisions.note", SAMPLE, county=places.county)
    assert "本县通知" not in text_of(made)
    with pytest.raises(Conflict):
        operations.reset_template(OFFICER, "divisions.note", places.county)
    operations.adopt_template(OFFICER, draft)
    assert "本县通知" in text_of(letters.render("divisions.note", SAMPLE, county=places.county))
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == [
        "documents.letter_uploaded", "documents.letter_adopted", "documents.letter_reset",
        "documents.letter_adopted",
    ]  # fmt: skip


def test_without_a_county_the_installation_is_meant(
    places: Places, kinds: dict[str, LetterKind]
) -> None:
    draft = operations.upload_template(
        OFFICER, "divisions.note", places.county, usual("本县通知"), "本县.docx"
    )
    operations.adopt_template(OFFICER, draft)
    assert "本县通知" in text_of(letters.render("divisions.note", SAMPLE))


def test_a_second_version_takes_the_place_of_the_first(
    places: Places, kinds: dict[str, LetterKind]
) -> None:
    for title in ("甲通知", "乙通知"):
        draft = operations.upload_template(
            OFFICER, "divisions.note", places.county, usual(title), "本县.docx"
        )
        operations.adopt_template(OFFICER, draft)
    states = dict(LetterTemplate.objects.values_list("version", "state"))
    assert states == {1: "retired", 2: "current"}
    assert "乙通知" in text_of(letters.render("divisions.note", SAMPLE))


def test_what_a_template_leaves_out_is_said(places: Places, kinds: dict[str, LetterKind]) -> None:
    draft = operations.upload_template(
        OFFICER, "divisions.note", places.county, written("{{ village }}"), "本县.docx"
    )
    assert draft.unused == ["日期", "名单"]
    operations.discard_draft(OFFICER, draft)
    assert not LetterTemplate.objects.exists()


def test_a_bad_template_leaves_nothing(places: Places, kinds: dict[str, LetterKind]) -> None:
    with pytest.raises(DomainError):
        operations.upload_template(
            OFFICER, "divisions.note", places.county, written("{{ nothing }}"), "本县.docx"
        )
    with pytest.raises(DomainError, match="选择县"):
        operations.upload_template(OFFICER, "divisions.note", places.town, usual(), "本县.docx")
    assert not LetterTemplate.objects.exists()


def test_only_an_officer_of_the_county_changes_its_letters(
    places: Places, kinds: dict[str, LetterKind], four_people: Callable[..., FourPeople]
) -> None:
    four = four_people("county_officer")
    content = (places.county, usual(), "本县.docx")
    with pytest.raises(NotFound):
        operations.upload_template(four.actor("neighbour"), "divisions.note", *content)
    with pytest.raises(NotAllowed):
        operations.upload_template(four.actor("department"), "divisions.note", *content)
    assert operations.upload_template(four.actor("owner"), "divisions.note", *content)


# ---------------------------------------------------------------- pages


def test_the_whole_way_of_a_county_template_over_the_pages(
    places: Places, kinds: dict[str, LetterKind], four_people: Callable[..., FourPeople]
) -> None:
    client = four_people("county_officer").client("owner")
    page = client.get(reverse("documents:letters")).content.decode()
    assert "通知" in page and "默认模板" in page
    url = reverse("documents:letter", args=["divisions.note"])
    assert "{{ 行.name }}" in client.get(url).content.decode()
    bad = client.post(url, {"file": SimpleUploadedFile("a.doc", b"x")})
    assert bad.status_code == 400 and "docx" in bad.content.decode()
    wrong = client.post(url, {"file": SimpleUploadedFile("a.docx", written("{{ nobody }}"))})
    assert wrong.status_code == 400 and "nobody" in wrong.content.decode()
    sent = client.post(url, {"file": SimpleUploadedFile("本县.docx", usual("本县通知"))})
    preview = reverse("documents:template", args=["divisions.note", 1])
    assert sent.status_code == 302 and sent["Location"] == preview
    page = client.get(preview).content.decode()
    assert "本县通知" in page and "采用这一版" in page
    client.post(reverse("documents:template-adopt", args=["divisions.note", 1]))
    assert "本县模板" in client.get(url).content.decode()
    file = client.get(reverse("documents:template-file", args=["divisions.note", 1]))
    assert file.content[:2] == b"PK" and file["Content-Disposition"].startswith("attachment")
    client.post(reverse("documents:letter-reset", args=["divisions.note"]))
    assert LetterTemplate.objects.get().state == "retired"


def test_four_people_try_the_letters(
    places: Places, kinds: dict[str, LetterKind], four_people: Callable[..., FourPeople]
) -> None:
    four = four_people("county_officer")
    operations.upload_template(
        OFFICER, "divisions.note", places.county, usual("本县通知"), "本县.docx"
    )
    open_to_officers = {"owner": 200, "neighbour": 200, "department": 403, "nobody": 302}
    own = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    code = "divisions.note"
    assert four.statuses(reverse("documents:letters")) == open_to_officers
    assert four.statuses(reverse("documents:letter", args=[code])) == open_to_officers
    for version, wanted in ((0, open_to_officers), (1, own)):
        for name in ("template", "template-file"):
            assert four.statuses(reverse(f"documents:{name}", args=[code, version])) == wanted
    adopting = reverse("documents:template-adopt", args=[code, 1])
    posted = four.statuses(adopting, "post")
    assert posted == {"owner": 302, "neighbour": 404, "department": 403, "nobody": 302}
    there = f"?county={places.county.code}"
    url = reverse("documents:letter", args=[code])
    assert four.client("neighbour").get(url + there).status_code == 404


# ---------------------------------------------------------------- what is shipped


def test_every_shipped_template_fills_and_names_only_its_fields() -> None:
    for kind in all_letters().values():
        labels = {each.name: each.label for each in kind.fields}
        template = kind.default.read_bytes()
        assert templating.check(template, kind.sample, labels, public=kind.public), kind.code


def test_every_list_names_its_columns() -> None:
    for kind in all_letters().values():
        for each in kind.fields:
            if each.is_list:
                rows: Any = each.sample
                assert all(set(row) == set(each.columns) for row in rows), (kind.code, each.name)
