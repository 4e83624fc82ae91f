"""Whatever the composer puts together, the reader takes apart again, and it points at the text."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.policydocs import Paper, Task, parse
from shouwang.policydocs.strand import fold, squash
from tests.policydocs.composer import Composed, Written, papers

CAREFUL = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def plain(text: str) -> str:
    return squash(fold(text))


def agree(task: Task, written: Written) -> None:
    targets = [each for part in written.parts for each in part.targets]
    assert [(t.comparator, t.value, t.unit, t.value2) for t in task.targets] == targets
    wanted = {each for part in written.parts for each in part.deadlines}
    assert {(d.date_from, d.date_to) for d in task.deadlines} == wanted
    periodic = [each for part in written.parts for each in part.periodic]
    assert [(p.times, p.per) for p in task.periodic] == [(Decimal(n), per) for n, per in periodic]
    assert [plain(each.name) for each in task.lead_units] == [plain(e) for e in written.lead]
    named = [plain(each.name) for each in task.responsible_units]
    assert named == [plain(each) for each in written.responsible]
    assert plain(task.text) == plain(written.body)


@CAREFUL
@given(papers())
def test_a_composed_paper_is_read_as_it_was_composed(composed: Composed) -> None:
    paper = parse(composed.text)
    assert len(paper.tasks) == len(composed.tasks)
    for task, written in zip(paper.tasks, composed.tasks, strict=True):
        agree(task, written)
    funds = [each for task in composed.tasks for part in task.parts for each in part.funds]
    assert [(f.beneficiary, f.amount, f.per) for f in paper.funds] == funds
    titles = [each.title for each in paper.outline]
    assert titles == ["重点任务", *(each.title for each in composed.tasks)]


def every_claim(paper: Paper) -> list[tuple[str, int, int]]:
    found = [(f.raw, f.span.start, f.span.end) for f in paper.funds]
    for task in paper.tasks:
        found += [(e.raw, e.span.start, e.span.end) for e in task.targets]
        found += [(e.raw, e.span.start, e.span.end) for e in task.deadlines]
        found += [(e.raw, e.span.start, e.span.end) for e in task.periodic]
        units = (*task.lead_units, *task.responsible_units)
        found += [(e.name, e.span.start, e.span.end) for e in units]
    return found


@CAREFUL
@given(papers(), st.sampled_from((0, 38, 56)))
def test_wrapped_or_not_each_claim_stands_where_it_says(composed: Composed, width: int) -> None:
    text = composed.text
    if width:
        lines = text.split("\n")
        wrapped = [line[i : i + width] for line in lines for i in range(0, len(line) or 1, width)]
        text = "\n".join(wrapped)
    paper = parse(text)
    for raw, start, end in every_claim(paper):
        assert squash(paper.source.text[start:end]) == raw
