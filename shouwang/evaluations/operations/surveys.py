"""抽样和答卷: strata drawn with a kept seed, answers read from a spreadsheet."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require_here
from shouwang.core.errors import DomainError
from shouwang.core.worksheets import read_worksheets, rows_of_text
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from ..measures import Answered, Measure, measures, plan
from ..models import Sampled, Survey

MONITORED = Q(monitor_class__gt="") & ~Q(eliminated="是")
ALLEVIATED = Q(household_type="脱贫户")
WHERE = {
    "monitored": MONITORED,
    "alleviated": ALLEVIATED & ~MONITORED,
    "common": ~ALLEVIATED & ~MONITORED,
}
MOST = 5_000
YES_NO = {"是": 1, "否": 0, "满意": 1, "不满意": 0}
HEAD_ROWS = 10


def draw(
    actor: Actor, *, division: Division, title: str, seed: str, sizes: Mapping[str, int]
) -> Survey:
    """Draw households by stratum: the same register and seed give the same sample.

    Each household gets a place by the hash of seed and its number, so that the order of rows in
    the database does not matter.
    """
    require_here(actor, "evaluations.manage", division.path)
    if not title.strip() or not seed.strip():
        raise DomainError("请写名称和抽样种子（例如公开的一组数字）。", code="seed")
    if any(size < 0 for size in sizes.values()) or not 0 < sum(sizes.values()) <= MOST:
        raise DomainError(f"样本数应在 1 到 {MOST} 户之间。", code="sizes")
    told, drawn = [], []
    for stratum in plan()["strata"]:
        rows = Household.objects.filter(
            WHERE[stratum["where"]], village__path__startswith=division.path, absent_since=None
        )
        frame = rows.values_list("household_no", "pk", "household_size")
        keyed = sorted((place_by(seed, number), pk, size) for number, pk, size in frame.iterator())
        wanted = sizes.get(stratum["key"], 0)
        taken = keyed[:wanted]
        told.append([stratum["key"], stratum["name"], wanted, len(taken), len(keyed)])
        drawn += [(stratum["key"], pk, int(size or 0)) for _, pk, size in taken]
    with transaction.atomic():
        made = Survey.objects.create(
            title=title.strip()[:200], division=division, seed=seed.strip()[:40], plan=told,
            drawn_at=clock.now(), drawn_by_label=actor.label[:120],
        )  # fmt: skip
        Sampled.objects.bulk_create(
            [
                Sampled(survey=made, number=at, household_id=pk, stratum=key, people=people)
                for at, (key, pk, people) in enumerate(drawn, 1)
            ],
            batch_size=500,
        )
        _record(actor, made, "drawn", f"抽样：{made.title}，{len(drawn)} 户")
    return made


def place_by(seed: str, number: str) -> bytes:
    return hashlib.sha256(f"{seed.strip()}|{number}".encode()).digest()


def take_answers(actor: Actor, survey: Survey, content: bytes) -> int:
    """Answers by 样本号 from a spreadsheet; all or none, every wrong row is named."""
    require_here(actor, "evaluations.manage", survey.division.path)
    rows, first = _rows(content)
    sampled = {str(one.number): one for one in survey.households.all()}
    wrong: list[str] = []
    changed: list[Sampled] = []
    for number, row in enumerate(rows, first):
        if not any(row.values()):
            continue
        one = sampled.get(row.get("样本号", ""))
        if one is None:
            wrong.append(f"第 {number} 行：样本号“{row.get('样本号', '')[:20]}”不在样本里")
            continue
        try:
            one.answers = {**one.answers, **_answers(row, one.people)}
            one.answered_on = _day(row.get("调查日期", "")) or one.answered_on or clock.today()
        except DomainError as error:
            wrong.append(f"第 {number} 行：{error.message}")
        changed.append(one)
    if wrong:
        raise DomainError(f"没有导入，请改好再传。{'；'.join(wrong[:10])}", code="rows")
    if not changed:
        raise DomainError("表格里没有答卷。", code="rows")
    with transaction.atomic():
        Sampled.objects.bulk_update(changed, ["answers", "answered_on"], batch_size=200)
        _record(actor, survey, "answered", f"导入答卷：{survey.title}，{len(changed)} 户")
    return len(changed)


def _rows(content: bytes) -> tuple[list[dict[str, str]], int]:
    for sheet in read_worksheets(content, rows=MOST + HEAD_ROWS):
        rows = rows_of_text(sheet.rows)
        for at, cells in enumerate(rows[:HEAD_ROWS]):
            if "样本号" in cells:
                return [dict(zip(cells, row, strict=False)) for row in rows[at + 1 :]], at + 2
    raise DomainError("表格里没有“样本号”一列，请用下载的样本表填写。", code="head")


def _answers(row: Mapping[str, str], people: int) -> dict[str, int]:
    """What was answered; empty cells are no answer."""
    found = {}
    for question in plan()["questions"]:
        name, text = question["name"], row.get(question["name"], "").strip()
        if not text:
            continue
        if question["type"] == "yes_no":
            if text not in YES_NO:
                raise DomainError(f"“{name}”写的是“{text[:20]}”，只能写是或否")
            found[question["key"]] = YES_NO[text]
        else:
            if not (text.isdecimal() and text.isascii() and len(text) <= 3 and int(text) <= people):
                raise DomainError(f"“{name}”写的是“{text[:20]}”，应是 0 到 {people} 的人数")
            found[question["key"]] = int(text)
    return found


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip().replace("/", "-"))
    except ValueError as error:
        raise DomainError(f"“调查日期”写的是“{text[:20]}”，请写成 2026-06-30 的样子") from error


def sheet_rows(survey: Survey) -> Sequence[Sequence[Any]]:
    """样本表: what interviewers take along and fill in."""
    questions = plan()["questions"]
    names = {stratum["key"]: stratum["name"] for stratum in plan()["strata"]}
    head = ["样本号", "乡镇", "村", "户编号", "分层", "家庭人口", "调查日期"]
    rows: list[list[Any]] = [[*head, *[one["name"] for one in questions]]]
    found = survey.households.select_related("household__village__parent")
    for one in found:
        village = one.household.village
        shown = [
            {1: "是", 0: "否"}.get(one.answers.get(each["key"], -1), "")
            if each["type"] == "yes_no"
            else one.answers.get(each["key"], "")
            for each in questions
        ]
        rows.append(
            [
                one.number, str(village.parent), village.name, one.household.household_no,
                names[one.stratum], one.people, one.answered_on, *shown,
            ]
        )  # fmt: skip
    return rows


def _record(actor: Actor, survey: Survey, action: str, summary: str) -> None:
    audit(
        actor,
        f"evaluations.survey.{action}",
        target_type="evaluations.survey",
        target_id=str(survey.pk),
        division_path=survey.division.path,
        summary=summary[:200],
    )


def measures_of(survey: Survey) -> list[Measure]:
    """What the answers of a survey come to, by formula."""
    rows = survey.households.exclude(answered_on=None)
    told = rows.values_list("stratum", "people", "answers")
    return measures([Answered(stratum, people, answers) for stratum, people, answers in told])
