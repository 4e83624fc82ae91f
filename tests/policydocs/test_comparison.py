"""Two versions of a paper: what was added, changed, dropped."""

from shouwang.policydocs import compare, parse

OLD = (
    "青禾县2024年工作方案\n\n一、重点任务\n(一)建设水厂。年内新建水厂12座。(责任单位:县水利局)\n"
    "(二)改造户厕。改造户厕1500户,每季度检查1次。(责任单位:县农业农村局)\n"
    "(三)修建道路。硬化通组道路80公里,6月底前完工。\n(四)植树造林。完成造林2万亩。\n"
)
NEW = (
    "青禾县2024年工作方案(修订)\n\n一、重点任务\n(一)修建道路。硬化通组道路80公里,9月底前完工。\n"
    "(二)建设水厂。年内新建水厂15座。(责任单位:县水利局、县财政局)\n"
    "(三)改造户厕。改造户厕1500户,每季度检查1次。(责任单位:县农业农村局)\n"
    "(四)发展电商。培育电商企业5家。\n"
)


def test_tasks_are_paired_by_their_words_whatever_their_number() -> None:
    result = compare(parse(OLD), parse(NEW))
    assert [task.text[:4] for task in result.added] == ["发展电商"]
    assert [task.text[:4] for task in result.dropped] == ["植树造林"]
    assert [new.text[:4] for _, new in result.unchanged] == ["改造户厕"]
    assert [(each.new.text[:4], each.what) for each in result.changed] == [
        ("修建道路", ("text", "deadlines")),
        ("建设水厂", ("text", "units", "targets")),
    ]


def test_a_paper_against_itself_is_unchanged() -> None:
    paper = parse(OLD)
    result = compare(paper, paper)
    assert (result.added, result.changed, result.dropped) == ((), (), ())
    assert len(result.unchanged) == 4


def test_other_signs_and_other_labels_are_no_change() -> None:
    other = (
        OLD.replace("(", "（").replace(")", "）").replace(",", "，").replace("一、重点", "二、重点")
    )
    result = compare(parse(OLD), parse(other))
    assert (result.added, result.changed, result.dropped) == ((), (), ())


def test_against_an_empty_paper_everything_is_dropped() -> None:
    result = compare(parse(OLD), parse(""))
    assert len(result.dropped) == 4
