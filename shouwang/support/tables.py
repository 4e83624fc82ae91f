"""Tables of the support room: one definition for page, export and print."""

from functools import cached_property
from typing import Any

from django.urls import reverse

from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.tables import (
    AmountColumn,
    Column,
    DateColumn,
    MomentColumn,
    NameColumn,
    NumberColumn,
    PillColumn,
    ShareColumn,
    Table,
)
from shouwang.screening.states import risk_label

from .catalogue import catalogue
from .facts import source_title
from .loans import loan_timing
from .models import (
    HouseRenovation,
    Loan,
    Measure,
    Pairing,
    ReliefApplication,
    StudentAid,
    Visit,
)
from .queries.helped import VISIT_TONES, VISIT_WORDS, cutoffs, visit_due, visit_state
from .states import measure_tones, relief_tones

ONE_LINE = {"td": {"class": "date"}}
WRAP = {"td": {"class": "wrap"}}


def household_url(household_no: str) -> str:
    return reverse("support:household", args=[household_no])


class WordColumn(PillColumn):
    """A state in the words of its table."""

    def __init__(self, *args: Any, words: str, **kwargs: Any) -> None:
        self.words = words
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Any, bound_column: Any) -> Any:
        return super().render(getattr(record, self.words), record, bound_column)

    def value(self, value: Any, record: Any = None) -> Any:
        return getattr(record, self.words)


class HelpedTable(Table):
    """帮扶户: one row a household under help."""

    head = NameColumn(
        verbose_name="户主", accessor="household__head_name", default="（未登记）",
        order_by=("household__head_name", "pk"),
    )  # fmt: skip
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(verbose_name="村", accessor="village__name", order_by="village__code")
    kind = Column(verbose_name="认定类别", accessor="class_label", orderable=False)
    contact = Column(verbose_name="帮扶联系人")
    unit_ = Column(verbose_name="联系人单位", accessor="contact_unit")
    last_visit = DateColumn(verbose_name="最近走访")
    visit_due = DateColumn(verbose_name="应走访日期", accessor="pk", orderable=False)
    visit = PillColumn(
        verbose_name="走访", accessor="pk", order_by=("last_visit",), tones=VISIT_TONES
    )
    measures = NumberColumn(verbose_name="措施", accessor="measure_count", unit="项")
    demand = PillColumn(verbose_name="开发式帮扶", accessor="pk", orderable=False)
    identified_on = DateColumn(verbose_name="识别日期")
    number = Column(verbose_name="个案编号")

    unit = "户"
    default_columns = (
        "head", "village", "kind", "contact", "last_visit", "visit", "measures", "demand",
    )  # fmt: skip
    card_columns = ("head", "contact", "visit")

    class Meta:
        model = Case
        fields = (
            "head", "household_no", "town", "village", "kind", "contact", "unit_", "last_visit",
            "visit_due", "visit", "measures", "demand", "identified_on", "number",
        )  # fmt: skip

    @cached_property
    def bounds(self) -> Any:
        return cutoffs(clock.today())

    def row_url(self, record: Case) -> str:
        return household_url(record.household.household_no)

    def _pill(self, tone: str, words: str) -> Any:
        from shouwang.core.components import pill

        return pill(tone, words)

    def render_visit(self, record: Case) -> Any:
        state = visit_state(record, self.bounds)
        return self._pill(VISIT_TONES[state], VISIT_WORDS[state])

    def value_visit(self, record: Case) -> str:
        return VISIT_WORDS[visit_state(record, self.bounds)]

    def value_visit_due(self, record: Case) -> Any:
        return visit_due(record, self.bounds)

    def render_visit_due(self, record: Case) -> Any:
        found = visit_due(record, self.bounds)
        return found.isoformat() if found else "—"

    def _demand(self, record: Any) -> tuple[str, str]:
        if not record.labour:
            return "idle", "无劳动力或不详"
        return ("done", "已有") if record.development else ("late", "还没有")

    def render_demand(self, record: Case) -> Any:
        return self._pill(*self._demand(record))

    def value_demand(self, record: Case) -> str:
        return self._demand(record)[1]

    def render_kind(self, record: Case) -> str:
        return record.class_label or "—"

    value_kind = render_kind


class MeasureTable(Table):
    """措施: one row a measure."""

    title = NameColumn(verbose_name="措施")
    head = Column(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(verbose_name="村", accessor="village__name", order_by="village__code")
    member = Column(verbose_name="成员", accessor="member__name", default="全户")
    kind = Column(verbose_name="类别", attrs=ONE_LINE)
    risk = Column(verbose_name="针对风险")
    development = Column(verbose_name="开发式", accessor="is_development")
    department = Column(verbose_name="责任部门")
    state = WordColumn(verbose_name="状态", words="state_label", tones=measure_tones())
    limit = DateColumn(verbose_name="应办日期", accessor="limit_on", order_by=("due_on",))
    amount = AmountColumn(verbose_name="计划金额")
    starts_on = DateColumn(verbose_name="开始日期")
    contract_end = DateColumn(verbose_name="合同到期")
    created_at = MomentColumn(verbose_name="拟定时间")

    unit = "项"
    default_columns = (
        "title", "head", "village", "kind", "department", "state", "limit", "amount",
    )  # fmt: skip
    card_columns = ("title", "head", "state")
    sums = ("amount",)

    class Meta:
        model = Measure
        fields = (
            "title", "head", "household_no", "town", "village", "member", "kind", "risk",
            "development", "department", "state", "limit", "amount", "starts_on", "contract_end",
            "created_at",
        )  # fmt: skip

    def row_url(self, record: Measure) -> str:
        return reverse("support:measure", args=[record.pk])

    def render_kind(self, record: Measure) -> str:
        return record.kind_label

    value_kind = render_kind

    def render_risk(self, record: Measure) -> str:
        return record.risk_label or "—"

    def value_risk(self, record: Measure) -> str:
        return record.risk_label

    def render_development(self, record: Measure) -> str:
        return "是" if record.is_development else "否"

    value_development = render_development


class VisitTable(Table):
    """走访: one row a visit."""

    head = NameColumn(
        verbose_name="户主", accessor="household__head_name", default="（未登记）",
    )  # fmt: skip
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="household__village__parent__name")
    village = Column(
        verbose_name="村", accessor="household__village__name",
        order_by="household__village__code",
    )  # fmt: skip
    visited_on = DateColumn(verbose_name="走访日期")
    way = Column(verbose_name="方式")
    visitors = Column(verbose_name="走访人")
    by_contact = Column(verbose_name="联系人走访")
    failing = NumberColumn(verbose_name="不合格", unit="项")
    needs = Column(verbose_name="困难和需求", attrs=WRAP)
    situation = Column(verbose_name="走访情况", attrs=WRAP)
    recorded_at = MomentColumn(verbose_name="登记时间")

    unit = "次"
    default_columns = (
        "head", "village", "visited_on", "way", "visitors", "by_contact", "failing", "needs",
    )  # fmt: skip
    card_columns = ("head", "visited_on", "failing")

    class Meta:
        model = Visit
        fields = (
            "head", "household_no", "town", "village", "visited_on", "way", "visitors",
            "by_contact", "failing", "needs", "situation", "recorded_at",
        )  # fmt: skip

    def row_url(self, record: Visit) -> str:
        return reverse("support:visit", args=[record.pk])

    def render_by_contact(self, record: Visit) -> str:
        return "是" if record.by_contact else "否"

    value_by_contact = render_by_contact


class PairingTable(Table):
    """结对: one row a contact and household, with those that have ended."""

    name = NameColumn(verbose_name="联系人")
    unit_ = Column(verbose_name="单位", accessor="unit")
    post = Column(verbose_name="职务")
    head = Column(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="household__village__parent__name")
    village = Column(
        verbose_name="村", accessor="household__village__name",
        order_by="household__village__code",
    )  # fmt: skip
    valid_from = DateColumn(verbose_name="结对日期")
    valid_to = DateColumn(verbose_name="结束日期")
    end_reason = Column(verbose_name="变更原因")
    is_main = Column(verbose_name="第一联系人")

    unit = "条"
    default_columns = (
        "name", "unit_", "head", "village", "valid_from", "valid_to", "end_reason",
    )  # fmt: skip
    card_columns = ("name", "head", "valid_from")

    class Meta:
        model = Pairing
        fields = (
            "name", "unit_", "post", "head", "household_no", "town", "village", "valid_from",
            "valid_to", "end_reason", "is_main",
        )  # fmt: skip

    def row_url(self, record: Pairing) -> str:
        return household_url(record.household.household_no)

    def render_is_main(self, record: Pairing) -> str:
        return "是" if record.is_main else "否"

    value_is_main = render_is_main


class _RegisterTable(Table):
    """What the registers show of the household."""

    head = Column(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    town = Column(verbose_name="乡镇", accessor="household__village__parent__name")
    village = Column(
        verbose_name="村", accessor="household__village__name",
        order_by="household__village__code",
    )  # fmt: skip
    note = Column(verbose_name="备注")

    def row_url(self, record: Any) -> str:
        return household_url(record.household.household_no)


class LoanTable(_RegisterTable):
    """小额信贷."""

    borrower = NameColumn(verbose_name="借款人", accessor="borrower__name")
    bank = Column(verbose_name="银行")
    amount = AmountColumn(verbose_name="金额")
    balance = AmountColumn(verbose_name="未还余额")
    months = NumberColumn(verbose_name="期限", unit="月")
    rate = ShareColumn(verbose_name="年利率")
    interest_aid = AmountColumn(verbose_name="贴息")
    purpose = Column(verbose_name="用途")
    granted_on = DateColumn(verbose_name="放款日期")
    due_on = DateColumn(verbose_name="到期日期")
    timing = PillColumn(verbose_name="还款", accessor="pk", order_by=("state", "due_on"))
    household_state = Column(verbose_name="放款日农户类别")
    verdict = PillColumn(verbose_name="放款条件", tones={
        "met": "done", "not_met": "late", "unknown": "idle"})  # fmt: skip

    unit = "笔"
    default_columns = (
        "borrower", "village", "bank", "amount", "balance", "due_on", "timing", "verdict",
    )  # fmt: skip
    card_columns = ("borrower", "balance", "timing")
    sums = ("amount", "balance")

    class Meta:
        model = Loan
        fields = (
            "borrower", "head", "household_no", "town", "village", "bank", "amount", "balance",
            "months", "rate", "interest_aid", "purpose", "granted_on", "due_on", "timing",
            "household_state", "verdict", "note",
        )  # fmt: skip

    def row_url(self, record: Loan) -> str:
        return reverse("support:loan", args=[record.pk])

    def render_timing(self, record: Loan) -> Any:
        from shouwang.core.components import pill

        return pill(*loan_timing(record, clock.today()))

    def value_timing(self, record: Loan) -> str:
        return loan_timing(record, clock.today())[1]

    def _verdict(self, record: Loan) -> tuple[str, str]:
        return {
            "met": ("done", "符合"), "not_met": ("late", "不符合"),
        }.get(record.verdict, ("idle", "无法判断"))  # fmt: skip

    def render_verdict(self, record: Loan) -> Any:
        from shouwang.core.components import pill

        return pill(*self._verdict(record))

    def value_verdict(self, record: Loan) -> str:
        return self._verdict(record)[1]


class StudentAidTable(_RegisterTable):
    """助学."""

    member = NameColumn(verbose_name="学生", accessor="member__name")
    programme = Column(verbose_name="项目")
    student_class = Column(verbose_name="学生类别")
    school = Column(verbose_name="学校")
    stage = Column(verbose_name="学段")
    boards = Column(verbose_name="寄宿")
    year = Column(verbose_name="学年")
    term = Column(verbose_name="学期")
    amount = AmountColumn(verbose_name="金额")
    paid_on = DateColumn(verbose_name="发放日期")
    stage_end = DateColumn(verbose_name="学段结束")

    unit = "条"
    default_columns = (
        "member", "village", "programme", "student_class", "year", "term", "amount", "paid_on",
    )  # fmt: skip
    card_columns = ("member", "programme", "amount")
    sums = ("amount",)

    class Meta:
        model = StudentAid
        fields = (
            "member", "head", "household_no", "town", "village", "programme", "student_class",
            "school", "stage", "boards", "year", "term", "amount", "paid_on", "stage_end", "note",
        )  # fmt: skip

    def render_student_class(self, record: StudentAid) -> str:
        return catalogue().student_classes.get(record.student_class, record.student_class) or "—"

    value_student_class = render_student_class

    def render_boards(self, record: StudentAid) -> str:
        return {True: "是", False: "否", None: "—"}[record.boards]

    value_boards = render_boards


class RenovationTable(_RegisterTable):
    """住房改造."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    grade = Column(verbose_name="等级")
    method = Column(verbose_name="方式")
    programme_year = Column(verbose_name="计划年度")
    amount = AmountColumn(verbose_name="补助金额")
    self_raised = AmountColumn(verbose_name="自筹金额")
    disaster_amount = AmountColumn(verbose_name="灾后重建资金")
    started_on = DateColumn(verbose_name="开工日期")
    finished_on = DateColumn(verbose_name="竣工日期")
    accepted_on = DateColumn(verbose_name="验收日期")
    paid_on = DateColumn(verbose_name="补助到位")
    doubled = Column(verbose_name="重复支持疑点", attrs=WRAP)
    doubled_answer = Column(verbose_name="疑点说明", attrs=WRAP)

    unit = "户"
    default_columns = (
        "head", "village", "grade", "method", "programme_year", "amount", "accepted_on", "doubled",
    )  # fmt: skip
    card_columns = ("head", "method", "amount")
    sums = ("amount",)

    class Meta:
        model = HouseRenovation
        fields = (
            "head", "household_no", "town", "village", "grade", "method", "programme_year",
            "amount", "self_raised", "disaster_amount", "started_on", "finished_on", "accepted_on",
            "paid_on", "doubled", "doubled_answer", "note",
        )  # fmt: skip


class ReliefTable(_RegisterTable):
    """救助基金."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    risk = Column(verbose_name="原因")
    asked = AmountColumn(verbose_name="申请金额")
    granted = AmountColumn(verbose_name="核定金额")
    applied_on = DateColumn(verbose_name="申请日期")
    state = WordColumn(verbose_name="状态", words="state_label", tones=relief_tones())
    paid_on = DateColumn(verbose_name="发放日期", accessor="payment__paid_on")

    unit = "件"
    default_columns = (
        "head", "village", "risk", "asked", "granted", "applied_on", "state", "paid_on",
    )  # fmt: skip
    card_columns = ("head", "asked", "state")
    sums = ("asked", "granted")

    class Meta:
        model = ReliefApplication
        fields = (
            "head", "household_no", "town", "village", "risk", "asked", "granted", "applied_on",
            "state", "paid_on", "note",
        )  # fmt: skip

    def row_url(self, record: ReliefApplication) -> str:
        return reverse("support:relief", args=[record.pk])

    def render_risk(self, record: ReliefApplication) -> str:
        return risk_label(record.risk)

    value_risk = render_risk


class CoverageTable(Table):
    """四个全覆盖: one row a village."""

    village = Column(verbose_name="村", accessor="village__name", orderable=False, attrs={
        "td": {"class": "name"}})  # fmt: skip
    town = Column(verbose_name="乡镇", accessor="village__parent__name", orderable=False)
    leader = Column(verbose_name="联点县领导", accessor="village", orderable=False)
    department = Column(verbose_name="帮扶单位", accessor="village", orderable=False)
    team = Column(verbose_name="驻村工作队", accessor="village", orderable=False)
    households = NumberColumn(verbose_name="帮扶户", unit="户", orderable=False)
    unpaired = NumberColumn(verbose_name="没有联系人", unit="户", orderable=False)
    state = PillColumn(verbose_name="覆盖", accessor="is_whole", orderable=False)

    unit = "个村"
    card_columns = ("village", "unpaired", "state")

    def row_url(self, record: Any) -> str:
        return reverse("support:duties", args=[record.village.pk])

    def render_leader(self, record: Any) -> str:
        return str(record.duties.get("county_leader", "—"))

    def render_department(self, record: Any) -> str:
        return str(record.duties.get("department", "—"))

    def render_team(self, record: Any) -> str:
        return str(record.duties.get("village_team", "—"))

    value_leader, value_department, value_team = render_leader, render_department, render_team

    def value_state(self, record: Any) -> str:
        return "全覆盖" if record.is_whole else f"缺：{'、'.join(record.missing)}"

    def render_state(self, record: Any) -> Any:
        from shouwang.core.components import pill

        return pill("done" if record.is_whole else "late", self.value_state(record))


class CatalogueTable(Table):
    """目录: one row a measure of the catalogue."""

    label = Column(verbose_name="措施", orderable=False, attrs={"td": {"class": "name"}})
    kind = Column(verbose_name="类别", orderable=False)
    who = Column(verbose_name="给谁", orderable=False, attrs=WRAP)
    amount = Column(verbose_name="给多少", accessor="key", orderable=False, attrs=WRAP)
    ends = Column(verbose_name="给多久", accessor="ends_label", orderable=False)
    conditions = Column(verbose_name="条件", orderable=False, attrs=WRAP)
    department = Column(verbose_name="责任部门", orderable=False)
    source = Column(verbose_name="依据", orderable=False, attrs=WRAP)
    development = Column(verbose_name="开发式", accessor="is_development", orderable=False)
    national = Column(verbose_name="国家系统类别", orderable=False)
    valid_from = DateColumn(verbose_name="执行起", orderable=False)

    unit = "项"
    default_columns = (
        "label", "kind", "who", "amount", "ends", "conditions", "department", "source",
    )  # fmt: skip
    card_columns = ("label", "who", "amount")

    def render_kind(self, record: Any) -> str:
        return catalogue().kinds[record.kind]

    def render_amount(self, record: Any) -> str:
        from .queries.plans import amount_words

        return amount_words(record.key)

    def render_conditions(self, record: Any) -> str:
        return "；".join(record.conditions) or "—"

    def render_source(self, record: Any) -> str:
        return f"{source_title(record.source)}：{record.source_words}"

    def render_development(self, record: Any) -> str:
        return "是" if record.is_development else "否"

    value_kind, value_amount, value_conditions = render_kind, render_amount, render_conditions
    value_source, value_development = render_source, render_development
