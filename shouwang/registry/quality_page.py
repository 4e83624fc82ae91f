"""质量汇总 (quality page): how many records each check names, by town and by village.

Towns and groups of checks stand folded, so that a county of 100,000 households and 300 villages
still fits on a screen; a check or a town narrows everything on the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from shouwang.core.actor import Actor
from shouwang.core.charts import Chart, bars
from shouwang.core.components import Empty
from shouwang.engine import Rulebook

from . import snapshots
from .models import QualityFinding
from .tables import check_title

MOST_BARS = 12
GONE = "已不在规则库的检查"


@dataclass
class Line:
    """A check or a village with its counts; `url` leads to the findings themselves."""

    key: str
    title: str
    count: int
    households: int
    url: str
    narrow_url: str = ""


@dataclass
class Fold:
    """A group of checks, or a town: its sum, and its lines when it is opened."""

    key: str
    title: str
    count: int = 0
    households: int | None = 0
    url: str = ""
    narrow_url: str = ""
    lines: list[Line] = field(default_factory=list)
    is_open: bool = False
    is_chosen: bool = False


@dataclass(frozen=True)
class Chip:
    """A narrowing in force and the address without it."""

    label: str
    value: str
    url: str


def overview(actor: Actor, town: str, check: str) -> dict[str, Any]:
    """Counts by check and by place; a town and a check narrow all of them."""
    snapshot = snapshots.current()
    book = Rulebook.load()
    findings = QualityFinding.objects.visible_to(actor)
    check = check if check in book.checks else ""
    asked = {"town": town, "check": check}
    all_towns = _towns(findings.filter(check_id=check) if check else findings, asked)
    chosen = next((each for each in all_towns if each.key == town), None)
    if chosen is None:
        asked["town"] = ""
    else:
        findings = findings.filter(household__village__parent__code=town)
    groups = _groups(findings, asked)
    towns = [chosen] if chosen else all_towns
    for fold in towns:
        fold.is_open = len(towns) == 1
    checks = sorted(
        (line for group in groups for line in group.lines), key=lambda line: -line.count
    )
    shown = [line for line in checks if line.key == check] if check else checks
    total = sum(line.count for line in shown)
    return {
        "snapshot": snapshot,
        "total": total,
        "households": sum(fold.households or 0 for fold in towns),
        "villages": sum(len(fold.lines) for fold in towns),
        "has_findings": bool(checks),
        "groups": groups,
        "failing": len(checks),
        "clean": len(book.checks) - len(checks),
        "check_count": len(book.checks),
        "towns": towns,
        "chips": _chips(asked, chosen),
        "check_chart": None if check else _chart(checks, "检查项"),
        "place_chart": _place_chart(towns),
        "may_run": actor.can("registry.import") and snapshot is not None,
        "findings_url": _list_url(asked),
        "empty": _empty(snapshot is not None),
    }


def _list_url(asked: Mapping[str, str], **more: str) -> str:
    """The findings behind a number."""
    wanted = {"check_id": asked["check"], "town": asked["town"], **more}
    words = urlencode({key: value for key, value in wanted.items() if value})
    return reverse("registry:findings") + (f"?{words}" if words else "")


def _page_url(asked: Mapping[str, str], **more: str) -> str:
    """This page, narrowed otherwise."""
    words = urlencode({key: value for key, value in {**asked, **more}.items() if value})
    return reverse("registry:quality") + (f"?{words}" if words else "")


def _chips(asked: Mapping[str, str], town: Fold | None) -> list[Chip]:
    chips = []
    if asked["check"]:
        chips.append(Chip("检查项", check_title(asked["check"]), _page_url(asked, check="")))
    if town is not None:
        chips.append(Chip("乡镇", town.title, _page_url(asked, town="")))
    return chips


def _empty(has_snapshot: bool) -> Empty:
    if has_snapshot:
        return Empty("没有发现质量问题", "全部检查都通过了。", icon="circle-check")
    return Empty("还没有可检查的档案", "档案导入后会自动检查，结果显示在这里。")


def _groups(findings: Any, asked: Mapping[str, str]) -> list[Fold]:
    """Checks by what they look at, in the order of the rulebook; those that found nothing are
    left out."""
    book = Rulebook.load()
    rows = findings.values("check_id").annotate(
        count=Count("pk"), households=Count("household", distinct=True)
    )
    folds = {check.group: Fold(check.group, check.group) for check in book.checks.values()}
    for row in rows.order_by("-count", "check_id"):
        key = row["check_id"]
        group = book.checks[key].group if key in book.checks else GONE
        fold = folds.setdefault(group, Fold(group, group, households=None))
        fold.count += row["count"]
        fold.households = None  # one household may stand in several lines
        fold.lines.append(
            Line(
                key=key,
                title=check_title(key),
                count=row["count"],
                households=row["households"],
                url=_list_url(asked, check_id=key),
                narrow_url=_page_url(asked, check=key),
            )
        )
        fold.is_chosen = fold.is_chosen or key == asked["check"]
        fold.is_open = fold.is_chosen
    return [fold for fold in folds.values() if fold.lines]


def _towns(findings: Any, asked: Mapping[str, str]) -> list[Fold]:
    """Towns with their villages, most findings first; one question for all of them."""
    place = "household__village"
    rows = (
        findings.values(
            f"{place}__code", f"{place}__name", f"{place}__parent__code", f"{place}__parent__name"
        )
        .annotate(count=Count("pk"), households=Count("household", distinct=True))
        .order_by("-count", f"{place}__code")
    )
    folds: dict[str, Fold] = {}
    for row in rows:
        code = row[f"{place}__parent__code"] or ""
        if code not in folds:
            folds[code] = Fold(
                code,
                row[f"{place}__parent__name"] or "没有所属乡镇",
                url=_list_url(asked, town=code),
                narrow_url=_page_url(asked, town=code),
            )
        fold = folds[code]
        fold.count += row["count"]
        fold.households = (fold.households or 0) + row["households"]
        village = row[f"{place}__code"]
        url = _list_url(asked, town="", village=village)
        fold.lines.append(
            Line(village, row[f"{place}__name"], row["count"], row["households"], url)
        )
    return sorted(folds.values(), key=lambda fold: (-fold.count, fold.key))


def _chart(rows: Sequence[Line | Fold], head: str) -> Chart | None:
    if not rows:
        return None
    top = rows[:MOST_BARS]
    first = rows[0].title if head != "检查项" else f"“{rows[0].title}”"
    return bars(
        title=f"{first}问题最多，{rows[0].count:,} 条",
        unit="条",
        source="质量检查结果" + (f"，前 {MOST_BARS} 项" if len(rows) > MOST_BARS else ""),
        categories=[row.title for row in top],
        series={"问题": [row.count for row in top]},
        horizontal=True,
        head=head,
    )


def _place_chart(towns: Sequence[Fold]) -> Chart | None:
    if len(towns) == 1:
        return _chart(towns[0].lines, "村")
    return _chart(towns, "乡镇")
