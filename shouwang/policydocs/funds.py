"""资金 (funds): money granted, allocated or capped per beneficiary.

    grant      := [source] [对|给|为 beneficiary] [每年|每户 …] verb [最高|不超过] money {、money}
    condition  := …的, grant           the clause before says who gets it
Money that is to be raised or reached (产值, 争取资金, 投资) is a target, not a fund.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.policydocs.clauses import Passage
from shouwang.policydocs.quantities import Quantity
from shouwang.policydocs.refusals import is_base_of_change
from shouwang.policydocs.words import any_of

GRANT = re.compile(any_of("money.grant"))
LENT = r"(?:信贷|贷款|信用贷)(?!额度|额|上限|期限|贴息)"
RAISED = re.compile(any_of("money.raised") + "|" + LENT)
SUPPORT = re.compile(r"支持[^,。;]{0,6}$")
GRANT_AFTER = re.compile(r"(?:的)?[^,。;、]{0,6}(?:补助|补贴|奖补|奖励|资助|补偿)")
CONTINUED_CAP = re.compile(
    r"^(?:单[^,。;不最]{1,8}|每[^,。;]{1,8}|累计|但|原则上|同一[^,。;]{1,8})*"
    r"(?:最高|不超过|不得超过|封顶|上限)"
)
YEARLY = re.compile(r"每年(?:不低于|不少于|不超过|最高)?$")
EACH_ONE = re.compile(
    r"每(?:个|所|家|支)?(?!年|月|天)(镇|村|户|[^,。;、每0-9]{2,16}?)(?:每年|补助|奖补|奖励|给予|安排)[^,。;0-9]{0,12}$"
)
MEASURED = re.compile(
    r"每(?:个)?(?:[^,。;、每0-9]{0,6})(?:镇|村|户|人|县)(?:每年|每月)?(?:不低于|不少于|不超过|最高)?$"
)
STANDARD_AFTER = re.compile(r"[^,。;]{0,24}?标准[^,。;]{0,8}(?:给予|支持|补助|奖补|安排|落实|配套)")
CAP = re.compile(r"不超过|最高|以内|封顶|以下|上限")
PER_WORDS = {"户": "户", "家": "家", "亩": "亩", "人": "人", "名": "人", "位": "人"}
PER_WORDS |= {"头": "头", "只": "只", "羽": "羽", "村": "村", "行政村": "村", "个村": "村"}
PER_WORDS |= {"镇": "镇", "乡镇": "镇", "个": "个", "座": "座", "公里": "公里", "吨": "吨"}
PER_WORDS |= {"年": "year", "年度": "year", "月": "month", "天": "day", "次": "次"}
PER = re.compile(r"每(个?" + "|".join(sorted(PER_WORDS, key=len, reverse=True)) + ")")
EACH_PLACE = re.compile(r"每个[^,。;、0-9]{0,8}?(村|镇|户)(?!级)")
PER_AFTER = re.compile(r"^(?:/|每)(户|亩|人|年|月|村|镇|个|家|名|头|只|羽|座|公里|天|次|吨)")
STOPS = (
    "每年|每月|每户|每人|每亩|每头|每只|每个|每镇|每村|每名|每家|分别|给予|予以|安排|一次性|按|再|发放|"
    "提供|最高|补助|补贴|奖励|奖补|拨付|配套|资助|统筹|支持|不超过|不低于|小额信贷|贷款|授信"
)
FOR_WHOM = re.compile(rf"(?:对|向|给(?!予)|为)(?!期)([^,。;]{{2,40}}?)(?:{STOPS}|$)")
GIVEN_TO = re.compile(
    r"(?:给予|予以|奖励|补助|补贴|资助|奖补)(?!一次性|最高|每|由|按|标准|资金|经费|不低于|不少于|不超过|适当|定额|相应|[0-9])"
    r"([^,。;0-9]{2,24}?)(?:每|不超过|最高|分别|各|一次性|[0-9]|$)"
)
HEAD = re.compile(rf"^(?:并|其中|同时|再|另|其他)?([^,。;]{{2,30}}?)(?:{STOPS})")
NOT_A_HEAD = re.compile(
    r"标准|提高|(?:资金|财政|经费|专项|市级|省级|县级|区级|中央|政府|年度)$|^(?:按|统筹|落实|加大|整合|安排|给予|每|最高|单|探索|完善|提高|执行|建立|实行|鼓励|确保|继续|由|对|可|达到|分别|一次性|再|原则)"
)
PURPOSE = re.compile(r"^[^,。;]{0,4}(?:专项)?(?:用于|支持|扶持)(?:支持|扶持)?([^,。;]{2,24})")
SOURCE = re.compile(
    r"((?:中央|省|市|县|区|州|各级|本级|东西部协作|对口帮扶|衔接)[^,。;0-9]{0,16}?(?:资金|财政|经费|专项))"
)
SPLIT = re.compile("、|和|及|以及|与")


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
    for run in _runs([each for each in numbers if each.unit == "元"]):
        going_on = _goes_on(passage, run[0], found)
        said = _said(passage, run[0], found)
        if going_on is None and not _is_grant(passage, run[0]):
            continue
        sentence = passage.sentence(run[0].start)[0]
        names = [going_on] * len(run) if going_on else _beneficiaries(passage, run, said)
        if not any(names) and last[0] == sentence and len(last[1]) == len(run):
            names = last[1]
        if not any(names):
            names = [_by_measure(passage, run[0].start)] * len(run)
        names = [_in_full(each, found, sentence) for each in names]
        last = (sentence, names) if any(names) else last
        per = _per(passage, run[0])
        if per is None and found and found[-1].start >= _segment(passage, run[0].start):
            per = found[-1].per if found[-1].per == "year" else None
        found += [_fund(passage, run[i], names[i], per) for i in range(len(run))]
    return found


def _goes_on(passage: Passage, quantity: Quantity, found: list[FoundFund]) -> str | None:
    """…镇每年500万元、村100万元: the beneficiary of the next member of a clause of grants."""
    if not found or found[-1].start < passage.clause(quantity.start)[0]:
        return None
    between = passage.text[found[-1].end : quantity.start]
    match = re.fullmatch(
        r"[、和](?:每(?:个)?)?([^,。;0-9每]{1,10}?)(?:每年|每月)?(?:不低于|不少于|不超过|达到)?",
        between,
    )
    if match is None:
        return None
    return _shared_words([found[-1].beneficiary, match[1]])[-1]


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
    near = before[-30:]
    grant = max((match.start() for match in GRANT.finditer(near)), default=-1)
    raised = max((match.start() for match in RAISED.finditer(near)), default=-1)
    if grant >= 0 or SUPPORT.search(near):
        return raised < max(grant, 0)
    if raised >= 0:
        return False
    if GRANT_AFTER.match(after):
        return True
    if CONTINUED_CAP.match(before):
        return GRANT.search(_clause_before(passage, quantity.start)) is not None
    if MEASURED.search(before):
        begin = passage.sentence(quantity.start)[0]
        earlier = passage.text[max(begin, quantity.start - 80) : quantity.start]
        return bool(GRANT.search(earlier) or STANDARD_AFTER.match(after))
    return YEARLY.search(before) is not None


def _clause_before(passage: Passage, place: int) -> str:
    start = passage.clause(place)[0]
    if start < 2 or passage.text[start - 1] not in ",;":
        return ""
    return passage.before(start - 1)


def _per(passage: Passage, quantity: Quantity) -> str | None:
    """每亩, 每户, 每年: the last one before the amount; 每年每镇 counts as yearly."""
    before = passage.before(quantity.start)
    village = EACH_PLACE.search(before)
    per = village[1] if village else None
    for match in PER.finditer(before):
        if match[1] != "个" or not per:
            per = PER_WORDS.get(match[1]) or PER_WORDS.get(match[1].removeprefix("个"), match[1])
    return "year" if per in ("村", "镇") and "每年" in before else per


def _fund(passage: Passage, quantity: Quantity, beneficiary: str, per: str | None) -> FoundFund:
    start, end = quantity.start, quantity.end
    begin = passage.sentence(start)[0]
    if match := PER_AFTER.match(passage.text[end : end + 4]):
        per = PER_WORDS.get(match[1], match[1])
        end += match.end()
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
    if len(name) > 2:
        return name
    for each in reversed(found):
        if each.start < sentence:
            break
        if name and len(each.beneficiary) > 2 and each.beneficiary.endswith(name):
            return each.beneficiary
    return name


def _beneficiaries(passage: Passage, run: list[Quantity], said: str) -> list[str]:
    """Who gets each amount, as far as the words say it; empty rather than guessed."""
    name = _beneficiary(passage, run, said)
    if len(run) == 1:
        return [name]
    parts = _shared_words([each for each in SPLIT.split(name) if each])
    return parts if len(parts) == len(run) else [name] * len(run)


SHORT_NAME = re.compile(r"(?:后|中|每|、|^)(镇|村|乡镇|户)(?:不低于|不少于|达到|不超过)$")


def _beneficiary(passage: Passage, run: list[Quantity], clause: str) -> str:
    start = run[0].start
    if short := SHORT_NAME.search(clause):
        return short[1]
    found = FOR_WHOM.search(clause) or GIVEN_TO.search(clause)
    if found is not None:
        return _trimmed(found[1])
    if each_one := EACH_ONE.search(clause):
        return each_one[1]
    head = HEAD.match(clause)
    if head is not None and not NOT_A_HEAD.search(head[1]):
        return _trimmed(head[1])
    for earlier in reversed(_earlier_clauses(passage, start)):
        whom = FOR_WHOM.search(earlier)
        if whom is not None:
            return _trimmed(whom[1])
        if earlier.endswith("的"):
            return _trimmed(earlier)
        head = HEAD.match(earlier)
        if head is not None and GRANT.search(earlier) and not NOT_A_HEAD.search(head[1]):
            return _trimmed(head[1])
    purpose = PURPOSE.match(passage.after(run[-1].end))
    return purpose[1] if purpose is not None else ""


def _earlier_clauses(passage: Passage, place: int) -> list[str]:
    """The clauses before this one, back to the last ; or full stop."""
    begin, segment = passage.clause(place)[0], _segment(passage, place)
    return [each for each in passage.text[segment : max(segment, begin - 1)].split(",") if each]


def _segment(passage: Passage, place: int) -> int:
    return max(passage.sentence(place)[0], passage.text.rfind(";", max(0, place - 300), place) + 1)


def _by_measure(passage: Passage, place: int) -> str:
    """每村不超过50万元 alone: the village is who gets it."""
    per = ""
    for match in PER.finditer(passage.before(place)):
        per = match[1]
    return per if per in ("村", "行政村", "镇", "乡镇", "户", "家") else ""


def _trimmed(name: str) -> str:
    return re.sub(
        r"^(?:对|向|凡|给|为|并|认定为|其中|符合条件的|每个|每)+|(?:的|全年累计|全年|累计|生活)$",
        "",
        name,
    )


def _shared_words(parts: list[str]) -> list[str]:
    """省级重点帮扶镇、村 and 国家级、省级龙头企业: each member gets the words said once."""
    if len(parts) < 2:
        return parts
    first, last = parts[0], parts[-1]
    if len(first) > len(last) and all(len(each) <= 2 for each in parts[1:]):
        stem = first[: -len(last)]
        return [first, *(stem + each for each in parts[1:])]
    level = re.match(r"[^级]{1,3}级", last)
    if level and all(each.endswith("级") for each in parts[:-1]):
        return [*(each + last[level.end() :] for each in parts[:-1]), last]
    return parts
