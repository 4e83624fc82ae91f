"""Targets: how a number is to be compared, and which numbers are no targets."""

from decimal import Decimal

import pytest

from tests.policydocs.reading_one import task_of

Expected = list[tuple[str, str | None, str]]


def read(sentence: str) -> list[tuple[str, Decimal | None, str]]:
    return [(each.comparator, each.value, each.unit) for each in task_of(sentence).targets]


@pytest.mark.parametrize(
    ("sentence", "comparator", "value", "unit"),
    [
        ("参保率达到98%以上。", "ge", "98", "%"),
        ("合格率不低于95%。", "ge", "95", "%"),
        ("每村至少培育1个主导产业。", "ge", "1", "个"),
        ("漏损率控制在10%以内。", "le", "10", "%"),
        ("平均负担不超过300元。", "le", "300", "元"),
        ("全产业链产值突破80亿元。", "gt", "8000000000", "元"),
        ("失业率低于5%。", "lt", "5", "%"),
        ("能繁母猪稳定在0.5万头左右。", "about", "5000", "头"),
        ("新建仓库约3000平方米。", "about", "3000", "平方米"),
        ("新建高标准农田2万亩。", "eq", "20000", "亩"),
        ("肉牛存栏增加2.6万头。", "increase", "26000", "头"),
        ("水果产量同比增长25%。", "increase", "25", "%"),
        ("化肥用量减少2%。", "decrease", "2", "%"),
        ("收入年均增速9%以上。", "ge", "9", "%"),
        ("机械化率提高到75%。", "eq", "75", "%"),
        ("坚决守住3.6万亩耕地保有量红线。", "ge", "36000", "亩"),
        ("确保永久基本农田面积不低于2.9万亩。", "ge", "29000", "亩"),
        ("增速高于全市平均水平2个百分点。", "gt", "2", "个百分点"),
        ("有组织输出达到总量的一半以上。", "ge", "50", "%"),
        ("实现每户至少一人就业。", "ge", "1", "人"),
        ("驻村干部年内轮训一遍。", "eq", "1", "遍"),
        ("问题厕所动态清零。", "eq", "0", ""),
        ("村卫生室医保服务全覆盖。", "eq", "100", "%"),
        ("管护基本实现全覆盖。", "about", "100", "%"),
        ("综合考核进入全市前3名。", "rank", "3", "名"),
        ("改造提升老旧茶园1.5万亩。", "eq", "15000", "亩"),
        ("八成以上农户参与分类。", "ge", "80", "%"),
    ],
)
def test_a_target_is_compared_as_the_words_say(
    sentence: str, comparator: str, value: str, unit: str
) -> None:
    assert read(sentence) == [(comparator, Decimal(value), unit)]


@pytest.mark.parametrize(
    "sentence",
    [
        "深入推进“三个一百”工程和5G应用。",
        "推动30户以上自然村通硬化路。",
        "支持投资额200万元以下的小型工程由村集体实施。",
        "目前已建成示范点12个。",
        "2020年全县减贫3075人。",
        "对86个示范村开展复核。",
        "开展新一轮找矿行动,落实一村一策。",
        "从责任落实等3个方面查找不足。",
        "提供24小时服务。",
        "认真落实《五年规划(2021-2025年)》。",
        "实行排名后3位约谈。",
        "新建果园50亩以上的,优先安排项目。",
        "全面消除经营性收入30万元、经常性收入100万元以下的薄弱村。",
        "新建年出栏5000头(猪舍面积4000平方米)以上的规模养殖场。",
        "造林任务由社员稳定在20人以上、脱贫户达到60%以上的合作社实施。",
        "按实补助展位费50%。",
        "列支10万元用于前3名乡镇奖励。",
        "发展二元杂交母猪。",
    ],
)
def test_names_conditions_and_what_was_are_no_targets(sentence: str) -> None:
    assert read(sentence) == []


def test_a_number_left_out_is_shown_with_its_reason() -> None:
    from shouwang.policydocs import parse
    from tests.policydocs.reading_one import FRAME

    paper = parse(FRAME.format("推动30户以上自然村通硬化路。"))
    assert [(each.raw, each.reason) for each in paper.asides] == [("30户", "对象的条件")]


def test_two_numbers_of_one_requirement_are_two_targets() -> None:
    assert read("90%以上的行政村年经营性收入达到5万元以上。") == [
        ("ge", Decimal(90), "%"),
        ("ge", Decimal(50000), "元"),
    ]


def test_a_list_shares_its_unit_and_its_comparator() -> None:
    assert read("治理率、处置率分别达到45%、98%以上。") == [
        ("ge", Decimal(45), "%"),
        ("ge", Decimal(98), "%"),
    ]


def test_parts_of_a_figure_are_targets_of_their_own() -> None:
    assert read("转移就业9.8万人,其中省外2.15万人、脱贫人口不少于0.45万人。") == [
        ("eq", Decimal(98000), "人"),
        ("eq", Decimal(21500), "人"),
        ("ge", Decimal(4500), "人"),
    ]


def test_a_range_has_two_values() -> None:
    (target,) = task_of("打造示范点1-2个。").targets
    assert (target.value, target.value2) == (1, 2)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("确保粮食生产面积完成2.1万亩以上。", ["粮食生产面积"]),
        (
            "牢牢守住2.1万亩耕地保有量和1.7万亩永久基本农田面积红线。",
            ["耕地保有量", "永久基本农田面积红线"],
        ),
        ("开展农民培训3.4万人次(其中:技能培训0.3万人次)。", ["开展农民培训", "技能培训"]),
        ("实现“零”返贫致贫。", ["“零”返贫致贫"]),
    ],
)
def test_a_target_is_named_so_that_it_can_be_read_alone(sentence: str, names: list[str]) -> None:
    from shouwang.policydocs import parse
    from tests.policydocs.reading_one import FRAME

    task = parse(FRAME.format(sentence)).tasks[0]
    assert [target.name for target in task.targets] == names


def test_a_paper_that_lost_its_title_is_named_by_its_preamble() -> None:
    from shouwang.policydocs import parse

    words = "结合实际，制定某市2022年乡村振兴工作要点。\n一、主要工作\n（一）稳面积。抓好生产。"
    assert parse(words).title == "某市2022年乡村振兴工作要点"
