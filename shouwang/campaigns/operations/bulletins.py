"""通报的办理: draft from figures, edit, issue, recall, sign."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shouwang.audit.operations import record as audit
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.core.lifecycle import Check
from shouwang.divisions.models import Division
from shouwang.documents import personal

from ..bulletin_kinds import all_kinds
from ..models import Bulletin, BulletinReceipt
from ..states import bulletin_table


def draft_bulletin(
    actor: Actor, *, division: Division, month: date, kind: str = "monitoring"
) -> Bulletin:
    """A draft of a period's bulletin with the figures of today; one a kind, period and place."""
    require(actor, "campaigns.manage", division.path)
    known = all_kinds().get(kind)
    if known is None:
        raise DomainError("没有这种通报，请从列表中选择。", code="kind")
    first = known.first_of(month)
    period = known.period(first)
    if first > clock.today():
        raise DomainError(f"{period}还没有到，不能起草通报。", code="month")
    others = Bulletin.objects.filter(division=division, kind=kind, month=first)
    if same := others.exclude(state="recalled").first():
        raise Conflict(f"{period}的{known.label}{same.state_label}，请打开原来那份。")
    sections = known.compile(actor, clock.today())
    with transaction.atomic():
        made = Bulletin.objects.create(
            title=known.title.format(place=division.name, period=period)[:120],
            kind=kind,
            division=division,
            month=first,
            made_on=clock.today(),
            sections=sections,
            created_at=clock.now(),
            created_by_label=actor.label[:120],
        )
        _audit(actor, made, "drafted", f"起草{made.title}")
    return made


def save_bulletin(
    actor: Actor,
    bulletin: Bulletin,
    *,
    title: str,
    number: str,
    distribution: str,
    texts: Mapping[str, str],
    version: int,
) -> Bulletin:
    """Change the words of a draft; figures are never typed."""
    require(actor, "campaigns.manage", bulletin.division.path)
    personal.refuse([("标题", title), *((key, text) for key, text in texts.items())])
    sections = []
    for section in bulletin.sections:
        text = texts.get(section["key"], section["text"]).strip()
        changed = section["edited"] or text != section["text"]
        sections.append({**section, "text": text, "edited": changed})
    with transaction.atomic():
        _write(
            bulletin, version, title=title.strip()[:120], number=number.strip()[:60],
            distribution=distribution.strip()[:200], sections=sections,
        )  # fmt: skip
        _audit(actor, bulletin, "edited", f"修改{bulletin.title}")
    bulletin.refresh_from_db()
    return bulletin


def renew_figures(actor: Actor, bulletin: Bulletin, *, version: int) -> Bulletin:
    """Take the figures of today into a draft; texts that a person changed are kept."""
    require(actor, "campaigns.manage", bulletin.division.path)
    kind = all_kinds().get(bulletin.kind)
    if kind is None:
        raise Conflict("这种通报的功能没有启用，不能更新数字。")
    kept = {one["key"]: one["text"] for one in bulletin.sections if one["edited"]}
    sections = [
        {**section, "text": kept[section["key"]], "edited": True}
        if section["key"] in kept
        else section
        for section in kind.compile(actor, clock.today())
    ]
    with transaction.atomic():
        _write(bulletin, version, sections=sections, made_on=clock.today())
        _audit(actor, bulletin, "renewed", f"更新数字：{bulletin.title}")
    bulletin.refresh_from_db()
    return bulletin


def _write(bulletin: Bulletin, version: int, **values: Any) -> None:
    if bulletin.state != "draft":
        raise Conflict(f"这份通报{bulletin.state_label}，不能再改。")
    found = Bulletin.objects.filter(pk=bulletin.pk, version=version, state="draft")
    if not found.update(**values, version=version + 1):
        raise Conflict("这份通报刚被别人改过，请刷新页面，您写的内容请先另存。")


def _has_number(bulletin: Bulletin) -> str | None:
    return None if bulletin.number else "还没有填写文号。"


def _has_text(bulletin: Bulletin) -> str | None:
    empty = [one["title"] for one in bulletin.sections if not one["text"]]
    if not bulletin.sections:
        return "通报没有内容。"
    return f"“{empty[0]}”还没有文字。" if empty else None


CHECKS: Mapping[str, Check] = {"has_number": _has_number, "has_text": _has_text}


def advance_bulletin(
    actor: Actor, bulletin: Bulletin, action: str, *, version: int, reason: str = ""
) -> Bulletin:
    """Issue a draft, or recall what was issued."""
    row = bulletin_table().take(
        actor, bulletin, bulletin.state, action, bulletin.division.path, CHECKS,
        {"reason": reason.strip()},
    )  # fmt: skip
    values: dict[str, Any] = {"state": row.to, "version": version + 1}
    if action == "issue":
        values |= {"issued_on": clock.today(), "issued_by_label": actor.label[:120]}
    else:
        values["recall_reason"] = reason.strip()[:300]
    with transaction.atomic():
        found = Bulletin.objects.filter(pk=bulletin.pk, version=version, state=bulletin.state)
        if not found.update(**values):
            raise Conflict("这份通报刚被别人办理过，请刷新页面核对。")
        _audit(actor, bulletin, action, f"{row.label}：{bulletin.title}")
    bulletin.refresh_from_db()
    return bulletin


def sign_bulletin(actor: Actor, bulletin: Bulletin, division: Division) -> BulletinReceipt:
    """Say that one has read an issued bulletin; signing twice changes nothing."""
    require(actor, "campaigns.bulletins", division.path)
    if actor.account_id is None:
        raise DomainError("请用自己的账号登录后签收。", code="account")
    if bulletin.state != "issued":
        raise Conflict(f"这份通报{bulletin.state_label}，不需要签收。")
    with transaction.atomic():
        receipt, made = BulletinReceipt.objects.get_or_create(
            bulletin=bulletin,
            account_id=actor.account_id,
            defaults={
                "division": division, "label": actor.label[:120], "read_at": clock.now(),
            },
        )  # fmt: skip
        if made:
            _audit(actor, bulletin, "signed", f"签收{bulletin.title}")
    return receipt


def _audit(actor: Actor, bulletin: Bulletin, action: str, summary: str) -> None:
    audit(
        actor,
        f"campaigns.bulletin.{action}",
        target_type="campaigns.bulletin",
        target_id=str(bulletin.pk),
        division_path=bulletin.division.path,
        summary=summary,
    )
