"""文书下载 (letter views): the papers of a case and of a notice, as Word and for the wall.

For the pages of a case: `offered_letters(dossier)` gives the buttons, greyed with the reason where
the step that gives the paper was not done. Addresses: cases:letter, cases:notice-paper,
cases:notice-poster.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from shouwang.audit.operations import record
from shouwang.core.actor import Actor
from shouwang.core.components import Action
from shouwang.core.errors import NotFound
from shouwang.core.requests import actor_of
from shouwang.documents import letters as paper
from shouwang.documents import posters
from shouwang.documents.previewing import blocks
from shouwang.documents.views.letters import word_response

from .dossier import Dossier, open_dossier
from .letter_contexts import CONTEXTS, NothingToPrint, county_of, notice_context, notice_letter
from .models import Case, Notice
from .states import Stage
from .views.access import case_of, notice_of

AT_EXIT = ("exit_publicity", "exit_announcement")


def offered_letters(dossier: Dossier) -> list[Action]:
    """Every paper of a case as a button, in the order of the steps."""
    found = []
    at_exit = any(each.stage == Stage.EXIT for each in dossier.case.notice_entries.all())
    for key, context in CONTEXTS.items():
        if key in AT_EXIT and not at_exit and dossier.stage != Stage.EXIT:
            continue
        reason = ""
        try:
            context(dossier)
        except NothingToPrint as refused:
            reason = refused.message
        url = reverse("cases:letter", args=[dossier.case.number, key])
        title = paper.letter_kind(f"cases.{key}").title
        found.append(Action(title, url, icon="file-text", reason=reason))
    return found


@require_safe
def letter(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One paper of a case: on the screen, and with ?download=1 as Word."""
    actor = actor_of(request)
    case = case_of(actor, number)
    if key not in CONTEXTS:
        raise NotFound("没有这种文书。")
    title = paper.letter_kind(f"cases.{key}").title
    context = CONTEXTS[key](open_dossier(case, actor))
    made = paper.render(f"cases.{key}", context, county=county_of(case.village))
    if request.GET.get("download") != "1":
        return _preview(request, title, made, f"个案 {case.number}",
                        reverse("cases:case", args=[case.number]))  # fmt: skip
    _record(actor, "cases.Case", case.number, case, title)
    return word_response(made, f"{title}-{case.number}")


@require_safe
def notice_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice as Word."""
    actor = actor_of(request)
    notice = notice_of(actor, pk)
    key = notice_letter(notice)
    title = paper.letter_kind(f"cases.{key}").title
    made = paper.render(f"cases.{key}", notice_context(notice), county=county_of(notice.village))
    if request.GET.get("download") != "1":
        return _preview(request, title, made, str(notice),
                        reverse("cases:notice", args=[notice.pk]))  # fmt: skip
    _record(actor, "cases.Notice", notice.number, notice, title)
    return word_response(made, f"{title}-{notice.number}")


@require_safe
def notice_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice as a sheet for the wall (PDF); ?size=A3 for the large one."""
    actor = actor_of(request)
    notice = notice_of(actor, pk)
    size = request.GET.get("size", "A4")
    content: dict[str, Any] = notice.content
    rows = [[str(at), *(str(value) for value in row)] for at, row in enumerate(content["rows"], 1)]
    made = posters.render(
        content["title"],
        content["paragraphs"],
        [["序号", *content["columns"]], *rows],
        f"{notice.number}　监督电话：{'、'.join(content['hotlines'])}",
        signature=[content["signature"], paper.words(notice.published_on)],
        size=size if size in posters.SIZES else "A4",
        widths=[0.5, *([1.0] * len(content["columns"]))],
    )
    _record(actor, "cases.Notice", notice.number, notice, "张贴件")
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{content['title']}-{notice.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _preview(
    request: HttpRequest, title: str, made: bytes, where: str, back_url: str
) -> HttpResponse:
    context = {"title": title, "blocks": blocks(made), "where": where, "back_url": back_url}
    return render(request, "cases/letter.html", context)


def _record(actor: Actor, kind: str, number: str, about: Case | Notice, title: str) -> None:
    record(
        actor,
        "documents.letter_made",
        target_type=kind,
        target_id=number,
        division_path=about.village.path,
        summary=f"打印{title}",
    )
