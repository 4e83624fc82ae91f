"""政策测算: the calculators by themselves, for anybody's question at the desk; nothing is kept."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang.core.actor import require
from shouwang.core.components import Tab
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of

from ..calculators import Result, loans, medical, premiums, students
from ..facts import law
from ..forms import LoanCheckForm, MedicalForm, PremiumForm, StudentForm, flag
from .posting import posted


def _medical(given: dict[str, Any]) -> Result:
    bill = medical.Bill(
        given["total"], given["outside_policy"], given["in_county"] == "yes",
        given["insured"] == "yes", medical.Group(given["group"]),
    )  # fmt: skip
    return medical.reimbursement(bill, law(given["day"]))


def _loan(given: dict[str, Any]) -> Result:
    asked = loans.Asked(
        day=given["day"], birth=given["birth"], is_poverty_alleviated=flag(given["poor"]),
        is_monitored=flag(given["monitored"]), amount=given["amount"], months=given["months"],
        other_balance=given["other_balance"], for_production=flag(given["for_production"]),
        has_labour=flag(given["labour"]), is_top_up=given["top_up"],
    )  # fmt: skip
    return loans.eligibility(asked, law(given["day"]))


def _premium(given: dict[str, Any]) -> Result:
    names = ("is_tekun", "is_severely_disabled", "is_orphan", "is_dibao", "is_monitored")
    person = premiums.Insured(**{name: flag(given[name]) for name in names})
    return premiums.aid(person, law(given["day"]))


def _student(given: dict[str, Any]) -> Result:
    student = students.Student(
        given["stage"], flag(given["poor"]), flag(given["monitored"]),
        {"五类学生": flag(given["classed"])}, flag(given["boards"]),
    )  # fmt: skip
    return students.aid(student, law(given["day"]))


CALCULATORS: dict[str, tuple[str, type[forms.Form], Callable[[dict[str, Any]], Result]]] = {
    "medical": ("医疗报销和救助", MedicalForm, _medical),
    "loan": ("小额信贷条件", LoanCheckForm, _loan),
    "premium": ("参保资助", PremiumForm, _premium),
    "student": ("学生资助", StudentForm, _student),
}


def calculator(request: HttpRequest, key: str = "medical") -> HttpResponse:
    """The form on the left, the answer with its steps beside it."""
    require(actor_of(request), "support.view")
    if key not in CALCULATORS:
        raise NotFound
    title, make, work = CALCULATORS[key]
    form = make(posted(request))
    result = work(form.cleaned_data) if request.method == "POST" and form.is_valid() else None
    tabs = [
        Tab(values[0], reverse("support:calculator", args=[name]), None, name == key)
        for name, values in CALCULATORS.items()
    ]
    context = {"form": form, "result": result, "title": title, "tabs": tabs}
    return render(request, "support/calculator.html", context)
