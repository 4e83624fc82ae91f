"""Money: what is granted to whom, and what is rather to be raised or reached."""

import pytest

from shouwang.policydocs import Fund, parse
from tests.policydocs.reading_one import FRAME, task_of


def funds_of(sentence: str) -> tuple[Fund, ...]:
    return parse(FRAME.format(sentence)).funds


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("对示范片每年安排450万元。", [("示范片", 4_500_000, "year")]),
        (
            "对省级示范镇、示范村分别给予500万元、200万元奖补。",
            [("省级示范镇", 5_000_000, None), ("示范村", 2_000_000, None)],
        ),
        (
            "省级资金对重点帮扶镇、村每年分别安排500万元和100万元,市级再分别安排100万元和20万元。",
            [
                ("重点帮扶镇", 5_000_000, "year"),
                ("重点帮扶村", 1_000_000, "year"),
                ("重点帮扶镇", 1_000_000, "year"),
                ("重点帮扶村", 200_000, "year"),
            ],
        ),
        ("新种植中药材1亩以上的,每亩补助600元。", [("新种植中药材1亩以上", 600, "亩")]),
        ("规模养殖场按贷款利率给予贴息,单场最高10万元。", [("规模养殖场", 100_000, None)]),
        ("每个示范村补助资金不低于300万元。", [("示范村", 3_000_000, "村")]),
        ("雨露计划学生每年补助3000元。", [("雨露计划学生", 3000, "year")]),
        ("乡村医生补助由每人每月500元提高到600元。", [("乡村医生", 600, "month")]),
    ],
)
def test_money_has_its_beneficiary(
    sentence: str, expected: list[tuple[str, int, str | None]]
) -> None:
    found = [(each.beneficiary, each.amount, each.per) for each in funds_of(sentence)]
    assert found == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "争取财政资金不少于3000万元。",
        "农产品加工业产值达到2000亿元。",
        "新发放小额信贷5000万元以上。",
        "完成投资12亿元。",
    ],
)
def test_money_to_be_raised_or_reached_is_a_target(sentence: str) -> None:
    assert funds_of(sentence) == ()
    assert len(parse(FRAME.format(sentence)).tasks[0].targets) == 1


def test_a_cap_is_marked() -> None:
    (fund,) = funds_of("对新办企业最高奖励50万元。")
    assert (fund.cap, fund.beneficiary) == (True, "新办企业")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "对首次认定为国家级和省级示范合作社的,分别给予企业8万元和3万元奖励。",
            [("国家级示范合作社", 80_000, None), ("省级示范合作社", 30_000, None)],
        ),
        (
            "对连片种植50亩以上,连续管护三年以上的花椒基地,一次性奖励120元/亩。",
            [("花椒基地", 120, "亩")],
        ),
        (
            "对加工企业年销售额达到300万元、600万元以上的,分别奖励2万元、5万元。",
            [("加工企业", 20_000, None), ("加工企业", 50_000, None)],
        ),
        (
            "对县外就业安排交通补助300元,劳务补助800元。",
            [("县外就业", 300, None), ("县外就业", 800, None)],
        ),
        (
            "对劳务经纪人和合作社每输送一人分别给予90元、60元奖补。",
            [("劳务经纪人", 90, "人"), ("合作社", 60, "人")],
        ),
        (
            "新列入省级名录的作坊,给予2万元奖励;年带动脱贫户20户以上的作坊,再奖励1万元。",
            [("新列入省级名录的作坊", 20_000, None), ("年带动脱贫户20户以上的作坊", 10_000, None)],
        ),
        (
            "安排产业资金600万元,其中中央资金400万元、省级资金200万元。",
            [("", 6_000_000, None), ("", 4_000_000, None), ("", 2_000_000, None)],
        ),
    ],
)
def test_who_gets_it_stands_before_conditions_and_general_words(
    sentence: str, expected: list[tuple[str, int, str | None]]
) -> None:
    found = [(each.beneficiary, each.amount, each.per) for each in funds_of(sentence)]
    assert found == expected


def test_what_must_be_met_before_money_is_granted_is_no_target() -> None:
    task = task_of("对一个村新办民宿6家以上、床位50张以上的,奖励投资方30万元;培训农户200人。")
    assert [(each.value, each.unit) for each in task.targets] == [(200, "人")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "脱贫户每户最多享受种养奖补4000元,监测户每户最多4500元。",
            [("脱贫户", 4000, "户"), ("监测户", 4500, "户")],
        ),
        (
            "跨省就业的劳动力每人每年给予路费补贴500元,省内跨县的300元。",
            [("跨省就业的劳动力", 500, "year"), ("跨省就业的劳动力", 300, "year")],
        ),
        (
            "省财政对每个扶持村补助60万元,市、县财政各配套20万元。",
            [("扶持村", 600_000, "村"), ("扶持村", 200_000, "村")],
        ),
        ("土坯房改造户均补助不低于3万元。", [("土坯房改造", 30_000, "户")]),
    ],
)
def test_what_is_paid_to_the_next_one_is_paid_as_to_the_first(
    sentence: str, expected: list[tuple[str, int, str | None]]
) -> None:
    found = [(each.beneficiary, each.amount, each.per) for each in funds_of(sentence)]
    assert found == expected


def test_a_sum_to_be_reached_after_a_grant_is_no_grant() -> None:
    (fund,) = funds_of("对新办工坊每家奖励2万元,带动收入300万元。")
    assert fund.beneficiary == "新办工坊"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("每村设护林岗不少于2个,每个岗位每月补助500元。", [("岗位", 500, "month")]),
        ("技校学生每人每学期补助1200元。", [("技校学生", 1200, "人")]),
        ("为每支巡回医疗队每年安排经费3万元。", [("巡回医疗队", 30_000, "year")]),
        (
            "种植荞麦每亩补贴90元,订单荞麦每亩再补40元。",
            [("种植荞麦", 90, "亩"), ("订单荞麦", 40, "亩")],
        ),
        (
            "对获评全国示范的家庭农场奖励8万元,省级的奖励4万元。",
            [("获评全国示范的家庭农场", 80_000, None), ("省级", 40_000, None)],
        ),
        (
            "对带动20户以上监测户的加工厂,给予贷款贴息最高15万元。",
            [("带动20户以上监测户的加工厂", 150_000, None)],
        ),
        ("全年培训养殖能手不少于300人次,每人每天补助80元。", [("养殖能手", 80, "day")]),
        (
            "建成烤房每平方米补助60元,单个主体最高不超过20万元。",
            [("建成烤房", 60, "平方米"), ("主体", 200_000, None)],
        ),
    ],
)
def test_each_of_what_is_set_up_or_trained_is_paid_for(
    sentence: str, expected: list[tuple[str, int, str | None]]
) -> None:
    found = [(each.beneficiary, each.amount, each.per) for each in funds_of(sentence)]
    assert found == expected


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("每村设护林岗不少于2个,每个岗位每月补助500元。", 2, "个"),
        ("全年培训养殖能手不少于300人次,每人每天补助80元。", 300, "人次"),
    ],
)
def test_what_is_to_be_set_up_stays_a_target_though_each_is_paid_for(
    sentence: str, value: int, unit: str
) -> None:
    targets = [(each.comparator, each.value, each.unit) for each in task_of(sentence).targets]
    assert targets == [("ge", value, unit)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "脱贫户发展养殖业的,每头牛补助2000元、每只羊补助200元。",
            [("脱贫户", 2000, "头"), ("脱贫户", 200, "只")],
        ),
        (
            "对外出务工的脱贫劳动力给予交通补贴,省外500元/人,省内200元/人。",
            [("外出务工的脱贫劳动力", 500, "人"), ("外出务工的脱贫劳动力", 200, "人")],
        ),
        ("公益性岗位补贴标准为每人每月800元。", [("公益性岗位", 800, "month")]),
        (
            "对省级示范社奖励10万元,市级的奖励5万元。",
            [("省级示范社", 100_000, None), ("市级示范社", 50_000, None)],
        ),
        ("落实脱贫户每户5000元产业奖补资金。", [("脱贫户", 5000, "户")]),
        (
            "安排甲县1200万元、乙县800万元。",
            [("甲县", 12_000_000, None), ("乙县", 8_000_000, None)],
        ),
        ("医疗救助年度封顶线为5万元。", [("医疗救助", 50_000, None)]),
        ("每新增1个绿色食品认证奖励3万元。", [("绿色食品认证", 30_000, "个")]),
        (
            "对新办企业,投资5000万元以上的,奖励50万元;1亿元以上的,奖励100万元。",
            [("新办企业", 500_000, None), ("新办企业", 1_000_000, None)],
        ),
        ("对在校大学生,每人每学年补助2000元。", [("在校大学生", 2000, "year")]),
        ("县财政按每个村2万元安排工作经费。", [("村", 20_000, "村")]),
        ("对边缘户参照脱贫户标准给予每户3000元补助。", [("边缘户", 3000, "户")]),
    ],
)
def test_who_gets_it_is_found_before_levels_places_and_animals(
    sentence: str, expected: list[tuple[str, int, str | None]]
) -> None:
    found = [(each.beneficiary, each.amount, each.per) for each in funds_of(sentence)]
    assert found == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "市财政列支300万元对新建连片基地予以奖补。",
            [("新建连片基地", 3_000_000, None)],
        ),
        ("市财政列支80万元,鼓励规模养殖场推广新设备。", [("规模养殖场", 800_000, None)]),
        ("安排15万元作为督办工作经费。", [("督办工作", 150_000, None)]),
        (
            "对获得国家级、省级的示范区(示范场、基地),分别给予50万元、20万元奖励。",
            [("国家级示范区", 500_000, None), ("省级示范区", 200_000, None)],
        ),
        (
            "对首次突破50万元、100万元的村,分别奖励3万元、5万元。",
            [("首次突破50万元的村", 30_000, None), ("首次突破100万元的村", 50_000, None)],
        ),
        (
            "对获一、二、三等奖的乡镇,分别奖励10万元、8万元、5万元。",
            [("一等奖的乡镇", 100_000, None), ("二等奖的乡镇", 80_000, None),
             ("三等奖的乡镇", 50_000, None)],
        ),
        ("对每亩补助标准低于1500元的县,省级再补助300万元。",
         [("每亩补助标准低于1500元的县", 3_000_000, None)]),
        ("对寄宿生,小学每生每年补助1000元。", [("寄宿生小学", 1000, "year")]),
        ("投入奖补资金不少于2600万元。", []),
        ("消除年收入(含转移收入,不含报酬补助)100万元以下的村。", []),
        ("争取上级补助资金2180万元。", []),
    ],
)  # fmt: skip
def test_money_set_aside_levels_and_thresholds(
    sentence: str, expected: list[tuple[str, int, str | None]]
) -> None:
    found = [(each.beneficiary, each.amount, each.per) for each in funds_of(sentence)]
    assert found == expected
