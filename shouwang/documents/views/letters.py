"""文书模板页: which letters there are, what each is made of, and the county's own versions."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwang.audit import queries as audit
from shouwang.audit.wording import room_labels
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division

from .. import operations, templating
from ..forms import TemplateForm
from ..letters import DOCX_TYPE, LetterKind, all_letters, letter_kind, template_file
from ..models import LetterTemplate
from ..previewing import blocks

State = LetterTemplate.State


@dataclass(frozen=True)
class Line:
    """One letter on the list: its kind and the county's version in use, if any."""

    kind: LetterKind
    own: LetterTemplate | None
    draft: LetterTemplate | None


def _county(request: HttpRequest) -> tuple[Actor, Division]:
    """The county whose letters this person keeps; of several the one that the address names."""
    actor = actor_of(request)
    require(actor, "documents.letters")
    mine = Division.objects.visible_to(actor, "documents.letters").filter(level=Level.COUNTY)
    wanted = request.GET.get("county", "").replace("\x00", "")
    found = mine.filter(code=wanted).first() if wanted else mine.order_by("code").first()
    if found is None:
        raise NotFound("没有找到这个县，或不在您的管辖范围内。")
    return actor, found


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    actor, county = _county(request)
    own = LetterTemplate.objects.visible_to(actor).filter(county=county).defer("file")
    used = {one.key: one for one in own if one.state == State.CURRENT}
    drafts = {one.key: one for one in own if one.state == State.DRAFT}
    rooms: dict[str, list[Line]] = {}
    for kind in all_letters().values():
        room = room_labels().get(kind.room, kind.room)
        line = Line(kind, used.get(kind.code), drafts.get(kind.code))
        rooms.setdefault(room, []).append(line)
    return render(request, "documents/letters.html", {"rooms": rooms, "county": county})


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """One letter: its fields, its versions, and the upload of a county's own."""
    actor, county = _county(request)
    kind = letter_kind(code)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = operations.upload_template(
                actor, code, county, file.read(), file.name, note=form.cleaned_data["note"]
            )
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, "模板通过检查。请看下面的预览，核对后采用。")
            return redirect("documents:template", code=code, version=draft.version)
    status = 400 if form.is_bound else 200
    return render(request, "documents/letter.html", _of(actor, kind, county, form), status=status)


def _of(actor: Actor, kind: LetterKind, county: Division, form: TemplateForm) -> dict[str, Any]:
    versions = list(
        LetterTemplate.objects.visible_to(actor).filter(key=kind.code, county=county).defer("file")
    )
    own = next((one for one in versions if one.state == State.CURRENT), None)
    number = [kind.code, own.version if own else 0]
    here = reverse("documents:template-file", args=number)
    target = f"{kind.code}@{county.code}"
    return {
        "kind": kind,
        "county": county,
        "form": form,
        "own": own,
        "versions": versions,
        "actions": [
            Action("预览", reverse("documents:template", args=number), icon="eye"),
            Action("下载在用的模板", here, icon="download", is_main=True),
        ],
        "tones": {State.CURRENT: "done", State.DRAFT: "near", State.RETIRED: "idle"},
        "history": audit.history("documents.LetterTemplate", target),
    }  # fmt: skip


def _version(request: HttpRequest, code: str, version: int) -> tuple[Any, ...]:
    """The actor, the letter, and one version of its template; version 0 is the default."""
    actor, county = _county(request)
    kind = letter_kind(code)
    if not version:
        return actor, county, kind, None
    own = LetterTemplate.objects.visible_to(actor).filter(
        key=code, county=county, version=version
    ).first()  # fmt: skip
    if own is None:
        raise NotFound("没有找到这一版模板。")
    return actor, county, kind, own


@require_safe
def template(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version filled with sample values, to be looked at before it is adopted."""
    _, _, kind, own = _version(request, code, version)
    filled = _sample(kind, own)
    context = {"kind": kind, "template": own, "version": version, "blocks": blocks(filled)}
    return render(request, "documents/template.html", context)


def _sample(kind: LetterKind, own: LetterTemplate | None) -> bytes:
    labels = {each.name: each.label for each in kind.fields}
    return templating.fill(template_file(kind, own), kind.sample, labels, public=kind.public)


@require_safe
def template_file_view(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The template itself, or with ?filled=1 the letter with sample values."""
    _, _, kind, own = _version(request, code, version)
    if request.GET.get("filled") == "1":
        return word_response(_sample(kind, own), f"{kind.title}（样例）")
    return word_response(template_file(kind, own), f"{kind.title}（模板）")


def word_response(content: bytes, name: str) -> HttpResponse:
    """A Word file to take away."""
    response = HttpResponse(content, content_type=DOCX_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.docx") or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def adopt(request: HttpRequest, code: str, version: int) -> HttpResponse:
    actor, _, kind, own = _version(request, code, version)
    if own is None:
        raise NotFound("没有找到这一版模板。")
    operations.adopt_template(actor, own)
    messages.success(request, f"今后的{kind.title}按本县模板第{own.version}版生成。")
    return redirect("documents:letter", code=code)


@require_POST
def discard(request: HttpRequest, code: str, version: int) -> HttpResponse:
    actor, _, _, own = _version(request, code, version)
    if own is None:
        raise NotFound("没有找到这一版模板。")
    operations.discard_draft(actor, own)
    messages.success(request, "已放弃这一版模板，在用的模板没有改变。")
    return redirect("documents:letter", code=code)


@require_POST
def reset(request: HttpRequest, code: str) -> HttpResponse:
    actor, county = _county(request)
    operations.reset_template(actor, code, county)
    messages.success(request, f"今后的{letter_kind(code).title}按默认模板生成。")
    return redirect("documents:letter", code=code)
