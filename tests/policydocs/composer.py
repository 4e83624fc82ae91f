"""Papers put together from parts of the grammar, each part with what must be read from it.

A part is a wording made of words and a number that hypothesis draws; the answer is reckoned from
the same number, never from the reader. Layouts turn the finished tasks into lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

YEAR = 2024
WORKS = ("改造户厕", "硬化入户路", "新建蓄水池", "培育家庭农场", "建设高标准农田", "新栽油茶")
MEASURES = {
    "改造户厕": "座",
    "硬化入户路": "公里",
    "新建蓄水池": "口",
    "培育家庭农场": "家",
    "建设高标准农田": "亩",
    "新栽油茶": "亩",
}
RATES = ("自来水普及率", "医保参保率", "秸秆综合利用率", "污水治理率", "道路养护率")
BODIES = (
    "县农业农村局",
    "县水利局",
    "县财政局",
    "县交通运输局",
    "县民政局",
    "县医疗保障局",
    "县残联",
    "团县委",
    "各乡镇(街道)",
    "县供销社",
    "国网青禾县供电公司",
    "县委组织部",
)
PLACES = ("重点帮扶村", "示范镇", "种粮大户", "产业基地", "脱贫户", "合作社")
TITLES = (
    "健全监测机制",
    "壮大特色产业",
    "改善人居环境",
    "稳定务工就业",
    "完善饮水设施",
    "守护耕地",
)
CN = "零一二三四五六七八九"


@dataclass(frozen=True)
class Part:
    """A wording and its answers."""

    text: str
    targets: tuple[tuple[str, Decimal, str, Decimal | None], ...] = ()
    deadlines: tuple[tuple[date | None, date], ...] = ()
    periodic: tuple[tuple[int, str], ...] = ()
    funds: tuple[tuple[str, Decimal, str | None], ...] = ()


@dataclass(frozen=True)
class Written:
    title: str
    parts: tuple[Part, ...]
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        return f"{self.title}。" + "。".join(each.text for each in self.parts) + "。"


@dataclass
class Composed:
    text: str
    tasks: list[Written] = field(default_factory=list)


def chinese(value: int) -> str:
    """A whole number below 100 in Chinese."""
    if value < 10:
        return CN[value]
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else CN[tens]) + "十" + (CN[ones] if ones else "")


def _scaled(draw: st.DrawFn, value: int) -> tuple[str, Decimal]:
    """A number as it is, or with 万 or 亿 behind it."""
    scale = draw(st.sampled_from(("", "万", "亿")))
    factor = {"": 1, "万": 10**4, "亿": 10**8}[scale]
    if scale and draw(st.booleans()):
        return f"{value}.5{scale}", (Decimal(value) + Decimal("0.5")) * factor
    return f"{value}{scale}", Decimal(value) * factor


@st.composite
def quantities_of_work(draw: st.DrawFn) -> Part:
    work = draw(st.sampled_from(WORKS))
    unit = MEASURES[work]
    number, value = _scaled(draw, draw(st.integers(2, 900)))
    before, after, comparator = draw(
        st.sampled_from(
            (
                ("", "", "eq"),
                ("", "以上", "ge"),
                ("不少于", "", "ge"),
                ("不低于", "", "ge"),
                ("超过", "", "gt"),
                ("", "左右", "about"),
                ("力争达到", "", "eq"),
                ("至少", "", "ge"),
                ("总数不超过", "", "le"),
                ("总数控制在", "以内", "le"),
                ("总数稳定在", "以上", "ge"),
            )
        )
    )
    return Part(f"{work}{before}{number}{unit}{after}", ((comparator, value, unit, None),))


@st.composite
def ranges(draw: st.DrawFn) -> Part:
    work = draw(st.sampled_from(WORKS))
    low = draw(st.integers(2, 40))
    high = low + draw(st.integers(1, 40))
    to = draw(st.sampled_from(("—", "-", "至", "到", "~")))
    return Part(
        f"{work}{low}{to}{high}{MEASURES[work]}",
        (("eq", Decimal(low), MEASURES[work], Decimal(high)),),
    )


@st.composite
def shares(draw: st.DrawFn) -> Part:
    rate = draw(st.sampled_from(RATES))
    value = draw(st.integers(31, 99))
    wording, comparator = draw(
        st.sampled_from(
            (
                ("达到{}%", "eq"),
                ("稳定在{}%以上", "ge"),
                ("不低于{}%", "ge"),
                ("提高到{}%", "eq"),
                ("提高{}个百分点", "increase"),
                ("保持在{}%左右", "about"),
                ("控制在{}%以内", "le"),
                ("年均增长{}%以上", "ge"),
                ("同比增长{}%", "increase"),
                ("下降{}个百分点", "decrease"),
            )
        )
    )
    unit = "个百分点" if "百分点" in wording else "%"
    return Part(f"{rate}{wording.format(value)}", ((comparator, Decimal(value), unit, None),))


@st.composite
def each_their_own(draw: st.DrawFn) -> Part:
    first, second = draw(st.lists(st.sampled_from(RATES), min_size=2, max_size=2, unique=True))
    values = draw(st.lists(st.integers(31, 99), min_size=2, max_size=2))
    return Part(
        f"{first}、{second}分别达到{values[0]}%、{values[1]}%以上",
        tuple(("ge", Decimal(each), "%", None) for each in values),
    )


@st.composite
def of_which(draw: st.DrawFn) -> Part:
    work = draw(st.sampled_from(("建设高标准农田", "新栽油茶")))
    whole = draw(st.integers(200, 900))
    part = draw(st.integers(2, 150))
    return Part(
        f"{work}{whole}亩,其中丘陵{part}亩",
        (("eq", Decimal(whole), "亩", None), ("eq", Decimal(part), "亩", None)),
    )


@st.composite
def in_chinese(draw: st.DrawFn) -> Part:
    value = draw(st.integers(2, 60))
    return Part(f"每个村至少储备后备干部{chinese(value)}名", (("ge", Decimal(value), "名", None),))


@st.composite
def by_a_day(draw: st.DrawFn) -> Part:
    month = draw(st.sampled_from((1, 3, 5, 7, 8, 10, 12)))
    wording, last = draw(
        st.sampled_from(
            (
                ("到2025年底", date(2025, 12, 31)),
                ("2025年底前", date(2025, 12, 31)),
                (f"{month}月底前", date(YEAR, month, 31)),
                (f"{YEAR}年{month}月底前", date(YEAR, month, 31)),
                ("6月底前", date(YEAR, 6, 30)),
                ("年底前", date(YEAR, 12, 31)),
                ("第三季度末前", date(YEAR, 9, 30)),
                ("二〇二五年底前", date(2025, 12, 31)),
            )
        )
    )
    return Part(f"{wording}完成摸底排查工作", deadlines=((None, last),))


@st.composite
def over_a_while(draw: st.DrawFn) -> Part:
    wording, first, last = draw(
        st.sampled_from(
            (
                ("上半年", date(YEAR, 1, 1), date(YEAR, 6, 30)),
                ("年内", date(YEAR, 1, 1), date(YEAR, 12, 31)),
                ("5月份", date(YEAR, 5, 1), date(YEAR, 5, 31)),
                ("从2024年到2026年", date(2024, 1, 1), date(2026, 12, 31)),
                ("“十四五”期间", date(2021, 1, 1), date(2025, 12, 31)),
            )
        )
    )
    return Part(f"{wording},全面完成摸底排查工作", deadlines=((first, last),))


@st.composite
def states(draw: st.DrawFn) -> Part:
    wording, comparator, value, unit = draw(
        st.sampled_from(
            (
                ("低收入人口监测实现全覆盖", "eq", 100, "%"),
                ("存量危房动态清零", "eq", 0, ""),
                ("一半以上的行政村通公交", "ge", 50, "%"),
                ("群众满意度进入全市前3名", "rank", 3, "名"),
                ("垃圾收运基本全覆盖", "about", 100, "%"),
                ("帮扶产值增长到2倍以上", "ge", 2, "倍"),
                ("守住耕地21万亩红线", "ge", 210000, "亩"),
            )
        )
    )
    return Part(wording, ((comparator, Decimal(value), unit, None),))


@st.composite
def two_in_one(draw: st.DrawFn) -> Part:
    share, income = draw(st.integers(51, 99)), draw(st.integers(5, 60))
    return Part(
        f"{share}%以上的行政村集体经济收入达到{income}万元以上",
        (("ge", Decimal(share), "%", None), ("ge", Decimal(income) * 10**4, "元", None)),
    )


@st.composite
def again_and_again(draw: st.DrawFn) -> Part:
    per, word = draw(
        st.sampled_from(
            (
                ("month", "每月"),
                ("quarter", "每季度"),
                ("half_year", "每半年"),
                ("week", "每周"),
                ("year", "每年"),
                ("two_months", "每两个月"),
            )
        )
    )
    times = draw(st.integers(1, 4))
    written = draw(st.sampled_from((str(times), CN[times] if times != 2 else "两")))
    wording = draw(st.sampled_from(("走访脱贫户不少于{}次", "至少开展{}次入户排查", "调度{}次")))
    return Part(f"{word}{wording.format(written)}", periodic=((times, per),))


@st.composite
def money(draw: st.DrawFn) -> Part:
    whom = draw(st.sampled_from(PLACES))
    amount = draw(st.integers(2, 900))
    wording, per, factor = draw(
        st.sampled_from(
            (
                ("对{w}每年安排{a}万元", "year", 10**4),
                ("对{w}一次性给予{a}万元奖励", None, 10**4),
                ("对{w}按每亩{a}元给予补助", "亩", 1),
                ("对{w}给予最高不超过{a}万元的奖补", None, 10**4),
                ("{w}每户补助{a}元", "户", 1),
                ("县级财政安排衔接资金{a}万元,用于支持{w}", None, 10**4),
                ("对{w}奖补{a}元/亩", "亩", 1),
            )
        )
    )
    text = wording.format(w=whom, a=amount)
    return Part(text, funds=((whom, Decimal(amount) * factor, per),))


@st.composite
def money_for_several(draw: st.DrawFn) -> Part:
    first, second = draw(st.lists(st.sampled_from(PLACES), min_size=2, max_size=2, unique=True))
    amounts = draw(st.lists(st.integers(2, 900), min_size=2, max_size=2))
    wording, per = draw(
        st.sampled_from(
            (
                ("对{a}、{b}分别给予{m}万元、{n}万元奖补", None),
                ("对{a}和{b}每年分别安排{m}万元和{n}万元", "year"),
                ("对{a}补助{m}万元,对{b}补助{n}万元", None),
                ("中央衔接资金对{a}每年安排{m}万元;县级资金对{b}每年安排{n}万元", "year"),
            )
        )
    )
    values = [Decimal(each) * 10**4 for each in amounts]
    text = wording.format(a=first, b=second, m=amounts[0], n=amounts[1])
    return Part(text, funds=((first, values[0], per), (second, values[1], per)))


@st.composite
def not_a_target(draw: st.DrawFn) -> Part:
    """Names, ranks, stock, what has been: figures that nobody asks for."""
    number = draw(st.integers(2, 90))
    wording = draw(
        st.sampled_from(
            (
                "推广“{n}个一”工作法",
                "培育市级以上龙头企业",
                "落实“十四五”规划任务",
                "对投资{n}万元以上的项目优先安排用地",
                "巩固全县{n}个行政村的整治成果",
                "支持{n}户以上自然村通硬化路",
            )
        )
    )
    return Part(wording.format(n=number))


@st.composite
def plain(draw: st.DrawFn) -> Part:
    return Part(draw(st.sampled_from(("落实各项扶持政策", "做好政策宣传", "长期坚持日常巡查"))))


PARTS = st.one_of(
    quantities_of_work(),
    ranges(),
    shares(),
    each_their_own(),
    of_which(),
    in_chinese(),
    by_a_day(),
    again_and_again(),
    money(),
    money_for_several(),
    over_a_while(),
    states(),
    two_in_one(),
    not_a_target(),
    plain(),
)


@st.composite
def tasks(draw: st.DrawFn) -> Written:
    parts = tuple(draw(st.lists(PARTS, min_size=1, max_size=4)))
    bodies = draw(st.lists(st.sampled_from(BODIES), min_size=2, max_size=5, unique=True))
    leads = draw(st.integers(0, 1))
    return Written(
        draw(st.sampled_from(TITLES)), parts, tuple(bodies[:leads]), tuple(bodies[leads:])
    )


BRACKETS = ("()", "（）", "〔〕", "[]", "【】")


def responsibility(draw: st.DrawFn, task: Written) -> str:
    open_, close = draw(st.sampled_from(BRACKETS))
    others = "、".join(task.responsible)
    if not task.lead:
        wording = draw(
            st.sampled_from(("责任单位:{o}", "{o}按职责分工负责", "{o}", "责任部门：{o}"))
        )
    else:
        wording = draw(
            st.sampled_from(
                ("牵头单位:{l};责任单位:{o}", "{l}牵头,{o}配合", "{l}牵头，{o}按职责分工负责")
            )
        )
    return open_ + wording.format(l="、".join(task.lead), o=others) + close


@st.composite
def papers(draw: st.DrawFn) -> Composed:
    written = draw(st.lists(tasks(), min_size=2, max_size=5))
    wide = draw(st.booleans())
    lines = [f"青禾县{YEAR}年巩固拓展脱贫攻坚成果工作要点", "", "一、重点任务"]
    for number, task in enumerate(written, 1):
        label = f"({chinese(number)})" if wide else f"{number}."
        lines.append(label + task.body + responsibility(draw, task))
    return Composed("\n".join([*lines, ""]), written)
