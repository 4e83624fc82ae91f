"""Readers: every usual form of a file gives the same paper; a refusal is said in words."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.policydocs import PaperRejected, parse, read_source
from tests.policydocs.mutations import as_docx

TEXT = (
    "青禾县2024年水利工作方案\n\n一、目标任务\n(一)建设工程。到2025年,新建水厂12座,"
    "水质达标率98%以上。〔牵头单位:县水利局;责任单位:各镇〕\n(二)加强管护。每季度检查1次。\n"
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def summary(content: bytes, name: str) -> list[tuple[str, int, list[str]]]:
    paper = parse(read_source(name, content=content))
    return [
        (task.text[:4], len(task.targets), [unit.name for unit in task.lead_units])
        for task in paper.tasks
    ]


EXPECTED = [("建设工程", 2, ["县水利局"]), ("加强管护", 0, [])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_text_file_is_read_in_any_usual_encoding(encoding: str) -> None:
    assert summary(TEXT.encode(encoding), "方案.txt") == EXPECTED


def test_a_web_page_in_an_old_encoding_is_read() -> None:
    page = '<html><head><meta charset="gb2312"></head><body>' + "".join(
        f"<p>{line}</p>" for line in TEXT.split("\n")
    )
    assert summary(page.encode("gb18030"), "方案.html") == EXPECTED


def test_a_word_file_is_read() -> None:
    assert summary(as_docx(TEXT), "方案.docx") == EXPECTED


def test_the_kind_is_taken_from_the_content_and_not_from_the_name() -> None:
    assert summary(as_docx(TEXT), "方案.doc") == EXPECTED


def pdf_of(lines: list[str]) -> bytes:
    return pdf_of_pages([lines[:40], lines[40:]])


def pdf_of_pages(pages: list[list[str]]) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842))
    for page in pages:
        canvas.setFont("STSong-Light", 14)
        for number, line in enumerate(page):
            indent = 28 if line.startswith("  ") else 0
            canvas.drawString(72 + indent, 760 - 18 * number, line.strip())
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def test_a_pdf_is_read_with_its_pages() -> None:
    filler = [f"  这是说明文字第{n}行,交代背景情况与工作要求。" for n in range(41)]
    content = pdf_of([*filler, *(f"  {line}" for line in TEXT.split("\n") if line)])
    source = read_source("方案.pdf", content=content)
    paper = parse(source)
    assert [task.text[:4] for task in paper.tasks][-2:] == ["建设工程", "加强管护"]
    assert source.place(paper.tasks[-1].span).page == 2


def test_a_pdf_is_made_whole_again_over_lines_and_pages() -> None:
    """Set in by two letters, thirty to a line, with a running head that counts the pages."""
    body = "压实防止返贫监测帮扶责任，加快推动监测信息平台互联互通，到2025年新建高标准农田2.8万亩。"
    paragraphs = [f"({'一二三四五六七八'[n]})落实任务。{body}" for n in range(8)]
    lines: list[str] = []
    for text in paragraphs:
        lines.append("  " + text[:28])
        lines += [text[start : start + 30] for start in range(28, len(text), 30)]
    pages = [lines[start : start + 5] for start in range(0, len(lines), 5)]
    content = pdf_of_pages([[f"工作简报 第{n}期", *page] for n, page in enumerate(pages, 1)])
    paper = parse(read_source("方案.pdf", content=content))
    assert [task.text for task in paper.tasks] == [text[3:] for text in paragraphs]
    assert {(each.value, each.unit) for task in paper.tasks for each in task.targets} == {
        (28000.0, "亩")
    }


def test_a_scanned_pdf_gets_a_clear_sentence() -> None:
    with pytest.raises(PaperRejected) as refusal:
        read_source("扫描件.pdf", content=pdf_of([]))
    assert refusal.value.reason == "scanned"
    assert "扫描" in refusal.value.message


def test_a_scanned_page_among_others_is_named() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842))
    for page in range(3):
        canvas.setFont("STSong-Light", 14)
        if page == 1:
            canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 595, 842)
        else:
            for number, line in enumerate(TEXT.split("\n")):
                canvas.drawString(72, 760 - 18 * number, line)
        canvas.showPage()
    canvas.save()
    source = read_source("方案.pdf", content=stream.getvalue())
    assert source.notes[0].startswith("第2页是扫描的图片")
    assert len(source.notes) == 1


CONVERTER = """#!/bin/sh
while [ $# -gt 0 ]; do
  if [ "$1" = "--outdir" ]; then folder="$2"; fi
  given="$1"; shift
done
test -s "$given" && {deed}
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
    """A converter on PATH that does `deed` as LibreOffice would write its docx."""
    program = folder / "soffice"
    program.write_text(CONVERTER.replace("{deed}", deed))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 600


def test_an_old_word_file_is_read_through_the_installed_converter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = tmp_path / "ready.docx"
    ready.write_bytes(as_docx(TEXT))
    install(tmp_path, monkeypatch, f'cp "{ready}" "$folder/paper.docx"')
    assert summary(OLD_WORD, "旧.doc") == EXPECTED
    assert summary(b"{\\rtf1" + b" " * 600, "旧.doc") == EXPECTED


@pytest.mark.parametrize("deed", ["exit 3", "true", 'echo broken > "$folder/paper.docx"'])
def test_a_converter_that_fails_gets_a_clear_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    install(tmp_path, monkeypatch, deed)
    with pytest.raises(PaperRejected) as refusal:
        read_source("旧.doc", content=OLD_WORD)
    assert refusal.value.message.endswith("。")


def test_an_old_word_file_without_a_converter_gets_a_clear_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(PaperRejected) as refusal:
        read_source("旧.doc", content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 600)
    assert refusal.value.reason == "old_word"
    assert "docx" in refusal.value.message


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def document(inside: str) -> bytes:
    return f'<w:document xmlns:w="{WORD}"><w:body>{inside}</w:body></w:document>'.encode()


HOSTILE = {
    "entity": packed(
        {
            "word/document.xml": b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
            + document("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")
        }
    ),
    "bomb": packed({"word/document.xml": b"<a>" + b" " * 60_000_000 + b"</a>"}),
    "no document": packed({"a.txt": b"1"}),
    "broken xml": packed({"word/document.xml": b"<w:document"}),
    "half a zip": packed({"word/document.xml": document("")})[:40],
    "broken pdf": b"%PDF-1.7\n" + b"\x00\xff" * 400,
    "binary": bytes(range(256)) * 40,
    "nothing": b"",
    "blanks": b" \n\n \t",
    "empty word": packed({"word/document.xml": document("")}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_or_broken_file_is_refused_in_words(kind: str) -> None:
    with pytest.raises(PaperRejected) as refusal:
        read_source("文件", content=HOSTILE[kind])
    assert refusal.value.message.endswith("。")


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PaperRejected):
        read_source(tmp_path / "没有.txt")


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouwang.policydocs.readers.LARGEST", 10)
    with pytest.raises(PaperRejected) as refusal:
        read_source("大.txt", content=b"1" * 11)
    assert refusal.value.reason == "file_too_large"


@settings(deadline=None, max_examples=150)
@given(st.binary(min_size=1, max_size=400), st.sampled_from(["", "%PDF-1.4\n", "PK\3\4", "<html>"]))
def test_no_bytes_do_more_than_be_refused(content: bytes, head: str) -> None:
    try:
        parse(read_source("文件", content=head.encode() + content))
    except PaperRejected as refusal:
        assert refusal.message


def test_labels_that_word_counts_itself_are_written_out() -> None:
    numbering = f"""<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="1">
      <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
      <w:lvlText w:val="%1、"/></w:lvl>
      <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
      <w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>
      <w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num></w:numbering>"""

    def numbered(depth: int, text: str) -> str:
        return (
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="5"/></w:numPr></w:pPr>'
            f"<w:r><w:t>{text}</w:t></w:r></w:p>"
        )

    body = numbered(0, "重点任务") + numbered(1, "建水厂。新建水厂2座。") + numbered(1, "修路。")
    content = packed(
        {"word/document.xml": document(body), "word/numbering.xml": numbering.encode()}
    )
    assert read_source("a.docx", content=content).text.split("\n")[:3] == [
        "一、重点任务",
        "（一）建水厂。新建水厂2座。",
        "（二）修路。",
    ]


def test_merged_cells_of_a_word_table_count_in_every_row() -> None:
    def cell(text: str, merge: str = "") -> str:
        return f"<w:tc><w:tcPr>{merge}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    first, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        [cell("类别"), cell("指标"), cell("2025年"), cell("属性")],
        [cell("产业", first), cell("粮食产量(万吨)"), cell("12"), cell("约束性")],
        [cell("", more), cell("油料产量(万吨)"), cell("≥3"), cell("预期性")],
    ]
    table = "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"
    content = packed({"word/document.xml": document(table)})
    paper = parse(read_source("a.docx", content=content))
    assert [(each.name, each.comparator, each.value) for each in paper.indicators] == [
        ("粮食产量(万吨)", "eq", 120000),
        ("油料产量(万吨)", "ge", 30000),
    ]


def test_a_table_that_lays_out_a_page_is_running_text() -> None:
    page = (
        "<table><tr><td>菜单</td><td><p>"
        + "</p><p>".join(TEXT.split("\n"))
        + "</p></td></tr></table>"
    )
    assert summary(page.encode(), "a.html") == EXPECTED


def test_items_that_a_browser_counts_keep_their_numbers() -> None:
    page = (
        "<html><body><h1>某县2024年工作要点</h1>"
        "<ol start='3'><li><p>加强值守。建成值守点3个。</p></li>"
        "<li>整治沟渠。<ul><li>清淤5公里。</li></ul></li></ol>"
        "<ol><li>一、已有序号</li><li>补上序号。<ol><li>种树200株。</li></ol></li></ol></body></html>"
    )
    lines = read_source("a.html", content=page.encode()).text.splitlines()
    assert lines[1:] == [
        "3.加强值守。建成值守点3个。",
        "4.整治沟渠。",
        "清淤5公里。",
        "一、已有序号",
        "2.补上序号。",
        "(1)种树200株。",
    ]
