"""时限 (deadlines): 到2025年底, 9月底前, 上半年, 2023年至2025年, “十四五”期间, 年内 …

date     := [到|至|截至] [year] [part of year] [底|末|旬] [前]
period   := [从] date (-|至|到) date [期间]
plan     := “N五”[期间|末]
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shouwang.policydocs.numerals import chinese_number, ordinal

CN_YEAR = "[二][零〇○0][零〇○一二三四五六七八九]{2}"
YEAR = rf"(?:20[0-9]{{2}}|{CN_YEAR})"
MONTH = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元)"
DAY = "(?:3[01]|[12][0-9]|0?[1-9])"
TO = "(?:[-—–~～]{1,2}|至|到)"
BEFORE = "(?:之前|以前|前)"
PLAN = re.compile(
    r"(?P<to>到|至|截至)?[“\"]?(?P<plan>十[一二三四五六七])五[”\"]?(?P<tail>规划)?"
    r"(?P<part>末期|期末|末|结束|期间|时期|以来|初期|初|前三年|收官)?"
)
BEGINNINGS = {f"十{cn}": 2006 + 5 * index for index, cn in enumerate("一二三四五六七")}
RANGE = re.compile(
    rf"(?P<from>从|自)?(?P<y1>{YEAR})年?(?:(?P<m1>{MONTH})月(?:(?P<d1>{DAY})[日号])?)?(?P<start>起)?{TO}"
    rf"(?:(?P<y2>{YEAR})年)?(?:(?P<m2>{MONTH})月(?:(?P<d2>{DAY})[日号])?)?(?P<end>底|末)?(?P<during>期间|间)?"
)
MONTHS = re.compile(
    rf"(?<![0-9年一二三四五六七八九十第])(?P<m1>{MONTH})月?(?:份|初)?(?:起|开始)?{TO}(?P<m2>{MONTH})月(?P<end>份|底|末)?(?P<during>期间)?"
)
DAYS = re.compile(
    rf"(?:从|自)?(?:(?P<year>{YEAR})年)?(?<![0-9一二三四五六七八九十第])(?P<m1>{MONTH})月(?P<d1>{DAY})[日号]?起?{TO}"
    rf"(?:(?P<m2>{MONTH})月)?(?P<d2>{DAY})[日号](?:期间)?"
)
DOTTED = re.compile(
    rf"(?P<to>到|至)?(?<![0-9.])(?:(?P<year>{YEAR})\.)?(?P<month>{MONTH})\.(?P<day>{DAY})(?P<before>{BEFORE})"
)
FROM_YEAR = re.compile(rf"(?P<year>{YEAR})年起(?P<count>[0-9]|[一二三四五六七八九十])年内")
SPAN = re.compile(
    rf"(?P<to>到|至|截至|截止|力争到|在)?(?<![0-9])(?P<year>{YEAR})年度?"
    rf"(?:(?:的)?(?P<month>{MONTH})月(?:(?P<day>{DAY})[日号]|(?P<part>底|末|份|上旬|中旬|下旬|初)|)"
    rf"|(?P<half>上半年|下半年)|第?(?P<quarter>[一二三四1-4])季度(?P<qend>末|底)?|(?P<yend>年底|年末|年内|底|末|年终|内|全年|期间|初))?"
    rf"(?P<before>{BEFORE})?"
)
MONTHLY = re.compile(
    rf"(?P<to>到|至|截至)?(?:(?P<which>当年|今年|本年|明年|次年|翌年)|(?<![0-9年一二三四五六七八九十百千万亿个第每几]))"
    rf"(?P<month>{MONTH})月(?!一[^日号十至到])"
    rf"(?:(?P<day>{DAY})[日号]|(?P<part>底|末|份|上旬|中旬|下旬|初)|)(?P<before>{BEFORE})?"
)
NEAR = re.compile(
    rf"(?P<to>到|至)?(?<![0-9一二三四五六七八九十两几多近每])(?P<which>今年|本年度?|年度(?=内)|当年|明年|全年|年内|年底|年末|年终)"
    rf"(?P<part>底|末|年底|年末|内|上半年|下半年|(?:第?(?P<quarter>[一二三四])季度))?(?P<before>{BEFORE})?"
)
PART = re.compile(
    rf"(?P<to>到|至)?(?:(?P<half>上半年|下半年)|第?(?P<quarter>[一二三四1-4])季度)(?P<end>末|底)?(?P<before>{BEFORE})?"
)
AFTER = r"(?!以来|以后|之后|后|起|版|级|间(?!接)|生|代|检|鉴|薪)"
YEARS_AGO = re.compile(r"^(?:以来|以后|之后|起|版)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date expression: its place in the text and the days it covers."""

    start: int
    end: int
    first: date | None
    last: date
    bare_year: bool = False
    """Only 2024年: a deadline where it stands as an adverbial, else it describes an object."""
    period: bool = False


def moments(text: str, year: int | None) -> list[Moment]:
    """All date expressions, in order, none inside another. `year` is the paper's own year."""
    found: list[Moment] = []
    taken = 0
    for start in _starts(text):
        if start < taken:
            continue
        moment = _at(text, start, _year_at(text, start, year, found))
        if moment is not None and not YEARS_AGO.match(text[moment.end : moment.end + 4]):
            found.append(moment)
        if moment is not None:
            taken = moment.end
    return found


def _year_at(text: str, start: int, year: int | None, found: list[Moment]) -> int | None:
    """2024年3月底前…,10月底…: a later year than the paper's holds on within its sentence."""
    if not found or year is None or found[-1].last.year <= year or found[-1].bare_year:
        return year
    between = text[found[-1].end : start]
    written = text[found[-1].start : found[-1].end]
    if "月" not in written or any(sign in between for sign in "。;!?\n"):
        return year
    return found[-1].last.year


STARTS = re.compile(
    rf"力争到|截至|截止|[到至从自在]?[“\"]?十[一二三四五六七]五|[到至从自在]?{YEAR}年?|[到至]?{MONTH}月|[到至]?(?:今年|本年|年度内|当年|明年|次年|翌年|全年|年内|年底|年末|年终)|[到至]?(?:上半年|下半年|第?[一二三四1-4]季度)|[0-9]{{1,2}}[-—~至.]"
)


def _starts(text: str) -> Iterator[int]:
    for match in STARTS.finditer(text):
        yield match.start()
        if match[0][0] in "到至从自在截力":
            yield match.start() + 1


def _at(text: str, start: int, year: int | None) -> Moment | None:
    for read in (_dotted, _from_year, _days, _range, _plan, _full, _months, _monthly, _near, _part):
        try:
            moment = read(text, start, year)
        except ValueError:  # 2024年13月, 2月30日
            moment = None
        if moment is not None:
            return moment
    return None


def _year(written: str) -> int:
    if written[0].isdigit():
        return int(written)
    return chinese_number(written.replace("0", "零")) or 2000


def _month(written: str) -> int:
    return 1 if written == "元" else ordinal(written) or 12


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _from_year(text: str, start: int, year: int | None) -> Moment | None:
    match = FROM_YEAR.match(text, start)
    count = ordinal(match["count"]) if match else None
    if match is None or not count:
        return None
    first = _year(match["year"])
    return Moment(
        start, match.end(), date(first, 1, 1), date(first + count - 1, 12, 31), period=True
    )


def _dotted(text: str, start: int, year: int | None) -> Moment | None:
    """2022.6.30前, 6.30前: only with 前, else it is a figure."""
    match = DOTTED.match(text, start)
    number = _year(match["year"]) if match is not None and match["year"] else year
    if match is None or number is None:
        return None
    last = date(number, _month(match["month"]), int(match["day"]))
    return Moment(start, match.end(), None, last)


def _days(text: str, start: int, year: int | None) -> Moment | None:
    """5月11日至5月31日, 5月11日至20日: from one day to another of one year."""
    match = DAYS.match(text, start)
    number = _year(match["year"]) if match is not None and match["year"] else year
    if match is None or number is None:
        return None
    month = _month(match["m1"])
    first = date(number, month, int(match["d1"]))
    last = date(number, _month(match["m2"]) if match["m2"] else month, int(match["d2"]))
    return Moment(start, match.end(), first, last) if first < last else None


def _range(text: str, start: int, year: int | None) -> Moment | None:
    match = RANGE.match(text, start)
    if (
        match is None
        or not (match["y2"] or match["m2"])
        or (match["m2"] and not match["m1"] and not match["y2"])
    ):
        return None
    first_year = _year(match["y1"])
    last_year = _year(match["y2"]) if match["y2"] else first_year
    if last_year < first_year or last_year > first_year + 40:
        return None
    first = date(first_year, (_month(match["m1"])) if match["m1"] else 1, int(match["d1"] or 1))
    last = _end_of_month(last_year, (_month(match["m2"])) if match["m2"] else 12)
    if match["d2"]:
        last = last.replace(day=int(match["d2"]))
    return Moment(
        start,
        match.end(),
        first,
        last,
        period=not (match["from"] or match["during"] or match["m1"]),
    )


def _plan(text: str, start: int, year: int | None) -> Moment | None:
    match = PLAN.match(text, start)
    if match is None or match["part"] in ("以来", "初期", "初", "收官") or match["tail"]:
        return None
    first = BEGINNINGS[match["plan"]]
    end = date(first + 4, 12, 31)
    if match["to"] or match["part"] in ("末期", "期末", "末", "结束"):
        return Moment(start, match.end(), None, end)
    if match["part"] == "前三年":
        return Moment(start, match.end(), date(first, 1, 1), date(first + 2, 12, 31))
    if not match["part"]:
        return None
    return Moment(start, match.end(), date(first, 1, 1), end, period=True)


THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10)}
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def _days_of_month(year: int, month: int, day: str | None, part: str | None) -> tuple[date, date]:
    if day:
        return date(year, month, int(day)), date(year, month, int(day))
    last = _end_of_month(year, month)
    if part in THIRDS:
        begin, end = THIRDS[part]
        return date(year, month, begin), min(date(year, month, min(end, last.day)), last)
    return date(year, month, 1), last


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    return date(year, 3 * quarter - 2, 1), _end_of_month(year, 3 * quarter)


def _half(year: int, which: str) -> tuple[date, date]:
    if which == "上半年":
        return date(year, 1, 1), date(year, 6, 30)
    return date(year, 7, 1), date(year, 12, 31)


def _full(text: str, start: int, year: int | None) -> Moment | None:
    match = SPAN.match(text, start)
    if match is None:
        return None
    number = _year(match["year"])
    to = bool(match["to"]) and match["to"] != "在"
    until = bool(match["before"]) or to
    if match["month"]:
        month = _month(match["month"])
        first, last = _days_of_month(number, month, match["day"], match["part"])
        until = until or match["part"] in ("底", "末") or bool(match["day"])
    elif match["half"]:
        first, last = _half(number, match["half"])
    elif match["quarter"]:
        first, last = _quarter(number, QUARTERS[match["quarter"]])
        until = until or bool(match["qend"])
    else:
        first, last = date(number, 1, 1), date(number, 12, 31)
        if match["yend"] == "初":
            return None
        until = until or match["yend"] in ("底", "末", "年底", "年末", "年终")
    bare = not until and not (match["month"] or match["half"] or match["quarter"] or match["yend"])
    if bare and match["to"] == "在":
        bare = False
    return Moment(start, match.end(), None if until else first, last, bare_year=bare)


def _months(text: str, start: int, year: int | None) -> Moment | None:
    match = MONTHS.match(text, start)
    if match is None or year is None:
        return None
    first, last = _month(match["m1"]), _month(match["m2"])
    if first >= last:
        return None
    return Moment(start, match.end(), date(year, first, 1), _end_of_month(year, last))


def _monthly(text: str, start: int, year: int | None) -> Moment | None:
    match = MONTHLY.match(text, start)
    if match is None or year is None:
        return None
    if match["which"] in ("明年", "次年", "翌年"):
        year += 1
    first, last = _days_of_month(year, _month(match["month"]), match["day"], match["part"])
    until = bool(match["before"] or match["day"]) or match["to"] in ("到", "至", "截至")
    until = until or match["part"] in ("底", "末")
    return Moment(start, match.end(), None if until else first, last)


def _near(text: str, start: int, year: int | None) -> Moment | None:
    match = NEAR.match(text, start)
    if match is None or year is None:
        return None
    which, part = match["which"], match["part"] or ""
    number = year + 1 if which == "明年" else year
    if which == "当年" and not part:
        return None
    if part in ("上半年", "下半年"):
        first, last = _half(number, part)
    elif match["quarter"]:
        first, last = _quarter(number, QUARTERS[match["quarter"]])
    else:
        first, last = date(number, 1, 1), date(number, 12, 31)
    until = which in ("年底", "年末", "年终") or part in ("底", "末", "年底", "年末")
    until = until or bool(match["before"]) or bool(match["to"])
    return Moment(start, match.end(), None if until else first, last)


def _part(text: str, start: int, year: int | None) -> Moment | None:
    match = PART.match(text, start)
    if match is None or year is None:
        return None
    if match["half"]:
        first, last = _half(year, match["half"])
    else:
        first, last = _quarter(year, QUARTERS[match["quarter"]])
    until = bool(match["end"] or match["before"] or match["to"])
    return Moment(start, match.end(), None if until else first, last)
