"""导入区划表: upload, look at what it would do, apply."""

import re
import secrets
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shouwang.core.actor import require
from shouwang.core.clock import today
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of

from ..operations import apply_table, preview_table

SHOWN = 200
SESSION_KEY = "divisions_import"


class UploadForm(forms.Form):
    file = forms.FileField(label="区划表", error_messages={"required": "请选择区划表文件。"})


def upload(request: HttpRequest) -> HttpResponse:
    """Keep the file until it is applied; its name travels in the session, never as a path."""
    require(actor_of(request), "divisions.manage")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        token = secrets.token_hex(16)
        given = form.cleaned_data["file"]
        path = _path(token)
        with path.open("wb") as out:
            for piece in given.chunks():
                out.write(piece)
        request.session[SESSION_KEY] = {"token": token, "name": str(given.name)[:200]}
        try:
            preview_table(actor_of(request), path, str(given.name))
        except DomainError as error:
            path.unlink(missing_ok=True)
            form.add_error("file", error.message)
        else:
            return redirect("divisions:import-confirm", token=token)
    return render(request, "divisions/import.html", {"form": form})


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is new and changed; on POST apply all of it."""
    actor = actor_of(request)
    require(actor, "divisions.manage")
    kept = request.session.get(SESSION_KEY) or {}
    path = _path(token)
    if kept.get("token") != token or not path.is_file():
        raise NotFound("这次上传已经处理过或已过期，请重新上传区划表。")
    if request.method == "POST":
        done = apply_table(actor, path, kept["name"], on=today())
        path.unlink(missing_ok=True)
        del request.session[SESSION_KEY]
        messages.success(
            request, f"区划表已导入：新增 {len(done.new)} 个，更名 {len(done.renamed)} 个。"
        )
        return redirect("divisions:list")
    preview = preview_table(actor, path, kept["name"])
    context = {
        "file_name": kept["name"],
        "preview": preview,
        "new": preview.new[:SHOWN],
        "renamed": preview.renamed[:SHOWN],
        "errors": preview.errors[:SHOWN],
        "shown": SHOWN,
        "token": token,
    }
    return render(request, "divisions/import_confirm.html", context)


def _path(token: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{32}", token):
        raise NotFound
    folder = Path(settings.SHOUWANG_DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"divisions-{token}"
