"""比对的页面: who is asked about, what is asked, and the list that a department fills in."""

from typing import Any

from django.urls import reverse

from shouwang.audit.operations import record
from shouwang.core.actor import Actor, require
from shouwang.core.errors import DomainError
from shouwang.registry.secrets import ID_NO, masked

from ..answer_sheet import COLUMNS
from ..models import ComparisonRequest
from ..regimes import comparison_item_label, regimes
from ..secrets import masked_number
from ..states import RequestState


def may_answer(actor: Actor, request: ComparisonRequest) -> bool:
    """The department itself, or the county for an answer that came on paper."""
    path = request.case.village.path
    own = any(
        scope.covers(path) and scope.department in (None, request.department)
        for scope in actor.scopes_with("cases.answer")
    )
    return own or actor.can_at("cases.compare", path)


def people(request: ComparisonRequest, *, may_open: bool = False) -> list[tuple[Any, ...]]:
    """Name, relation, birth, masked number, national number of everybody asked about; for a person
    outside the household also where who must look for him opens the number."""
    members = request.case.household.members.filter(absent_since=None).order_by("pk")
    found: list[tuple[Any, ...]] = [
        (each.name, each.relation or "—", each.birth, masked(ID_NO, each.id_enc), each.person_no,
         "")
        for each in members
    ]  # fmt: skip
    for one in request.case.supporters.all():
        url = reverse("cases:supporter-reveal", args=[request.pk, one.pk]) if may_open else ""
        found.append((one.name, f"{one.get_relation_display()}（户外）", None,
                      masked_number(one.id_enc), one.number, url))  # fmt: skip
    return found


def items(request: ComparisonRequest) -> list[str]:
    return [comparison_item_label(item) for item in request.items]


def departments(actor: Actor) -> list[str]:
    """For which departments this person may answer."""
    own = {scope.department for scope in actor.scopes_with("cases.answer") if scope.department}
    if not actor.can("cases.compare"):
        return sorted(own)
    named = (item.department for each in regimes().values() for item in each.items)
    return list(dict.fromkeys([*sorted(own), *named]))


def department_of(actor: Actor, wanted: str) -> str:
    """The department that a workbook is for: one's own, or the one that was asked for."""
    found = departments(actor)
    if not found:
        require(actor, "cases.compare")
        raise DomainError("您的岗位没有登记部门，请联系系统管理员。", "department")
    if wanted and wanted not in found:
        raise DomainError("请从列表中选择部门。", "department")
    return wanted or found[0]


def sheet_rows(actor: Actor, department: str) -> list[list[Any]]:
    """Head and one empty line per person and item of every open request.

    Besides the columns that are read back it says who is meant: birth and the masked number.
    """
    requests = (
        ComparisonRequest.objects.visible_to(actor)
        .filter(department=department, state=RequestState.OPEN)
        .select_related("case__household")
        .prefetch_related("case__household__members", "case__supporters")
        .order_by("due_on", "pk")
    )
    rows: list[list[Any]] = [[*COLUMNS, "出生日期", "证件号码（部分）"]]
    for request in requests:
        for member in request.case.household.members.all():
            if member.absent_since_id is not None:
                continue
            for item in items(request):
                rows.append(
                    [request.case.number, member.person_no, member.name, item, "", "",
                     member.birth, masked(ID_NO, member.id_enc)]
                )  # fmt: skip
        for one in request.case.supporters.all():
            for item in items(request):
                rows.append(
                    [request.case.number, one.number, one.name, item, "", "", "",
                     masked_number(one.id_enc)]
                )  # fmt: skip
    return rows


def note_sheet(actor: Actor, department: str, count: int) -> None:
    record(
        actor, "list.exported", target_type="cases.department", target_id=department,
        summary=f"下载{department}待答复比对表 {count} 行",
    )  # fmt: skip
