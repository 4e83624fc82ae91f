"""姓名 (names): surnames by their real frequency, given names by the years of birth.

Given names are joined from two pools per generation. Characters of names that everybody knows
are left out of the pools, so that no villager carries the name of a public person.
"""

import numpy as np

from .draw import Bools, Ints, Rng, Texts, labels

# per mille of the Han population, rounded
SURNAMES = {
    "王": 72, "李": 70, "张": 68, "刘": 54, "陈": 45, "杨": 31, "黄": 22, "赵": 21, "吴": 20,
    "周": 20, "徐": 17, "孙": 15, "马": 13, "朱": 13, "胡": 12, "郭": 12, "何": 11, "林": 11,
    "高": 10, "罗": 9, "郑": 9, "梁": 8, "谢": 8, "宋": 7, "唐": 7, "许": 7, "邓": 6, "冯": 6,
    "韩": 6, "曹": 6, "曾": 5, "彭": 5, "萧": 5, "蔡": 5, "潘": 5, "田": 5, "董": 5, "袁": 5,
    "于": 5, "余": 5, "叶": 4, "蒋": 4, "杜": 4, "苏": 4, "魏": 4, "程": 4, "吕": 4, "丁": 4,
    "沈": 4, "任": 4, "姚": 3, "卢": 3, "傅": 3, "钟": 3, "姜": 3, "崔": 3, "谭": 3, "廖": 3,
    "范": 3, "汪": 3, "陆": 3, "金": 3, "石": 3, "戴": 3, "贾": 3, "夏": 2, "方": 2, "邹": 2,
    "熊": 2, "白": 2, "孟": 2, "秦": 2, "邱": 2, "侯": 2, "尹": 2, "薛": 2, "段": 2, "雷": 2,
    "龙": 2, "史": 2, "陶": 2, "贺": 2, "顾": 2, "毛": 2, "郝": 2, "龚": 2, "邵": 2, "万": 2,
    "覃": 1, "武": 1, "欧阳": 1, "上官": 1, "司马": 1, "诸葛": 1,
}  # fmt: skip

# (first, second) characters by sex and by the year up to which a generation was born
POOLS: dict[int, tuple[tuple[int, str, str], ...]] = {
    1: (
        (1954, "长有福根满金银永兴发志万全土水", "财贵根福生田林堂有才顺坤全茂"),
        (1974, "国建志永长庆荣新文世忠贵元继树", "军林民顺全根祥生才成利昌财峰"),
        (1994, "海晓志文永建宏俊少长世永兴育", "峰军林涛宁斌飞辉凯升坤超勤"),
        (2008, "浩俊子宇文嘉天一振志家景", "轩豪阳宇然远航博凡辰瑞森"),
        (2100, "梓浩宇子沐一俊奕宸景睿铭", "轩泽宸辰睿阳然凡安屿桐恒"),
    ),
    0: (
        (1954, "秀桂玉凤兰翠素淑菊芝银月招", "英芳兰珍莲香娥芝珠梅姑花贞"),
        (1974, "秀桂玉淑翠美爱金素凤月菊惠", "兰芳珍莲琴芬香梅萍娥荣仙华"),
        (1994, "小晓丽红海文艳燕雪春玉金秋", "芳燕艳丽霞琴玲萍梅娟敏蓉"),
        (2008, "雨欣诗思佳梦雅紫静子可心", "涵怡琪彤婷悦萱雯蕾慧妍洁"),
        (2100, "梓雨欣若一诗语沐可依苡芸", "涵萱彤妍桐诺琪晴悦瑶岑禾"),
    ),
}
SINGLE = {1: "顺旺宽铭桐禾", 0: "芬珍娥琴雯悦"}
DOTTED = ("尼玛·次仁", "阿依·古丽", "吐尔·年玉", "阿牛·木呷", "卓玛·央宗", "沙马·尔哈")
"""Names with a middle dot: departments write the dot in five different ways."""


def draw_surnames(rng: Rng, count: int) -> Texts:
    weight = np.array(list(SURNAMES.values()), dtype=float)
    return labels(list(SURNAMES), rng.choice(len(weight), size=count, p=weight / weight.sum()))


def given_names(rng: Rng, sex: Ints, born: Ints) -> Texts:
    """Given names for people of a sex (1 男, 0 女) and a year of birth."""
    made = np.empty(len(sex), dtype=object)
    single = rng.random(len(sex)) < 0.07
    for one_sex, generations in POOLS.items():
        since = 0
        for until, first, second in generations:
            here = (sex == one_sex) & (born > since) & (born <= until)
            made[here] = _joined(rng, first, second, here)
            since = until
        short = single & (sex == one_sex)
        made[short] = labels(SINGLE[one_sex], rng.integers(0, 6, int(short.sum())))
    return made


def _joined(rng: Rng, first: str, second: str, where: Bools) -> Texts:
    """Two characters; never the same twice."""
    count = int(where.sum())
    one = rng.integers(0, len(first), count)
    other = rng.integers(0, len(second), count)
    clash = labels(first, one) == labels(second, other)
    other = np.where(clash, (other + 1) % len(second), other)
    joined: Texts = labels(first, one) + labels(second, other)
    return joined
