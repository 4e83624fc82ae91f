"""档案列表 (tables): columns of the lists of this room."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shouwang.core.tables import (
    Column,
    DateColumn,
    MomentColumn,
    NameColumn,
    NumberColumn,
    PillColumn,
    Table,
)
from shouwang.engine import Rulebook

from .models import Household, QualityFinding, RegistryImport

MONITOR_TONES = {"脱贫不稳定户": "near", "边缘易致贫户": "near", "突发严重困难户": "late"}
IMPORT_TONES = {
    "received": "going",
    "ready": "near",
    "applied": "done",
    "unchanged": "idle",
    "discarded": "idle",
    "failed": "late",
}


@cache
def check_titles(version: str) -> dict[str, str]:
    return {check.id: check.title for check in Rulebook.load().checks.values()}


def check_title(check_id: str) -> str:
    """What a check is called; its id where the rulebook no longer has it."""
    return check_titles(Rulebook.load().version).get(check_id, check_id)


class HouseholdTable(Table):
    head_name = NameColumn(verbose_name="户主", empty_values=())
    household_no = Column(verbose_name="户编号")
    town = Column(verbose_name="乡镇", accessor="village__parent__name")
    village = Column(verbose_name="村", accessor="village__name", order_by=("village_code",))
    group_name = Column(verbose_name="村民小组")
    household_size = NumberColumn(verbose_name="家庭人口", unit="人")
    household_type = Column(verbose_name="户类型")
    attribute = Column(verbose_name="脱贫户属性")
    monitor_class = PillColumn(verbose_name="监测对象类别", tones=MONITOR_TONES)
    risks = Column(verbose_name="风险类型", order_by=("risk1",))
    eliminated = Column(verbose_name="风险已消除")
    findings = NumberColumn(
        verbose_name="质量问题", unit="条", accessor="finding_count", orderable=False
    )
    house_area = NumberColumn(verbose_name="住房面积", unit="平方米")
    danger_house = Column(verbose_name="危房")
    water_ok = Column(verbose_name="安全饮水")
    contact_cadre = Column(verbose_name="帮扶联系人")
    absent_since = Column(verbose_name="最近一次导出", empty_values=())

    class Meta:
        model = Household
        fields = ("head_name", "household_no")
        order_by = "household_no"

    unit = "户"
    default_columns = (
        "head_name",
        "household_no",
        "village",
        "household_size",
        "household_type",
        "monitor_class",
        "risks",
        "findings",
    )
    card_columns = ("head_name", "village", "monitor_class")

    def row_url(self, record: Household) -> str:
        return reverse("registry:household", args=[record.household_no])

    def render_head_name(self, record: Household) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', self.row_url(record), record.head_name or "（无户主姓名）"
        )

    def value_head_name(self, record: Household) -> str:
        return record.head_name or ""

    def render_risks(self, record: Household) -> str:
        return "、".join(record.risks) or "—"

    def value_risks(self, record: Household) -> str:
        return "、".join(record.risks)

    def render_absent_since(self, record: Household) -> str:
        return "未出现" if record.absent_since_id else "有"

    def value_absent_since(self, record: Household) -> str:
        return self.render_absent_since(record)


class FindingTable(Table):
    check_id = NameColumn(verbose_name="质量问题")
    household = Column(verbose_name="户主", accessor="household__head_name")
    household_no = Column(verbose_name="户编号", accessor="household__household_no")
    member = Column(verbose_name="人员", accessor="member__name")
    person_no = Column(verbose_name="人编号", accessor="member__person_no")
    town = Column(verbose_name="乡镇", accessor="household__village__parent__name")
    village = Column(verbose_name="村", accessor="household__village__name")
    check_key = Column(verbose_name="检查项代码", accessor="check_id")

    class Meta:
        model = QualityFinding
        fields = ("check_id",)

    unit = "条"
    default_columns = ("check_id", "household", "household_no", "member", "town", "village")
    card_columns = ("check_id", "household", "member")

    def row_url(self, record: QualityFinding) -> str:
        url = reverse("registry:household", args=[record.household.household_no])
        return f"{url}?tab=quality"

    def render_check_id(self, record: QualityFinding) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', self.row_url(record), check_title(record.check_id)
        )

    def value_check_id(self, record: QualityFinding) -> str:
        return check_title(record.check_id)


class ImportTable(Table):
    name = NameColumn(verbose_name="导入", accessor="pk")
    state = PillColumn(verbose_name="状态", tones=IMPORT_TONES)
    files = NumberColumn(verbose_name="工作簿", unit="个", accessor="file_count")
    new = Column(verbose_name="新增", accessor="pk", orderable=False)
    changed = Column(verbose_name="变化", accessor="pk", orderable=False)
    rejected = Column(verbose_name="退回", accessor="pk", orderable=False)
    received_at = MomentColumn(verbose_name="上传时间")
    received_by_label = Column(verbose_name="上传人")
    export_date = DateColumn(verbose_name="导出日期")
    note = Column(verbose_name="备注")

    class Meta:
        model = RegistryImport
        fields = ("name", "state")

    unit = "次"
    default_columns = (
        "name",
        "state",
        "files",
        "new",
        "changed",
        "rejected",
        "received_at",
        "received_by_label",
    )
    card_columns = ("name", "state", "received_at")

    @staticmethod
    def with_counts(imports: Any) -> Any:
        return imports.annotate(file_count=Count("files"))

    def row_url(self, record: RegistryImport) -> str:
        return reverse("registry:preview", args=[record.uuid])

    def render_name(self, record: RegistryImport) -> SafeString:
        return format_html('<a href="{}">{}</a>', self.row_url(record), record)

    def value_name(self, record: RegistryImport) -> str:
        return str(record)

    def _people(self, record: RegistryImport, what: str) -> str:
        if not record.counts:
            return "—"
        households, people = record.counts[f"households_{what}"], record.counts[f"persons_{what}"]
        return f"{households:,} 户 {people:,} 人"

    def render_new(self, record: RegistryImport) -> str:
        return self._people(record, "new")

    def render_changed(self, record: RegistryImport) -> str:
        return self._people(record, "changed")

    def render_rejected(self, record: RegistryImport) -> str:
        return f"{record.counts['rejected']:,} 行" if record.counts else "—"


class PreviewTable(Table):
    """Rows of a preview list; they come from a file, so they are mappings."""

    name = Column(verbose_name="姓名")
    level = Column(verbose_name="对象")
    village = Column(verbose_name="村")
    household_no = Column(verbose_name="户编号")
    person_no = Column(verbose_name="人编号")
    file = Column(verbose_name="文件")
    row = NumberColumn(verbose_name="行")

    unit = "条"
    default_columns: Sequence[str] = (
        "name",
        "level",
        "village",
        "household_no",
        "person_no",
        "file",
        "row",
    )
    card_columns = ("name", "level", "village")

    def row_url(self, record: dict[str, Any]) -> str:
        return ""

    def render_level(self, value: str) -> str:
        return {"member": "人", "household": "户"}.get(value, value)


class ChangedTable(PreviewTable):
    column = Column(verbose_name="栏目")
    old = Column(verbose_name="原值")
    new = Column(verbose_name="新值")

    default_columns = ("name", "level", "village", "household_no", "column", "old", "new", "row")
    card_columns = ("name", "column", "new")


class RejectTable(Table):
    file = Column(verbose_name="文件")
    sheet = Column(verbose_name="工作表")
    row = NumberColumn(verbose_name="行")
    reason = Column(verbose_name="原因")
    detail = Column(verbose_name="说明")

    unit = "行"
    default_columns = ("file", "sheet", "row", "reason", "detail")
    card_columns = ("row", "reason", "detail")

    def row_url(self, record: dict[str, Any]) -> str:
        return ""
