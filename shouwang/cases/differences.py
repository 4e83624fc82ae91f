"""差异: what the check found and what the registry says, side by side before an approval."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouwang.core import formats

from .dossier import Dossier

YES_NO = {True: "有保障", False: "没有保障", None: "未核查"}


@dataclass(frozen=True)
class Difference:
    """One value that the check and the registry do not agree on."""

    label: str
    checked: str
    registered: str

    def as_json(self) -> dict[str, str]:
        return {"label": self.label, "checked": self.checked, "registered": self.registered}


def differences(dossier: Dossier) -> list[Difference]:
    """Only what differs; a value that one side does not know is said so."""
    check = dossier.check
    if check is None:
        return []
    household, before = dossier.household, dossier.before
    pairs: list[tuple[str, Any, Any]] = [
        ("共同生活人口", _people(check.size), _people(household.household_size)),
        ("饮水安全", YES_NO[check.water_ok], _said(household.water_ok, "是")),
        ("住房安全", YES_NO[check.housing_ok], _said(household.danger_house, "否")),
        ("基本医疗", YES_NO[check.medical_ok], _insured(dossier)),
        (
            "人均纯收入（元）",
            formats.amount(check.per_person),
            formats.amount(before.per_capita) if before else formats.DASH,
        ),
    ]
    return [Difference(label, a, b) for label, a, b in pairs if a != b]


def _people(value: int | Decimal | None) -> str:
    return formats.DASH if value is None else f"{int(value)} 人"


def _said(value: str | None, good: str) -> str:
    return "未登记" if value is None else YES_NO[value == good]


def _insured(dossier: Dossier) -> str:
    """All present members have one of the two basic insurances."""
    if not dossier.members:
        return "未登记"
    bare = [
        member
        for member in dossier.members
        if "是" not in (member.resident_medical, member.employee_medical)
    ]
    return YES_NO[not bare]
