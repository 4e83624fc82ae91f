"""资金 (funds): money granted, allocated or capped per beneficiary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.policydocs.clauses import Passage
from shouwang.policydocs.quantities import Quantity

GRANT = re.compile(
    r"安排|补助|补贴|奖补|奖励|给予|予以|资助|拨付|拨款|支持资金|发放|配套|救助|兑现|列支|授信|贷款额度|奖金|一次性|经费|下达|分配|倾斜"
)
RAISED = re.compile(
    r"争取|筹集|筹措|募集|投资|产值|收入|销售|营业|营收|投放|采购|引进|引资|到位|融资|整合|盘活|利润|总额|规模|余额|交易额|累计|效益|税收|消费|撬动|缴费|保费"
)
PER = (
    (re.compile(r"每(?:户|家)"), "户"),
    (re.compile(r"每亩"), "亩"),
    (re.compile(r"每(?:人|名|位)"), "人"),
    (re.compile(r"每(?:头|只|羽)"), "头"),
    (re.compile(r"每(?:个)?(?:行政)?村"), "村"),
    (re.compile(r"每(?:个)?(?:乡)?镇"), "镇"),
    (re.compile(r"每年|每年度|年均"), "year"),
    (re.compile(r"每月"), "month"),
)
PER_AFTER = re.compile(r"^[/每](户|亩|人|年|月|村|镇|个|家|名|头|只|座|公里|天|次)")
FOR_WHOM = re.compile(
    r"(?:对|向|为|给)([^,。;]{2,40}?)(?:每年|每月|分别|给予|予以|安排|一次性|按|再|的|发放|提供|每|,|$)"
)
GIVEN_TO = re.compile(
    r"(?:给予|奖励|补助|补贴|资助|奖补)([^,。;0-9每不最]{2,24}?)(?:每|不超过|最高|分别|各|一次性|[0-9])"
)
SOURCE = re.compile(
    r"((?:中央|省|市|县|区|州|各级|本级|东西部协作|对口帮扶|衔接)[^,。;0-9]{0,16}?(?:资金|财政|经费|专项))"
)
CONTINUED_CAP = re.compile(
    r"^(?:单[个项户笔][^,。;]{0,8}|每[^,。;]{1,8}|累计|但|原则上|同一[^,。;]{1,8})*(?:最高|不超过|不得超过|封顶|上限)"
)
CAP = re.compile(r"不超过|最高|以内|封顶|以下|上限")


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
    money = [each for each in numbers if each.unit == "元"]
    for quantity in money:
        if _is_grant(passage, quantity):
            found.append(_fund(passage, quantity))
    return found


def _is_grant(passage: Passage, quantity: Quantity) -> bool:
    before, after = passage.before(quantity.start), passage.after(quantity.end)
    near = before[-30:]
    grant = None
    for match in GRANT.finditer(near):
        grant = match
    raised = None
    for match in RAISED.finditer(near):
        raised = match
    if grant is not None:
        return raised is None or raised.start() < grant.start()
    if raised is not None:
        return False
    if re.match(r"(?:的)?[^,。;、]{0,6}(?:补助|补贴|奖补|奖励|资助)", after):
        return True
    return (
        CONTINUED_CAP.match(before) is not None
        and GRANT.search(_clause_before(passage, quantity)) is not None
    )


def _clause_before(passage: Passage, quantity: Quantity) -> str:
    """按投资额的30%给予补助,最高不超过100万元: the clause that says what is given."""
    start = passage.clause(quantity.start)[0]
    if start < 2 or passage.text[start - 1] not in ",;":
        return ""
    return passage.before(start - 1)


def _fund(passage: Passage, quantity: Quantity) -> FoundFund:
    start, end = quantity.start, quantity.end
    begin = passage.sentence(start)[0]
    said = passage.text[begin:start]
    clause = passage.before(start)
    per = next((name for pattern, name in PER if pattern.search(clause)), None)
    if match := PER_AFTER.match(passage.text[end : end + 4]):
        per = "year" if match[1] == "年" else match[1]
        end += match.end()
    beneficiary = _beneficiary(passage, quantity, clause)
    source = None
    for each in SOURCE.finditer(said):
        source = each[1]
    cap = CAP.search(passage.text[max(begin, start - 8) : end + 4]) is not None
    return FoundFund(start, end, beneficiary, source, quantity.value, "元", per, cap)


HEAD = re.compile(
    r"^(?:并|其中|同时|再|另|分别)?([^,。;]{2,30}?)(?=每年|每月|每户|每人|每亩|每个|每镇|每村|一次性|分别|给予|予以|按|最高|安排|补助|补贴|奖励|奖补)"
)
FROM_WHOM = re.compile(
    r"(?:资金|财政|经费|专项|市级|省级|县级|中央|政府)$|^(?:按|统筹|落实|加大|整合|安排|给予)"
)


def _beneficiary(passage: Passage, quantity: Quantity, clause: str) -> str:
    """Who gets the money, as far as the words say it; empty rather than guessed."""
    found = FOR_WHOM.search(clause) or GIVEN_TO.search(clause)
    if found is not None:
        return _trimmed(found[1])
    head = HEAD.match(clause)
    if head is not None and not FROM_WHOM.search(head[1]):
        return _trimmed(head[1])
    start = passage.clause(quantity.start)[0]
    if start >= 2 and passage.text[start - 2] == "的":
        return _trimmed(passage.before(start - 2))
    return ""


def _trimmed(words: str) -> str:
    return re.sub(r"^(?:对|向|凡|给|为|并)|(?:的)$", "", words)
