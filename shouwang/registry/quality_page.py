"""质量汇总 (quality page): how many records each check names, by town and by village."""

from typing import Any

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


def overview(actor: Actor, town: str) -> dict[str, Any]:
    """Counts by check and by place; a town narrows all of them and shows its villages."""
    snapshot = snapshots.current()
    findings = QualityFinding.objects.visible_to(actor)
    towns = _places(findings, "household__village__parent")
    chosen = next((each for each in towns if each["code"] == town), None)
    if chosen:
        findings = findings.filter(household__village__parent__code=town)
    checks = _checks(findings, town if chosen else "")
    villages = _places(findings, "household__village")
    total = sum(check["count"] for check in checks)
    levels = {check.id: check.level for check in Rulebook.load().checks.values()}
    return {
        "snapshot": snapshot,
        "total": total,
        "households": findings.values("household").distinct().count(),
        "checks": checks,
        "rest": len(checks) - 20,
        "clean": len(levels) - len(checks),
        "check_count": len(levels),
        "towns": towns,
        "town": chosen,
        "villages": villages[:100],
        "check_chart": _chart(checks, "title", "检查项"),
        "place_chart": _place_chart(towns, villages, chosen),
        "may_run": actor.can("registry.import") and snapshot is not None,
        "findings_url": reverse("registry:findings") + (f"?town={town}" if chosen else ""),
        "empty": _empty(snapshot is not None),
    }


def _empty(has_snapshot: bool) -> Empty:
    if has_snapshot:
        return Empty("没有发现质量问题", "全部检查都通过了。", icon="circle-check")
    return Empty("还没有可检查的档案", "档案导入后会自动检查，结果显示在这里。")


def _checks(findings: Any, town: str) -> list[dict[str, Any]]:
    rows = (
        findings.values("check_id")
        .annotate(count=Count("pk"), households=Count("household", distinct=True))
        .order_by("-count", "check_id")
    )
    place = f"&town={town}" if town else ""
    url = reverse("registry:findings")
    return [
        {
            "id": row["check_id"],
            "title": check_title(row["check_id"]),
            "count": row["count"],
            "households": row["households"],
            "url": f"{url}?check_id={row['check_id']}{place}",
        }
        for row in rows
    ]


def _places(findings: Any, prefix: str) -> list[dict[str, Any]]:
    rows = (
        findings.values(f"{prefix}__code", f"{prefix}__name", f"{prefix}__level")
        .annotate(count=Count("pk"), households=Count("household", distinct=True))
        .order_by("-count", f"{prefix}__code")
    )
    url = reverse("registry:findings")
    name = "village" if prefix.endswith("village") else "town"
    return [
        {
            "code": row[f"{prefix}__code"],
            "title": row[f"{prefix}__name"],
            "count": row["count"],
            "households": row["households"],
            "url": f"{url}?{name}={row[f'{prefix}__code']}",
        }
        for row in rows
        if row[f"{prefix}__code"]
    ]


def _chart(rows: list[dict[str, Any]], key: str, head: str) -> Chart | None:
    if not rows:
        return None
    top = rows[:MOST_BARS]
    return bars(
        title=f"“{rows[0][key]}”最多，{rows[0]['count']:,} 条",
        unit="条",
        source="质量检查结果" + (f"，前 {MOST_BARS} 项" if len(rows) > MOST_BARS else ""),
        categories=[row[key] for row in top],
        series={"问题": [row["count"] for row in top]},
        horizontal=True,
        head=head,
    )


def _place_chart(
    towns: list[dict[str, Any]], villages: list[dict[str, Any]], chosen: dict[str, Any] | None
) -> Chart | None:
    rows = villages if chosen or len(towns) < 2 else towns
    if not rows:
        return None
    top = rows[:MOST_BARS]
    return bars(
        title=f"{rows[0]['title']}问题最多，{rows[0]['count']:,} 条",
        unit="条",
        source="质量检查结果",
        categories=[row["title"] for row in top],
        series={"问题": [row["count"] for row in top]},
        horizontal=True,
        head="村" if rows is villages else "乡镇",
    )
