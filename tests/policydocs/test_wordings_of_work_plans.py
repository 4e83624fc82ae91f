"""Turns of phrase that work plans use, each as a made-up sentence of its shape."""

from decimal import Decimal
from typing import Any

import pytest

from shouwang.policydocs import Paper, parse
from tests.policydocs.reading_one import FRAME, task_of


def paper_of(sentence: str) -> Paper:
    return parse(FRAME.format(sentence))


def targets(sentence: str) -> list[tuple[str, str, str]]:
    return [
        (each.comparator, str(each.value), each.unit)
        for each in task_of(sentence).targets
        if each.value is not None
    ]


def days(sentence: str) -> list[tuple[str | None, str]]:
    return [
        (each.date_from and each.date_from.isoformat(), each.date_to.isoformat())
        for each in task_of(sentence).deadlines
    ]


def rhythms(sentence: str) -> list[tuple[int, str]]:
    return [(int(each.times), each.per) for each in task_of(sentence).periodic]


def funds(sentence: str) -> list[tuple[str, int, str | None]]:
    return [(f.beneficiary, int(f.amount), f.per) for f in paper_of(sentence).funds]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("选派200名优秀教师到乡镇任教。", [("eq", "200", "名")]),
        ("每个班子中青年干部应有一至两名。", [("eq", "1", "名")]),
        ("每村配备网格员两名。", []),
        ("对12所敬老院的消防设施进行提升改造。", [("eq", "12", "所")]),
        ("对12所敬老院开展走访。", []),
        ("实现收入1.2万元以下有劳动能力的脱贫人口“动态清零”。", [("eq", "0", "")]),
        ("消除人均收入1.5万元以下且有劳动能力的监测户。", []),
        ("落实“三个一”“两清单”6个专项行动。", []),
        ("加上已发展的4万亩,油茶林发展到9万亩。", [("eq", "90000", "亩")]),
        ("改造老旧小区3.5万m2。", [("eq", "35000.0", "平方米")]),
        ("新建文化广场1200m²。", [("eq", "1200", "平方米")]),
        ("住院费用报销比例稳定在75%左右。", [("about", "75", "%")]),
        ("秸秆利用率由2021年的28%提高到2026年的45%。", [("eq", "45", "%")]),
        ("发放“茶叶贷”8亿元以上。", [("ge", "800000000", "元")]),
        ("整合乡村振兴衔接资金3亿元以上。", [("ge", "300000000", "元")]),
        ("每300户配备抽粪车1辆。", [("eq", "1", "辆")]),
        (
            "完成30个村治理任务,治理率较2023年提高4个百分点。",
            [("eq", "30", "个"), ("increase", "4", "个百分点")],
        ),
        ("新签约亿元以上项目20个,其中10亿元以上项目2个。", [("eq", "20", "个"), ("eq", "2", "个")]),
        ("改造10千伏及以下线路200公里。", [("eq", "200", "公里")]),
        ("脱贫户新增养殖母猪1头补助1000元。", []),
        ("农村低保标准提高7%以上。", [("ge", "7", "%")]),
        ("统筹上年结转800万元,合计5800万元。", []),
        ("对其他3个县各安排400万元。", []),
        ("定量检测达到2批次/千人。", [("eq", "2", "批次/千人")]),
        ("全年抽检农产品300批次。", [("eq", "300", "批次")]),
        ("水质达标率>=90%。", [("ge", "90", "%")]),
        ("对排名前3位的县进行表扬。", []),
        ("对投资1亿元以上的项目,验收合格,由县财政给予贴息。", []),
    ],
)
def test_a_number_is_a_target_where_it_is_asked_for(
    sentence: str, expected: list[tuple[str, str, str]]
) -> None:
    assert [(c, Decimal(v), u) for c, v, u in targets(sentence)] == [
        (c, Decimal(v), u) for c, v, u in expected
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("5月11日至5月31日开展入户排查。", [("2024-05-11", "2024-05-31")]),
        ("6月3日至20日完成比对。", [("2024-06-03", "2024-06-20")]),
        ("2024年9月1日至10月15日组织验收。", [("2024-09-01", "2024-10-15")]),
    ],
)
def test_days_of_a_year_may_be_a_span(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert days(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("对科研人员每年给予经费资助。", []),
        ("成立专班,每旬调度一次。", [(1, "ten_days")]),
        ("建立“月通报、季评比”机制,每月通报1次、每季评比1次。", [(1, "month"), (1, "quarter")]),
        ("每季度末对纳入满6个月的监测对象开展评估。", [(1, "quarter")]),
        ("第一书记每月在岗不少于22天。", []),
        ("建立日报告制度,各乡镇每日报送进度。", [(1, "day")]),
        ("每月调度一次,对年度考核排名靠后的乡镇进行约谈。", [(1, "month")]),
        (
            "建立月调度、季通报制度,每年开展一次评估。",
            [(1, "month"), (1, "quarter"), (1, "year")],
        ),
    ],
)
def test_a_rhythm_is_a_duty_and_told_once(sentence: str, expected: list[tuple[int, str]]) -> None:
    assert rhythms(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "扶持15个行政村发展集体经济,每村安排60万元,其中中央资金40万元、省级资金20万元。",
            [("行政村", 600000, "村"), ("行政村", 400000, "村"), ("行政村", 200000, "村")],
        ),
        (
            "对试点村给予一次性补助,补助标准为每个村不低于80万元,共计划投入财政资金400万元。",
            [("试点村", 800000, "村")],
        ),
        ("二是争取市财政新造每亩补助300元。", [("新造", 300, "亩")]),
        ("监测对象新增养殖母猪1头补助1000元。", [("监测对象新增养殖母猪", 1000, "头")]),
        ("对获得绿色认证的主体,每个产品一次性奖励2万元。", [("获得绿色认证的主体", 20000, None)]),
        (
            "新建大棚的,每亩补助1500元。单个主体最高不超过30万元。",
            [("新建大棚", 1500, "亩"), ("", 300000, None)],
        ),
        (
            "对1.2万户有发展意愿的脱贫户和监测户实施奖补,户均补助2500元。",
            [("有发展意愿的脱贫户和监测户", 2500, "户")],
        ),
        ("县级财政每年统筹不少于2亿元支持乡村建设。", [("乡村建设", 200000000, "year")]),
        (
            "安排1000万元用于基地建设,其中柳坪县600万元、桐岭县400万元。",
            [("基地建设", 10000000, None), ("柳坪县", 6000000, None), ("桐岭县", 4000000, None)],
        ),
        (
            "对务工脱贫人口按省外600元、省内300元的标准给予一次性补贴。",
            [("务工脱贫人口", 600, None), ("务工脱贫人口", 300, None)],
        ),
        ("县财政安排改造果园每亩120元。", [("改造果园", 120, "亩")]),
        ("市级财政给予每县一次性补助,给予每县50万元。", [("县", 500000, None)]),
    ],
)
def test_money_goes_to_whom_the_sentence_names(
    sentence: str, expected: list[tuple[str, int, str | None]]
) -> None:
    assert funds(sentence) == expected


def test_lead_by_duty_is_a_lead() -> None:
    task = task_of("加强农房管理。(县住建局、县农业农村局按职责分工牵头,各乡镇落实)")
    assert [each.name for each in task.lead_units] == ["县住建局", "县农业农村局"]
    assert [each.name for each in task.responsible_units] == ["各乡镇"]


@pytest.mark.parametrize(
    ("sentence", "lead", "responsible"),
    [
        ("建设公厕。(责任单位:县住建局(牵头)、各乡镇)", ["县住建局"], ["各乡镇"]),
        ("清运垃圾。【责任单位】县城管局,各乡镇", [], ["县城管局", "各乡镇"]),
        ("清运垃圾。【牵头单位】县城管局【责任单位】各乡镇", ["县城管局"], ["各乡镇"]),
        ("编制规划。(牵头:县自然资源局;配合:各乡镇)", ["县自然资源局"], ["各乡镇"]),
    ],
)
def test_who_leads_is_read_however_it_is_marked(
    sentence: str, lead: list[str], responsible: list[str]
) -> None:
    task = task_of(sentence)
    assert [each.name for each in task.lead_units] == lead
    assert [each.name for each in task.responsible_units] == responsible


def test_a_line_that_names_a_person_is_no_part_of_the_task() -> None:
    text = (
        "柳坪县2025年任务分工\n一、重点任务\n1.完善供水。实施提升工程。\n牵头领导:甲某某\n"
        "牵头单位:县水利局\n配合单位:县财政局、\n各乡镇\n完成时限:2025年11月底\n2.绿化。植树。\n"
    )
    task = parse(text).tasks[0]
    assert task.text == "完善供水。实施提升工程。"
    assert [each.name for each in task.lead_units] == ["县水利局"]
    assert [each.name for each in task.responsible_units] == ["县财政局", "各乡镇"]
    assert [each.date_to.month for each in task.deadlines] == [11]


def test_bodies_named_at_a_section_stand_for_each_of_its_tasks_without_own_bodies() -> None:
    text = (
        "柳坪县2024年重点任务清单\n一、保障粮食安全(牵头单位:县农业农村局;责任单位:各乡镇)\n"
        "1.完成粮食播种面积40万亩。\n2.推广机插秧3万亩。(责任单位:县农机中心)\n"
        "二、加强管护\n3.加强管护。\n"
    )
    rows = [
        ([u.name for u in task.lead_units], [u.name for u in task.responsible_units])
        for task in parse(text).tasks
    ]
    assert rows == [(["县农业农村局"], ["各乡镇"]), ([], ["县农机中心"]), ([], [])]


def test_each_stage_is_a_task_of_its_own() -> None:
    text = (
        "柳坪市问题整改方案\n一、实施步骤\n第一阶段:摸排建账(2025年3月—4月)。逐户摸排。\n"
        "第二阶段:整改提升(2025年5月—10月)。逐厕整改。\n二、保障措施\n(一)加强领导。成立专班。\n"
    )
    paper = parse(text)
    assert [task.text[:4] for task in paper.tasks] == ["第一阶段", "第二阶段", "加强领导"]
    assert [each.date_to.month for task in paper.tasks for each in task.deadlines] == [4, 10]
    assert [each.label for each in paper.outline] == ["一、", "二、", "(一)"]


def test_a_body_broken_over_two_lines_is_one_body() -> None:
    text = (
        "柳坪镇2024年工作方案\n一、重点任务\n(一)清洁村庄。清除垃圾。\n"
        "责任领导:甲某  责任单位:镇农业综合服务中心、各\n村(居)\n(二)绿化村庄。植树。\n"
    )
    task = parse(text).tasks[0]
    names = [each.name for each in task.responsible_units]
    assert names == ["镇农业综合服务中心", "各村(居)"]


def test_goals_below_a_chapter_of_thoughts_are_a_task() -> None:
    text = (
        "桐岭县关于清廉建设的意见\n一、指导思想、基本原则和总体目标\n"
        "(一)指导思想。坚持标本兼治。\n(二)总体目标。到2027年,建成示范村30个。\n"
        "二、重点任务\n(一)加强教育。开展教育。\n"
    )
    assert [task.text[:4] for task in parse(text).tasks] == ["总体目标", "加强教育"]


LIST_OF_TASKS = """岭东区2025年重点任务分解表
序号
重点任务
具体内容
牵头领导
牵头单位
责任单位
完成时限
1
稳定粮食生产
粮食播种面积不低于30万亩。
甲某
区农业农村局
各镇(街道)
12月底
2
农村改厕
完成户厕改造500户。
乙某
区农业农村局
区财政局
区卫健局
9月底
3
农民增收
农民收入增长6%以上。
甲某
区委农办
区人社局
区统计局
11月底
"""


def test_a_flattened_list_of_tasks_keeps_the_bodies_of_each_row_apart() -> None:
    paper = parse(LIST_OF_TASKS)
    rows: list[tuple[Any, ...]] = [
        (
            [each.name for each in task.lead_units],
            [each.name for each in task.responsible_units],
            [each.date_to.month for each in task.deadlines],
        )
        for task in paper.tasks
    ]
    assert rows == [
        (["区农业农村局"], ["各镇(街道)"], [12]),
        (["区农业农村局"], ["区财政局", "区卫健局"], [9]),
        (["区委农办"], ["区人社局", "区统计局"], [11]),
    ]
    assert paper.indicators == ()


GROWTH = """北棠市“十四五”乡村振兴规划
专栏1 主要指标
序号
指标名称
单位
2020年
2025年
年均增长
属性
1
粮食产量
万吨
45
50
—
约束性
2
农业增加值增速
%
3.5
—
4左右
预期性
"""


def test_a_target_that_stands_in_the_column_of_growth_is_taken_from_there() -> None:
    read = [(each.target_raw, each.comparator, each.unit) for each in parse(GROWTH).indicators]
    assert read == [("50", "eq", "吨"), ("4左右", "about", "%")]


GROUPED = """岭东市2026年重点任务分解表
序号
|
类别
|
目标任务
|
责任单位
|
责任人
|
完成时限
|
1
|
一、主要预期目标
|
农民收入与全市同步增长。
|
综合科
|
甲某
|
2026年底前
|
2
|
粮食产量20万吨以上。
|
农技中心
|
乙某
|
2026年10月底前
|
3
|
二、加快产业发展
|
新增龙头企业3家。
|
产业科
农机中心
|
|
2026年底前
|
"""


def test_a_group_behind_the_number_is_no_part_of_the_task() -> None:
    rows = [
        (task.text, [each.name for each in task.responsible_units], task.deadlines[0].date_to.month)
        for task in parse(GROUPED).tasks
    ]
    assert rows == [
        ("农民收入与全市同步增长。", ["综合科"], 12),
        ("粮食产量20万吨以上。", ["农技中心"], 10),
        ("新增龙头企业3家。", ["产业科", "农机中心"], 12),
    ]


CONTENTS = """南汀县“十五五”乡村振兴规划
目  录
第一章 规划背景
第一节 发展基础
第二章 重点任务
第一节 健全机制
{between}第一章 规划背景
第一节 发展基础
过去五年,建成示范村20个。
第二章 重点任务
第一节 健全机制
到2030年,建成示范村40个。
"""


@pytest.mark.parametrize("between", ["", "为贯彻落实党中央决策部署," * 8 + "制定本规划。\n"])
def test_the_list_of_contents_is_no_outline(between: str) -> None:
    outline = parse(CONTENTS.format(between=between)).outline
    assert [each.label for each in outline] == ["第一章", "第一节", "第二章", "第一节"]


SPACED = """岭东市推行林长制任务分解表
序号 类别 主要任务 细化措施 牵头单位 参与单位 责任单位
1 加强资源保 护 严守红线 到2027年,采伐量控制在3万立方米以内。 市林业局 市发展改革委、财政局等 \
各县(市、区)人民政府,高新区党工委和管委会
2  严格用地 管理 落实定额管理,把完成情况纳入考核内容。 市林业局 市自然资源局 各县(市、区)人民政府
3   抓好造林。完成造林2万亩。 市林业局、农业农村局 市财政局等 各县(市、区)人民政府
"""


def test_a_list_whose_cells_only_blanks_divide_is_a_table() -> None:
    rows = [
        ([u.name for u in task.lead_units], [u.name for u in task.responsible_units])
        for task in parse(SPACED).tasks
    ]
    counties = "各县(市、区)人民政府"
    assert rows == [
        (["市林业局"], ["市发展改革委", "财政局", counties, "高新区党工委和管委会"]),
        (["市林业局"], ["市自然资源局", counties]),
        (["市林业局", "农业农村局"], ["市财政局", counties]),
    ]


def test_the_facts_of_a_web_page_above_the_paper_are_no_tasks() -> None:
    text = (
        "• 123456789/2023-00147\n• 岭东市人民政府\n• 2023年,林长制,工作要点\n• 通知\n"
        "岭东市人民政府关于印发2023年林长制工作要点的通知\n一、工作任务\n"
        "(一)建设示范林。建设示范林5处。\n● 加强巡护。每月巡护2次。\n"
    )
    assert [task.text[:4] for task in parse(text).tasks] == ["建设示范", "加强巡护"]


GROUPS_WITHOUT_NUMBERS = """岭东州2026年考核指标表
一级指标
二级指标
目标值
分值
牵头部门
责任落实
专题研究
不少于4次
5
州委农办
政策落实
义务教育巩固率
≥99%
5
州教育局
工作落实
识别时限
15天以内
5
州委农办
"""


def test_a_flattened_table_of_indicators_with_groups_and_no_numbers_is_read() -> None:
    rows = [
        (each.name, each.comparator, each.value, [u.name for u in each.responsible_units or ()])
        for each in parse(GROUPS_WITHOUT_NUMBERS).indicators
    ]
    assert rows == [
        ("专题研究", "ge", 4, ["州委农办"]),
        ("义务教育巩固率", "ge", 99, ["州教育局"]),
        ("识别时限", "le", 15, ["州委农办"]),
    ]


def test_principles_of_any_kind_are_no_tasks() -> None:
    text = (
        "岭东市资金分配方案\n一、分配原则\n坚持突出重点、注重绩效。\n"
        "二、工作要求\n(一)加快支出。11月底前支出90%以上。\n"
    )
    assert [task.text[:4] for task in parse(text).tasks] == ["加快支出"]


WRAPPED = """岭东市供水三年行动方案
    为巩固拓展成果,提升农村供水保障水平,切实保障农村群众饮
水安全,根据省市有关部署和要求,结合全市供水工作实际,制定本
方案,请各地认真抓好贯彻落实,并按时报送进展情况和存在的问题。
    一、总体目标
    到2026年底,全市农村自来水普及率达到92%以
上,规模化供水工程服务农村人口的比例达到60%,水费收缴率不低
于95%,农村集中式供水工程净化消毒设施设备全面配套并正常运行。
    二、重点任务
    (一)推进工程建设。全市统筹推进农村供水工程建设,完成投资
2.8亿元,新建和改造农村集中供水工程120处,巩固提升受益人口数
量12万人;每年开展水质抽检,切实保障农村饮用水水质达标和安全。
"""


def test_a_number_that_the_wrapping_put_first_is_no_label() -> None:
    tasks = parse(WRAPPED).tasks
    assert [(t.comparator, t.value) for t in tasks[0].targets] == [
        ("ge", 92),
        ("eq", 60),
        ("ge", 95),
    ]
    assert [t.value for t in tasks[1].targets] == [280_000_000, 120, 120_000]


def test_a_paper_without_labels_has_the_tasks_that_first_and_second_begin() -> None:
    paper = parse(
        "关于做好2023年重点工作的通知\n"
        "各乡镇人民政府:\n"
        "现将工作安排如下。\n"
        "第一,守牢底线。风险消除率达到85%以上。责任部门:县农业农村局\n"
        "第二,发展产业。新建基地3000亩。(责任单位:县林业局)\n"
        "一是抓好培训。培训1000人次。\n"
    )
    assert [each.responsible_units[0].name for each in paper.tasks[:2]] == [
        "县农业农村局",
        "县林业局",
    ]
    assert [each.targets[0].value for each in paper.tasks] == [85, 3000, 1000]


def test_goals_below_general_demands_are_a_task_and_the_thought_is_none() -> None:
    paper = parse(
        "某县2024年工作要点\n"
        "一、总体要求\n"
        "坚持以新时代思想为指导,全面贯彻上级精神。\n"
        "2024年新改建农村公路80公里,架设10千伏线路20公里。\n"
        "二、重点任务\n"
        "(一)抓好产业。新建基地3000亩。\n"
    )
    assert paper.tasks[0].text == "2024年新改建农村公路80公里,架设10千伏线路20公里。"
    assert [each.unit for each in paper.tasks[0].targets] == ["公里", "公里"]


def test_numbers_of_one_sign_are_labels() -> None:
    paper = parse(
        "某县2023年工作要点\n㈠工作重点\n⒈道路。新改建道路80公里。\n⒉供水。比对数据2轮。\n"
        "㈡工作要求\n⑴强化考核。每季度通报一次。⑵加强领导。成立专班。\n"
    )
    assert [each.path[0] for each in paper.tasks] == ["㈠工作重点"] * 2 + ["㈡工作要求"] * 2
    assert [str(each.value) for task in paper.tasks for each in task.targets] == ["80", "2"]


def test_short_lines_between_numbers_that_count_on_are_headings() -> None:
    paper = parse(
        "2023年重点工作责任分解方案\n\n一、预期目标\n\n1.生产总值增长8%以上。(牵头单位:区发改局)\n\n"
        "二、工作安排\n\n(一)做强引擎\n\n加强设施建设\n\n2.建成道路20公里。(牵头单位:区交通局)\n\n"
        "3.推进河道治理,抓好水库除险加固。(牵头单位:区水利局)\n\n提升产业能级\n\n4.培育企业20家。(牵头单位:区科技局)\n\n"
        "(二)乡村振兴\n\n抓好粮食生产\n\n5.建设农田3万亩。(牵头单位:区农业农村局)\n"
    )
    lost = [each.title for each in paper.outline if not each.label]
    assert lost == ["加强设施建设", "提升产业能级", "抓好粮食生产"]
    assert [each.path[-1] for each in paper.tasks[1:4]] == ["加强设施建设"] * 2 + ["提升产业能级"]
    assert len(paper.tasks) == 5


def test_a_heading_that_ran_into_the_preamble_and_a_long_title_above_numbers() -> None:
    paper = parse(
        "某县增收三年行动工作方案(2022—2024年)\n结合实际,制定本工作方案。 一、总体要求\n"
        "坚持稳中求进,到2024年底,脱贫人口收入超过1.8万元。\n二、重点任务\n"
        "(一)实施“强农”行动,通过提质增效增收一批。坚持产业化、规模化。\n"
        "1. 做强特色产业。茶叶面积稳定在24万亩。\n2. 稳定就业。务工规模不低于3万人。\n"
        "附表:目标任务分解表\n"
    )
    titles = [each.title for each in paper.outline]
    assert titles[0] == "总体要求"
    assert titles[2] == "实施“强农”行动,通过提质增效增收一批"
    assert [each.targets[0].value for each in paper.tasks] == [18000, 240000, 30000]
    assert "附表" not in paper.tasks[-1].text


def test_a_month_right_behind_a_number_is_no_part_of_the_label() -> None:
    paper = parse("某县2021年要点\n一、任务\n1.建成道路20公里。\n2.6月底前,完成规划编制30个。\n")
    assert [each.date_to.month for task in paper.tasks for each in task.deadlines] == [6]
    assert paper.tasks[1].text.startswith("6月底前")
