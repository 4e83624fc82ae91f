"""Posters and codes: readable Chinese, no personal number, nothing that runs."""

import io

import pytest
from pdfminer.high_level import extract_pages, extract_text

from shouwang.core.errors import DomainError
from shouwang.documents import codes, personal, posters

HEAD = ["序号", "户主", "类别"]


def test_a_poster_carries_its_words_table_and_code() -> None:
    made = posters.render(
        "拟纳入名单公示", ["经入户核查，拟将下列 1 户纳入。"],
        [HEAD, ["1", "张三", "边缘易致贫户"]],
        "GS-1　监督电话：12317", signature=["柳湾村村民委员会", "2026年6月10日"],
        code="https://example.org/n/1", code_note="扫码查看",
    )  # fmt: skip
    text = extract_text(io.BytesIO(made))
    for words in (
        "拟纳入名单公示",
        "张三",
        "边缘易致贫户",
        "柳湾村村民委员会",
        "12317",
        "扫码查看",
    ):
        assert words in text
    assert b"STSong-Light" in made


def test_a_long_list_goes_over_pages_with_its_head_repeated() -> None:
    rows = [HEAD, *([str(at), f"户{at}", "类别甲"] for at in range(1, 101))]
    made = posters.render("名单", [], rows, "")
    pages = list(extract_pages(io.BytesIO(made)))
    assert len(pages) > 2
    assert extract_text(io.BytesIO(made)).count("户主") == len(pages)


def test_signs_of_markup_stay_signs() -> None:
    made = posters.render("甲 & 乙 <b>", ["<script>alert(1)</script>"], [], "")
    assert "<script>" in extract_text(io.BytesIO(made))


def test_a_large_sheet_is_larger() -> None:
    small, large = (posters.render("名单", ["文"], [], "", size=size) for size in ("A4", "A3"))
    widths = [next(iter(extract_pages(io.BytesIO(made)))).width for made in (small, large)]
    assert widths[1] > widths[0] * 1.4


@pytest.mark.parametrize("where", ["title", "paragraph", "table", "footer"])
def test_a_poster_refuses_a_personal_number(where: str) -> None:
    number = "电话13800138000"
    parts = {key: number if key == where else "文" for key in ("title", "paragraph", "footer")}
    table = [HEAD, ["1", number if where == "table" else "张三", "类"]]
    with pytest.raises(personal.PersonalNumber):
        posters.render(parts["title"], [parts["paragraph"]], table, parts["footer"])


def test_a_code_is_svg_without_script() -> None:
    drawn = codes.svg("https://example.org/card/1")
    assert drawn.startswith("<svg") and "script" not in drawn and "style" not in drawn
    rows = codes.squares("https://example.org/card/1")
    assert len(rows) == len(rows[0]) and any(any(row) for row in rows)


def test_a_code_holds_no_personal_number() -> None:
    with pytest.raises(personal.PersonalNumber):
        codes.svg("999901198005061234")
    for text in ("", "x" * 501):
        with pytest.raises(DomainError):
            codes.squares(text)


def test_a_name_that_the_face_cannot_set_is_not_set_wrongly() -> None:
    made = posters.render("较重困难·收入型", ["甲"], [], "")
    assert "较重困难" in extract_text(io.BytesIO(made))
    with pytest.raises(DomainError, match="“𠮷”这个字，请改用 Word"):
        posters.render("名单", ["甲"], [HEAD, ["1", "𠮷三", "类"]], "")
