"""Forms of the inspections room."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from shouwang.accounts.models import Department
from shouwang.cases.checklists import checklists
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.registry.models import Household
from shouwang.workplans.forms import names

from .models import LeaderDuty, Problem, SpecialCheck
from .states import Mode, Rhythm, Severity, Spread
from .terms import terms

DAY = {"type": "date"}


def _day(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY), **options)


def _area(label: str, length: int, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class PlaceChoice(forms.ModelMultipleChoiceField[Division]):
    """Towns and villages with their town in front."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent.name} {obj.name}" if obj.level == "village" else str(obj.name)


class BatchForm(forms.Form):
    """登记反馈批次: from a workbook, a pasted table, or empty to be filled by hand."""

    division = forms.ModelChoiceField(label="登记在哪一级", queryset=Division.objects.none())
    name = forms.CharField(label="批次名称", max_length=160)
    source = forms.ChoiceField(label="来源", choices=lambda: list(terms().sources.items()))
    level = forms.ChoiceField(
        label="反馈级别", choices=[(one, one) for one in ("国家", "省", "市", "县")]
    )
    number = forms.CharField(label="文号", max_length=60, required=False)
    received_on = _day("反馈日期")
    file = forms.FileField(label="问题清单（xlsx、xls、csv）", required=False)
    pasted = _area(
        "或者粘贴表格", 500_000, 6, required=False,
        help_text="从表格软件里连表头一起复制。表头认“序号、问题、领域、牵头单位、责任单位、涉及镇村、"
        "责任人、整改目标、整改措施、销号标准、整改类型、整改时限”，列的顺序不限。",
    )  # fmt: skip

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["division"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset, place.initial = divisions, divisions.first()
        self.fields["received_on"].initial = clock.today()


class ProblemForm(forms.Form):
    """问题和三张清单: the county fills everything, a unit its plan."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = _area("问题", 1000)
    spread = forms.ChoiceField(label="共性个性", choices=Spread.choices, initial=Spread.SINGLE)
    area = forms.ChoiceField(
        label="领域", choices=lambda: [("", "不分领域"), *terms().areas.items()], required=False
    )
    topic = forms.CharField(label="主题", max_length=60, required=False)
    severity = forms.ChoiceField(label="轻重", choices=Severity.choices)
    lead = forms.CharField(label="牵头单位", required=False, help_text="几个单位用顿号隔开。")
    responsible = forms.CharField(
        label="责任单位", required=False, help_text="几个单位用顿号隔开。"
    )
    places = forms.CharField(label="涉及镇村", required=False, help_text="写镇村全称，用顿号隔开。")
    households = forms.CharField(
        label="涉及农户", required=False, help_text="只写户编号，用顿号隔开。"
    )
    is_public = forms.BooleanField(label="整改结果需要公示", required=False)
    leader = forms.CharField(label="责任领导", max_length=60, required=False)
    person = forms.CharField(label="责任人", max_length=60, required=False)
    goal = _area("整改目标", 500, 2, required=False)
    measures = _area("整改措施", 5000, 4, required=False)
    standard = _area("销号标准", 500, 2, required=False)
    mode = forms.ChoiceField(label="整改类型", choices=Mode.choices, initial=Mode.LIMITED)
    rhythm = forms.ChoiceField(
        label="报告频次", choices=Rhythm.choices, required=False, help_text="长期坚持的问题要填。"
    )
    due_on = _day("整改时限", required=False)

    UNIT_ONLY = ("leader", "person", "goal", "measures", "standard", "mode", "rhythm", "due_on")

    def __init__(self, *args: Any, division: Division, is_county: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.division, self.is_county = division, is_county
        if not is_county:
            for name in set(self.fields) - {*self.UNIT_ONLY, "version"}:
                del self.fields[name]

    def clean_places(self) -> list[Division]:
        asked = names(self.cleaned_data["places"])
        found = list(
            Division.objects.current().filter(
                name__in=asked, path__startswith=self.division.path
            ).select_related("parent")
        )  # fmt: skip
        if missing := set(asked) - {one.name for one in found}:
            raise ValidationError(f"辖区里没有“{'、'.join(sorted(missing))[:60]}”，请写全称。")
        return found

    def clean_households(self) -> list[Household]:
        asked = names(self.cleaned_data["households"])
        found = Household.objects.filter(
            household_no__in=asked, village__path__startswith=self.division.path
        )
        homes = list(found.select_related("village"))
        if len(homes) < len(asked):
            raise ValidationError("有户编号没有找到，请核对。")
        return homes

    def plan(self) -> dict[str, Any]:
        """Everything but the units and the version."""
        kept = dict(self.cleaned_data)
        for name in ("version", "lead", "responsible"):
            kept.pop(name, None)
        return kept


def problem_initial(found: Problem) -> dict[str, Any]:
    columns = (
        "version", "text", "spread", "area", "topic", "severity", "is_public", "leader", "person",
        "goal", "measures", "standard", "mode", "rhythm", "due_on",
    )  # fmt: skip
    units = {"lead": [], "responsible": []}  # type: dict[str, list[str]]
    for unit in found.units.all():
        units[unit.duty].append(unit.name)
    return (
        {name: getattr(found, name) for name in columns}
        | {key: "、".join(value) for key, value in units.items()}
        | {
            "places": "、".join(place.name for place in found.places.all()),
            "households": "、".join(home.household_no for home in found.households.all()),
        }
    )


class WorkForm(forms.Form):
    """登记整改情况."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    done_on = _day("日期")
    text = _area("做了什么、有什么结果", 1000)


class InspectionForm(forms.Form):
    """制定督查方案."""

    title = forms.CharField(label="名称", max_length=120)
    theme = _area("主题", 300, 2, required=False)
    division = forms.ModelChoiceField(label="哪一级督查", queryset=Division.objects.none())
    starts_on = _day("开始日期")
    ends_on = _day("结束日期")
    team = forms.CharField(label="督查组", max_length=300, help_text="组长和成员。")
    checklist = forms.ChoiceField(label="检查表")
    is_announced = forms.BooleanField(
        label="事先通知被督查单位", required=False, initial=True,
        help_text="不勾选为不打招呼，走访之前被督查的镇村和部门看不到。",
    )  # fmt: skip
    places = PlaceChoice(label="镇村", queryset=Division.objects.none(), required=False)
    departments = forms.ModelMultipleChoiceField(
        label="部门", queryset=Department.objects.all(), required=False
    )
    per_village = forms.IntegerField(label="每村抽户", initial=5, min_value=1, max_value=100)
    double_reason = forms.CharField(
        label="重复督查的理由", max_length=300, required=False,
        help_text="同一个村在限期内已督查或已安排时才填。",
    )  # fmt: skip

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place, towns = self.fields["division"], self.fields["places"]
        assert isinstance(place, forms.ModelChoiceField)
        assert isinstance(towns, forms.ModelMultipleChoiceField)
        place.queryset, place.initial = divisions, divisions.first()
        inside = Division.objects.none()
        for one in divisions:
            inside = inside | Division.objects.current().filter(
                path__startswith=one.path, level__in=("town", "village")
            )
        towns.queryset = inside.select_related("parent").order_by("code")
        kinds = checklists()
        chosen = self.fields["checklist"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(one.key, one.title) for one in kinds.values() if one.is_active]


class VisitForm(forms.Form):
    """登记走访."""

    visited_on = _day("走访日期")
    visitors = forms.CharField(label="走访人", max_length=200)
    summary = _area("走访情况", 5000, 4, help_text="不写农户的身份证号、电话和病名。")


class FindingForm(forms.Form):
    """登记发现."""

    item = forms.CharField(label="检查项", max_length=200, required=False)
    text = _area("发现的问题", 500, 2)
    is_settled = forms.BooleanField(label="已当场解决", required=False)


class SpecialForm(forms.Form):
    """开展专项检查."""

    title = forms.CharField(label="名称", max_length=120)
    kind = forms.ChoiceField(
        label="种类",
        choices=lambda: [(one.key, one.title) for one in terms().special_kinds.values()],
    )
    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    starts_on = _day("开始日期")
    ends_on = _day("结束日期")
    basis = forms.CharField(
        label="依据", max_length=200, required=False, help_text="空着用这一种类的依据。"
    )
    items = _area("检查项", 2000, 5, required=False, help_text="每行一项；空着用这一种类的检查项。")

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["division"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset, place.initial = divisions, divisions.first()


class ResultForm(forms.Form):
    """登记一个单位的检查结果; money that is not known stays empty."""

    unit = forms.CharField(label="单位", max_length=80)
    checked_on = _day("检查日期")
    text = _area("检查情况", 1000, 2)
    failed_items = forms.MultipleChoiceField(
        label="不合格的检查项", required=False, widget=forms.CheckboxSelectMultiple
    )
    amount_checked = forms.DecimalField(
        label="检查金额（元）", max_digits=15, decimal_places=2, required=False
    )
    amount_found = forms.DecimalField(
        label="问题金额（元）", max_digits=15, decimal_places=2, required=False
    )
    amount_recovered = forms.DecimalField(
        label="追回金额（元）", max_digits=15, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, check: SpecialCheck, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["failed_items"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(one, one) for one in check.items]


class LeaderForm(forms.Form):
    """列入应调研领导."""

    name = forms.CharField(label="姓名", max_length=60)
    title = forms.CharField(label="职务", max_length=80)
    department = forms.ModelChoiceField(
        label="部门", queryset=Department.objects.all(), required=False, empty_label="县级领导"
    )
    valid_from = _day("从哪天起")


class ResearchForm(forms.Form):
    """登记调研."""

    leader = forms.ModelChoiceField(label="领导", queryset=LeaderDuty.objects.none())
    place = forms.ModelChoiceField(label="镇村", queryset=Division.objects.none())
    visited_on = _day("日期")
    topic = forms.CharField(label="主题", max_length=120)
    found = _area("发现和要求", 1000, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leader, place = self.fields["leader"], self.fields["place"]
        assert isinstance(leader, forms.ModelChoiceField)
        assert isinstance(place, forms.ModelChoiceField)
        leaders = LeaderDuty.objects.visible_to(actor).on(clock.today())
        if any(scope.role == "town_clerk" for scope in actor.scopes):
            held = Division.objects.filter(path__in=[one.division_path for one in actor.scopes])
            counties = held.values("parent")
            leaders = LeaderDuty.objects.on(clock.today()).filter(division__in=counties)
        leader.queryset = leaders
        paths = [scope.division_path for scope in actor.scopes_with("inspections.research")]
        inside = Division.objects.none()
        for path in paths:
            inside = inside | Division.objects.current().filter(
                path__startswith=path, level__in=("town", "village")
            )
        place.queryset = inside.order_by("code")
        self.fields["visited_on"].initial = clock.today()
