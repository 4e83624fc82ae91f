"""不作目标的数字 (refusals): why a figure in a task is not a requirement, as a Chinese phrase."""

from __future__ import annotations

import re

from shouwang.policydocs.clauses import Passage
from shouwang.policydocs.comparators import Comparison
from shouwang.policydocs.quantities import Quantity
from shouwang.policydocs.words import any_of, words

TIMES = frozenset(words("measures_of_time"))
PEOPLE = frozenset(words("measures_of_people"))
COUNTING = frozenset(
    ["个", "项", "类", "种", "条", "件", "位", "方", "场", "次", "步", "站", "轮", "度", "家"]
)
PHYSICAL = frozenset(
    word
    for group in ("area", "length", "mass", "money", "volume")
    for word in words(f"measures.{group}")
)
ABSTRACT = re.compile(rf"(?:大|类|方面)?{any_of('abstract_nouns')}")
CONDITIONED = re.compile(
    rf"(?:的)?(?:[^,。;、的]{{0,4}}(?:自然村|村组|村民小组)|{any_of('conditioned_nouns')})"
)
BACKGROUND = re.compile(
    rf"(?:{any_of('background')}|(?<!实)现有)[^,。;]*$|已[\u4e00-\u9fff]{{1,4}}的$"
)
STOCK = re.compile(
    r"(?:聚焦|围绕|针对|涉及|(?<![应比核校])对(?:其他|其余|剩余)?|(?<![拥没占应须要都均各])有|仅限|限|分为|包括|全省|全市|全州|全县|全区|全镇|全乡|辖区|所辖|其余|上述|这|该|原有|现有|剩余|下辖)(?:内|的)?$"
)
WORKED_ON = re.compile(
    r"[^,。;]{1,24}(?:进行|实施|开展)[^,。;]{0,8}(?:改造|整治|维修|修缮|治理|加固|扩建|整修|升级|提升|改扩建|清淤|亮化|绿化)"
)
"""对12所敬老院进行改造: how many are to be worked on, not how many there are."""
PART_IN_BRACKET = re.compile(r"[(〔](?:其中|包括|包含|含)[:,]?$")
BASE_OF_CHANGE = re.compile(r"(?:由|从)[^,。;]{0,14}$")
BASE_AFTER = re.compile(
    r"^[^,。;]{0,6}(?:提高|提升|增加|增长|下降|降低|减少|扩大|上升|压减|降|增|发展)(?:到|至)"
)
STANDARD = re.compile(
    r"(?:按|按照|缴费标准|起付线|封顶线|报销比例|缴费部分|资助标准|标准)[^,。;]{0,10}$"
)
KEPT_AT = re.compile("(?:稳定|保持|维持|巩固)在$|标准(?:平均|再|年均)?(?:提高|增长|上调)$")
"""报销比例稳定在80%左右: a level to hold, not the rule by which one pays."""
STANDARD_AFTER = re.compile(r"^的?(?:比例|标准)(?:给予|予以|资助|补助|补贴|报销|缴纳|计提|配套)")
KINDS_OF_PEOPLE = re.compile(
    "的?(?:人员|人群|劳动力|农户|脱贫户|监测户|学生|老人|患者|主体|大户|职工)"
)
SIZED = re.compile(r"(?:的)?(?:重大|重点|产业|工业|电网|输电|配电)?(?:项目|企业|线路|电网|变电站)")
"""10亿元以上项目2个, 10千伏及以下线路: how large each is."""
WHO_HAS = re.compile(
    r"(?:的)?(?:且|、|并)?(?:有|无|具备|符合|未)[^,。;]{0,24}的?(?:脱贫|监测|低收入|搬迁)?(?:人口|户|对象|家庭|劳动力|人员|群众)"
)
"""收入1万元以下且有劳动能力的脱贫户: who is meant."""
OWN_MONEY = re.compile(r"(?:自筹|自缴|自付|个人缴费|个人负担|收取|押金)(?:资金|标准|部分)?(?:为)?$")
DOING = re.compile(
    r"(?:提供|完成|实现|新增|建成|建设|新建|发放|落实|投放|力争|确保|争取|引进|培育|打造)$"
)
AWARD = re.compile(
    r"(?:给予|予以|奖励|补助|补贴|奖补|资助)[^,。;0-9]{0,16}?[0-9一二两三四五六七八九十百.]+(?:万|亿)?元"
    r"|按照?[^,。;0-9]{0,8}[0-9.]+(?:万|亿)?元[^,。;]{0,8}标准"
)
EACH_OF_THEM = re.compile("^,每(?:个[^,。;0-9每]{2,6}|[人名户])(?:每[月年天])$")
"""设置岗位3个,每个岗位每月补助600元: what is asked, and then what each of them gets."""
HOW_AWARDED = (
    r"(?:可|再|分别|一次性|另外|另|每[^,。;0-9]{1,4}|按[^,。;]{0,12}|(?:中央|[省市县区]级?)财政)*"
)
OTHERS_AWARDED = re.compile("被|对|凡|获评|获得|评为|认定为")
"""新培育品牌3个,被评为省级的奖补30万元: the award is for others than are asked."""
WHO_IS_MEANT = re.compile("(?:并|其中|同时|另外|另)?,?(?:对|凡|向)(?!照|接|标)")
ADDED = re.compile(
    r"(?:新增|新建|新培育|新引进|新打造|新创建|新发展|培育|引进|建成|打造|创建|申报)$"
)
COUNTED = frozenset([*words("measures.works"), "个", "家", "户", "名", "项", "人"])
LASTING = re.compile(
    r"(?:达到?|培训|开展|确保|保持|提前|公示|保存|管护|驻村|住村|时间|时长|坚持)[^,。;]{0,8}$"
)
TOTAL_INVESTMENT = re.compile(r"(?:总投资|概算|投资额|估算)(?:为|约|达)?$")
SUMMED_UP = re.compile(
    "(?:^|资金)(?:总计|合计|共计)(?:资金)?(?:约|为)?$|(?:结转|结余)(?:资金|指标)?$"
)
GRANT_AFTER = re.compile("(?:补助|补贴|奖补|奖励)[^,。;0-9]{0,6}[0-9.]+(?:万|亿)?元")
EACH_DEED = re.compile(
    r"每(?!年|月|周|季|天|日|半|个|村|户|镇|人|县|乡|区|所|家)[^,。;、0-9]{0,8}$"
)
SIZE_IN_BRACKETS = re.compile(r"(?:[^,。;、()]{0,4}\([^()]{1,30}\)|\))(?:以上|以下|以内)的(?!目标)")
"""出栏5000头(猪舍4000平方米)以上的养殖场: both numbers say how large it is."""
DONE_AWAY_WITH = re.compile("(?:消除|清除)[^,。;0-9]{2,20}$")
"""消除经营性收入30万元、经常性收入100万元以下的村: which villages."""
WHO_DOES_IT = re.compile(
    "(?:以上|以下|以内)?(?:[,、][^。;]{0,40}?(?:以上|以下|以内))?的[^,。;的]{2,14}(?:实施|承担|承建|承接)"
)
BY_WHOM = re.compile("(?:^|[,;]|任务|工程|项目|工作)由[^;]*$")
"""由社员20人以上、脱贫户达到60%以上的合作社实施: by whom, not what."""
PAID_SHARE = re.compile(
    "(?:补助|补贴|奖补|贴息|报销|减免)[^,。;0-9占达]{0,20}(?:费用?|贷款|利息|投资|成本|购置价|额)(?:的)?$"
)
"""补助展位费50%: by what one pays."""
ORDER = re.compile(r"(?:[前后第]|倒数|排名|排位|末)$")
RULER = re.compile(r"(?:人口|规模|面积|户数|收入|投资|单体|单个)[^,。;]{0,8}$")


def reason_against(
    passage: Passage,
    quantity: Quantity,
    unit: str,
    compared: Comparison,
    numbers: list[Quantity],
    year: int | None,
) -> str | None:
    text, start, end = passage.text, quantity.start, quantity.end
    before, after = passage.before(start), text[max(end, compared.end) : end + 40]
    name = passage.name_at(start)
    if (
        name is not None
        and name[1] - name[0] <= 40
        and not _whole_sentence(text[name[0] : name[1]])
    ):
        return "名称或提法中的数字"
    if quantity.chinese and not _chinese_counts(text, quantity, compared):
        return "没有数量要求的说法"
    if unit in TIMES and not _time_counts(text, quantity, compared, unit):
        return "时间长短"
    if (
        unit in COUNTING
        and compared.comparator == "eq"
        and (ABSTRACT.match(text, end) or _counts_names(text, start, end))
    ):
        return "工作提法"
    if _is_condition(passage, quantity, unit, compared, after, numbers):
        return "对象的条件"
    if BACKGROUND.search(_since_last_number(before, numbers, passage, start)) or _in_the_past(
        passage, quantity, year
    ):
        return "已有情况"
    if (
        unit not in ("%", "个百分点")
        and compared.comparator == "eq"
        and _is_stock(text, start, end, before)
    ):
        return "存量或范围"
    if passage.in_bracket(start) and _said_before(quantity, numbers):
        return "括号中的重复"
    if is_base_of_change(before, text[end : end + 20]):
        return "变化前的基数"
    if unit in ("%", "个百分点") and _is_rule(before, text[end : end + 20]):
        return "政策标准"
    if _is_measured_by(passage, quantity, compared, before, numbers):
        return "计算的单位"
    if ORDER.search(before) and compared.comparator == "eq":
        return "名次"
    if OWN_MONEY.search(before):
        return "政策标准"
    if _in_a_condition(passage, end, before, compared.comparator in ("ge", "gt")):
        return "对象的条件"
    if unit == "元" and SUMMED_UP.search(before):
        return "合计或结转"
    if TOTAL_INVESTMENT.search(before):
        return "项目情况"
    return None


def _is_stock(text: str, start: int, end: int, before: str) -> bool:
    """聚焦33个安置点, 全县16个乡镇: how many there are."""
    if not STOCK.search(before) or re.search(r"[0-9]%[^,。;]*有$", before):
        return False
    if before.endswith("对") and WORKED_ON.match(text, end):
        return False
    return not PART_IN_BRACKET.search(text[:start][-8:])


def _is_rule(before: str, after: str) -> bool:
    """按50%的比例资助: by what one pays, unless it is a level to hold or to raise."""
    if STANDARD.search(before) and not KEPT_AT.search(before):
        return True
    if PAID_SHARE.search(before):
        return True
    return STANDARD_AFTER.match(after) is not None


def _is_measured_by(
    passage: Passage,
    quantity: Quantity,
    compared: Comparison,
    before: str,
    numbers: list[Quantity],
) -> bool:
    """每增加1家, 每300户配备1辆, 新增母猪1头补助1000元: what is counted by, not what is asked."""
    if re.search("每(?:满|新?增加?|超过?|多)$", before):
        return True
    end = passage.clause(quantity.start)[1]
    if before.endswith("每") and any(quantity.end <= each.start < end for each in numbers):
        return True
    if quantity.value != 1:
        return False
    if GRANT_AFTER.match(passage.text, quantity.end):
        return True
    return EACH_DEED.search(before) is not None and compared.comparator == "eq"


def is_base_of_change(before: str, after: str) -> bool:
    """由500元提高到600元: the first number is where it starts from."""
    return BASE_OF_CHANGE.search(before) is not None and BASE_AFTER.match(after) is not None


def _counts_names(text: str, start: int, end: int) -> bool:
    """“两不愁”“三保障”等6个专项行动: how many names were said."""
    return re.search("”等?$", text[max(0, start - 2) : start]) is not None and (
        re.match("(?:大|类|专项|重点)*(?:行动|工程|计划|制度|举措|战役|活动)", text[end : end + 10])
        is not None
    )


def _said_before(quantity: Quantity, numbers: list[Quantity]) -> bool:
    """新建8个公厕(8个均列入省任务)."""
    return any(
        quantity.start - 24 < each.end <= quantity.start
        and (each.value, each.unit) == (quantity.value, quantity.unit)
        for each in numbers
    )


def _since_last_number(before: str, numbers: list[Quantity], passage: Passage, start: int) -> str:
    """由目前的12万亩扩大到15万亩: 目前 belongs to the first number alone."""
    begin = passage.clause(start)[0]
    last = max((each.end for each in numbers if begin < each.end <= start), default=begin)
    return before[last - begin :]


def _whole_sentence(name: str) -> bool:
    return len(name) > 24 or "," in name


def _chinese_counts(text: str, quantity: Quantity, compared: Comparison) -> bool:
    """至少一人, 不少于两次, 一半以上, 轮训一遍; not 一村一品 or 三个一."""
    if text[max(0, quantity.start - 1) : quantity.start] in (
        "新",
        "这",
        "上",
        "下",
        "同",
        "某",
        "唯",
        "统",
        "逐",
    ):
        return False
    if text[quantity.start] in "百千万亿":
        return False
    if text[quantity.end : quantity.end + 1] in ("一", "两") and compared.comparator == "eq":
        return False
    if compared.comparator in ("ge", "le", "gt", "about"):
        return not text.startswith(("的", "体化"), quantity.end)
    if ADDED.search(text[max(0, quantity.start - 6) : quantity.start]) and (
        quantity.unit in COUNTED and not text.startswith("批", quantity.end - 1)
    ):
        return (
            quantity.value > 1 or text[max(0, quantity.start - 3) : quantity.start].find("新") >= 0
        )
    if quantity.value2 is not None and quantity.unit in COUNTED:
        return True  # 配备一至两名
    if quantity.unit in PHYSICAL or (quantity.value > 10 and quantity.unit not in TIMES):
        return True
    if quantity.unit in ("次", "遍", "轮"):
        return (
            re.search(
                r"(?:开展|轮训|组织|举办|召开|培训|完成|进行|全覆盖|走访)[^,。;]{0,12}$",
                text[max(0, quantity.start - 20) : quantity.start],
            )
            is not None
        )
    if quantity.unit == "%":
        return (
            re.search(
                r"(?:达到|达|占|实现|完成)[^,。;]{0,12}$",
                text[max(0, quantity.start - 20) : quantity.start],
            )
            is not None
        )
    return False


def _time_counts(text: str, quantity: Quantity, compared: Comparison, unit: str) -> bool:
    if unit in ("岁", "月", "年", "日", "周") and compared.comparator != "ge":
        return False
    if compared.comparator == "ge":
        if unit == "岁" or text[compared.end : compared.end + 1] == "的":
            return False
        if re.search(r"不少于|不低于|至少", text[compared.start : compared.end]):
            return True
        return LASTING.search(text[max(0, quantity.start - 16) : quantity.start]) is not None
    return compared.comparator == "le" and compared.start < quantity.start


def _is_condition(
    passage: Passage,
    quantity: Quantity,
    unit: str,
    compared: Comparison,
    after: str,
    numbers: list[Quantity],
) -> bool:
    """30户以上自然村, 200万元以下的项目: the number says which objects are meant."""
    if unit in ("%", "个百分点"):
        return False
    text = passage.text
    if any(each.end == quantity.start and each.unit in COUNTED for each in numbers):
        return True  # 3个5000亩示范片: how large each is
    if SIZE_IN_BRACKETS.match(text, quantity.end):
        return True
    if unit == "元" and DONE_AWAY_WITH.search(passage.before(quantity.start)):
        return True
    follows = text[(place := max(quantity.end, compared.end)) : place + 60]
    has_suffix = compared.end > quantity.end
    if has_suffix and unit in PEOPLE and CONDITIONED.match(follows):
        return True
    if unit == "人" and follows.startswith("户"):
        return True  # 1至3人户
    if has_suffix and unit not in PEOPLE and KINDS_OF_PEOPLE.match(follows):
        return True
    if has_suffix and WHO_HAS.match(follows):
        return True
    if unit == "千伏":
        return True  # 10千伏线路
    if has_suffix and unit == "元" and SIZED.match(follows):
        return True
    if _share_follows(passage, quantity, numbers):
        return False
    if follows.startswith("的") and (has_suffix or unit == "元"):
        return DOING.search(passage.before(quantity.start)) is None
    return (
        has_suffix
        and unit in ("公里", "米", "平方公里", "立方米", "吨", "万元", "元")
        and re.match(r"[^,。;、]{0,8}(?:河流|河道|水库|企业|项目|道路|工程|人口|供水)", follows)
        is not None
        and RULER.search(passage.before(quantity.start)) is not None
    )


def _is_awarded(passage: Passage, end: int, reached: bool) -> bool:
    """对…达20家以上,…的,奖励100万元: what must be met before money is granted."""
    text = passage.text
    begin = max(passage.sentence(end - 1)[0], text.rfind(";", 0, end) + 1)
    stop = min((i for c in "。;" if (i := text.find(c, end)) >= 0), default=len(text))
    award = AWARD.search(text, end, min(stop, end + 120))
    if award is None:
        return False
    between = text[end : award.start()]
    if re.search("(?:^|,)(?:对|凡|给|向)", between) or EACH_OF_THEM.search(between):
        return False
    if "," in between and OTHERS_AWARDED.match(between.rsplit(",", 1)[1]):
        return False
    if WHO_IS_MEANT.match(text[begin:end]) or re.search(rf"的,?{HOW_AWARDED}$", between):
        return True
    return reached and re.search(rf"(?:^|,){HOW_AWARDED}$", between) is not None


def _in_a_condition(passage: Passage, end: int, before: str, reached: bool) -> bool:
    """新建50亩以上果园的,… and 对吸纳10人以上的车间给予…: who is granted, not what is asked."""
    close = passage.clause(end - 1)[1]
    if close > end and passage.text[close - 1] == "的":
        return True
    said = passage.text[passage.sentence(end - 1)[0] : end]
    if WHO_DOES_IT.match(passage.text, end) and BY_WHOM.search(said):
        return True
    if _is_awarded(passage, end, reached):
        return True
    rest = passage.text[end:close]
    return (
        re.match("(?:并|其中)?(?:对|凡|向)(?!照|接|标)", before) is not None
        and "的" in rest
        and re.search(
            "给予|予以|补助|补贴|奖|按|资助|优先|纳入",
            passage.text[end : max(close + 16, min(passage.sentence(end - 1)[1], close + 100))],
        )
        is not None
    )


def _share_follows(passage: Passage, quantity: Quantity, numbers: list[Quantity]) -> bool:
    """收入10万元以上的村达到50%: two numbers of one requirement."""
    end = passage.clause(quantity.start)[1]
    return any(
        quantity.end < other.start < end and other.unit in ("%", "个百分点") for other in numbers
    ) or any(
        passage.clause(quantity.start)[0] <= other.start < quantity.start and other.unit == "%"
        for other in numbers
    )


PAST_YEAR = re.compile(r"(?<![到至])(20[0-9]{2})年(?!起)")
ANY_YEAR = re.compile(r"(20[0-9]{2})年")


def _in_the_past(passage: Passage, quantity: Quantity, year: int | None) -> bool:
    """2020年…: a sentence that begins with a former year tells what was."""
    if year is None:
        return False
    start = passage.clause(quantity.start)[0]
    match = PAST_YEAR.search(passage.text[start : quantity.start])
    years = ANY_YEAR.findall(passage.text[start : quantity.start])
    if years and int(years[-1]) >= year:
        return False  # 由2022年的28%提高到2025年的40%
    return (
        match is not None
        and int(match[1]) < year
        and not re.search("基数|基础上|比|较", passage.text[start : quantity.start])
    )
