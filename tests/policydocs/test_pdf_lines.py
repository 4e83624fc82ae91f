"""Lines of a PDF: from characters with their places to lines and paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

from shouwang.policydocs.radicals import RADICALS, without_radicals
from shouwang.policydocs.readers.pdf_lines import Line, Sign, lines_of, with_paragraphs

SIZE = 16.0
LEFT, RIGHT = 80.0, 528.0
FULL = int((RIGHT - LEFT) / SIZE)


def signs(text: str, x: float = LEFT, base: float = 700.0, size: float = SIZE) -> list[Sign]:
    found = []
    for letter in text:
        width = size / 2 if letter.isascii() else size
        found.append(Sign(letter, x, x + width, base, size))
        x += width
    return found


def page(rows: list[tuple[float, str]], number: int = 1, room: float = 28.0) -> list[Line]:
    """Rows of (how many letters it is set in, text), the next always below."""
    found: list[Sign] = []
    for place, (indent, text) in enumerate(rows):
        found += signs(text, LEFT + indent * SIZE, 700 - place * room)
    return lines_of(found, number)


def told(lines: list[Line]) -> list[bool | None]:
    return [line.goes_on for line in with_paragraphs([lines])]


def test_signs_of_two_fonts_on_one_base_line_are_one_line_in_order() -> None:
    words = [*signs("落实", 80), *signs("到户", 80 + 4 * SIZE)]
    quotes = [Sign("“", 112, 128, 700.2, 12.0), Sign("”", 128, 144, 699.9, 12.0)]
    assert [line.text for line in lines_of([*words, *quotes], 1)] == ["落实“”到户"]


def test_a_sign_printed_twice_to_be_bold_is_read_once() -> None:
    twice = [sign for each in signs("一、总体要求") for sign in (each, shifted(each))]
    assert [line.text for line in lines_of(twice, 1)] == ["一、总体要求"]
    assert lines_of(signs("人人有责"), 1)[0].text == "人人有责", "the same sign beside itself stays"


def shifted(sign: Sign) -> Sign:
    return Sign(sign.text, sign.x0 + 0.4, sign.x1 + 0.4, sign.base, sign.size)


def test_wide_gaps_are_cells_and_narrow_ones_blanks() -> None:
    row = [*signs("粮食面积", 80), *signs("21", 80 + 7 * SIZE), *signs("万亩", 80 + 9 * SIZE)]
    assert lines_of(row, 1)[0].text == "粮食面积\t21  万亩"


BEGINS = (2.0, "甲" * (FULL - 2))
GOES_ON = (0.0, "乙" * FULL)
ENDS = (0.0, "丙" * 9 + "。")


def test_where_first_lines_are_set_in_the_others_go_on_whatever_they_begin_with() -> None:
    rows = [BEGINS, (0.0, "2.8亿元" + "丁" * (FULL - 4)), ENDS] * 6
    assert told(page(rows)) == [None, *([True, True, False] * 6)[:-1]]


def test_where_paragraphs_stand_apart_the_room_between_tells() -> None:
    found: list[Sign] = []
    base = 2000.0
    for number in range(7):
        for place, text in enumerate(("子" * FULL, "丑" * FULL, "寅" * 9 + "。")):
            base -= 40 if place == 0 and number else 24
            found += signs(text, LEFT, base)
    assert told(lines_of(found, 1)) == [None, True, True, *([False, True, True] * 6)]


def test_a_paper_that_shows_nothing_is_left_to_its_words() -> None:
    rows = [(0.0, "子" * FULL), (0.0, "丑" * 9 + "。")] * 8
    assert set(told(page(rows))) == {None}


def test_cells_and_lines_of_another_size_are_never_joined() -> None:
    rows = [BEGINS, GOES_ON, ENDS] * 6
    lines = page(rows)
    title = lines_of(signs("关于做好工作的意见" * 4, LEFT, 800, 22.0), 1)
    assert with_paragraphs([[*title, *lines]])[1].goes_on is None
    table = lines_of([*signs("指标", 80, 100), *signs("数值", 300, 100)], 1)
    assert with_paragraphs([[*lines, *table]])[-1].goes_on is None


def test_a_paragraph_goes_on_over_the_page() -> None:
    first, second = page([BEGINS, GOES_ON, ENDS] * 5 + [BEGINS]), page([GOES_ON, ENDS], 2)
    lines = with_paragraphs([first, second])
    assert [(line.page, line.goes_on) for line in lines[-2:]] == [(2, True), (2, True)]


def test_a_radical_is_read_as_the_character_that_is_meant() -> None:
    assert (
        without_radicals("⼀是加强⼯作，⼾均防⽌⻛险，⻔类⻝品")
        == "一是加强工作，户均防止风险，门类食品"
    )


@given(st.text())
def test_reading_radicals_keeps_every_place(text: str) -> None:
    assert len(without_radicals(text)) == len(text)
    assert without_radicals(without_radicals(text)) == without_radicals(text)


def test_every_radical_stands_for_one_character() -> None:
    assert all(isinstance(meant, str) and len(meant) == 1 for meant in RADICALS.values())


PLACES = st.floats(min_value=0, max_value=800, allow_nan=False)


@given(st.lists(st.tuples(st.characters(), PLACES, PLACES, st.floats(0.1, 80)), max_size=40))
def test_no_page_makes_it_raise_and_no_letter_is_lost_or_made(
    given: list[tuple[str, float, float, float]],
) -> None:
    made = [Sign(text, x, x + size, base, size) for text, x, base, size in given]
    lines = with_paragraphs([lines_of(made, 1)])
    letters = {sign.text for sign in made if sign.text.strip()}
    read = [letter for line in lines for letter in line.text if letter.strip()]
    assert set(read) == letters
    assert len(read) <= sum(1 for sign in made if sign.text.strip())
