"""Made-up papers of many layouts are read as a careful reader would read them."""

import pytest

from shouwang.policydocs import parse, read_source
from tests.policydocs.agreement import differences
from tests.policydocs.marked import MarkedPaper, load_all
from tests.policydocs.mutations import MUTATIONS, as_docx, as_html

PAPERS = load_all()
REGULAR = [paper for paper in PAPERS if not paper.name.startswith("hard-wrapped")]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_a_paper_is_read_as_its_answer_says(paper: MarkedPaper) -> None:
    assert differences(paper.answer, parse(paper.text).as_json()) == []


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("paper", REGULAR, ids=lambda paper: paper.name)
def test_another_layout_changes_nothing(paper: MarkedPaper, mutation: str) -> None:
    text, answer = MUTATIONS[mutation](paper.text, paper.answer)
    assert differences(answer, parse(text).as_json()) == []


@pytest.mark.parametrize("paper", REGULAR, ids=lambda paper: paper.name)
def test_a_web_page_says_the_same(paper: MarkedPaper) -> None:
    source = read_source("页面.html", content=as_html(paper.text))
    assert differences(paper.answer, parse(source).as_json()) == []


@pytest.mark.parametrize("paper", REGULAR, ids=lambda paper: paper.name)
def test_a_word_file_says_the_same(paper: MarkedPaper) -> None:
    source = read_source("文件.docx", content=as_docx(paper.text))
    assert differences(paper.answer, parse(source).as_json()) == []


def test_there_are_papers_of_at_least_fifteen_layouts() -> None:
    assert len(PAPERS) >= 15
