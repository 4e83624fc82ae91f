"""状态表: a table is checked when read, and answers what may be done next and why not."""

import pytest

from shouwang.core.actor import Actor, Scope
from shouwang.core.errors import Conflict, DomainError, NotAllowed
from shouwang.core.lifecycle import BadTable, load

TABLE = """
key: letter
title: 信件
initial: draft
states:
  draft: {label: 草稿, tone: idle}
  sent: {label: 已寄出, tone: going, limit: answer}
  done: {label: 已回复, tone: done, end: true}
transitions:
  - {action: send, label: 寄出, from: [draft], to: sent, right: registry.view, requires: [stamp]}
  - {action: answer, label: 回复, from: [sent], to: done, right: registry.view}
  - {action: return, label: 退回, from: [sent], to: draft, right: registry.import,
     asks: [reason], back: true}
"""
CHECKS = {"stamp": lambda letter: None if letter.get("stamp") else "还没有贴邮票"}
VIEWER = Actor(1, "甲", (Scope("/1/", "town_clerk", frozenset({"registry.view"})),))
OFFICER = Actor(2, "乙", (Scope("/1/", "x", frozenset({"registry.view", "registry.import"})),))


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "letter.yaml"
    path.write_text(TABLE, encoding="utf-8")
    return load(path)


def test_offers_say_why_a_step_is_not_possible_yet(table):
    (offer,) = table.offers(VIEWER, {}, "draft", "/1/2/", CHECKS)
    assert offer.reason == "还没有贴邮票"
    (offer,) = table.offers(VIEWER, {"stamp": 1}, "draft", "/1/2/", CHECKS)
    assert offer.is_possible
    assert table.offers(VIEWER, {}, "draft", "/3/", CHECKS) == []


def test_a_step_is_taken_only_from_its_state_with_the_right_and_what_is_required(table):
    with pytest.raises(DomainError, match="邮票"):
        table.take(VIEWER, {}, "draft", "send", "/1/", CHECKS)
    assert table.take(VIEWER, {"stamp": 1}, "draft", "send", "/1/", CHECKS).to == "sent"
    with pytest.raises(Conflict, match="已寄出"):
        table.take(VIEWER, {"stamp": 1}, "sent", "send", "/1/", CHECKS)
    with pytest.raises(NotAllowed):
        table.take(VIEWER, {}, "sent", "return", "/1/", CHECKS, {"reason": "错"})


def test_what_a_step_asks_for_must_be_given(table):
    with pytest.raises(DomainError, match="理由"):
        table.take(OFFICER, {}, "sent", "return", "/1/", CHECKS)
    assert table.take(OFFICER, {}, "sent", "return", "/1/", CHECKS, {"reason": "错"}).is_back


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("to: done", "to: nowhere", "nowhere is no state"),
        ("initial: draft", "initial: x", "initial x"),
        ("tone: going", "tone: blue", "tone blue"),
        ("  - {action: answer", "  # - {action: answer", "done cannot be reached"),
        ("requires: [stamp]", "needs: [stamp]", "unknown needs"),
        ("from: [draft]", "from: [draft, done]", "leaves the end"),
    ],
)
def test_a_table_with_a_mistake_is_refused(tmp_path, old, new, problem):
    path = tmp_path / "letter.yaml"
    path.write_text(TABLE.replace(old, new), encoding="utf-8")
    with pytest.raises(BadTable, match=problem):
        load(path)
