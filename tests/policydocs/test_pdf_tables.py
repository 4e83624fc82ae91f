"""Ruled tables of a PDF: cells from the lines drawn round them, whole again over pages."""

import io

from hypothesis import given
from hypothesis import strategies as st

from shouwang.policydocs import parse
from shouwang.policydocs.readers import read_source
from shouwang.policydocs.readers.pdf_lines import Sign
from shouwang.policydocs.readers.pdf_tables import Rule, RuledTable, tables_of

HEAD = ["序号", "指标", "单位", "2020年", "2025年", "属性"]


def grid(xs: list[float], ys: list[float]) -> list[Rule]:
    level = [Rule(True, y, xs[0], xs[-1]) for y in ys]
    return level + [Rule(False, x, ys[-1], ys[0]) for x in xs]


def signs(text: str, x: float, base: float) -> list[Sign]:
    return [Sign(t, x + 10 * i, x + 10 * i + 10, base, 10.0) for i, t in enumerate(text)]


def texts(table: RuledTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_cells_hold_their_lines_and_the_rest_stays_outside() -> None:
    inside = [*signs("粮食", 10, 85), *signs("面积", 10, 72), *signs("21", 70, 78)]
    below = [*signs("油菜", 10, 45), *signs("8", 70, 45)]
    title = signs("表1", 10, 120)
    found, left = tables_of(grid([0, 60, 120], [100, 60, 30]), [*inside, *below, *title], 1)
    assert texts(found[0]) == [["粮食面积", "21"], ["油菜", "8"]]
    assert left == title


def test_a_cell_over_two_rows_is_one() -> None:
    rules = [
        rule for rule in grid([0, 60, 120], [90, 60, 30]) if rule.at != 60 or not rule.is_level
    ]
    rules.append(Rule(True, 60, 60, 120))
    found, _ = tables_of(
        rules, [*signs("产业", 10, 60), *signs("甲", 70, 75), *signs("乙", 70, 45)], 1
    )
    first = found[0].rows[0][0]
    assert (first.text, first.rows, first.columns) == ("产业", 2, 1)
    assert texts(found[0]) == [["产业", "甲"], ["乙"]]


def test_a_frame_round_the_page_is_no_table() -> None:
    letters = signs("正文", 10, 50)
    found, left = tables_of(grid([0, 500], [700, 0]), letters, 1)
    assert found == []
    assert left == letters


def page(rows: list[list[str]], number: int, *, is_open: str = "") -> RuledTable:
    xs = [0.0, 60.0, 120.0]
    ys = [100.0 - 20 * place for place in range(len(rows) + 1)]
    rules = grid(xs, ys)
    if "above" in is_open:
        rules = [rule for rule in rules if not (rule.is_level and rule.at == ys[0])]
    if "below" in is_open:
        rules = [rule for rule in rules if not (rule.is_level and rule.at == ys[-1])]
    letters = [
        sign
        for place, row in enumerate(rows)
        for column, text in enumerate(row)
        for sign in signs(text, xs[column] + 5, ys[place] - 14)
    ]
    found, _ = tables_of(rules, letters, number)
    return found[0]


def test_a_table_goes_on_over_the_page_and_its_head_is_read_once() -> None:
    first = page([["项", "数"], ["甲", "1"]], 1)
    second = page([["项", "数"], ["乙", "2"]], 2)
    assert second.continues(first)
    whole = first.joined(second)
    assert texts(whole) == [["项", "数"], ["甲", "1"], ["乙", "2"]]
    assert [row[0].row for row in whole.rows] == [0, 1, 2]
    assert not page([["项", "数"], ["乙", "2"]], 4).continues(first)


def test_a_row_that_the_page_cuts_in_two_is_one_row() -> None:
    first = page([["项", "数"], ["甲乙", "1"]], 1, is_open="below")
    second = page([["丙", ""], ["丁", "2"]], 2, is_open="above")
    assert texts(first.joined(second)) == [["项", "数"], ["甲乙丙", "1"], ["丁", "2"]]
    closed = page([["项", "数"], ["甲乙", "1"]], 1).joined(page([["丁", "2"], ["戊", "3"]], 2))
    assert texts(closed) == [["项", "数"], ["甲乙", "1"], ["丁", "2"], ["戊", "3"]]


def pdf_with_table(rows: list[list[str]]) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("body", fontName="STSong-Light", fontSize=12, leading=18, wordWrap="CJK")
    cells = [[Paragraph(text, style) for text in row] for row in rows]
    table = Table(cells, colWidths=[40, 120, 50, 70, 70, 60], repeatRows=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])
    stream = io.BytesIO()
    words = ["青禾县规划", "一、主要指标", "（一）指标体系。到2025年，各项指标见下表。"]
    story = [*(Paragraph(text, style) for text in words), table]
    SimpleDocTemplate(stream, pagesize=A4).build([*story, Paragraph("二、重点任务", style)])
    return stream.getvalue()


def test_the_indicators_of_a_printed_table_are_all_read_over_its_pages() -> None:
    rows = [
        [str(n), f"第{n}项建设任务的完成数量和水平", "个", str(10 + n), str(20 + n), "预期性"]
        for n in range(1, 31)
    ]
    paper = parse(read_source("规划.pdf", content=pdf_with_table([HEAD, *rows])))
    assert [(each.no, each.name) for each in paper.indicators] == [(row[0], row[1]) for row in rows]
    assert [each.title for each in paper.outline][-1] == "重点任务"


NUMBERS = st.floats(0, 800, allow_nan=False)
RULES = st.builds(Rule, st.booleans(), NUMBERS, NUMBERS, NUMBERS)
LETTERS = st.builds(
    lambda text, x, base: Sign(text, x, x + 10, base, 10.0), st.characters(), NUMBERS, NUMBERS
)


@given(st.lists(RULES, max_size=25), st.lists(LETTERS, max_size=25))
def test_no_drawing_makes_it_raise_and_every_letter_is_in_a_table_or_outside(
    rules: list[Rule], letters: list[Sign]
) -> None:
    found, left = tables_of(rules, letters, 1)
    in_cells = "".join(cell.text for table in found for row in table.rows for cell in row)
    kept = [sign.text for sign in left if sign.text.strip()]
    read = {letter for letter in in_cells if letter.strip()} | set(kept)
    assert read == {sign.text for sign in letters if sign.text.strip()}
