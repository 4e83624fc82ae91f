"""Forms of the meetings room."""

from typing import Any

from django import forms

from shouwang.core import clock
from shouwang.core.actor import Actor

from .cadence import BODIES, KINDS
from .queries import Body, bodies_of


class MeetingForm(forms.Form):
    """登记会议: who, what, when, and what was decided."""

    who = forms.ChoiceField(label="召开单位")
    kind = forms.ChoiceField(label="类别", choices=list(KINDS.items()))
    title = forms.CharField(label="主题", max_length=120)
    held_on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.CharField(label="地点", max_length=80, required=False)
    chair = forms.CharField(label="主持人", max_length=60, required=False)
    attendance = forms.IntegerField(
        label="参加人数", min_value=1, max_value=100_000, required=False
    )
    participants = forms.CharField(
        label="参加人员", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    minutes = forms.CharField(
        label="研究内容和决定",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="不写农户的身份证号、电话和病名。",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.bodies: dict[str, Body] = {}
        groups = []
        for level, label in BODIES.items():
            own = [body for body in bodies_of(actor, level, today) if _may(actor, body)]
            keys = [f"{level}:{body.division.pk}:{body.key[1] or ''}" for body in own]
            self.bodies |= dict(zip(keys, own, strict=True))
            if own:
                names = [f"{body.place}{body.name}" for body in own]
                groups.append((label, list(zip(keys, names, strict=True))))
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = groups
        self.fields["held_on"].initial = today

    def chosen(self) -> tuple[str, Body]:
        """The level and the body that were chosen."""
        key = self.cleaned_data["who"]
        return key.split(":")[0], self.bodies[key]


def _may(actor: Actor, body: Body) -> bool:
    """Whether the actor may record for this body."""
    for scope in actor.scopes_with("meetings.record"):
        own = scope.department is None or (
            body.department is not None and body.department.name == scope.department
        )
        if own and scope.covers(body.division.path):
            return True
    return False


class VoidForm(forms.Form):
    """作废: why the record is wrong."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="作废理由", max_length=300)
