"""补助对象 (beneficiaries): who gets an amount of money, as far as the words say it.

    对 whom [的], {conditions,} [按 how] 给予 amount      the 对-phrase, before conditions
    whom 的, 给予企业 amount                               the clause of who it is, before 企业
    国家级、省级中心 的, 分别给予 amounts                   each level with the words said once
    每 whom 补助 amount · whom 补助 amount · amount 用于 whom
Where the words name nobody the name stays empty rather than guessed.
"""

from __future__ import annotations

import re

from shouwang.policydocs.clauses import Passage
from shouwang.policydocs.words import any_of, one_of, words

STOPS = any_of("money.stops")
GENERIC = re.compile(rf"(?:{any_of('money.anybody')})$")
FOR_WHOM = re.compile(
    rf"(?<![相绝针应面核比反配])(?:对(?![口照接标比应象])|向(?![上前])|给(?!予)|(?<![作成定名评选入分列称为认准])为(?![期了主准]))([^,。;]{{2,80}}?)(?:每|{STOPS}|$)"
)
WHOEVER = re.compile(rf"^(?:凡是?|鼓励|支持|引导)([^,。;]{{2,60}}?)(?:{STOPS}|$)")
GIVEN_TO = re.compile(
    r"(?:给予|予以|奖励|补助|补贴|资助|奖补)(?!规模|总额|额度|资金|经费|提高|增加|调整|一次性|最高|每|由|按|标准|资金|经费|不低于|不少于|不超过|适当|定额|相应|[0-9])"
    r"([^,。;0-9]{2,24}?)(?:每|不超过|最高|分别|各|一次性|[0-9]|$)"
)
ALLOWANCE = re.compile("(?:补贴|补助|贴息|津贴|奖补|奖励|奖金|资金|经费)(?:标准)?$")
EACH_ONE = re.compile(
    r"每(?:个|所|家|支)?(?!年|月|天|学期|学年|季度|[满增新超][0-9一二三四五六七八九十百千万])(镇|村|户|[^,。;、每0-9]{2,16}?)"
    r"(?:每年|每月|补助|奖补|奖励|给予|安排)[^,。;0-9]{0,12}$"
)
MEASURES = frozenset(words("measures"))
HOW = re.compile("一次性|分别|最高|最多|至多|享受|给予|可|补助")
RECIPIENT = any_of("money.recipients")
SUBJECT = re.compile(
    rf"^([^,。;0-9的]{{0,12}}?{RECIPIENT})(?=年|当年|技改|销售|投资|营业|纳税|首次|新增|经|实现|带动|吸纳|发展)"
)
NOUN_BEHIND = re.compile(rf"[上下内]的([^的,]{{0,8}}{RECIPIENT})$")
THRESHOLD = re.compile(r"^[0-9.]+(?:百|千|万|亿)*[^0-9,、]{1,3}(?:以上|以下|\(.*\))?(?:的)?$")
MEASURED = re.compile(
    r"(?:(?:面积|规模|数量|长度|投资额?)(?:达到?|在|超过|满)|(?:达到?|在|超过|满))[0-9][^的]*$"
)
LEVEL = (
    r"(?:(?:国家|全国|省|市|县|区|州|镇|部)(?:级|重点)(?:以上)?|国家|省|市|[1-5一二三四五六七八九十]星级?|"
    r"[1-5]?A{1,5}级?|[一二三四特1-5]等|[甲乙丙特一二三四高中初低]级|[一二三四]类)"
)
LEVEL_ALONE = re.compile(
    rf"^(?:并|其中)?({LEVEL})(?:的)?(?:每[^,。;0-9]{{1,4}})?(?:一次性|再)?(?:给予)?(?:奖励|奖补)"
)
HEAD = re.compile(rf"^(?:并|其中|同时|再|另|其他)?([^,。;]{{2,30}}?)(?:{STOPS})")
NOT_A_HEAD = re.compile(
    r"标准|提高|财政各$|争取(?:上级|中央|[省市]级)$|(?:资金|财政|经费|专项|市级|省级|县级|区级|中央|政府|年度|贡献|贡献中|将|期间|落实|落实到|按照|可获|可获得)$"
    r"|^(?:最|预算|发放|贴息额|补[助贴]额|奖[补励]额|设备投资|价值|当年|今年|明年|全年|年度|次年|按|统筹|落实|加大|整合|安排|给予|每|最高|单(?![个家户项]..)|探索|完善|提高|执行|建立|实行|鼓励|确保|继续|由|对|可|达到|分别|一次性|再|原则|从(?!事)|经|除|满|连续|累计|年(?!度)|总|另外|视|根据|依据|参照|投入|投资)"
)
CONDITION = re.compile(
    r"[0-9]|[一二两三四五六七八九十]年|^(?:经营|连续|累计|年|营业|总|单|经|并|且|产品|除|按|投产|达到|符合|验收|通过|有)|(?:后|内)$"
)
BARE_GRANT = re.compile(
    r"^(?:当年|次年|可|再|分别|一次性|另外|另|每[^,。;0-9]{1,4})*(?:给予|予以|奖励|补助|补贴|奖补)"
)
HOW_MANY = re.compile("^[0-9.]+(?:万|千|百)?[户人个家名]")
"""对1.2万户有意愿的脱贫户: the number is not their name."""
ON_AVERAGE = re.compile(
    "^[户亩人村头]均(?:补助|补贴|奖补|安排)?(?:总额|标准)?(?:不超过|不低于|最高)?$"
)
PROJECT = re.compile("^([^,。;:0-9]{2,20}(?:项目|工程|行动|补助|奖补|补贴))[。:]")
OF_ONE = re.compile(
    r"([^,。;0-9]{3,30}?)(?<![0-9.])[1一](?!次)[^,。;0-9]{1,2}(?:补助|补贴|奖补|奖励)$"
)
"""监测户新增养殖母猪1头补助1000元."""
GIVEN_EACH = re.compile(
    r"(?:给予|补助|奖励|奖补|安排)每个?((?!年|月|亩|户|人|天|季)[^,。;、0-9]{1,8}?)(?:每年)?(?:不超过|不低于|最高)?$"
)
"""市级财政给予每县50万元."""
PAID_FOR = re.compile(
    r"财政(?:资金)?(?:整合)?(?:支持|扶持|安排|补助)(?!资金|经费|专项)([^,。;0-9每]{2,14})每[^,。;、0-9]{1,4}$"
)
"""县财政安排改造果园每亩120元."""
BY_EACH = re.compile(r"^([^,。;、每]{2,12}?)(?<![财资][政金])按每[户人亩个间]")
"""7度区按每户14000元、8度区按每户20000元."""
OWED_TO = re.compile(
    r"^(?:落实|兑现|发放|执行)([^,。;0-9]{2,12}(?:户|人口|对象|家庭|学生|劳动力|人员))每"
)
"""落实脱贫户每户5000元."""
ALLOTTED = re.compile(
    r"^(?:安排|下达|分配|拨付|切块下达)(?:给)?([^,。;、0-9]{1,12}[省市州县区旗镇乡村局])(?:资金|经费)?$"
)
"""安排甲县1200万元、乙县800万元."""
EACH_NEW = re.compile(
    r"每(?:新增|新建成?|新?认[证定]|新?培育|新?创建|新?引进|新?发展|新?获得?)[1一]?(?:个|家|项|件|户)?"
    rf"([^,。;、0-9]{{2,16}}?)(?:{STOPS}|$)"
)
"""每新增1个绿色食品认证奖励3万元."""
LIMIT = re.compile(
    r"^([^,。;0-9]{2,14}?)(?:单户|单笔|户均)?(?:年度|全年|累计)*(?:额度|封顶线|(?:支付)?限额|上限)(?:为|不超过|提高到)*$"
)
"""医疗救助年度封顶线为5万元."""
OWN_LIMIT = re.compile("年度|单[户个笔]|全年|每[年户]|累计")
"""年度救助限额10万元: of whom the clauses before speak."""
OF_A_KIND = re.compile(rf"(?:{one_of(words('measures.animals'))}|间|台|套|株|亩|车|站|人|生)(?=.)")
SCHOOLS = frozenset(
    ["小学", "初中", "高中", "普通高中", "中职", "高职", "本科", "专科", "大专", "研究生", "学前"]
)
"""对寄宿生,小学每生每年1000元、初中每生每年1250元: pupils of each kind of school."""
WHOLE_WHOM = re.compile(
    r"^(?:并|其中|同时|再)?对([^,。;]{3,60}的(?![^,。;]*(?:实施|进行|给予|开展))[^,。;的]{1,12})$"
)
"""对补助标准低于1500元的县: a clause of its own, to its last noun."""
VERBS = frozenset(words("money.orders"))
ORDERS = re.compile(any_of("money.orders"))
PURPOSE = re.compile(
    r"^[^,。;]{0,4},?(?:主要|重点|专项|具体)?(?:用于|支持|扶持|奖补|补助)(?!资金|经费)(?:支持|扶持)?(?:包括)?([^,。;]{2,30})"
)
SET_ASIDE = re.compile(r"(?:列支|安排|设立|统筹|拿出)(?:资金|专项资金)?$")
SET_ASIDE_FOR = re.compile(
    r"^(?:的)?(?:资金|专项资金|经费)?(?:对([^,。;]{3,60}?)(?:予以|给予|进行)|作为([^,。;]{2,20}?)(?:经费|资金)"
    r"|,(?:鼓励|支持|引导)([^,。;]{2,16}?)(?:通过|推广|开展|发展|建设|参与))"
)
"""市财政列支300万元对连片基地予以奖补 · 列支80万元,鼓励规模养殖场推广….."""
GIVEN_LAST = re.compile(
    r"(?:奖励|奖补|补助)((?!资金|标准|总额|额度|经费|不|最|每)[^,。;0-9每]{2,6})$"
)
"""每万平方米奖励镇村10万元: who stands last."""
SHORT_NAME = re.compile(r"(?:后|中|每|、|^)(镇|村|乡镇|户)(?:不低于|不少于|达到|不超过)$")
IN_BRACKETS = re.compile(r"\([^()]*\)")
SPLIT = re.compile("、|和|及|以及|与")
ENTITLED = re.compile(
    r"^.{0,8}?(?:认定|评定|评选|评|命名|确定|列入|入选|授予|创成|创建)(?:并命名|命名)?(?:为|成)"
)
EDGES = re.compile(
    r"^(?:对|向|凡是?|给|为|并|其中|符合条件的|每[个户家座处支所](?=..)|每个?(?=[村镇户])|每|单[个家户项](?=..))+"
    r"|(?:每[^每]|的|实施|进行|开展|全年累计|全年|累计|生活|可享受|可获得?|可|最[高多]|至多|累计|职业?技能培训全覆盖|全覆盖|[户人亩]均|单列|以奖代补|(?<=[户口象庭])(?:参照|比照|按照?)[^,。;]*)+$"
)


LED_IN = re.compile(
    r"^(?:[一二三四五六七八九十]是)?(?:积极|主动)?(?:争取|统筹|整合|由|利用)?(?:(?:中央|[省市县区州镇](?:级|本级)?)(?:、|和)?)*财政(?:资金|专项)?(?:整合|统筹|安排|支持|补助|奖补)*(?=..)"
)
"""二是争取市财政新造: whose money it is comes first, then who gets it."""
COUNTED = re.compile(
    r"^(?:重点)?(?:扶持|支持|帮助|选择|选取|遴选|选定|确定|安排)?(?:[0-9]+个?)(?P<who>[^0-9]{0,10}?(?:村|镇|户|企业|合作社|家庭农场|园区|基地|社区))(?:发展|建设|实施|开展|壮大|创建|打造|$)"
)
"""扶持20个行政村发展集体经济: the villages."""
COUNT_BEHIND = re.compile(
    r"^(?:全年|年内)?(?:培训|发展|扶持|培育|新建|建设|改造|完成|实施)?(?P<who>[^0-9]{2,16}?)"
    r"(?:不少于|不低于|达到?|超过)?[0-9.]+(?:万|千|百)?(?:人次|[户人名个家亩头])$"
)
"""培训致富带头人不少于200人次,每人每天…: who they are, not how many."""


def beneficiaries(
    passage: Passage, start: int, end: int, count: int, said: str, since: int
) -> list[str]:
    """A name for each of `count` amounts from start to end; `since`: where the last grant ended."""
    name = _named(passage, start, end, said, since)
    if count == 1:
        return [name]
    split = [each for each in SPLIT.split(IN_BRACKETS.sub("", name)) if each]
    if len(split) == count and (told := _by_threshold(split)):
        return told
    if len(split) > 1 and all(THRESHOLD.match(each) for each in split[1:]):
        return [trimmed(re.sub(r"(?:达到?|在|超过|突破)?[0-9].*$", "", split[0]))] * count
    parts = shared_words(split)
    return parts if len(parts) == count else [name] * count


def _by_threshold(split: list[str]) -> list[str]:
    """首次突破50万元、100万元的村: each amount with the words before and after."""
    first, last = AMOUNT_AT_END.match(split[0]), AMOUNT_AT_HEAD.match(split[-1])
    if first is None or last is None or not all(each[0].isdigit() for each in split[1:]):
        return []
    amounts = [first[2], *split[1:-1], last[1]]
    return [first[1] + amount + last[2] for amount in amounts]


AMOUNT_AT_END = re.compile(r"^(.*?)([0-9.]+(?:万|亿)?[^0-9的]{1,2})$")
AMOUNT_AT_HEAD = re.compile(r"^([0-9.]+(?:万|亿)?[^0-9的]{1,2})((?:以上)?的.+)$")


def _named(passage: Passage, start: int, end: int, said: str, since: int) -> str:
    if short := SHORT_NAME.search(said):
        return short[1]
    if ON_AVERAGE.match(said):
        title = PROJECT.match(passage.text)
        return _earlier(passage, start, since) or (title[1] if title is not None else "")
    after = passage.text[end : passage.sentence(max(0, end - 1))[1]]
    if SET_ASIDE.search(said) and (told := SET_ASIDE_FOR.match(after)) is not None:
        return trimmed(next(each for each in told.groups() if each))
    if whom := FOR_WHOM.search(said):
        name = trimmed(whom[1])
        return name if len(name) > 1 else _earlier(passage, start, since) or name
    given_last = GIVEN_LAST.search(said) if "每" in said else None
    if given_last is not None and not ALLOWANCE.search(given_last[1]):
        return given_last[1]
    if each_of := GIVEN_EACH.search(said):
        return each_of[1]
    for pattern in (PAID_FOR, OWED_TO, ALLOTTED, BY_EACH, LIMIT):
        told = pattern.search(said)
        if told is not None and not OWN_LIMIT.match(told[1]):
            return trimmed(told[1])
    if level := LEVEL_ALONE.match(said):
        return level[1]
    each_one = EACH_ONE.search(said)
    if each_one is not None and not HOW.search(each_one[1]):
        if each_one[1] not in MEASURES and each_one[1].removeprefix("个") not in "镇村户":
            return _of_a_kind(each_one[1], passage, start, since)
        head = HEAD.match(said[: each_one.start()] + "每户")
        if head is not None and _names_somebody(head[1]):
            return trimmed(head[1])
        return (
            _earlier(passage, start, since)
            or _subject(passage, start, since)
            or (each_one[1] if each_one[1] in "镇村户" else "")
        )
    if one := OF_ONE.match(said):
        return trimmed(one[1])
    given = GIVEN_TO.search(said)
    if given is not None and ALLOWANCE.search(given[1]):
        given = None  # 给予路费补贴500元: what for, not to whom
    if given is not None and not GENERIC.match(given[1]):
        return trimmed(given[1])
    head = HEAD.match(said)
    if head is not None and _names_somebody(head[1]):
        name = trimmed(head[1])
        return (_earlier(passage, start, since) if name in SCHOOLS else "") + name
    new = EACH_NEW.search(said)
    return (
        _earlier(passage, start, since)
        or (new[1] if new is not None else "")
        or (_subject(passage, start, since) if BARE_GRANT.match(said) else "")
        or (given[1] if given is not None else _purpose(passage, end))
    )


def _of_a_kind(name: str, passage: Passage, start: int, since: int) -> str:
    """每头牛补助…: who keeps the cow, said before; else the cow."""
    bare = OF_A_KIND.sub("", name, count=1) if OF_A_KIND.match(name) else name
    return (_earlier(passage, start, since) if bare != name else "") or bare


def _subject(passage: Passage, start: int, since: int) -> str:
    """新列入省级名录的作坊,给予…: what stands before a grant without a subject of its own."""
    begin = passage.clause(start)[0]
    near = passage.text[max(segment_of(passage, start), min(since, begin)) : max(0, begin - 1)]
    clauses = [each for each in near.split(",") if 4 <= len(each) <= 40 and not ORDERS.match(each)]
    plain = [each for each in clauses if not CONDITION.search(each)]
    return trimmed((plain or clauses or [""])[0])


def _purpose(passage: Passage, end: int) -> str:
    stop = passage.sentence(max(0, end - 1))[1]
    match = PURPOSE.match(passage.text[end:stop])
    return match[1] if match is not None else ""


def _earlier(passage: Passage, start: int, since: int) -> str:
    """Clauses before the amount's own: those since the last grant first, then back to ; or 。"""
    begin, segment = passage.clause(start)[0], segment_of(passage, start)
    near = passage.text[max(segment, min(since, begin)) : max(segment, begin - 1)]
    for text in (near, passage.text[segment : max(segment, begin - 1)]):
        name = _whom_of([each for each in text.split(",") if each])
        if name:
            return name
    return ""


def _whom_of(clauses: list[str]) -> str:
    named_last = [each for each in clauses if each.startswith("对")][-1:]
    if named_last and (whole := WHOLE_WHOM.match(named_last[0])) is not None:
        return whole[1] if whole[1].startswith("每") else trimmed(whole[1])
    for each in [*named_last, *clauses]:
        whom = FOR_WHOM.search(each) if each[0] in "对凡给向为" or "对" in each else None
        whom = whom or WHOEVER.match(each)
        bare = HOW_MANY.sub("", whom[1]) if whom is not None else ""
        named = bare[:1] == "有" and re.search("的[^的,]{3,}$", bare) is not None
        if whom is not None and (named or not CONDITION.match(bare)):
            return _noun_behind(clauses, each) or trimmed(bare)
    closing = next((i for i, e in enumerate(reversed(clauses)) if e.endswith("的")), None)
    if closing is not None:
        clauses = clauses[: len(clauses) - closing]
        plain = [each for each in clauses if not CONDITION.search(each)]
        return trimmed((plain or clauses)[0])
    return _head_before(clauses)


def _noun_behind(clauses: list[str], first: str) -> str:
    """对累计务工6个月以上,月工资1000元以上的劳动力: the noun behind the last condition."""
    if not re.search("(?:以上|以下|以内)$", first):
        return ""
    for each in clauses[clauses.index(first) + 1 :]:
        if match := re.search("[上下内]的([^的,]{2,24})$", each):
            return match[1]
    return ""


def _head_before(clauses: list[str]) -> str:
    for each in reversed(clauses):
        head = HEAD.match(each)
        if head is not None and _names_somebody(head[1]):
            return trimmed(head[1])
    return ""


def _names_somebody(head: str) -> bool:
    if re.search("[上下内]的[^的,]{2,}$", head):
        return True
    return not NOT_A_HEAD.search(head) and not CONDITION.search(head)


PRIZE = re.compile("[特一二三四](等奖?.*)")
"""获一、二、三等奖的乡镇."""


def segment_of(passage: Passage, place: int) -> int:
    return max(passage.sentence(place)[0], passage.text.rfind(";", max(0, place - 300), place) + 1)


def trimmed(name: str) -> str:
    """对新认定为省级示范社的 → 省级示范社."""
    bare = EDGES.sub("", LED_IN.sub("", name))
    if (many := COUNT_BEHIND.match(bare)) is not None:
        bare = many["who"]
    if bare in VERBS:
        return ""
    if (counted := COUNTED.match(bare)) is not None:
        bare = counted[1]
    entitled = ENTITLED.match(bare)
    if entitled is not None and len(bare) - entitled.end() >= 3:
        bare = bare[entitled.end() :]
    measured = MEASURED.search(bare)
    if measured is not None and measured.start() >= 4:
        bare = bare[: measured.start()]
    if len(bare) > 6 and (subject := SUBJECT.match(bare)):
        return subject[1]
    return bare


def shared_words(parts: list[str]) -> list[str]:
    """省级重点帮扶镇、村 and 国家级、省级龙头企业: each member gets the words said once."""
    if len(parts) < 2:
        return parts
    prize = PRIZE.match(parts[-1])
    if prize is not None and all(each[-1] in "特一二三四" for each in parts[:-1]):
        return [*(each[-1] + prize[1] for each in parts[:-1]), parts[-1]]
    first, last = parts[0], parts[-1]
    if len(first) > len(last) and all(len(each) <= 2 for each in parts[1:]):
        stem = first[: -len(last)]
        return [first, *(stem + each for each in parts[1:])]
    level = re.match(LEVEL, last)
    if level is None or level.end() == len(last):
        return parts
    stem = last[level.end() :].removeprefix("的")
    found = [re.search(rf"{LEVEL}$", each) for each in parts[:-1]]
    if not all(found):
        return parts
    return [*(each[0] + stem for each in found if each), level[0] + stem]
