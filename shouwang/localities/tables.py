"""Tables of the localities room: one definition for page, export and print."""

from typing import Any

from django.urls import reverse

from shouwang.campaigns.states import dossier_table
from shouwang.core import clock
from shouwang.core.components import pill
from shouwang.core.tables import Column, DateColumn, NameColumn, NumberColumn, PillColumn, Table
from shouwang.divisions.models import Division

from .models import WaterProblem, WaterWorks
from .waterworks import TEST_TONES, TEST_WORDS, test_state

WRAP = {"td": {"class": "wrap"}}


class WorksTable(Table):
    """One row a supply."""

    name = NameColumn(verbose_name="工程")
    kind = Column(verbose_name="类型", accessor="kind_label", order_by="kind")
    place = Column(verbose_name="所在地", accessor="division__name", order_by="division__code")
    households = NumberColumn(verbose_name="供水户数", unit="户")
    people = NumberColumn(verbose_name="供水人口", unit="人")
    test = PillColumn(verbose_name="检测", accessor="pk", order_by=("last_test",))
    last_test = DateColumn(verbose_name="最近检测")
    result = PillColumn(verbose_name="结果", accessor="pk", orderable=False)
    government = Column(verbose_name="政府责任人")
    department = Column(verbose_name="监管责任人")
    operator = Column(verbose_name="运行责任人")
    keeper = Column(verbose_name="管水员")
    built_on = DateColumn(verbose_name="建成日期")
    note = Column(verbose_name="备注", attrs=WRAP)

    unit = "处"
    default_columns = (
        "name", "kind", "place", "households", "test", "last_test", "result", "keeper",
    )  # fmt: skip
    card_columns = ("name", "test", "result")

    class Meta:
        model = WaterWorks
        fields = (
            "name", "kind", "place", "households", "people", "test", "last_test", "result",
            "government", "department", "operator", "keeper", "built_on", "note",
        )  # fmt: skip

    def _state(self, record: Any) -> str:
        return test_state(record.kind, record.built_on, record.last_test, clock.today())

    def render_test(self, record: Any) -> Any:
        state = self._state(record)
        return pill(TEST_TONES[state], TEST_WORDS[state])

    def value_test(self, record: Any) -> str:
        return TEST_WORDS[self._state(record)]

    def render_result(self, record: Any) -> Any:
        return pill(*_result(record))

    def value_result(self, record: Any) -> str:
        return _result(record)[1]


def _result(record: Any) -> tuple[str, str]:
    if record.has_problem:
        return "late", "问题没销号"
    if record.last_passed is None:
        return "idle", "没有检测"
    return ("done", "合格") if record.last_passed else ("late", "不合格")


class ProblemTable(Table):
    """One row a problem of works."""

    name = NameColumn(verbose_name="工程", accessor="works__name")
    place = Column(verbose_name="所在地", accessor="works__division__name")
    problem = Column(verbose_name="问题", attrs=WRAP)
    found_on = DateColumn(verbose_name="发现日期")
    due_on = DateColumn(verbose_name="解决期限")
    state = PillColumn(verbose_name="状态")
    closed_on = DateColumn(verbose_name="销号日期")

    unit = "个"
    card_columns = ("name", "due_on", "state")

    class Meta:
        model = WaterProblem
        fields = ("name", "place", "problem", "found_on", "due_on", "state", "closed_on")

    def render_state(self, record: WaterProblem) -> Any:
        state = dossier_table().state(record.state)
        is_late = record.state not in ("closed", "mistaken") and record.due_on < clock.today()
        label = f"{state.label}，已超期" if is_late else state.label
        return pill("late" if is_late else state.tone, label)

    def value_state(self, record: WaterProblem) -> str:
        return record.state_label


class GridTable(Table):
    """One row a village with its grids and people."""

    name = NameColumn(verbose_name="村")
    town = Column(verbose_name="乡镇", accessor="parent__name", order_by="parent__code")
    homes = NumberColumn(verbose_name="档案户数", unit="户")
    grid_count = NumberColumn(verbose_name="网格", unit="个")
    covered = NumberColumn(verbose_name="网格内户数", unit="户")
    keepers = NumberColumn(verbose_name="网格员", unit="人")
    informants = NumberColumn(verbose_name="信息员", unit="人")
    gap = PillColumn(verbose_name="缺什么", accessor="pk", orderable=False)

    unit = "个村"
    card_columns = ("name", "grid_count", "gap")

    class Meta:
        model = Division
        fields = (
            "name", "town", "homes", "grid_count", "covered", "keepers", "informants", "gap",
        )  # fmt: skip

    def row_url(self, record: Division) -> str:
        return reverse("localities:village", args=[record.pk])

    def render_gap(self, record: Any) -> Any:
        words = self.value_gap(record)
        return pill("late", words) if words else pill("done", "齐全")

    def value_gap(self, record: Any) -> str:
        found = [
            words
            for words, is_missing in (
                ("没有网格", not record.grid_count),
                ("缺网格员", bool(record.without_keeper)),
                ("没有信息员", bool(record.grid_count) and not record.informants),
            )
            if is_missing
        ]
        return "、".join(found)
