"""逐条核对: every step can be taken back, sections go in bulk only as they were shown."""

import pytest
from django.urls import reverse

from shouwang.core.errors import Conflict, DomainError
from shouwang.workplans import reading
from shouwang.workplans.models import Piece, Task
from shouwang.workplans.operations import (
    accept_section,
    advance_paper,
    decide_piece,
    merge_pieces,
    split_piece,
    undo_piece,
    upload_paper,
)

pytestmark = pytest.mark.django_db

FUNDED = """示例县2026年帮扶政策实施办法

一、落实帮扶政策
（一）补助庭院经济。对发展庭院经济的脱贫户，每户补助3000元。
〔牵头单位：县农业农村局〕
（二）每季度召开一次会议，研究解决突出问题。
〔牵头单位：县民政局〕
"""


def kept(piece):
    piece.refresh_from_db()
    return (
        piece.text, piece.spans, piece.targets, piece.state, piece.lead_units, piece.deadline,
        piece.rhythm,
    )  # fmt: skip


def test_a_decision_and_a_correction_are_taken_back(paper, officer):
    piece = paper.pieces.first()
    as_read = kept(piece)
    piece = decide_piece(officer, piece, state="accepted", version=1)
    piece = undo_piece(officer, piece, version=piece.version)
    assert kept(piece) == as_read
    assert piece.decided_by_label == ""
    changes = {"text": "改", "lead_units": [], "targets": [], "deadline": None}
    piece = decide_piece(officer, piece, state="corrected", version=piece.version, **changes)
    piece = undo_piece(officer, piece, version=piece.version)
    assert kept(piece) == as_read
    with pytest.raises(DomainError, match="没有可以撤销"):
        undo_piece(officer, piece, version=piece.version)


def test_a_split_gives_each_half_its_words_and_targets_and_is_taken_back(paper, officer):
    piece = paper.pieces.all()[1]
    left, right = split_piece(officer, piece, at=piece.text.index("完成户用"), version=1)
    for half in (left, right):
        words = "".join(paper.text[start:end] for start, end in half.spans)
        assert "".join(words.split()) == "".join(half.text.split())
    assert not left.targets
    assert [one["unit"] for one in right.targets] == ["户"]
    right = decide_piece(officer, right, state="accepted", version=1)
    with pytest.raises(Conflict, match="先撤销那一条"):
        undo_piece(officer, left, version=left.version)
    undo_piece(officer, right, version=right.version)
    right.refresh_from_db()
    assert right.state == "pending"
    fresh = paper.pieces.first()
    as_read = kept(fresh)
    first, second = split_piece(officer, fresh, at=8, version=1)
    undo_piece(officer, first, version=first.version)
    assert kept(fresh) == as_read
    assert not Piece.objects.filter(pk=second.pk).exists()


def test_a_merge_is_taken_back_on_both(paper, officer):
    first, second, third = paper.pieces.all()
    before = kept(first), kept(second)
    merged = merge_pieces(officer, first, second, version=1)
    second.refresh_from_db()
    for step in (
        lambda: decide_piece(officer, second, state="accepted", version=second.version),
        lambda: undo_piece(officer, second, version=second.version),
    ):
        with pytest.raises(Conflict, match="并入"):
            step()
    with pytest.raises(DomainError, match="另选"):
        merge_pieces(officer, third, second, version=1)
    undo_piece(officer, merged, version=merged.version)
    assert (kept(first), kept(second)) == before
    assert second.merged_into is None


def test_a_section_is_accepted_only_as_it_was_shown(paper, officer, second):
    rows = reading.sections(list(paper.pieces.all()))
    assert [len(one) for one in rows.values()] == [2, 1]
    pieces = next(iter(rows.values()))
    shown = {one.pk: one.version for one in pieces}
    decide_piece(officer, pieces[1], state="refused", version=1)
    with pytest.raises(Conflict, match=f"第 {pieces[1].place} 条"):
        accept_section(officer, paper, shown)
    assert set(paper.pieces.values_list("state", flat=True)) == {"pending", "refused"}
    with pytest.raises(DomainError, match="勾选"):
        accept_section(officer, paper, {})
    assert accept_section(officer, paper, {pieces[0].pk: 1}) == 1
    piece = paper.pieces.get(pk=pieces[0].pk)
    assert undo_piece(officer, piece, version=piece.version).state == "pending"
    with pytest.raises(DomainError, match="还有 2 条"):
        advance_paper(officer, paper, "send", version=1)


def test_money_is_looked_at_like_a_task_and_becomes_none(places, officer, second, departments):
    paper = upload_paper(officer, content=FUNDED.encode(), name="办法.txt", division=places.county)
    fund = paper.pieces.get(kind="fund")
    start, end = fund.spans[0]
    assert "3000元" in paper.text[start:end]
    assert fund.targets[0]["value"] == "3000"
    assert paper.pieces.filter(rhythm="quarter").exists()
    for piece in paper.pieces.filter(kind="task"):
        decide_piece(officer, piece, state="accepted", version=1)
    with pytest.raises(DomainError, match="还有 1 条"):
        advance_paper(officer, paper, "send", version=1)
    decide_piece(officer, fund, state="accepted", version=1)
    sent = advance_paper(officer, paper, "send", version=1)
    advance_paper(second, sent, "confirm", version=sent.version)
    assert Task.objects.filter(paper=paper, parent=None).count() == 2
    assert not Task.objects.filter(piece=fund).exists()


def test_the_page_offers_every_step_and_answers_with_the_card(paper, four_people, person):
    client = person.client("county_officer")
    url = reverse("workplans:paper", args=[paper.pk])
    page = client.get(url).content.decode()
    for words in ("待核对 <span data-count>3", "成批采用没看的", "下一条没看的", "不采用 <span"):
        assert words in page
    piece = paper.pieces.first()
    part = {"HX-Request": "true"}
    one = reverse("workplans:piece", args=[paper.pk, piece.pk])
    assert "data-edit" in client.get(one, headers=part).content.decode()
    assert "data-edit" not in client.get(f"{one}?view=1", headers=part).content.decode()
    body = {"version": 1, "text": "改好的一条", "targets": "面积 | x | 亩"}
    wrong = client.post(one, body, headers=part).content.decode()
    assert "不是数字" in wrong
    body["targets"] = "面积 | 30 | 亩"
    right = client.post(one, body, headers=part).content.decode()
    assert "改好的一条" in right
    assert "is-corrected" in right
    assert "还有 2 条没有核对" in right, "the steps of the paper come along"
    undo = reverse("workplans:undo", args=[paper.pk, piece.pk])
    assert "is-pending" in client.post(undo, {"version": 2}, headers=part).content.decode()
    edit = client.get(f"{url}?edit={piece.pk}").content.decode()
    assert edit.count("data-edit") == 1


def test_a_section_lists_what_nobody_has_seen_and_takes_what_is_ticked(paper, four_people):
    four = four_people("county_officer")
    client = four.client("owner")
    first, second = paper.pieces.all()[:2]
    title = reading.section_of(first)
    url = reverse("workplans:section", args=[paper.pk])
    page = client.get(url, {"title": title}).content.decode()
    assert first.text in page
    assert second.text in page
    assert four.statuses(url) == {
        "owner": 200, "neighbour": 404, "department": 404, "nobody": 302,
    }  # fmt: skip
    assert client.post(url, {"piece": ["x:1"]}).status_code == 400
    assert client.post(url, {"piece": [f"{first.pk}:1"]}).status_code == 302
    assert list(paper.pieces.values_list("state", flat=True)) == ["accepted", "pending", "pending"]
    assert first.text not in client.get(url, {"title": title}).content.decode()
    assert "都核对过" in client.get(url, {"title": "没有这一节"}).content.decode()


def test_marked_words_become_a_piece_at_their_place(paper, person):
    client = person.client("county_officer")
    words = "每月开展一次部门数据比对"
    at = paper.text.index(words)
    url = reverse("workplans:add", args=[paper.pk])
    answer = client.post(url, {"text": words, "start": at, "end": at + len(words)})
    made = paper.pieces.get(state="added")
    assert made.spans == [[at, at + len(words)]]
    assert f"edit={made.pk}" in answer.url
    client.post(url, {"text": words, "start": 0, "end": 5})
    assert paper.pieces.order_by("-place").first().spans == [[at, at + len(words)]]
    client.post(url, {"text": "原文里没有的", "start": "x", "end": "-1"})
    assert paper.pieces.order_by("-place").first().spans == []


def test_stretches_know_their_place_in_the_text(paper):
    for line in reading.paragraphs(paper, list(paper.pieces.all())):
        for one in line:
            assert paper.text[one.at : one.at + len(one.text)] == one.text


def test_targets_dates_rhythms_and_units_are_marked_in_the_paper(paper):
    marked = [
        (part.fact.label, part.text)
        for line in reading.paragraphs(paper, list(paper.pieces.all()))
        for one in line
        for part in one.parts
        if part.fact
    ]
    assert ("目标", "不少于30万亩") in [(kind, text[-7:]) for kind, text in marked]
    assert ("牵头单位", "县农业农村局") in marked
    assert ("责任单位", "各乡镇") in marked
    assert any(kind == "时限" and "11月底前" in text for kind, text in marked)
    assert any(kind == "频次" and text.startswith("每月") for kind, text in marked)


def test_parts_of_a_stretch_are_its_text_at_its_place(paper):
    for line in reading.paragraphs(paper, list(paper.pieces.all())):
        for one in line:
            assert "".join(part.text for part in one.parts) in ("", one.text)
            for part in one.parts:
                assert paper.text[part.at : part.at + len(part.text)] == part.text
