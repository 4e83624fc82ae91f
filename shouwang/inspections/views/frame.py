"""What the pages of the room share: tabs, versions of forms, Word answers."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from shouwang.audit.operations import record as audit
from shouwang.core.actor import Actor
from shouwang.core.components import Tab
from shouwang.core.errors import DomainError
from shouwang.documents.letters import DOCX_TYPE

PROBLEMS = (
    ("problems", "问题台账"), ("mine", "我的问题"), ("board", "问题看板"), ("batches", "反馈批次"),
)  # fmt: skip
VISITS = (("inspections", "督查"), ("coverage", "覆盖"), ("calendar", "督查日历"))


def tabs(pages: tuple[tuple[str, str], ...], current: str) -> list[Tab]:
    return [
        Tab(label, reverse(f"inspections:{name}"), is_current=name == current)
        for name, label in pages
    ]


def visit_tabs(actor: Actor, current: str) -> list[Tab]:
    """Coverage belongs to those who inspect; who is inspected sees the visits alone."""
    inspects = any(scope.department is None for scope in actor.scopes_with("inspections.foresee"))
    return tabs(tuple(page for page in VISITS if inspects or page[0] != "coverage"), current)


def problem_tabs(actor: Actor, current: str) -> list[Tab]:
    pages: tuple[tuple[str, str], ...] = PROBLEMS
    if actor.can("inspections.check"):
        pages = (*PROBLEMS, ("lookbacks", "回头看"))
    return tabs(pages, current)


def version_of(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not text.isdecimal():
        raise DomainError("页面内容不完整，请刷新后再办理。", code="version")
    return int(text[:9])


def word_answer(actor: Actor, path: str, content: bytes, name: str) -> HttpResponse:
    """A Word file; that it was taken stands in the log."""
    audit(
        actor, "inspections.word.exported", target_type="inspections.word", division_path=path,
        summary=f"导出 {name}",
    )  # fmt: skip
    response = HttpResponse(content, content_type=DOCX_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.docx"
    return response
