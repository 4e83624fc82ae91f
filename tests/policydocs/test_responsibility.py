"""Who is responsible: only explicit markers, lead and other bodies apart."""

import pytest

from shouwang.policydocs import parse
from tests.policydocs.reading_one import task_of


@pytest.mark.parametrize(
    ("marker", "lead", "others"),
    [
        (
            "〔牵头单位:市农业农村局;责任单位:市财政局、各乡镇(街道)〕",
            ["市农业农村局"],
            ["市财政局", "各乡镇(街道)"],
        ),
        ("(主办:县商务局;协办:县供销社)", ["县商务局"], ["县供销社"]),
        ("(责任单位:县水务局、卫生健康局)", [], ["县水务局", "卫生健康局"]),
        ("(县教体局牵头,县财政局、各镇配合)", ["县教体局"], ["县财政局", "各镇"]),
        ("(县发改局、县水利局按职责分工负责)", [], ["县发改局", "县水利局"]),
        ("(县发改局、县水利局分别牵头,各镇参与)", ["县发改局", "县水利局"], ["各镇"]),
        ("(县委组织部、县人社局,各镇)", [], ["县委组织部", "县人社局", "各镇"]),
        ("(县残联等相关部门负责)", [], ["县残联", "相关部门"]),
        ("【主办单位:县民政局;协办单位:县医保局】", ["县民政局"], ["县医保局"]),
        ("\n牵头单位:县林业局\n配合单位:县气象局、各镇", ["县林业局"], ["县气象局", "各镇"]),
        ("(牵头领导:王五;责任单位:县司法局)", [], ["县司法局"]),
        ("(县供销社会同县商务局、县邮政公司负责)", [], ["县供销社", "县商务局", "县邮政公司"]),
        ("责任单位为县水利局,配合单位为县公安局、各镇。", [], ["县水利局", "县公安局", "各镇"]),
        ("(牵头单位为县民政局,责任单位为各镇)", ["县民政局"], ["各镇"]),
        ("(责任单位:县教育局 县财政局  各镇)", [], ["县教育局", "县财政局", "各镇"]),
        ("(县民政局、县财政局、各镇,列首位的为牵头单位)", ["县民政局"], ["县财政局", "各镇"]),
        ("——县生态环境局、各镇", [], ["县生态环境局", "各镇"]),
        ("责任单位:县教育局 县财政局 各镇", [], ["县教育局", "县财政局", "各镇"]),
        ("(责任单位:县自然资 源局)", [], ["县自然资源局"]),
        (
            "(责任单位:县住房和城乡建设局、县文化和旅游局)",
            [],
            ["县住房和城乡建设局", "县文化和旅游局"],
        ),
    ],
)
def test_a_marker_names_bodies(marker: str, lead: list[str], others: list[str]) -> None:
    task = task_of("完成年度任务。" + marker)
    assert [each.name for each in task.lead_units] == lead
    assert [each.name for each in task.responsible_units] == others
    assert "单位" not in task.text


@pytest.mark.parametrize(
    "sentence",
    [
        "由县农业农村局负责日常管理。",
        "落实到各村各乡镇(街道)。",
        "创建示范镇3个(云岭镇、河口镇、石坝镇)。",
        "组织文艺活动(含非遗展演)。",
        "县委、县政府每季度研究一次。",
    ],
)
def test_a_subject_or_an_object_is_no_marker(sentence: str) -> None:
    task = task_of(sentence)
    assert (task.lead_units, task.responsible_units) == ((), ())


def test_a_time_limit_in_the_marker_is_a_deadline() -> None:
    task = task_of("完成整改。(责任单位:县水利局;完成时限:2024年10月底前)")
    assert [each.date_to.isoformat() for each in task.deadlines] == ["2024-10-31"]


def test_a_note_behind_a_list_of_bodies_is_no_part_of_a_name_and_makes_no_lead() -> None:
    paper = parse(
        "青禾县2024年工作要点\n\n一、重点任务\n"
        "1.守护耕地。〔责任单位:县自然资源局,县农业农村局、各镇(列首位的为牵头单位,下同)〕\n"
        "2.修好水渠。〔责任单位:县水利局、县财政局,各镇〕\n"
    )
    assert [[each.name for each in task.responsible_units] for task in paper.tasks] == [
        ["县自然资源局", "县农业农村局", "各镇"],
        ["县水利局", "县财政局", "各镇"],
    ]
    assert all(task.lead_units == () for task in paper.tasks)
