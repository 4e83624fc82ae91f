"""部件样例: what the living page /components/ shows; invented figures, no person."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from . import charts
from .components import Action, Empty, Event, Explanation, ExplanationRow, Figure, Step, Tab
from .tables import AmountColumn, DateColumn, NameColumn, NumberColumn, PillColumn, Table

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")
TONE_NAMES = (
    ("late", "已超期"),
    ("near", "三天内到期"),
    ("done", "已完成"),
    ("idle", "未开始"),
    ("going", "核实中"),
)
PAIRS = (
    ("正文", "--ink", "--surface"),
    ("次要文字", "--ink-2", "--surface"),
    ("说明文字", "--ink-3", "--ground"),
    ("链接与主按钮", "--blue", "--surface"),
    ("严重", "--late", "--late-soft"),
    ("临近", "--near", "--near-soft"),
    ("完成", "--done", "--done-soft"),
)


class SampleForm(forms.Form):
    """A form with one of each field, half of it wrong."""

    title = forms.CharField(
        label="名称", max_length=30, help_text="写清楚是哪一批，例如“六月医保明细”。"
    )
    kind = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), ("a", "医疗保障"), ("b", "就业")]
    )
    found_on = forms.DateField(label="日期", widget=forms.DateInput)
    amount = forms.DecimalField(label="金额", min_value=0, help_text="按元填写，最多两位小数。")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    sure = forms.BooleanField(label="已与原件核对", required=False)


class SampleTable(Table):
    """Rows without a database, so that the page works on an empty installation."""

    name = NameColumn(verbose_name="村")
    state = PillColumn(verbose_name="状态", tones={key: key for key, _ in TONE_NAMES})
    households = NumberColumn(verbose_name="户数", unit="户")
    amount = AmountColumn(verbose_name="自付费用", unit="元")
    due_on = DateColumn(verbose_name="期限")

    card_columns = ("name", "state", "households")
    unit = "个村"

    def row_url(self, record: Any) -> str:
        return ""

    def render_state(self, value: str) -> Any:
        column: PillColumn = self.columns["state"].column
        return column.render(dict(TONE_NAMES)[value], {"state": value}, self.columns["state"])


def _table() -> SampleTable:
    villages = ("青石村", "上坪村", "下坪村", "柳树湾村", "双桥社区")
    rows = [
        {
            "name": village,
            "state": TONE_NAMES[index][0],
            "households": 1240 - index * 137,
            "amount": Decimal("98231.50") / (index + 1),
            "due_on": date(2026, 7, 1 + index),
        }
        for index, village in enumerate(villages)
    ]
    table = SampleTable(rows)
    table.paginate(page=1, per_page=25)
    return table


def _charts() -> list[charts.Chart]:
    towns = ("雨具镇", "青禾镇", "白水乡", "石门镇", "柳河镇")
    return [
        charts.bars(
            title="雨具镇线索核实超期最多，占全县近四成",
            unit="条",
            source="线索台账，2026-06-30",
            categories=towns,
            series={"超期": (38, 21, 17, 12, 9)},
            head="乡镇",
        ),
        charts.lines(
            title="就业风险连续三个月下降，疾病风险没有变化",
            unit="条",
            source="每月末筛查，2026 年 1 至 6 月",
            categories=MONTHS,
            series={
                "疾病": (62, 60, 63, 61, 62, 61),
                "就业": (80, 85, 91, 77, 64, 52),
                "住房": (12, 14, None, 13, 11, 12),
            },
            head="月份",
        ),
        charts.bars(
            title="疾病风险在各乡镇都占首位",
            unit="条",
            source="筛查 2026-06-30",
            categories=towns,
            series={
                "疾病": (40, 32, 28, 22, 18),
                "就业": (21, 18, 20, 9, 7),
                "住房": (6, 4, 3, 5, 2),
            },
            stacked=True,
            head="乡镇",
        ),
        charts.shares(
            title="七成线索属于一般户",
            unit="条",
            source="筛查 2026-06-30",
            categories=("一般户", "脱贫户", "监测对象"),
            values=(512, 148, 71),
        ),
    ]


def _explanation() -> Explanation:
    return Explanation(
        sentence="近 12 个月该户一名成员自付医疗费用 23,400.00 元，"
        "超过预警线 20,000.00 元，且尚未纳入监测。",
        rule="医疗自付费用过高",
        state="达到",
        tone="late",
        dates="截至 2026-06-30",
        rows=(
            ExplanationRow(
                "12 个月自付费用（元）", "23,400.00", "20,000.00", "医保明细 2025-07 至 2026-06"
            ),
            ExplanationRow("是否已纳入监测", "否", "否", "农户档案 2026-06-28"),
        ),
        source="界线依据：示例县防止返贫预警标准（2026 年 1 月起执行）",
    )


def _events() -> list[Event]:
    zone = timezone.get_current_timezone()
    return [
        Event(
            datetime(2026, 6, 30, 9, 12, tzinfo=zone), "筛查发现线索", "系统", "疾病风险", "late"
        ),
        Event(
            datetime(2026, 6, 28, 15, 40, tzinfo=zone), "更新家庭收入", "乡镇业务员", "", "going"
        ),
        Event(date(2026, 5, 6), "入户走访", "驻村工作队", "家中有人住院，已提醒申请救助。", "done"),
        Event(date(2026, 1, 10), "建立档案", "县级业务员"),
    ]


def showcase(request: HttpRequest) -> dict[str, Any]:
    """Everything that `core/components.html` draws."""
    return {
        "tones": TONE_NAMES,
        "pairs": PAIRS,
        "actions": [
            Action("新建", "#", icon="plus", is_main=True),
            Action("导出", "#", icon="download"),
            Action("提交审批", "#", reason="先完成民主评议"),
        ],
        "tabs": [
            Tab("全部", "#", 731, True),
            Tab("待核实", "#", 97),
            Tab("已办结", "#", 634),
            Tab("说明", "#"),
        ],
        "steps": [
            Step("上传文件", "done", "3 个文件"),
            Step("核对变化", "going", "新增 12 户"),
            Step("确认应用"),
        ],
        "figures": [
            Figure("待核实线索", 97, "条", "#", "其中 38 条已超期"),
            Figure("监测对象", 1284, "户", "#"),
            Figure("本月已办结", 634, "条", "#"),
            Figure("尚未收到的部门数据", 2, "份", "#"),
        ],
        "facts": [
            ("户编号", "9999010020031"),
            ("户主", "（样例）"),
            ("家庭人口", "4 人"),
            ("人均纯收入", "12,345.00 元"),
            ("住房", "砖混，安全"),
            ("饮水", None),
        ],
        "table": _table(),
        "charts": _charts(),
        "explanation": _explanation(),
        "events": _events(),
        "form": SampleForm({"title": "六月医保明细", "amount": "-3"}),
        "empty": Empty(
            "还没有线索",
            "部门数据导入后运行一次筛查，线索会出现在这里。",
            Action("去运行筛查", "#", icon="radar-2"),
        ),
        "money": Decimal("1234567.8"),
        "moment": timezone.localtime(),
    }
