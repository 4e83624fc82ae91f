"""Forms of the campaigns room."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField

from shouwang.accounts.models import Account
from shouwang.cases.checklists import Checklist, Question
from shouwang.core import clock
from shouwang.divisions.models import Division

from .bulletin_kinds import MONITORING, all_kinds
from .kinds import Kind, kind_choices
from .priorities import Priority
from .states import Finding, Recheck, SweepKind

DAY = {"type": "date"}
QUESTION = "q_"


class PlanForm(forms.Form):
    """布置集中排查."""

    title = forms.CharField(label="名称", max_length=80, help_text="例如：2026年下半年集中排查。")
    kind = forms.ChoiceField(label="范围", choices=SweepKind.choices, widget=forms.RadioSelect)
    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    purpose = forms.CharField(
        label="排查重点", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    checklist = forms.ChoiceField(label="排查清单")
    chosen = forms.MultipleChoiceField(
        label="重点名单",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾选的项目命中的农户排在前面；专项排查只查这些农户。",
    )
    starts_on = forms.DateField(label="开始日期", widget=forms.DateInput(attrs=DAY))
    ends_on = forms.DateField(label="截止日期", widget=forms.DateInput(attrs=DAY))
    recheck_percent = forms.IntegerField(
        label="抽查比例（%）", min_value=1, max_value=100, initial=5,
        help_text="每个村按这个比例抽查，至少一户。",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        divisions: QuerySet[Division],
        checklists: Mapping[str, Checklist],
        priorities: Sequence[tuple[Priority, int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["division"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = divisions
        place.initial = divisions.first()
        lists = self.fields["checklist"]
        assert isinstance(lists, forms.ChoiceField)
        lists.choices = [
            (key, f"{one.title}（{len(one.questions)} 题）") for key, one in checklists.items()
        ]
        first = self.fields["chosen"]
        assert isinstance(first, forms.MultipleChoiceField)
        first.choices = [(one.key, f"{one.title}：{count:,} 户") for one, count in priorities]
        self.fields["starts_on"].initial = clock.today()
        self.fields["kind"].initial = SweepKind.ALL


class ResultForm(forms.Form):
    """排查结果: the questions of the sweep, then what was found."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    visited_on = forms.DateField(label="排查日期", widget=forms.DateInput(attrs=DAY))
    finding = forms.ChoiceField(
        label="排查结果",
        choices=[one for one in Finding.choices if one[0]],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="说明",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写发现的情况，不写身份证号、电话和病名。",
    )

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[QUESTION + question.key] = _field(question)
        self.fields["visited_on"].initial = clock.today()

    def asked(self) -> list[BoundField]:
        return [self[QUESTION + question.key] for question in self.questions]

    def answers(self) -> dict[str, str]:
        given = {
            question.key: str(self.cleaned_data.get(QUESTION + question.key) or "").strip()
            for question in self.questions
        }
        return {key: value for key, value in given.items() if value}


def _field(question: Question) -> forms.Field:
    if question.options:
        return forms.ChoiceField(
            label=question.text,
            choices=[(one, one) for one in question.options],
            widget=forms.RadioSelect,
            required=False,
        )
    if question.type == "number":
        return forms.DecimalField(label=question.text, required=False, max_digits=12)
    return forms.CharField(label=question.text, required=False, max_length=200)


class RecheckForm(forms.Form):
    """抽查: whether the recorded result is true."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label="抽查结论",
        choices=[one for one in Recheck.choices if one[0]],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="抽查说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class AssignForm(forms.Form):
    """分派: who visits the chosen households."""

    checker = forms.ModelChoiceField(label="核查人", queryset=Account.objects.none())

    def __init__(self, *args: Any, checkers: QuerySet[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["checker"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = checkers


class SheetForm(forms.Form):
    """填好的排查表."""

    sheet = forms.FileField(label="填好的排查表（xlsx）")


class OpenForm(forms.Form):
    """建立问题: whose, of which kind, and what."""

    household_no = forms.CharField(label="户编号", max_length=120)
    kind = forms.ChoiceField(label="类别", choices=kind_choices())
    member = forms.CharField(
        label="成员姓名",
        max_length=60,
        required=False,
        help_text="控辍保学和参保问题要写明是哪一位成员。",
    )
    problem = forms.CharField(
        label="问题", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    origin = forms.CharField(label="来源", max_length=120, initial="干部走访")
    found_on = forms.DateField(label="发现日期", widget=forms.DateInput(attrs=DAY))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found_on"].initial = clock.today()


class DossierPlanForm(forms.Form):
    """解决方案: what is done, who answers for it, until when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    plan = forms.CharField(
        label="解决方案", max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    due_on = forms.DateField(label="解决期限", widget=forms.DateInput(attrs=DAY))

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duties = kind.people
        for place, duty in enumerate(kind.people):
            self.fields[f"person_{place}"] = forms.CharField(
                label=duty, max_length=40, required=False
            )

    def people(self) -> dict[str, str]:
        return {
            duty: str(self.cleaned_data.get(f"person_{place}") or "")
            for place, duty in enumerate(self.duties)
        }


class DossierStepForm(forms.Form):
    """办理步骤: which step was done, when, and with what result."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.ChoiceField(label="步骤")
    done_on = forms.DateField(label="完成日期", widget=forms.DateInput(attrs=DAY))
    note = forms.CharField(
        label="办理情况", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    outcome = forms.ChoiceField(label="解决方式", required=False, help_text="问题解决后选择。")
    funds = forms.DecimalField(
        label="投入资金（元）", max_digits=14, decimal_places=2, min_value=0, required=False
    )
    support = forms.CharField(label="其他渠道支持", max_length=200, required=False)
    no_other_support = forms.BooleanField(label="已核对，没有与灾后重建等重复享受", required=False)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step, outcome = self.fields["step"], self.fields["outcome"]
        assert isinstance(step, forms.ChoiceField)
        assert isinstance(outcome, forms.ChoiceField)
        step.choices = [
            (one.key, f"{one.label}（可跳过）" if one.optional else one.label) for one in kind.steps
        ]
        outcome.choices = [("", "还没有解决"), *[(one, one) for one in kind.done]]
        if not kind.double_support:
            del self.fields["no_other_support"]
            del self.fields["support"]
        self.fields["done_on"].initial = clock.today()


class DraftForm(forms.Form):
    """起草通报: which kind, of which place and period."""

    kind = forms.ChoiceField(label="种类")
    division = forms.ModelChoiceField(label="区划", queryset=Division.objects.none())
    month = forms.DateField(
        label="期间", widget=forms.DateInput(attrs=DAY), help_text="选这个月或季度里的任意一天。"
    )

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = divisions
        field.initial = divisions.first()
        self.fields["month"].initial = clock.today()
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(one.key, one.label) for one in all_kinds().values()]
        kind.required, kind.initial = False, MONITORING.key

    def clean_kind(self) -> str:
        return str(self.cleaned_data["kind"]) or MONITORING.key


class BulletinForm(forms.Form):
    """通报的文字; its figures are not typed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="标题", max_length=120)
    number = forms.CharField(label="文号", max_length=60, required=False)
    distribution = forms.CharField(
        label="发送范围",
        max_length=200,
        required=False,
        help_text="例如：各乡镇人民政府",
    )

    def __init__(self, *args: Any, sections: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [str(section["key"]) for section in sections]
        for section in sections:
            self.fields[f"text_{section['key']}"] = forms.CharField(
                label=section["title"], max_length=4000, required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    def texts(self) -> dict[str, str]:
        return {key: str(self.cleaned_data.get(f"text_{key}") or "") for key in self.keys}

    def plain(self) -> dict[str, Any]:
        names = ("version", "title", "number", "distribution")
        return {name: self.cleaned_data[name] for name in names}
