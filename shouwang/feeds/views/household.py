"""农户页里的部门数据: the fragment that the registry's household page loads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shouwang.core.requests import actor_of

from ..queries.facts import household_facts


@require_GET
def facts(request: HttpRequest, household_no: str) -> HttpResponse:
    months = household_facts(actor_of(request), household_no)
    return render(request, "feeds/household_facts.html", {"months": months})
