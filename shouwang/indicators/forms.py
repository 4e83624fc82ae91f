"""Forms of the indicators room."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.timezone import localtime

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division
from shouwang.workplans.models import Initiative

from .models import Definition, Proposal
from .periods import Period
from .states import (
    WITH_UPPER,
    Attribute,
    Comparison,
    Direction,
    DutyKind,
    PlaceClass,
    Reporter,
    Rhythm,
    Source,
    Spread,
)

DAY = {"type": "date"}
UPPER_LEVELS = [(Level.PROVINCE.value, "全省"), (Level.PREFECTURE.value, "全市"),
                (Level.COUNTY.value, "全县"), (Level.TOWN.value, "全镇")]  # fmt: skip
PLACE_LEVELS = [(Level.COUNTY.value, "县"), (Level.TOWN.value, "乡镇"), (Level.VILLAGE.value, "村")]
CONDITIONS = [("", "—")] + [
    (one.value, str(one.label)) for one in (*WITH_UPPER, Comparison.AT_LEAST, Comparison.NONE)
]


class PeriodField(forms.CharField):
    """期间 as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="期间", max_length=12, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return Period.read(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


def number_field(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=19, decimal_places=4, **options)


class _Rules(forms.Form):
    """What a definition and a proposal have in common."""

    name = forms.CharField(label="指标", max_length=120)
    unit = forms.CharField(label="单位", max_length=20, required=False)
    attribute = forms.ChoiceField(label="属性", choices=Attribute.choices)
    direction = forms.ChoiceField(label="方向", choices=Direction.choices)
    comparison = forms.ChoiceField(label="要求", choices=Comparison.choices)
    upper_level = forms.ChoiceField(
        label="与哪一级平均比", choices=UPPER_LEVELS, help_text="只用于和上级平均比的指标。"
    )
    base_year = forms.IntegerField(
        label="基期年", required=False, min_value=1990, max_value=2100,
        help_text="只用于按基期分档的指标。",
    )  # fmt: skip
    rule_below = forms.ChoiceField(label="基期低于上级时的要求", choices=CONDITIONS, required=False)
    rule_above = forms.ChoiceField(
        label="基期不低于上级时的要求", choices=CONDITIONS, required=False
    )
    level = forms.ChoiceField(label="考核到", choices=PLACE_LEVELS)
    place_class = forms.ChoiceField(label="适用类别", choices=PlaceClass.choices, required=False)
    rhythm = forms.ChoiceField(label="频次", choices=Rhythm.choices)
    source = forms.ChoiceField(label="来源", choices=Source.choices)
    formula = forms.CharField(
        label="公式",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例：share(registry.with_toilet, registry.toilet_known)；"
        "可用加减乘除、share 占比、growth 比上年增长、last 上年、upper 上级、指标.代码。",
    )
    department = forms.ModelChoiceField(
        label="责任部门", queryset=Department.objects.all(), required=False, empty_label="未定"
    )
    spread = forms.ChoiceField(label="分解方式", choices=Spread.choices)
    is_red_line = forms.BooleanField(label="红线（一破就预警）", required=False)
    requirement = forms.CharField(label="要求原文", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("source") == Source.FORMULA and not values.get("formula", "").strip():
            self.add_error("formula", "自动计算的指标要写公式。")
        return values


class DefinitionForm(_Rules):
    """定义指标."""

    code = forms.CharField(label="代码", max_length=40, help_text="公式里用它称呼这个指标。")
    reporter = forms.ChoiceField(label="报送人", choices=Reporter.choices)
    due_days = forms.IntegerField(label="期末后几天内报", min_value=0, max_value=180, initial=10)
    accumulates = forms.BooleanField(label="当年累计数（每年从零开始）", required=False)
    tags = forms.MultipleChoiceField(
        label="专项行动", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="这个指标属于哪些专项行动；“专项行动”页按它看进展。",
    )  # fmt: skip
    parent = forms.ModelChoiceField(
        label="是哪个指标的“其中”项", queryset=Definition.objects.none(), required=False,
        empty_label="不是",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, wholes: QuerySet[Definition], is_new: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.queryset = wholes
        self._tags((kwargs.get("initial") or {}).get("tags") or [])
        if not is_new:
            del self.fields["code"]

    def _tags(self, held: list[str]) -> None:
        """Registered initiatives, and those that the indicator carries already."""
        known = Initiative.objects.order_by("name").values_list("name", flat=True)
        tags = self.fields["tags"]
        assert isinstance(tags, forms.MultipleChoiceField)
        tags.choices = [(name, name) for name in dict.fromkeys([*known, *held])]
        if not tags.choices:
            del self.fields["tags"]

    def values(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class ProposalForm(_Rules):
    """改正文件里的一行."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    targets = forms.CharField(
        label="各年目标",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一年：年份 数值，例如：2025 90。",
    )
    note = forms.CharField(label="说明", max_length=300, required=False)

    def clean_targets(self) -> dict[str, str]:
        return dict(self._targets(str(self.cleaned_data["targets"])))

    def _targets(self, text: str) -> Iterator[tuple[str, str]]:
        for line, row in enumerate(filter(str.strip, text.splitlines()), 1):
            cells = row.replace("，", " ").replace("\t", " ").split()
            year = cells[0].removesuffix("年").removesuffix("至")
            if len(cells) != 2 or not (year.isdecimal() and 1990 <= int(year) <= 2100):
                raise ValidationError(f"目标第 {line} 行应写成“年份 数值”。")
            yield cells[0].removesuffix("年"), str(read_number(cells[1], f"目标第 {line} 行"))

    def values(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


def proposal_initial(proposal: Proposal) -> dict[str, Any]:
    fields = [name for name in ProposalForm.base_fields if name not in ("targets", "department")]
    lines = [f"{year} {value}" for year, value in proposal.targets.items()]
    known = {name: getattr(proposal, name) for name in fields}
    return known | {"targets": "\n".join(lines), "department": proposal.department_id}


def read_number(text: str, where: str) -> Decimal:
    """A number with thousands separators; ValidationError names the place."""
    try:
        value = Decimal(text.replace(",", "").replace("，", "").strip().rstrip("%％"))
    except InvalidOperation as error:
        raise ValidationError(f"{where}的“{text[:20]}”不是数字。") from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise ValidationError(f"{where}的“{text[:20]}”太大，请核对单位。")
    return value


class ReportForm(forms.Form):
    """报送或更正一个数."""

    period = PeriodField()
    value = number_field("数值", required=False)
    is_reached = forms.TypedChoiceField(
        label="是否达到", choices=[("", "请选择"), ("1", "已达到"), ("0", "没有达到")],
        coerce=lambda given: given == "1", empty_value=None, required=False,
    )  # fmt: skip
    text = forms.CharField(
        label="完成情况和原因", max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    reason = forms.CharField(label="更正理由", max_length=300)

    def __init__(
        self, *args: Any, definition: Definition, is_correction: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if definition.comparison != Comparison.TEXT:
            del self.fields["is_reached"]
            self.fields["value"].required = True
        if definition.unit:
            self.fields["value"].label = f"数值（{definition.unit}）"
        if is_correction:
            del self.fields["period"]
        else:
            del self.fields["reason"]
            shown = Period.of(definition.rhythm, clock.today()).previous()
            self.fields["period"].initial = shown.key
            self.fields["period"].help_text = f"{definition.get_rhythm_display()}报一次。"
            if definition.is_automatic:
                made = Period.of(definition.rhythm, localtime(definition.made_at).date())
                self.fields["period"].initial = made.previous().key
                self.fields[
                    "period"
                ].help_text = "这个指标自动计算；只补报建立以前的期间，例如统计公报上的往年数。"


class UpperForm(forms.Form):
    """登记上级平均."""

    division = forms.ModelChoiceField(label="上级", queryset=Division.objects.none())
    period = PeriodField()
    value = number_field("平均值")
    origin = forms.CharField(label="数据来源", max_length=200, help_text="例如公报的名称和日期。")

    def __init__(self, *args: Any, above: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ModelChoiceField)
        division.queryset, division.initial = above, above.first()


class BaseForm(forms.Form):
    """登记基期值."""

    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    year = forms.IntegerField(label="基期年", min_value=1990, max_value=2100)
    value = number_field("本地基期值")
    upper = number_field("上级基期值", required=False)
    origin = forms.CharField(label="数据来源", max_length=200)

    def __init__(self, *args: Any, places: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ModelChoiceField)
        division.queryset, division.initial = places, places.first()


class AdjustForm(forms.Form):
    """提出目标调整."""

    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    value = number_field("新目标")
    reason = forms.CharField(
        label="调整理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, places: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ModelChoiceField)
        division.queryset, division.initial = places, places.first()


class _AtPlace(forms.Form):
    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())

    def __init__(self, *args: Any, places: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ModelChoiceField)
        division.queryset = places


class ClassForm(_AtPlace):
    """登记分类."""

    place_class = forms.ChoiceField(label="类别", choices=PlaceClass.choices[1:])
    list_level = forms.CharField(
        label="名单级别", max_length=20, required=False, help_text="国家、省、市或县。"
    )
    valid_from = forms.DateField(label="起始日期", widget=forms.DateInput(attrs=DAY))
    source = forms.CharField(label="依据文件", max_length=200)


class HolderForm(_AtPlace):
    """登记长制人员."""

    kind = forms.ChoiceField(label="长制", choices=DutyKind.choices)
    stretch = forms.CharField(
        label="责任范围", max_length=120, required=False, help_text="河段、林班或地片。"
    )
    person = forms.CharField(label="姓名", max_length=60)
    post = forms.CharField(label="职务", max_length=80, required=False)
    duty = forms.CharField(label="职责", max_length=300, required=False)
    valid_from = forms.DateField(label="任职日期", widget=forms.DateInput(attrs=DAY))


class LandForm(_AtPlace):
    """登记撂荒地."""

    plot = forms.CharField(label="地块", max_length=120)
    area = forms.DecimalField(
        label="面积（亩）", max_digits=10, decimal_places=2, min_value=Decimal("0.01")
    )
    owner = forms.CharField(label="承包人", max_length=60, required=False)
    found_on = forms.DateField(label="发现日期", widget=forms.DateInput(attrs=DAY))


class FarmForm(forms.Form):
    """登记复耕."""

    treatment = forms.CharField(
        label="治理方式", max_length=200, help_text="代耕代种、流转、村集体统一经营等。"
    )
    farmer = forms.CharField(label="治理后经营者", max_length=80, required=False)
    done_on = forms.DateField(label="复耕日期", widget=forms.DateInput(attrs=DAY))


class BenchmarkForm(forms.Form):
    """登记统计局的收入数."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    value = forms.DecimalField(
        label="农村居民人均可支配收入（元）",
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
    )
    growth = forms.DecimalField(
        label="比上年增长（%）", max_digits=6, decimal_places=2, min_value=-100, max_value=999
    )
    published_on = forms.DateField(label="公布日期", widget=forms.DateInput(attrs=DAY))
    source = forms.CharField(
        label="出处", max_length=200, help_text="哪个公报或文件，例如：2025年统计公报。"
    )


class SheetForm(forms.Form):
    """上传表格."""

    sheet = forms.FileField(label="表格（xlsx、xls 或 csv）")
