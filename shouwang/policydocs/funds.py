"""资金 (funds): money granted, allocated or capped per beneficiary.

    grant      := [source] [对|给|为 beneficiary] [每年|每户 …] verb [最高|不超过] money {、money}
    condition  := …的, grant           the clause before says who gets it
Money that is to be raised or reached (产值, 争取资金, 投资) is a target, not a fund.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.policydocs.beneficiaries import (
    LEVEL,
    beneficiaries,
    segment_of,
    shared_words,
    trimmed,
)
from shouwang.policydocs.clauses import Passage
from shouwang.policydocs.quantities import Quantity
from shouwang.policydocs.refusals import is_base_of_change
from shouwang.policydocs.words import any_of, one_of, words

GRANT = re.compile(any_of("money.grant"))
LENT = r"(?:信贷|贷款|信用贷|贷”)(?!额度|额|上限|期限|贴息)"
RAISED = re.compile(any_of("money.raised") + "|" + LENT)
SUPPORT = re.compile(r"支持[^,。;]{0,6}$")
GRANT_AFTER = re.compile(r"(?:的)?[^,。;、]{0,6}(?:补助|补贴|奖补|奖励|资助|补偿)")
INVESTOR = re.compile("投资(?:方|者|人|主体|商)")
AMOUNT_OF_GRANT = re.compile("(?:补贴|补助|奖补|奖励|资助)(?:资金)?(?:规模|总额|额度|额|标准)")
ACCORDING = re.compile("按照?(?:[^,。;0-9]{1,6})?(?:最高|不超过|不低于)*$")
GRANTED_AFTER = re.compile(
    r"(?:的)?(?:标准)?(?:给予|予以|进行)(?:一次性|资金|适当){0,2}(?:补助|补贴|奖补|奖励|资助|补偿)"
)
CONTINUED_CAP = re.compile(
    r"^(?:单[^,。;不最]{1,8}|每[^,。;]{1,8}|累计|但|原则上|同一[^,。;]{1,8})*"
    r"(?:最高|不超过|不得超过|不得高于|不高于|封顶|上限)"
)
LEAST_BEFORE = re.compile("(?:不少于|不低于|至少|达到?)$")
EACH_THING = re.compile(rf"每(?:个)?{one_of(words('measures'))}")
"""养蜂的,每箱100元."""
YEARLY = re.compile(r"每年(?:不低于|不少于|不超过|最高)?$")
MEASURED = re.compile(
    r"每(?:个)?(?:[^,。;、每0-9]{0,6})(?:镇|村|户|人|县)(?:每年|每月)?(?:不低于|不少于|不超过|最高)?$"
)
EACH_MONTH = re.compile(
    "(?:按照?|补助|补贴)*每[人名户亩岗个](?:岗位)?每[月年天](?:补助|补贴)?(?:不低于|不超过|最高)?"
)
"""开发公益岗80个,每人每月600元."""
BY_TREASURY = re.compile(
    r"财政每年[^,。;0-9]{0,6}(?:统筹|投入|列支|落实)(?:资金)?(?:不少于|不低于|不超过)?$"
)
PAID_EACH = re.compile(
    r"财政(?:资金)?(?:整合)?(?:支持|扶持|安排|承担|负担|补足)[^,。;0-9]{0,14}每[^,。;、0-9]{1,4}$"
)
"""区财政支持新造每亩100元: so much for each from the treasury."""
STANDARD_AFTER = re.compile(r"[^,。;]{0,24}?标准[^,。;]{0,8}(?:给予|支持|补助|奖补|安排|落实|配套)")
MONEY = re.compile("元(?:/.+)?$")
CAP = re.compile(r"不超过|不得高于|不高于|最高|以内|封顶|以下|上限")
PER_NAMES = {"名": "人", "位": "人", "行政村": "村", "个村": "村", "乡镇": "镇", "年度": "year"}
PER_NAMES |= {
    "年": "year",
    "学年": "year",
    "月": "month",
    "天": "day",
    "日": "day",
    "季度": "quarter",
}
PER_GROUPS = ("area", "people", "animals", "plants", "works", "items", "mass", "length", "volume")
PER_WORDS = frozenset(
    [
        "年",
        "年度",
        "学年",
        "月",
        "千瓦",
        "天",
        "日",
        "季度",
        "行政村",
        "个村",
        "个",
        "乡镇",
        "镇",
        "村",
    ]
    + [each for group in PER_GROUPS for each in words(f"measures.{group}")]
) - {"组", "方", "门", "部", "面", "片", "类", "对", "支", "批"}
PER = re.compile(
    rf"每(?:一)?(个?{one_of(PER_WORDS)})"
    r"(?:(?<=[户亩人村镇头只羽])(?![籍均次口])|(?=[补奖给安最不按可一资发投每再约达予支分年月超统列落,(0-9]|$))"
)
MEAN = re.compile(
    "^(?:其中)?([户亩人村头])均|([户亩人村头])均[补奖][助贴补励](?:不[低少]于|不超过|最高)?$"
)
EACH_PLACE = re.compile(r"每个[^,。;、0-9]{0,8}?(村|镇|户)(?!级)")
PER_AFTER = re.compile(rf"^(?:/|每)({one_of(PER_WORDS)})(?:/[^,。;0-9()]{{1,2}})?")
RATE = re.compile("元/(.{1,3}?)(?:/.*|[·.].*)?$")
NESTED = re.compile(
    r"[^。;0-9]{0,40}[,;(]其中[:,]?(?:安排|用于|支持)?([^,。;0-9每]{2,12}?)(?:安排|分配|下达|补助|为)?"
)
"""安排1000万元用于基地建设,其中某县300万元: who gets a part of it."""
PART = re.compile(
    r"(?=[、,;和其])[、,;和]?(?:其中[:,]?)?(?:安排|使用|统筹|投入)?"
    r"(?:中央|(?:[省市县区州旗镇]|本)(?:级|本级|财政|配套)(?!的))[^,。;、0-9对给向]{0,12}$"
)
BY_EACH_ONE = re.compile("按照?每[^,。;]{0,8}[1一][人名户个]$")
"""按每吸纳1人1000元的标准."""
IN_A_CONDITION = re.compile(r"(?<!不)(?<!不得)(?:低于|超过|高于|达到?|突破|满)$")
"""对补助标准低于1500元的县: who is meant, not what he gets."""
GATHERED = re.compile(r"争取[^,。;0-9]{0,16}资金(?:不少于|不低于|达到?|超过)?$")
SMALL_SUM = re.compile(r"(?:费|金|补贴|补助|津贴)$")
YEARLY_SUM = re.compile(r"年(?:度)?(?:贴息|补助|补贴|奖补|奖励)(?:总)?额|年(?:度)?累计|每年")
RAISED_TO = re.compile("(?:整合|统筹)[^,。;0-9]{0,16}资金(?P<least>不少于|不低于|达到?|超过)?$")
"""整合资金3亿元以上: what is to be gathered."""
INHERITS = re.compile("其中|中央|[省市县区]级")
"""每村70万元,其中中央资金50万元: the parts are for each village too."""
ALSO_PAYS = re.compile("(?:[省市县区州镇]级?[、和]?)+财政(?:各|分别|再)?配套")
"""省财政每村50万元,县财政配套10万元."""
CONTRAST = re.compile(
    rf"(?:的?(?:补助|补贴|奖补|奖励))?[,;](?P<who>[^,。;、:每的]{{2,12}}?)的?"
    rf"(?:每{one_of(PER_WORDS)})*(?:最高|最多|至多|不超过|不低于|不少于)*"
)
"""脱贫户每户5000元,监测户每户6000元: the next one of whom the same grant is said."""
NOT_IN_CONTRAST = re.compile(
    rf"{any_of('money.orders')}|{any_of('money.raised')}|{any_of('money.grant')}"
    r"|[总共累]|完成|实现|带动|预计|新增|新建|建成|达到|资金|财政|其中|标准|单价|上限|期限"
)
PLACE_OF_WORK = re.compile("(?:[省市县区州乡镇国][内外]|跨[省市县区]|本地|就近|外地)+")
KEPT_ONE = re.compile(rf"[、和]每{one_of(words('measures.animals'))}")
SUM = re.compile("(?:共计|合计|总计|共需|共)[^,。;0-9]{0,16}$")
MORE_MONEY = re.compile(
    rf"[,、和及](?:给予|安排|发放)?{any_of('money.kinds')}(?:补助|补贴|补偿)?(?:费|金)?"
    r"(?:每[人月年天户])*(?:最高|不超过)*"
)
EACH_ONE_DONE = re.compile(rf"每[^,。;0-9]{{1,8}}?[一1](?:个)?({one_of(PER_WORDS)})(?!性)")
ONE_GRANTED = re.compile(rf"(?<![0-9.])[1一]({one_of(PER_WORDS)})(?:补助|补贴|奖补|奖励)$")
END_OF_BRACKET = re.compile(r"^[^()]*\)")
INVESTED = re.compile(
    r"每[户人村个点名头亩](?:投放|发放|享受|获得?|可获)[^,。;0-9]{0,6}$|"
    r"(?:投入|使用|整合|统筹)[^,。;0-9]{0,12}(?:财政|衔接|专项|补助|涉农|帮扶|扶贫)[^,。;0-9]{0,8}资金[^,。;0-9]{0,4}$"
)
SOURCE = re.compile(
    r"((?:中央|省|市|县|区|州|各级|本级|东西部协作|对口帮扶|衔接)[^,。;0-9]{0,16}?(?:资金|财政|经费|专项))"
)


@dataclass(frozen=True, slots=True)
class FoundFund:
    start: int
    end: int
    beneficiary: str
    source: str | None
    amount: Decimal
    unit: str
    per: str | None
    cap: bool


def funds(passage: Passage, numbers: list[Quantity]) -> list[FoundFund]:
    found: list[FoundFund] = []
    last: tuple[int, list[str]] = (-1, [])  # the sentence and the beneficiaries named in it
    for run in _runs([each for each in numbers if MONEY.match(each.unit)]):
        going_on = _goes_on(passage, run[0], found) if len(run) == 1 else None
        said = _said(passage, run[0], found)
        if going_on is None and not _is_grant(passage, run[0]):
            continue
        sentence = passage.sentence(run[0].start)[0]
        if found and found[-1].start >= sentence and SUM.search(passage.before(run[0].start)):
            continue  # what the grants before it come to
        since = found[-1].end if found else 0
        names = (
            [going_on] * len(run)
            if going_on is not None
            else beneficiaries(passage, run[0].start, run[-1].end, len(run), said, since)
        )
        if not any(names) and last[0] == sentence and len(last[1]) == len(run):
            names = last[1]
        if not any(names):
            names = [_by_measure(passage, run[0].start)] * len(run)
        names = [_in_full(each, found, sentence) for each in names]
        if not any(names) and _at_least(passage, run[-1]):
            continue  # 投入资金不少于2600万元: to be reached, and nobody is named
        last = (sentence, names) if any(names) else last
        per = _per(passage, run[0])
        if per is None and found and found[-1].start >= sentence and _inherits(going_on, said):
            per = found[-1].per
        if (
            per is None
            and not _once(passage, run[0])
            and found
            and found[-1].start >= segment_of(passage, run[0].start)
        ):
            per = found[-1].per if found[-1].per == "year" else None
        found += [_fund(passage, run[i], names[i], per) for i in range(len(run))]
    return found


def _at_least(passage: Passage, quantity: Quantity) -> bool:
    before, after = passage.before(quantity.start), passage.after(quantity.end)
    return LEAST_BEFORE.search(before) is not None or after.startswith("以上")


def _inherits(going_on: str | None, said: str) -> bool:
    """A part of the amount before it, or the same grant to the next one, is paid as that is."""
    if going_on is None:
        return ALSO_PAYS.match(said) is not None
    if said.startswith("单"):
        return False
    return INHERITS.search(said) is not None or CONTRAST.fullmatch("," + said) is not None


def _once(passage: Passage, quantity: Quantity) -> bool:
    """A grant given once does not take 每年 from the one before it."""
    return "一次性" in passage.before(quantity.start)[-12:] + passage.after(quantity.end)[:6]


def _goes_on(passage: Passage, quantity: Quantity, found: list[FoundFund]) -> str | None:
    """…镇每年500万元、村100万元: the beneficiary of the next member of a clause of grants."""
    if not found or found[-1].start < passage.sentence(quantity.start)[0]:
        return None
    between = passage.text[found[-1].end : quantity.start]
    if PART.fullmatch(between):
        return found[-1].beneficiary
    if MORE_MONEY.fullmatch(between) and found[-1].start >= segment_of(passage, quantity.start):
        return found[-1].beneficiary
    if (inner := NESTED.fullmatch(between)) is not None:
        return inner[1]
    match = re.fullmatch(
        r"[、和](?:每(?:个)?)?([^,。;0-9每]{1,10}?)(?:每年|每月)?(?:不低于|不少于|不超过|达到)?",
        between,
    )
    if match is None:
        return _of_the_next(passage, quantity, found, between)
    if PLACE_OF_WORK.fullmatch(match[1]) or KEPT_ONE.match(between) or SMALL_SUM.search(match[1]):
        return found[-1].beneficiary  # 按省外600元、省内300元 · 每头牛2000元、每只羊200元
    return shared_words([found[-1].beneficiary, match[1]])[-1]


def _of_the_next(
    passage: Passage, quantity: Quantity, found: list[FoundFund], between: str
) -> str | None:
    """…2000元,监测户每户3000元。: the clause holds nothing but who it is and the amount."""
    match = CONTRAST.fullmatch(between)
    if match is None or match["who"].startswith(("最", "不得", "累计")):
        return None
    if passage.after(quantity.end) or NOT_IN_CONTRAST.search(between[1:]):
        return None
    return found[-1].beneficiary if PLACE_OF_WORK.fullmatch(match["who"]) else trimmed(match["who"])


def _runs(money: list[Quantity]) -> list[list[Quantity]]:
    """Amounts of one list (500万元和100万元) belong together."""
    runs: list[list[Quantity]] = []
    for each in money:
        if runs and each.group and runs[-1][-1].group == each.group:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _is_grant(passage: Passage, quantity: Quantity) -> bool:
    before, after = passage.before(quantity.start), passage.after(quantity.end)
    if is_base_of_change(before, after):
        return False
    near = AMOUNT_OF_GRANT.sub("补助", INVESTOR.sub("", END_OF_BRACKET.sub("", before)[-30:]))
    if IN_A_CONDITION.search(before) and after.startswith("的"):
        return False
    if GATHERED.search(before):
        return False
    if EACH_MONTH.fullmatch(before) or BY_TREASURY.search(before):
        return True
    if BY_EACH_ONE.search(before):
        return True
    if ACCORDING.search(before) and GRANT.search(passage.text[quantity.end : quantity.end + 24]):
        return True
    if PAID_EACH.search(before):
        return True
    if RATE.match(quantity.unit) and GRANT.search(
        passage.text[passage.sentence(quantity.start)[0] : quantity.start]
    ):
        return True
    if PLACE_OF_WORK.fullmatch(before) and GRANT.search(_clause_before(passage, quantity.start)):
        return True
    grant = max((match.start() for match in GRANT.finditer(near)), default=-1)
    raised = max((match.start() for match in RAISED.finditer(near)), default=-1)
    gathered = RAISED_TO.search(before)
    if gathered is not None and (gathered["least"] or after.startswith(("以上", "左右"))):
        return False
    if INVESTED.search(near) or GRANTED_AFTER.match(after):
        return True
    if grant >= 0 or SUPPORT.search(near):
        return raised < max(grant, 0)
    if raised >= 0:
        return False
    if GRANT_AFTER.match(after):
        return True
    if CONTINUED_CAP.match(before):
        return GRANT.search(_clause_before(passage, quantity.start)) is not None
    if MEASURED.search(before) or EACH_THING.fullmatch(before):
        begin = passage.sentence(quantity.start)[0]
        earlier = passage.text[max(begin, quantity.start - 80) : quantity.start]
        return bool(GRANT.search(earlier) or STANDARD_AFTER.match(after))
    return YEARLY.search(before) is not None


def _clause_before(passage: Passage, place: int) -> str:
    start = passage.clause(place)[0]
    if start < 2 or passage.text[start - 1] not in ",;。":
        return ""
    return passage.before(start - 1)


def _per(passage: Passage, quantity: Quantity) -> str | None:
    """每亩, 每户, 每年: the last one before the amount; 每年每镇 counts as yearly."""
    before = passage.before(quantity.start)
    village = EACH_PLACE.search(before)
    per = village[1] if village else None
    for match in PER.finditer(before):
        if match[1] != "个" or not per:
            per = _per_name(match[1])
    if per is None and (done := EACH_ONE_DONE.search(before)):
        per = _per_name(done[1])
    if per is None and (one := ONE_GRANTED.search(before)):
        per = _per_name(one[1])
    if per is None and (mean := MEAN.search(before)):
        per = mean[1] or mean[2]
    if per is None and YEARLY_SUM.search(before):
        return "year"
    return "year" if per in ("村", "镇") and "每年" in before else per


def _per_name(word: str) -> str:
    bare = word.removeprefix("个") or word
    return PER_NAMES.get(word) or PER_NAMES.get(bare, bare)


def _fund(passage: Passage, quantity: Quantity, beneficiary: str, per: str | None) -> FoundFund:
    start, end = quantity.start, quantity.end
    begin = passage.sentence(start)[0]
    if match := PER_AFTER.match(passage.text[end : end + 6]):
        per = _per_name(match[1])
        end += match.end()
    elif rate := RATE.match(quantity.unit):
        per = _per_name(rate[1])
        more = re.match(r"/[^,。;0-9()的]{1,2}", passage.text[end : end + 3])
        end += more.end() if more else 0
    source = None
    for each in SOURCE.finditer(passage.text[begin:start]):
        source = each[1]
    cap = CAP.search(passage.text[max(begin, start - 8) : end + 4]) is not None
    return FoundFund(start, end, beneficiary, source, quantity.value, "元", per, cap)


def _said(passage: Passage, quantity: Quantity, found: list[FoundFund]) -> str:
    """The clause before the amount, without an earlier amount of the same clause."""
    begin = passage.clause(quantity.start)[0]
    if found and begin < found[-1].end <= quantity.start:
        begin = found[-1].end
    return passage.text[begin : quantity.start].lstrip("、和及")


def _in_full(name: str, found: list[FoundFund], sentence: int) -> str:
    """每镇, 镇: the kind of town that the sentence spoke of last."""
    if len(name) > 2 and not name[0].isdigit() and not re.fullmatch(LEVEL, name):
        return name
    before = found[-1].beneficiary if found and found[-1].start >= sentence else ""
    if name[:1].isdigit() and before:
        return before  # 对企业,投资5000万元的奖励50万元;1亿元以上的奖励100万元
    if re.fullmatch(LEVEL, name) and re.search(LEVEL, before):
        return re.sub(LEVEL, name, before, count=1)
    for each in reversed(found):
        if each.start < sentence:
            break
        if name and len(each.beneficiary) > 2 and each.beneficiary.endswith(name):
            return each.beneficiary
    return name


def _by_measure(passage: Passage, place: int) -> str:
    """每村不超过50万元 alone: the village is who gets it."""
    per = ""
    for match in PER.finditer(passage.before(place)):
        per = match[1].removeprefix("个") or match[1]
    return per if per in ("村", "行政村", "镇", "乡镇", "户", "家") else ""
