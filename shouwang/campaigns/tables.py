"""Tables of the campaigns room: one definition for page, export and print."""

from shouwang.core import clock
from shouwang.core.components import pill
from shouwang.core.tables import (
    Column,
    DateColumn,
    MomentColumn,
    NameColumn,
    NumberColumn,
    PillColumn,
    Table,
)

from .bulletin_kinds import all_kinds
from .models import Bulletin, Dossier, Sweep, SweepItem
from .states import (
    FINDING_TONES,
    ITEM_TONES,
    RECHECK_TONES,
    bulletin_table,
    dossier_table,
    sweep_table,
)

WRAP = {"td": {"class": "wrap"}}


def sweep_tones() -> dict[str, str]:
    return {key: state.tone for key, state in sweep_table().states.items()}


class SweepTable(Table):
    """One row a sweep."""

    title = NameColumn(verbose_name="名称")
    kind = Column(verbose_name="范围")
    place = Column(verbose_name="区划", accessor="division__name", order_by="division__code")
    starts_on = DateColumn(verbose_name="开始日期")
    ends_on = DateColumn(verbose_name="截止日期")
    state = PillColumn(verbose_name="状态", tones=sweep_tones())
    created_by_label = Column(verbose_name="布置人")

    unit = "次"
    card_columns = ("title", "ends_on", "state")

    class Meta:
        model = Sweep
        fields = ("title", "kind", "place", "starts_on", "ends_on", "state", "created_by_label")

    def render_state(self, record: Sweep) -> str:
        state = sweep_table().state(record.state)
        return pill(state.tone, state.label)

    def value_state(self, record: Sweep) -> str:
        return sweep_table().state(record.state).label


class ItemTable(Table):
    """One row a household of a sweep."""

    name = NameColumn(
        verbose_name="户主", accessor="household__head_name", order_by="household__head_name"
    )
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(verbose_name="村", accessor="village__name", order_by="village__code")
    reasons = Column(verbose_name="重点原因", attrs=WRAP, order_by=("weight",))
    weight = NumberColumn(verbose_name="重点项", unit="项")
    checker_label = Column(verbose_name="核查人")
    state = PillColumn(verbose_name="状态", tones=ITEM_TONES)
    visited_on = DateColumn(verbose_name="排查日期")
    finding = PillColumn(verbose_name="结果", tones=FINDING_TONES)
    failed = NumberColumn(verbose_name="不合格", unit="题")
    note = Column(verbose_name="说明", attrs=WRAP)
    checked_by_label = Column(verbose_name="登记人")
    checked_at = MomentColumn(verbose_name="登记时间")
    recheck = PillColumn(verbose_name="抽查", tones=RECHECK_TONES)
    recheck_note = Column(verbose_name="抽查说明", attrs=WRAP)

    unit = "户"
    default_columns = (
        "name", "village", "reasons", "checker_label", "state", "visited_on", "finding", "recheck",
    )  # fmt: skip
    card_columns = ("name", "reasons", "finding")

    class Meta:
        model = SweepItem
        fields = (
            "name", "household_no", "town", "village", "reasons", "weight", "checker_label",
            "state", "visited_on", "finding", "failed", "note", "checked_by_label", "checked_at",
            "recheck", "recheck_note",
        )  # fmt: skip


class DossierTable(Table):
    """One row a problem."""

    name = NameColumn(verbose_name="问题", accessor="title_words", order_by="household__head_name")
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(verbose_name="村", accessor="village__name", order_by="village__code")
    kind = Column(verbose_name="类别")
    problem = Column(verbose_name="问题说明", attrs=WRAP)
    found_on = DateColumn(verbose_name="发现日期")
    due_on = DateColumn(verbose_name="解决期限")
    state = PillColumn(verbose_name="状态")
    outcome = Column(verbose_name="解决方式")
    origin = Column(verbose_name="来源")
    times = NumberColumn(verbose_name="反弹", unit="次")
    closed_on = DateColumn(verbose_name="销号日期")

    default_columns = (
        "name",
        "village",
        "kind",
        "problem",
        "found_on",
        "due_on",
        "state",
        "outcome",
    )
    card_columns = ("name", "due_on", "state")

    class Meta:
        model = Dossier
        fields = (
            "name", "household_no", "town", "village", "kind", "problem", "found_on", "due_on",
            "state", "outcome", "origin", "times", "closed_on",
        )  # fmt: skip

    def render_state(self, record: Dossier) -> str:
        state = dossier_table().state(record.state)
        late = not state.is_end and state.key != "closed" and record.due_on < clock.today()
        label = f"{state.label}，已超期" if late else state.label
        tone = "late" if late else state.tone
        return pill(tone, label)

    def value_state(self, record: Dossier) -> str:
        return record.state_label


class BulletinTable(Table):
    """One row a bulletin."""

    title = NameColumn(verbose_name="标题")
    number = Column(verbose_name="文号")
    kind = Column(verbose_name="种类")
    month = DateColumn(verbose_name="期间")
    made_on = DateColumn(verbose_name="数字截至")
    state = PillColumn(verbose_name="状态")
    issued_on = DateColumn(verbose_name="发出日期")
    issued_by_label = Column(verbose_name="审发人")

    unit = "份"
    card_columns = ("title", "issued_on", "state")

    class Meta:
        model = Bulletin
        fields = (
            "title", "kind", "number", "month", "made_on", "state", "issued_on",
            "issued_by_label",
        )  # fmt: skip

    def render_state(self, record: Bulletin) -> str:
        state = bulletin_table().state(record.state)
        return pill(state.tone, state.label)

    def value_state(self, record: Bulletin) -> str:
        return record.state_label

    def render_month(self, record: Bulletin) -> str:
        kind = all_kinds().get(record.kind)
        return kind.period(record.month) if kind else f"{record.month:%Y-%m}"

    def render_kind(self, record: Bulletin) -> str:
        kind = all_kinds().get(record.kind)
        return kind.label if kind else record.kind
