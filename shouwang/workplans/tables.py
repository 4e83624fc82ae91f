"""Tables of the workplans room: one definition for page, export and print."""

from shouwang.core import clock
from shouwang.core.components import pill
from shouwang.core.tables import (
    Column,
    DateColumn,
    MomentColumn,
    NameColumn,
    PillColumn,
    ShareColumn,
    Table,
)

from .models import Example, KeyProject, Paper, Plan, Policy, Reminder, Task
from .queries import light_of
from .states import (
    LIGHT_TONES,
    REMINDER_TONES,
    Light,
    ReminderKind,
    paper_table,
    plan_table,
    task_table,
)

WRAP = {"td": {"class": "wrap"}}


class PaperTable(Table):
    """One row a paper."""

    title = NameColumn(verbose_name="标题", attrs=WRAP)
    number = Column(verbose_name="文号")
    issuer = Column(verbose_name="发文机关")
    period = Column(verbose_name="年度")
    state = PillColumn(verbose_name="状态")
    uploaded_at = MomentColumn(verbose_name="上传时间")
    uploaded_by_label = Column(verbose_name="上传人")
    confirmed_by_label = Column(verbose_name="确认人")

    unit = "份"
    default_columns = ("title", "number", "period", "state", "uploaded_at", "confirmed_by_label")
    card_columns = ("title", "state")

    class Meta:
        model = Paper
        fields = (
            "title", "number", "issuer", "period", "state", "uploaded_at", "uploaded_by_label",
            "confirmed_by_label",
        )  # fmt: skip

    def render_state(self, record: Paper) -> str:
        state = paper_table().state(record.state)
        return pill(state.tone, state.label)

    def value_state(self, record: Paper) -> str:
        return record.state_label


class TaskTable(Table):
    """任务清单 in the form that governments use: 序号、任务、牵头、责任、时限、进展."""

    number = Column(verbose_name="编号", order_by="number_key")
    title = NameColumn(verbose_name="任务", attrs=WRAP)
    chapter = Column(verbose_name="章节", attrs=WRAP)
    amount = Column(verbose_name="目标", accessor="amount_words", order_by="quantity")
    lead = Column(verbose_name="牵头单位", accessor="pk", orderable=False, attrs=WRAP)
    responsible = Column(verbose_name="责任单位", accessor="pk", orderable=False, attrs=WRAP)
    person = Column(verbose_name="责任人")
    place = Column(verbose_name="地点")
    ends_on = DateColumn(verbose_name="完成时限")
    rhythm = Column(verbose_name="频次")
    share = ShareColumn(verbose_name="完成比例")
    light = PillColumn(verbose_name="亮灯", accessor="pk", orderable=False)
    state = PillColumn(verbose_name="状态")
    reported_on = DateColumn(verbose_name="最近报送")
    list_kind = Column(verbose_name="清单")

    unit = "项"
    default_columns = (
        "number", "title", "amount", "lead", "ends_on", "share", "light", "state",
    )  # fmt: skip
    card_columns = ("title", "ends_on", "light")

    class Meta:
        model = Task
        fields = (
            "number", "title", "chapter", "amount", "lead", "responsible", "person", "place",
            "ends_on", "rhythm", "share", "light", "state", "reported_on", "list_kind",
        )  # fmt: skip

    def render_state(self, record: Task) -> str:
        state = task_table().state(record.state)
        return pill(state.tone, state.label)

    def value_state(self, record: Task) -> str:
        return record.state_label

    def _light(self, record: Task) -> Light:
        return Light(light_of(record, clock.today()))

    def render_light(self, record: Task) -> str:
        found = self._light(record)
        return pill(LIGHT_TONES[found.value], found.label)

    def value_light(self, record: Task) -> str:
        return str(self._light(record).label)

    def _units(self, record: Task, duty: str) -> str:
        return "、".join(unit.name for unit in record.units.all() if unit.duty == duty)

    def render_lead(self, record: Task) -> str:
        return self._units(record, "lead") or "—"

    def value_lead(self, record: Task) -> str:
        return self._units(record, "lead")

    def render_responsible(self, record: Task) -> str:
        return self._units(record, "responsible") or "—"

    def value_responsible(self, record: Task) -> str:
        return self._units(record, "responsible")


class ReminderTable(Table):
    """One row a reminder: what was told, to whom it went, who has seen it."""

    task = NameColumn(verbose_name="任务", accessor="task__title", attrs=WRAP)
    number = Column(verbose_name="编号", accessor="task__number", order_by="task__number_key")
    kind = PillColumn(verbose_name="提醒")
    made_on = DateColumn(verbose_name="提醒日期")
    ends_on = DateColumn(verbose_name="时限")
    units = Column(verbose_name="单位", accessor="pk", orderable=False, attrs=WRAP)
    leader = Column(verbose_name="提请谁督办", attrs=WRAP)
    seen = Column(verbose_name="已阅和意见", accessor="pk", orderable=False, attrs=WRAP)
    state = Column(verbose_name="任务现在", accessor="task__state_label", orderable=False)

    unit = "条"
    default_columns = (
        "task", "number", "kind", "made_on", "ends_on", "units", "leader", "seen",
    )  # fmt: skip
    card_columns = ("task", "kind", "units", "seen")

    class Meta:
        model = Reminder
        fields = (
            "task", "number", "kind", "made_on", "ends_on", "units", "leader", "seen", "state",
        )  # fmt: skip

    def render_kind(self, record: Reminder) -> str:
        return pill(REMINDER_TONES[record.kind], str(record.get_kind_display()))

    def value_kind(self, record: Reminder) -> str:
        return str(ReminderKind(record.kind).label)

    def value_units(self, record: Reminder) -> str:
        return "、".join(dict.fromkeys(unit.name for unit in record.task.units.all()))

    def render_units(self, record: Reminder) -> str:
        return self.value_units(record) or "—"

    def value_seen(self, record: Reminder) -> str:
        return "；".join(
            f"{one.label} {one.seen_at:%m-%d}{'：' + one.words if one.words else ''}"
            for one in record.seen.all()
        )

    def render_seen(self, record: Reminder) -> str:
        return self.value_seen(record) or "还没有人看"


class PlanTable(Table):
    """One row a plan."""

    title = NameColumn(verbose_name="方案", attrs=WRAP)
    kind = Column(verbose_name="种类")
    list_kind = Column(verbose_name="清单")
    division = Column(verbose_name="区划", accessor="division__name", order_by="division__code")
    period = Column(verbose_name="年度")
    state = PillColumn(verbose_name="状态")
    number = Column(verbose_name="备案号")
    filed_on = DateColumn(verbose_name="备案日期")
    submitted_by_label = Column(verbose_name="报送人")

    unit = "份"
    default_columns = (
        "title", "division", "list_kind", "period", "state", "number", "filed_on",
    )  # fmt: skip
    card_columns = ("title", "state")

    class Meta:
        model = Plan
        fields = (
            "title", "kind", "division", "list_kind", "period", "state", "number", "filed_on",
            "submitted_by_label",
        )  # fmt: skip

    def render_state(self, record: Plan) -> str:
        state = plan_table().state(record.state)
        return pill(state.tone, state.label)

    def value_state(self, record: Plan) -> str:
        return record.state_label


class ExampleTable(Table):
    """One row a demonstration site or a practice."""

    title = NameColumn(verbose_name="名称", attrs=WRAP)
    kind = Column(verbose_name="种类")
    field = Column(verbose_name="领域")
    division = Column(verbose_name="区划", accessor="division__name", order_by="division__code")
    body = Column(verbose_name="牵头单位")
    begun_on = DateColumn(verbose_name="开始日期")

    unit = "个"
    card_columns = ("title", "field")

    class Meta:
        model = Example
        fields = ("title", "kind", "field", "division", "body", "begun_on")


class PolicyTable(Table):
    """One row a policy."""

    name = NameColumn(verbose_name="政策", attrs=WRAP)
    framework = Column(verbose_name="衔接方面", accessor="framework_label", order_by="framework")
    status = Column(verbose_name="衔接方式")
    department = Column(verbose_name="责任部门", accessor="department__name")
    valid_from = DateColumn(verbose_name="执行起始")
    valid_to = DateColumn(verbose_name="执行截止")
    paper = Column(verbose_name="来源文件", accessor="paper__title", attrs=WRAP)
    replaced_by = Column(verbose_name="被哪项替代", accessor="replaced_by__name", attrs=WRAP)
    division = Column(verbose_name="区划", accessor="division__name", order_by="division__code")
    content = Column(verbose_name="内容和标准", attrs=WRAP)
    beneficiary = Column(verbose_name="补给谁", attrs=WRAP)
    amount = Column(verbose_name="金额", accessor="amount_words", order_by="amount", attrs=WRAP)
    condition = Column(verbose_name="条件", attrs=WRAP)

    unit = "项"
    default_columns = (
        "name", "amount", "framework", "status", "department", "valid_from", "valid_to", "paper",
    )  # fmt: skip
    card_columns = ("name", "status", "framework")

    class Meta:
        model = Policy
        fields = (
            "name", "framework", "status", "department", "valid_from", "valid_to", "paper",
            "replaced_by", "division", "content", "beneficiary", "amount", "condition",
        )  # fmt: skip


class ProjectTable(Table):
    """One row a key project."""

    name = NameColumn(verbose_name="项目", attrs=WRAP)
    division = Column(verbose_name="区划", accessor="division__name", order_by="division__code")
    body = Column(verbose_name="牵头单位")
    person = Column(verbose_name="责任人")
    investment = Column(verbose_name="总投资（万元）")
    share = ShareColumn(verbose_name="进度")
    visited_on = DateColumn(verbose_name="最近察看")
    ends_on = DateColumn(verbose_name="完工日期")

    unit = "个"
    card_columns = ("name", "share")

    class Meta:
        model = KeyProject
        fields = (
            "name", "division", "body", "person", "investment", "share", "visited_on", "ends_on",
        )  # fmt: skip
