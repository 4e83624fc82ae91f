"""对接列表 (tables)."""

from django.urls import reverse

from shouwang.core.tables import (
    Column,
    MomentColumn,
    NameColumn,
    NumberColumn,
    PillColumn,
    Table,
)

from .models import Comparison, Difference

STATE_TONES = {"正在比对": "going", "已比对": "done", "没有完成": "late"}


class ComparisonTable(Table):
    export_date = NameColumn(verbose_name="导出日期")
    state = PillColumn(
        verbose_name="状态", accessor="get_state_display", tones=STATE_TONES, order_by=("state",)
    )
    households = NumberColumn(
        verbose_name="户", unit="户", accessor="counts__households", orderable=False
    )
    disagreeing = NumberColumn(
        verbose_name="有差异", unit="户", accessor="counts__disagreeing", orderable=False
    )
    problems = NumberColumn(
        verbose_name="问题行", unit="行", accessor="counts__problems", orderable=False
    )
    received_at = MomentColumn(verbose_name="上传")
    received_by_label = Column(verbose_name="上传人")
    note = Column(verbose_name="备注")
    unit = "次"

    def row_url(self, record: Comparison) -> str:
        return record.get_absolute_url()


class DifferenceTable(Table):
    head_name = NameColumn(verbose_name="户主", empty_values=())
    household_no = Column(verbose_name="户编号")
    town = Column(verbose_name="乡镇")
    village = Column(verbose_name="村")
    kind = Column(verbose_name="差异", accessor="get_kind_display", order_by=("kind",))
    person_name = Column(verbose_name="成员")
    what = Column(verbose_name="数据项", order_by=("field",))
    national = Column(verbose_name="国家系统")
    own = Column(verbose_name="本平台")
    case_number = Column(verbose_name="个案")
    file = Column(verbose_name="文件")
    row = NumberColumn(verbose_name="行")
    unit = "条"
    card_columns = ("what", "national", "own")
    default_columns = (
        "head_name", "household_no", "village", "kind", "person_name", "what", "national", "own",
    )  # fmt: skip

    def row_url(self, record: Difference) -> str:
        """The case, where there is one here."""
        return reverse("cases:case", args=[record.case_number]) if record.case_number else ""


class ProblemTable(Table):
    file = NameColumn(verbose_name="文件")
    sheet = Column(verbose_name="工作表")
    row = NumberColumn(verbose_name="行")
    column = Column(verbose_name="栏目")
    sentence = Column(verbose_name="原因和处理")
    unit = "行"
