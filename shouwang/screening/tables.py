"""Tables of the screening room: one definition for page, export and print."""

from functools import cached_property
from typing import Any

from django.urls import reverse

from shouwang.core.tables import (
    Column,
    DateColumn,
    MomentColumn,
    NameColumn,
    NumberColumn,
    PillColumn,
    Table,
)

from .explanations import main_reason
from .models import Clue, Run
from .queries import valid_runs
from .states import Assistance, ClueState, risk_label

SEVERITY_TONES = {"3": "late", "2": "near", "1": "idle"}
STATE_TONES = {"new": "late", "continuing": "going", "gone": "done", "withdrawn": "idle"}
PRIORITY_TONES = {"1": "late", "2": "near", "3": "going", "4": "idle"}
RUN_TONES = {"valid": "done", "superseded": "idle"}
TRIAGE_TONES = {"known": "done", "watch": "going", "": "idle"}


ONE_LINE = {"td": {"class": "date"}}  # short words that must not break


def known_text(clue: Clue) -> str:
    """What is already known of the household, in a few words."""
    words = [clue.monitor_class] if clue.monitor_class else []
    words += [Assistance(clue.assistance).label] if clue.assistance else []
    return "、".join(words) or "无"


class StateColumn(PillColumn):
    """A derived state: stored nowhere, so its word comes from the list of states."""

    def render(self, value: Any, record: Any, bound_column: Any) -> Any:
        return super().render(ClueState(value).label, record, bound_column)

    def value(self, value: Any) -> Any:
        return ClueState(value).label


class ClueTable(Table):
    """线索: one row a household and risk."""

    subject = NameColumn(
        verbose_name="对象", accessor="title", order_by=("household__head_name", "village__code")
    )
    household_no = Column(verbose_name="户编号", accessor="household__household_no", default="")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(
        verbose_name="村", accessor="village__name", order_by="village__code", attrs=ONE_LINE
    )
    risk = Column(verbose_name="风险", attrs=ONE_LINE)
    severity = PillColumn(verbose_name="程度", tones=SEVERITY_TONES)
    priority = PillColumn(verbose_name="办理次序", tones=PRIORITY_TONES)
    reason = Column(
        verbose_name="主要依据", accessor="pk", orderable=False, attrs={"td": {"class": "wrap"}}
    )
    known = Column(
        verbose_name="监测与兜底", accessor="pk", order_by=("monitor_class", "assistance")
    )
    state = StateColumn(
        verbose_name="状态", tones=STATE_TONES, order_by=("last_seen", "first_seen")
    )
    kind = Column(verbose_name="性质")
    rule_count = NumberColumn(verbose_name="命中规则", unit="条")
    first_seen = DateColumn(verbose_name="首次命中")
    last_seen = DateColumn(verbose_name="最近命中")
    dates_seen = NumberColumn(verbose_name="命中期数", unit="期")
    triage = PillColumn(verbose_name="研判", tones=TRIAGE_TONES)
    triage_note = Column(verbose_name="研判说明")

    unit = "条"
    default_columns = (
        "subject", "village", "risk", "severity", "reason", "known", "state", "first_seen",
    )  # fmt: skip
    card_columns = ("subject", "severity", "reason")

    class Meta:
        model = Clue
        fields = (
            "subject", "household_no", "town", "village", "risk", "severity", "priority", "reason",
            "known", "state", "kind", "rule_count", "first_seen", "last_seen", "dates_seen",
            "triage", "triage_note",
        )  # fmt: skip

    @cached_property
    def runs(self) -> dict[int, Run]:
        return valid_runs()

    def row_url(self, record: Clue) -> str:
        return reverse("screening:clue", args=[record.pk])

    def render_risk(self, record: Clue) -> str:
        return risk_label(record.risk)

    def render_reason(self, record: Clue) -> str:
        return main_reason(record, self.runs)

    value_reason = render_reason

    def render_known(self, record: Clue) -> str:
        return known_text(record) if record.household else ""

    value_known = render_known


class RunTable(Table):
    """批次: one row a run."""

    name = NameColumn(verbose_name="批次", accessor="name", order_by=("as_of", "number"))
    state = PillColumn(verbose_name="状态", tones=RUN_TONES)
    clue_count = NumberColumn(verbose_name="线索", unit="条")
    new_clue_count = NumberColumn(verbose_name="其中新增", unit="条")
    hit_count = NumberColumn(verbose_name="命中", unit="条")
    missing = NumberColumn(verbose_name="未评估规则", unit="条", accessor="pk", orderable=False)
    finished_at = MomentColumn(verbose_name="完成时间")
    started_by_label = Column(verbose_name="发起人")
    rulebook_version = Column(verbose_name="规则库版本")
    registry_key = Column(verbose_name="档案快照")

    unit = "次"
    default_columns = (
        "name", "state", "clue_count", "new_clue_count", "hit_count", "missing", "finished_at",
        "started_by_label",
    )  # fmt: skip
    card_columns = ("name", "state", "clue_count")

    class Meta:
        model = Run
        fields = (
            "name", "state", "clue_count", "new_clue_count", "hit_count", "missing", "finished_at",
            "started_by_label", "rulebook_version", "registry_key",
        )  # fmt: skip

    def row_url(self, record: Run) -> str:
        return reverse("screening:run", args=[record.uuid])

    def value_missing(self, record: Run) -> int:
        return len(record.not_evaluated)

    render_missing = value_missing

    def value_rulebook_version(self, record: Run) -> str:
        return record.rulebook_version[:12]

    render_rulebook_version = value_rulebook_version
