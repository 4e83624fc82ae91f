"""工作台: what waits for the person who has just come in, drawn from every room in their scope."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, Sum
from django.urls import reverse

from shouwang.accounts.models import Account
from shouwang.assistance.querysets import monitored
from shouwang.audit.models import AuditEntry
from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.charts import Chart
from shouwang.core.components import Figure
from shouwang.feeds.models import BatchState
from shouwang.feeds.queries import batches_visible_to
from shouwang.feeds.queries.completeness import completeness
from shouwang.registry.models import Household, Member, QualityFinding
from shouwang.screening import charts
from shouwang.screening.explanations import main_reason
from shouwang.screening.models import Clue
from shouwang.screening.queries import (
    counts_by_month,
    counts_by_risk,
    newest_date,
    newest_run,
    valid_runs,
)
from shouwang.screening.states import Priority

SHOWN = 8


@dataclass(frozen=True)
class Waiting:
    """One clue that nobody has looked at, with its main reason."""

    clue: Clue
    reason: str
    url: str


@dataclass(frozen=True)
class Gap:
    """One department file that has not come, or has come back."""

    title: str
    department: str
    month: date | None
    tone: str
    word: str
    url: str


def figures(actor: Actor) -> list[Figure]:
    """The counts that matter, each leading to its list."""
    return [
        *_people(actor),
        *_clues(actor),
        *_findings(actor),
        *_own_files(actor),
        *_administration(actor),
    ]


def _people(actor: Actor) -> list[Figure]:
    if not actor.can("registry.view"):
        return []
    households = Household.objects.visible_to(actor).filter(absent_since=None)
    counted = households.aggregate(all=Count("pk"), monitored=Count("pk", filter=monitored()))
    members = Member.objects.visible_to(actor).filter(absent_since=None).count()
    url = f"{reverse('registry:households')}?absent=no"
    return [
        Figure("农户", counted["all"], "户", url),
        Figure("家庭成员", members, "人"),
        Figure(
            "监测对象（风险未消除）", counted["monitored"], "户",
            _register(actor, counted["monitored"]) or url,
        ),
    ]  # fmt: skip


def _register(actor: Actor, count: int) -> str:
    """The list of cases, where every monitored household has its case: else a number would lead
    to a list of another length."""
    cases = Case.objects.visible_to(actor).monitored()
    same = actor.can("cases.view") and cases.count() == count
    return f"{reverse('cases:list')}?phase=register" if same else ""


def _clues(actor: Actor) -> list[Figure]:
    newest = newest_date()
    if not actor.can("screening.view") or newest is None:
        return []
    clues = Clue.objects.visible_to(actor).current(newest)
    counted = clues.aggregate(
        all=Count("pk"),
        new=Count("pk", filter=Q(first_seen=newest)),
        first=Count("pk", filter=Q(priority=Priority.FIRST)),
    )
    url, note = reverse("screening:clues"), f"截至 {newest:%Y-%m-%d}"
    return [
        Figure("本期线索", counted["all"], "条", url, note),
        Figure("其中新增", counted["new"], "条", f"{url}?state=new", note),
        Figure("需先办", counted["first"], "条", f"{url}?priority={Priority.FIRST.value}", note),
    ]


def _findings(actor: Actor) -> list[Figure]:
    if not actor.can("quality.view"):
        return []
    count = QualityFinding.objects.visible_to(actor).count()
    return [Figure("档案质量问题", count, "条", reverse("registry:quality"))]


def _own_files(actor: Actor) -> list[Figure]:
    """For a department's officer, who sees no clues: what became of the files that were sent."""
    if not actor.can("feeds.view") or actor.can("screening.view"):
        return []
    batches = batches_visible_to(actor).filter(state=BatchState.ACCEPTED)
    counted = batches.aggregate(all=Count("pk"), back=Sum("rejected_count"), last=Max("period_end"))
    url = reverse("feeds:batches")
    last = f"最近一期到 {counted['last']:%Y-%m-%d}" if counted["last"] else ""
    return [
        Figure("已采用的批次", counted["all"], "个", url, last),
        Figure("其中退回待补正", counted["back"] or 0, "行", f"{url}?sort=-rejected_count"),
    ]


def _administration(actor: Actor) -> list[Figure]:
    """For who keeps accounts: how many there are, and how far the log goes."""
    if not actor.can("accounts.manage"):
        return []
    accounts = Account.objects.visible_to(actor).filter(is_active=True)
    counted = accounts.aggregate(all=Count("pk"), never=Count("pk", filter=Q(last_login=None)))
    found = [
        Figure("使用中的账号", counted["all"], "个", reverse("accounts:list")),
        Figure("其中从未登录", counted["never"], "个"),
    ]
    if actor.can("audit.view"):
        entries = AuditEntry.objects.visible_to(actor).count()
        found.append(Figure("审计记录", entries, "条", reverse("audit:list")))
    return found


def waiting(actor: Actor) -> list[Waiting]:
    """The clues to begin with: urgent, known to nobody, newest first."""
    newest = newest_date()
    if not actor.can("screening.view") or newest is None:
        return []
    clues = (
        Clue.objects.visible_to(actor)
        .current(newest)
        .filter(triage="")
        .select_related("household", "village__parent", "main_hit__member")
        .order_by("priority", "-first_seen", "-severity", "pk")[:SHOWN]
    )
    runs = valid_runs()
    return [
        Waiting(clue, main_reason(clue, runs), reverse("screening:clue", args=[clue.pk]))
        for clue in clues
    ]


def risk_charts(actor: Actor) -> list[tuple[str, Chart]]:
    """Where the clues of the newest run are, and how they moved; each with its id on the page."""
    run = newest_run() if actor.can("screening.view") else None
    if run is None:
        return []
    found = {
        "home-risks": charts.by_risk(run, counts_by_risk(actor, run)),
        "home-months": charts.by_month(counts_by_month(actor), run.as_of),
    }
    return [(name, chart) for name, chart in found.items() if chart is not None]


def gaps(actor: Actor) -> list[Gap]:
    """Department files that are missing or were sent back, newest month first."""
    if not actor.can("feeds.view"):
        return []
    grid = completeness(actor, until=None, today=clock.today())
    found = [
        Gap(row.title, row.department, cell.month, cell.tone, cell.word, cell.url)
        for row in grid.rows
        for cell in row.cells
        if cell.word in {"缺报", "已退回"}
    ]
    found.sort(key=lambda gap: gap.month or date.min, reverse=True)
    return found[:SHOWN]
