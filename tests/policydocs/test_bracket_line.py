"""〔…〕 on a line of its own: the closing bracket is no part of the last unit."""

import pytest

from shouwang.policydocs import parse, source_of_text

LINES = (
    "〔牵头单位：县农业农村局；责任单位：各乡镇〕",
    "【牵头单位:县农业农村局;责任单位:各乡镇】",
)


@pytest.mark.parametrize("line", LINES)
def test_a_bracket_that_is_a_whole_line_names_only_units(line):
    text = f"工作要点\n一、粮食\n（一）稳定面积。全年播种面积不少于30万亩。\n{line}\n"
    (task,) = parse(source_of_text(text)).tasks
    assert [unit.name for unit in task.lead_units] == ["县农业农村局"]
    assert [unit.name for unit in task.responsible_units] == ["各乡镇"]
