"""从文件到任务: nothing enters the plan unseen, and a second person confirms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.core.errors import Conflict, DomainError
from shouwang.workplans import reading
from shouwang.workplans.models import Paper, Piece, Task
from shouwang.workplans.operations import (
    add_piece,
    advance_paper,
    decide_piece,
    merge_pieces,
    split_piece,
    upload_paper,
)
from shouwang.workplans.operations.papers import CHECKS
from shouwang.workplans.states import paper_table

from .conftest import TEXT

pytestmark = pytest.mark.django_db


def accept_all(actor, paper):
    for piece in paper.pieces.filter(state="pending"):
        decide_piece(actor, piece, state="accepted", version=piece.version)


def test_every_piece_points_at_its_words(paper):
    assert paper.pieces.count() == 3
    for piece in paper.pieces.all():
        words = "".join(paper.text[start:end] for start, end in piece.spans)
        assert piece.text.replace(" ", "") == words.replace(" ", "").replace("\n", "")
    first = paper.pieces.first()
    assert first.lead_units == ["县农业农村局"]
    assert first.targets[0]["unit"] == "亩"
    assert first.targets[0]["value"] == "300000"


def test_nothing_becomes_a_task_before_every_piece_was_seen(paper, officer, second):
    with pytest.raises(DomainError, match="还有 3 条"):
        advance_paper(officer, paper, "send", version=1)
    accept_all(officer, paper)
    sent = advance_paper(officer, paper, "send", version=1)
    with pytest.raises(DomainError, match="第二个人"):
        advance_paper(officer, sent, "confirm", version=sent.version)
    assert not Task.objects.exists()
    advance_paper(second, sent, "confirm", version=sent.version)
    assert Task.objects.count() == 3


def test_a_paper_of_which_nothing_was_taken_is_not_sent(paper, officer):
    for piece in paper.pieces.all():
        decide_piece(officer, piece, state="refused", version=piece.version)
    with pytest.raises(DomainError, match="没有采用"):
        advance_paper(officer, paper, "send", version=1)
    dropped = advance_paper(officer, paper, "drop", version=1, reason="已有新文件")
    assert dropped.state == "dropped"


def test_corrected_split_merged_and_added_pieces_become_the_tasks(paper, officer, second):
    first, toilets, _ = paper.pieces.all()
    whole = toilets.text
    fixed = decide_piece(
        officer,
        first,
        state="corrected",
        version=1,
        text="粮食面积 31 万亩",
        lead_units=["县发改局"],
    )
    assert fixed.state == "corrected"
    left, right = split_piece(officer, toilets, at=6, version=1)
    assert left.text + right.text == whole
    joined = merge_pieces(officer, left, right, version=left.version)
    assert right.text in joined.text
    right.refresh_from_db()
    assert right.state == "merged"
    added = add_piece(officer, paper, text="建立台账")
    accept_all(officer, paper)
    sent = advance_paper(officer, paper, "send", version=1)
    advance_paper(second, sent, "confirm", version=sent.version)
    titles = set(Task.objects.values_list("title", flat=True))
    assert {"粮食面积 31 万亩", added.text} <= titles
    assert right.text not in titles


def test_the_second_of_two_readers_is_told_who_was_faster(paper, officer):
    piece = paper.pieces.first()
    decide_piece(officer, piece, state="accepted", version=1)
    with pytest.raises(Conflict, match="核对人"):
        decide_piece(officer, piece, state="refused", version=1)


def test_the_same_file_is_not_read_twice(paper, officer, places):
    with pytest.raises(Conflict, match="已经上传过"):
        upload_paper(officer, content=TEXT.encode(), name="另一个名字.txt", division=places.county)


def test_a_revised_paper_says_what_is_new_changed_and_dropped(confirmed, officer, places):
    text = TEXT.replace("30万亩", "32万亩").replace(
        "（二）推进农村改厕。完成户用厕所改造2000户，12月底前完成。\n", ""
    )
    text += "（四）建设仓储保鲜设施10座。\n〔牵头单位：县农业农村局〕\n"
    newer = upload_paper(
        officer, content=text.encode(), name="修订.txt", division=places.county, former=confirmed
    )
    changes = {piece.text[:6]: piece.change for piece in newer.pieces.all()}
    assert "changed" in changes.values()
    assert "new" in changes.values()
    assert any("改厕" in one["text"] or "厕所" in one["text"] for one in newer.dropped)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4 broken", b"\x00\x01\x02"])
def test_hostile_files_are_refused_in_words_and_leave_nothing(officer, places, content):
    try:
        upload_paper(officer, content=content, name="文件.docx", division=places.county)
    except DomainError as error:
        assert error.message
        assert not Paper.objects.exists()


def test_units_are_matched_to_departments_and_towns(confirmed, places):
    grain = Task.objects.order_by("number").first()
    lead = grain.units.get(duty="lead")
    assert lead.department is not None
    towns = grain.units.filter(duty="responsible")
    assert {unit.division.level for unit in towns} == {"town"}


def test_the_paper_is_shown_whole_with_its_pieces_marked(paper):
    lines = reading.paragraphs(paper, list(paper.pieces.all()))
    shown = "".join(one.text for line in lines for one in line)
    assert shown == "".join(line for line in paper.text.split("\n") if line.strip())
    assert {one.piece for line in lines for one in line} == {0, 1, 2, 3}


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=80), st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=5)
)
def test_marks_never_lose_or_double_a_character(text, spans):
    pieces = [Piece(pk=at, place=at, spans=[list(span)]) for at, span in enumerate(spans, 1)]
    shown = "".join(one.text for one in reading._stretches(text, pieces))
    assert shown == text


def test_every_requirement_of_the_table_has_a_check():
    assert paper_table().requirements <= set(CHECKS)
