"""模板标签 (evidence): `{% attachments "cases.Case" case.number %}` on the page of a record."""

from typing import Any

from django import template

from shouwang.core.actor import Actor
from shouwang.documents.panels import panel

register = template.Library()


@register.inclusion_tag("documents/attachments.html", takes_context=True)
def attachments(
    context: template.Context, target_type: str, target_id: object, title: str = "佐证材料"
) -> dict[str, Any]:
    """The list of files of a record with the upload; nothing where the person may not see them."""
    request = context["request"]
    actor: Actor = request.actor
    found = panel(actor, target_type, target_id) if actor.can("documents.view") else None
    return {"panel": found, "title": title, "request": request,
            "csrf_token": context.get("csrf_token")}  # fmt: skip
