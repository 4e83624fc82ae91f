"""Lists of the evaluations room."""

import django_filters

from shouwang.core.components import pill
from shouwang.core.filters import chosen
from shouwang.core.tables import Column, DateColumn, MomentColumn, NameColumn, PillColumn, Table

from .models import Round, Scheme, Survey
from .states import ObjectKind, SchemeKind, round_table, scheme_table

WRAP = {"td": {"class": "wrap"}}


class SchemeTable(Table):
    """One row a scheme."""

    title = NameColumn(verbose_name="方案", attrs=WRAP)
    year = Column(verbose_name="年度")
    edition = Column(verbose_name="版次")
    kind = Column(verbose_name="种类")
    object_kind = Column(verbose_name="考核对象")
    division = Column(verbose_name="区划", accessor="division__name", order_by="division__code")
    state = PillColumn(verbose_name="状态")
    approved_on = DateColumn(verbose_name="批准日期")
    made_by_label = Column(verbose_name="编制人")

    unit = "份"
    default_columns = (
        "title", "year", "edition", "kind", "object_kind", "state", "approved_on",
    )  # fmt: skip
    card_columns = ("title", "state")

    class Meta:
        model = Scheme
        fields = (
            "title", "year", "edition", "kind", "object_kind", "division", "state", "approved_on",
            "made_by_label",
        )  # fmt: skip

    def render_state(self, record: Scheme) -> str:
        state = scheme_table().state(record.state)
        return pill(state.tone, state.label)

    def value_state(self, record: Scheme) -> str:
        return record.state_label


class RoundTable(Table):
    """One row a round."""

    title = NameColumn(verbose_name="考核", attrs=WRAP)
    period = Column(verbose_name="考核期")
    object_kind = Column(verbose_name="考核对象", accessor="scheme__get_object_kind_display")
    division = Column(verbose_name="区划", accessor="division__name", order_by="division__code")
    ends_on = DateColumn(verbose_name="截止")
    state = PillColumn(verbose_name="状态")
    counted_at = MomentColumn(verbose_name="最近计数")
    published_on = DateColumn(verbose_name="公布日期")

    unit = "轮"
    default_columns = ("title", "object_kind", "ends_on", "state", "counted_at", "published_on")
    card_columns = ("title", "state")

    class Meta:
        model = Round
        fields = (
            "title", "period", "object_kind", "division", "ends_on", "state", "counted_at",
            "published_on",
        )  # fmt: skip
        orderable = True

    def render_state(self, record: Round) -> str:
        state = round_table().state(record.state)
        return pill(state.tone, state.label)

    def value_state(self, record: Round) -> str:
        return record.state_label


class SurveyTable(Table):
    """One row a survey."""

    title = NameColumn(verbose_name="调查", attrs=WRAP)
    division = Column(verbose_name="区划", accessor="division__name", order_by="division__code")
    seed = Column(verbose_name="抽样种子")
    drawn_at = MomentColumn(verbose_name="抽样时间")
    drawn_by_label = Column(verbose_name="抽样人")

    unit = "次"
    default_columns = ("title", "division", "seed", "drawn_at", "drawn_by_label")
    card_columns = ("title", "drawn_at")

    class Meta:
        model = Survey
        fields = ("title", "division", "seed", "drawn_at", "drawn_by_label")


class SchemeFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="方案名称", field_name="title", lookup_expr="contains")
    kind = chosen("种类", choices=SchemeKind.choices)
    object_kind = chosen("考核对象", choices=ObjectKind.choices)
    state = chosen("状态", choices=[(one.key, one.label) for one in scheme_table().states.values()])

    class Meta:
        model = Scheme
        fields: list[str] = []


class RoundFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="考核名称", field_name="title", lookup_expr="contains")
    object_kind = chosen("考核对象", choices=ObjectKind.choices, field_name="scheme__object_kind")
    state = chosen("状态", choices=[(one.key, one.label) for one in round_table().states.values()])

    class Meta:
        model = Round
        fields: list[str] = []


class SurveyFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label="名称", field_name="title", lookup_expr="contains")

    class Meta:
        model = Survey
        fields: list[str] = []
