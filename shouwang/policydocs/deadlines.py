"""时限的取舍 (deadlines): which dates of a task bind it; a year in a name or a past does not."""

import re
from datetime import date

from shouwang.policydocs.clauses import Passage, Ranges
from shouwang.policydocs.dates import Moment, moments

ADVERB_BEFORE = re.compile(r"(?:^|[,;。!?:、]|力争|确保|争取|计划|要求|力促|在|其中|并于|于)$")
OBJECT_AFTER = re.compile(
    r"^(?:的|度|版|新增资产|衔接|中央|省级|财政|第|国家|脱贫|各级|期间的|生|底的|内的|前的|实施的|实际|建设的)"
)
OBJECT_AFTER_YEAR = re.compile(
    r"^[^,。;、]{0,14}(?:为基准|基数|水平上|建成的|形成的|实施的|入库的)"
)
DEED_AFTER = re.compile(
    r"^累计(?:不超过|最高)|^(?:终)?(?:考核|考评|评估|总结|绩效|述职|评议)"
    r"|^(?:目标)?(?:工作)?(?:总结|情况|任务|目标)"
)
TOLD_OF = re.compile(r"(?:完成|开展|报送|上报|提交|做好|通报|总结)$")
PART_OF_THE_YEAR = re.compile(r"(?:[上下]半年|全年|第?[一二三四1-4]季度)")
"""分别完成上半年和下半年集中排查: which one it is, not until when."""
OF_THE_YEAR = re.compile(r"^[^,。;:、]{2,30}(?:工程|项目)(?:$|[,。;、\n])")
ORDERED = re.compile(
    "完成|实施|新建|建设|启动|推进|建成|开展|落实|争取|改造|全面|力争|确保|计划|将|新增|实现|安排"
    "|打造|培育|组织|抓好|做好|开工|竣工|谋划|储备|申报|引进"
)
YEAR_ENDS = ("年底", "年末", "年终")
AT_THE_HEAD = re.compile(r"(?:^|[,;。!?:、]|力争|确保|争取|计划|并于|于|在)$")
SINCE = re.compile(r"截[至止]")


def deadlines(passage: Passage, year: int | None, taken: list[tuple[int, int]]) -> list[Moment]:
    """The binding dates, one per last day, in order. `taken`: ranges of rhythms (每年12月)."""
    kept: dict[tuple[date | None, date], Moment] = {}
    barred = Ranges(taken)
    for moment in moments(passage.text, year):
        within = moment.start in barred or moment.end - 1 in barred  # 到一月一走访
        if not within and _binds(passage, moment, year):
            kept.setdefault((moment.first, moment.last), moment)
    return list(kept.values())


def _binds(passage: Passage, moment: Moment, year: int | None) -> bool:
    text = passage.text
    name = passage.name_at(moment.start)
    if name is not None and name[1] >= moment.end:
        return False
    written, before, after = (
        text[moment.start : moment.end],
        text[max(0, moment.start - 12) : moment.start],
        text[moment.end : moment.end + 40],
    )
    if before.endswith(("自", "每年", "每")) or _is_past(written, before, moment, year):
        return False
    if year is not None and moment.last.year < year:
        return False
    if after.startswith(("是", "系")) and not after.startswith("是否"):
        return False
    if DEED_AFTER.match(after) or (written in YEAR_ENDS and not AT_THE_HEAD.search(before)):
        return False
    if PART_OF_THE_YEAR.fullmatch(written) and _is_told_of(text, moment.start):
        return False
    if moment.period and after.startswith(("每年", "累计", "共", "分年")):
        return True  # 市财政2023—2025年每年筹集
    if moment.bare_year or moment.period:
        return _is_adverb(passage, moment)
    return not after.startswith(("的", "以来", "度"))


def _is_told_of(text: str, start: int) -> bool:
    before = re.sub(rf"{PART_OF_THE_YEAR.pattern}[、和及]$", "", text[max(0, start - 12) : start])
    return TOLD_OF.search(before) is not None


def _is_past(written: str, before: str, moment: Moment, year: int | None) -> bool:
    """截至目前, 截至去年底: what was reached; 截至 the end of this year is yet to come."""
    if not SINCE.match(written) and not before.endswith(("截至", "截止")):
        return False
    return year is None or moment.last < date(year, 11, 30) or moment.bare_year


def _is_adverb(passage: Passage, moment: Moment) -> bool:
    """2024年,全县完成…: at the head of a clause, not before the noun that it describes."""
    text = passage.text
    if _whole_bracket(passage, moment):
        return False
    before, after = (
        text[max(0, moment.start - 6) : moment.start],
        text[moment.end : moment.end + 40],
    )
    if not ADVERB_BEFORE.search(before):
        return False
    if OF_THE_YEAR.match(after) and not ORDERED.search(after):
        return False
    return not OBJECT_AFTER.match(after) and not OBJECT_AFTER_YEAR.match(after)


def _whole_bracket(passage: Passage, moment: Moment) -> bool:
    text = passage.text
    return (
        moment.start > 0
        and text[moment.start - 1] in "(〔["
        and text[moment.end : moment.end + 1] in ")〕]"
    )
