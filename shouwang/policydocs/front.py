"""文头 (front matter): title, issuer, document number, the year or period that the paper is for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shouwang.policydocs.labels import label_of
from shouwang.policydocs.layout import ENDS, Line
from shouwang.policydocs.numerals import chinese_number
from shouwang.policydocs.strand import squash
from shouwang.policydocs.words import any_of

KINDS = any_of("paper_kinds")
TITLE_END = re.compile(rf"{KINDS}(?:\([^()]{{1,12}}\))?$")
NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[(（]?20[0-9]{2}[〕\])）]?第?[0-9]{1,4}号?$")
NUMBER_INSIDE = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[]20[0-9]{2}[〕\]][0-9]{1,4}号?")
STATED = re.compile(
    r"^(?:发文机关|发文单位|发布机构|信息来源|文章来源|来源|制发机关)[:](.{2,30}?)(?:浏览|发布|字体|作者|时间|$)"
)
DATED = re.compile(r"20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日(?:印发)?$")
PERIOD = re.compile(r"(20[0-9]{2})年?(?:[-—–~～]{1,2}|至|到)(20[0-9]{2})年")
YEAR = re.compile(r"(20[0-9]{2})年")
PLAN = re.compile(r"十([一二三四五六七])五")
FIRST_YEARS = {cn: 2006 + 5 * index for index, cn in enumerate("一二三四五六七")}
CHINESE_YEAR = re.compile("二[零〇○][零〇○一二三四五六七八九]{2}(?=年)")
ISSUED = re.compile(r"关于印发[《〈]?([^》]{4,80}?)[》〉]?的通知")
LOOKED_AT = 40


MADE = re.compile(
    "(?:制定|编制|印发)(?!本|此|如下|以下)([^,。;《》]{4,50}(?:要点|方案|计划|意见|规划|办法|清单))[。,;]"
)
"""…,制定某市2022年工作要点。: the preamble names a paper whose title line was lost."""


@dataclass(frozen=True, slots=True)
class Front:
    """文头. `year` is the year that 年内 and 9月底 count in."""

    title: str
    issuer: str | None
    doc_number: str | None
    year_or_period: str | None
    year: int | None
    last_year: int | None


def front_of(lines: list[Line], all_text: str) -> Front:
    head = lines[:LOOKED_AT]
    title = _title(head)
    number = next((each.text for each in head if NUMBER.fullmatch(each.text)), None)
    if number is None:
        found = NUMBER_INSIDE.search("".join(each.text for each in head[:12]))
        number = found[0] if found else None
    issuer = next((m[1] for each in head if (m := STATED.match(each.text))), None)
    issuer = issuer or _signature(lines)
    period, first, last = _period(title, squash(all_text[:4000]), number)
    return Front(title, issuer, number, period, first, last)


def _title(head: list[Line]) -> str:
    best = ""
    run = ""
    for line in head:
        text = line.text
        label = label_of(text)
        if label is not None and label.kind != "annex" and (best or label.number == 1):
            break
        if len(text) > 60 or text[-1] in ENDS + ",:" or DATED.search(text):
            if best:
                break
            run = ""
            continue
        run = text if TITLE_END.search(run) else run + text
        if TITLE_END.search(run) and len(run) >= 6 and len(run) <= 120:
            best = _from_the_subject(run)
    if best:
        issued = ISSUED.search(best)
        return issued[1] if issued else best
    lines = [each.text for each in head if label_of(each.text) is None]
    short = next((each for each in lines if len(each) <= 60 and each[-1] not in ENDS), "")
    return short or next((m[1] for each in lines[:4] if (m := MADE.search(each))), "")


def _from_the_subject(run: str) -> str:
    place = run.find("关于")
    if 0 < place < 60 and "《" not in run[:place]:
        return run[place:]
    return run


def _signature(lines: list[Line]) -> str | None:
    """The line above the date at the end."""
    for index in range(len(lines) - 1, max(0, len(lines) - 12), -1):
        if DATED.fullmatch(lines[index].text) and index > 0:
            above = lines[index - 1].text
            if 3 <= len(above) <= 40 and above[-1] not in ENDS + ",:":
                return above
    return None


def _period(title: str, head: str, number: str | None) -> tuple[str | None, int | None, int | None]:
    title, head = _plain_years(title), _plain_years(head)
    for text in (title, head):
        if match := PERIOD.search(text):
            first, last = int(match[1]), int(match[2])
            if first < last <= first + 15:
                return f"{first}-{last}", first, last
        if text is title:
            if match := PLAN.search(text):
                first = FIRST_YEARS[match[1]]
                return f"{first}-{first + 4}", first, first + 4
            if match := YEAR.search(text):
                return match[1], int(match[1]), int(match[1])
    if number and (match := re.search(r"20[0-9]{2}", number)):
        return match[0], int(match[0]), int(match[0])
    years = [int(each[1]) for each in YEAR.finditer(head) if _is_its_own(head, each)]
    years = years or [int(each) for each in YEAR.findall(head)]
    if years:
        common = max(dict.fromkeys(years), key=years.count)
        return str(common), common, common
    return None, None, None


def _is_its_own(head: str, year: re.Match[str]) -> bool:
    """截至2022年底 and 2019年以来 tell of the past, 到2025年 of a later time."""
    before, after = head[max(0, year.start() - 2) : year.start()], head[year.end() : year.end() + 4]
    return not before.endswith(("截至", "截止", "到", "至", "自")) and "以来" not in after


def _plain_years(text: str) -> str:
    """二〇二四年 as 2024年."""
    return CHINESE_YEAR.sub(lambda match: str(chinese_number(match[0]) or match[0]), text)
