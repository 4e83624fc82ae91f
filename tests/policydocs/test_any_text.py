"""Whatever the text: reading never raises, and every place holds the words that it claims."""

import json
import subprocess
import sys
from itertools import chain
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.policydocs import Paper, parse
from shouwang.policydocs.strand import fold, squash
from tests.policydocs.marked import load_all

ROOT = Path(__file__).resolve().parents[2]
PIECES = st.sampled_from(
    [
        *(
            "一、",
            "(一)",
            "1.",
            "(1)",
            "①",
            "第一章",
            "专栏1",
            "表2-1",
            "附件1",
            "序号\n",
            "指标\n",
        ),
        *(
            "2025年\n",
            "属性\n",
            "约束性\n",
            "1\n",
            "2\n",
            "总体要求\n",
            "指导思想",
            "目标任务。",
            "\n",
        ),
        *(
            "到2025年,",
            "年内",
            "每季度",
            "不少于2次",
            "98%以上",
            "1.2万亩",
            "分别达到2个、3个百分点",
        ),
        *(
            "〔牵头单位:县水利局;责任单位:各镇〕",
            "(县财政局负责)",
            "(",
            ")",
            "〔",
            "】",
            "“",
            "”",
            "《",
        ),
        *(
            "每亩补助600元",
            "全覆盖",
            "动态清零",
            "高于全省平均",
            "\t",
            "|",
            "　",
            "。",
            ",",
            ";",
            ":",
        ),
        *(
            "从2023年到",
            "2024年13月32日",
            "第十",
            "亿万千百十",
            "1-",
            "至",
            "以上",
            "的",
            "一半",
            "零",
        ),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=300))


def items_of(paper: Paper) -> list[tuple[str, str]]:
    """(what is claimed, what stands at the place) of everything that was read."""
    cut = paper.source.cut
    found = [(each.raw, cut(each.span)) for each in chain(paper.funds, paper.asides)]
    for task in paper.tasks:
        found.append((task.text, "".join(cut(piece) for piece in task.pieces)))
        for each in chain(task.targets, task.deadlines, task.periodic):
            found.append((each.raw, cut(each.span)))
    return found


def names_of(paper: Paper) -> list[tuple[str, str]]:
    """Names may be broken by the foot of a page: (name, what stands at its place)."""
    cut = paper.source.cut
    units = [u for task in paper.tasks for u in chain(task.lead_units, task.responsible_units)]
    found = [(unit.name, cut(unit.span)) for unit in units]
    return found + [(each.label + each.title, cut(each.span)) for each in paper.outline]


def holds(place: str, name: str) -> bool:
    """The place begins and ends with the name and has its characters in order."""
    rest = iter(place)
    return all(each in rest for each in name) and place[:1] == name[:1] and place[-1:] == name[-1:]


def check(text: str) -> Paper:
    paper = parse(text)
    for claimed, stands in items_of(paper):
        assert squash(claimed) == squash(stands)
    for name, stands in names_of(paper):
        assert holds(squash(fold(stands)), squash(fold(name)))
    for task in paper.tasks:
        assert task.span.start == task.pieces[0].start and task.span.end == task.pieces[-1].end
        assert all(
            paper.source.text and 0 <= piece.start < piece.end <= len(paper.source.text)
            for piece in task.pieces
        )
        assert not {u.name for u in task.lead_units} & {u.name for u in task.responsible_units}
    json.dumps(paper.as_json(), ensure_ascii=False)
    return paper


@settings(deadline=None, max_examples=400)
@given(TEXTS)
def test_no_text_makes_it_raise_and_places_hold_what_they_claim(text: str) -> None:
    check(text)


def test_places_hold_what_they_claim_in_all_made_up_papers() -> None:
    papers = [check(each.text) for each in load_all()]
    assert sum(len(each.tasks) for each in papers) > 100


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_paper_cut_anywhere_is_still_read(data: st.DataObject) -> None:
    paper = data.draw(st.sampled_from(load_all()))
    first = data.draw(st.integers(0, len(paper.text)))
    last = data.draw(st.integers(first, len(paper.text)))
    check(paper.text[first:last])


def test_reading_twice_gives_the_same() -> None:
    text = load_all()[0].text
    assert parse(text).as_json() == parse(text).as_json()


def test_long_runs_of_one_sign_take_no_unusual_time() -> None:
    for sign in (
        "(",
        "〔",
        "1.",
        "(一)",
        "每",
        "“",
        "1、",
        "、",
        "2024年",
        "0",
        "万",
        "序号\n",
        "到",
        "【责任单位】",
        "。【责任单位】县水利局",
        "给予每",
        "每300户",
        "扶持20个",
    ):
        check(sign * 4000)
        check(f"一、任务\n(一)工作。{sign * 2000}\n(二)保障。加强。\n")


def test_policydocs_works_where_django_cannot_be_imported() -> None:
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from shouwang.policydocs import parse, read_source, compare\n"
        "print(len(parse('一、任务\\n(一)修路。新建公路3公里。').tasks))\n"
        "assert not [n for n in sys.modules if n.startswith(('django.', 'shouwang.core'))]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "1"
