"""高额医疗费用负担 (medical burdens): whose own payments of a year passed the line, and what was
done. The line and who passed it come from the screening; nothing is worked out a second time."""

from django.db import models

from ..querysets import OfHouseholdQuerySet
from ..states import BurdenState
from .standing import _Corrigible


class MedicalBurden(_Corrigible):
    """高额医疗费用: one person and year; amount and line as the newest screening gave them.

    A state of health: shown to who keeps the registers and works on cases, never on cards.
    """

    REGISTER = "burdens"
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="burdens", verbose_name="农户"
    )
    member = models.ForeignKey(
        "registry.Member", models.PROTECT, related_name="burdens", verbose_name="成员"
    )
    year = models.PositiveSmallIntegerField("年度")
    rule_id = models.CharField("规则", max_length=80)
    amount = models.DecimalField("自付金额", max_digits=14, decimal_places=2)
    line = models.DecimalField("预警线", max_digits=14, decimal_places=2)
    seen_on = models.DateField("最近命中")
    screening_clue = models.ForeignKey(
        "screening.Clue", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    state = models.CharField(
        "办理", max_length=10, choices=BurdenState.choices, default=BurdenState.OPEN
    )
    due_on = models.DateField("办理期限")
    handled_on = models.DateField("办理日期", null=True)
    handled_by_label = models.CharField("办理人", max_length=120, blank=True)
    clue = models.ForeignKey("cases.RegisteredClue", models.PROTECT, null=True, related_name="+")

    objects = OfHouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["state", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "year"], name="support_burden_once_a_year")
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="support_burden_due")]

    def __str__(self) -> str:
        return f"{self.member} {self.year}"
