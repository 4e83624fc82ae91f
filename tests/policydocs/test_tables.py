"""Tables of indicators and lists of tasks, marked by the file or flattened by a crawl."""

from decimal import Decimal

import pytest

from shouwang.policydocs import parse
from shouwang.policydocs.indicators import read_cell

HEAD = "云岭县乡村振兴规划(2021-2025年)\n\n一、主要指标\n\n表1 主要指标\n\n"


def flat(*cells: str) -> str:
    return HEAD + "\n\n".join(cells) + "\n\n二、重点任务\n(一)加强领导。压实责任。\n"


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        ("35", "%", ("eq", 35, "%")),
        ("0.5", "万亩", ("eq", 5000, "亩")),
        ("≥0.5", "万亩", ("ge", 5000, "亩")),
        ("98以上", "%", ("ge", 98, "%")),
        ("5.5左右", "%", ("about", Decimal("5.5"), "%")),
        ("不低于5万元", "万元", ("ge", 50000, "元")),
        ("动态清零", "", ("eq", 0, "")),
        ("全覆盖", "", ("eq", 100, "%")),
        ("高于全省平均", "%", ("gt", None, "")),
        ("达到全省平均水平", "%", ("eq", None, "")),
        ("调幅不低于上年度消费支出增速", "", ("ge", None, "")),
        ("村村均有稳定收入", "万元", (None, None, "")),
        ("[3.5]", "%", ("eq", Decimal("3.5"), "%")),
        ("10万元以上的村占比达到60%", "", ("eq", 60, "%")),
    ],
)
def test_a_target_cell_is_read_in_the_light_of_its_unit(
    cell: str, unit: str, expected: tuple[str | None, Decimal | None, str]
) -> None:
    found = read_cell(cell, unit)
    assert (found.comparator, found.value, found.unit) == expected


def test_a_flattened_table_gives_its_rows_and_leaves_the_text_alone() -> None:
    text = flat(
        *("序号", "指标", "2025年", "属性", "1", "危房户数", "动态清零", "约束性"),
        *("2", "村集体经济年收入(万元)", "示范县:全面消除空壳村;示范村:不低于10万元。", "预期性"),
        *("3", "绿色村庄占比(%)", "村", "70", "预期性", "集镇", "85", "预期性"),
        *("4", "卫生厕所普及率(%)", "4", "预期性", "注:指标2、3仅针对示范县"),
    )
    paper = parse(text)
    assert [(each.no, each.value, each.scope) for each in paper.indicators] == [
        ("1", 0, None),
        ("2", None, "示范县"),
        ("2", 100000, "示范村"),
        ("3", 70, "示范县"),
        ("3", 85, "示范县"),
        ("4", 4, None),
    ]
    assert [heading.title for heading in paper.outline] == [
        "主要指标",
        "主要指标",
        "重点任务",
        "加强领导",
    ]


def test_heads_on_two_lines_and_rows_without_numbers_are_a_table() -> None:
    cells = (
        "类别",
        "指标",
        "2020",
        "基期值",
        "2025",
        "目标值",
        "指标属性",
        "产业",
        "粮食产量(万吨)",
    )
    paper = parse(flat(*cells, "5", "5.5", "约束性", "油料产量(万吨)", "—", "1.2", "预期性"))
    assert [(each.name, each.value, each.kind) for each in paper.indicators] == [
        ("粮食产量(万吨)", 55000, "约束性"),
        ("油料产量(万吨)", 12000, "预期性"),
    ]


def test_columns_of_years_are_all_kept() -> None:
    text = HEAD + "序号\t指标\t2023年\t2025年\n1\t普及率(%)\t60\t75\n2\t处理率(%)\t20\t35\n"
    first = parse(text).indicators[0]
    assert (first.year, first.value, first.by_year) == (2025, 75, ((2023, "60"), (2025, "75")))


def test_a_list_of_tasks_gives_tasks_with_units_and_time_limits() -> None:
    text = (
        "云岭县2024年重点任务清单\n\n序号\t重点任务\t牵头单位\t责任单位\t完成时限\n"
        "1\t新建高标准农田2万亩\t县农业农村局\t县财政局、各镇\t2024年10月底前\n"
        "2\t改造户厕1500户\t县卫健局\t各镇\t12月底\n"
    )
    tasks = parse(text).tasks
    assert [
        (
            [unit.name for unit in task.lead_units],
            [unit.name for unit in task.responsible_units],
            task.targets[0].value,
            task.deadlines[0].date_to.isoformat(),
        )
        for task in tasks
    ] == [
        (["县农业农村局"], ["县财政局", "各镇"], 20000, "2024-10-31"),
        (["县卫健局"], ["各镇"], 1500, "2024-12-31"),
    ]


def test_cells_parted_by_bars_on_lines_of_their_own_are_a_list_of_tasks() -> None:
    cells = (
        *(
            "类别",
            "序号",
            "任务名称",
            "任务要求及举措",
            "责任部门\n(加*号为牵头部门,\n其余为参与部门)",
        ),
        *("责任镇街", "完成时间节点", "(一)\n补齐\n短板", "1", "硬化通组路"),
        *("全年硬化通组路12公里,方便群众出行。", "县交通运输局*、\n县财政局", "青石镇", "10月底"),
        *("(二)\n壮大\n产业", "2", "新建大棚", "新建蔬菜大棚30座。", "县农业农村局*"),
        *("青石镇、\n白水镇", "12月底"),
    )
    paper = parse("青禾县2024年重点任务清单\n" + "\n|\n".join(cells) + "\n|\n")
    assert [
        (
            [each.name for each in task.lead_units],
            [each.name for each in task.responsible_units],
            [(each.value, each.unit) for each in task.targets],
            task.deadlines[-1].date_to.month,
        )
        for task in paper.tasks
    ] == [
        (["县交通运输局"], ["县财政局", "青石镇"], [(12, "公里")], 10),
        (["县农业农村局"], ["青石镇", "白水镇"], [(30, "座")], 12),
    ]


def test_groups_in_front_of_the_number_and_cells_left_out_do_not_shift_a_row() -> None:
    cells = (
        *("考核项目", "序号", "考核指标", "考核内容", "单位", "年度目标", "责任部门", "评分部门"),
        *("产业兴旺", "1", "保障供给", "农业产值增幅", "%", "≥3%", "县农业农村局", "县统计局"),
        *("市农业农村局", "2", "粮食安全责任", "-", "良好以上", "县发改局", "市粮储局市统计局"),
        *("3", "油菜面积", "万亩", "0.6", "县农业农村局", "市农业农村局"),
    )
    paper = parse(flat(*cells))
    read = [
        (each.name, each.value, [unit.name for unit in each.responsible_units or ()])
        for each in paper.indicators
    ]
    assert read == [
        ("农业产值增幅", 3, ["县农业农村局", "县统计局"]),
        ("粮食安全责任", None, ["县发改局"]),
        ("油菜面积", 6000, ["县农业农村局"]),
    ]
    scoring = paper.indicators[1].scoring_units or ()
    assert [each.name for each in scoring] == ["市粮储局", "市统计局"]
