"""换用模板 (templates): a county puts its own Word file in a default's place, and goes back."""

import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Max

from shouwang.audit.operations import record
from shouwang.core.actor import Actor, require
from shouwang.core.clock import now
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division

from .. import templating
from ..letters import LetterKind, letter_kind
from ..models import LetterTemplate
from .attaching import clean_name

State = LetterTemplate.State
MOST_VERSIONS = 200


def upload_template(
    actor: Actor, code: str, county: Division, content: bytes, file_name: str, *, note: str = ""
) -> LetterTemplate:
    """Check a county's template with sample values and keep it as a draft; nothing changes yet."""
    require(actor, "documents.letters", county.path)
    if county.level != Level.COUNTY:
        raise DomainError("文书模板按县维护，请选择县。", "not_a_county")
    kind = letter_kind(code)
    used = _checked(kind, content)
    try:
        return _draft(actor, kind, county, content, clean_name(file_name), note, used)
    except IntegrityError:
        raise Conflict("刚有人上传了这种文书的模板，请刷新页面后再试。") from None


def _checked(kind: LetterKind, content: bytes) -> set[str]:
    labels = {each.name: each.label for each in kind.fields}
    return templating.check(content, kind.sample, labels, public=kind.public)


def _usual(kind: LetterKind) -> set[str]:
    """What the default names; a county's own that leaves it out is asked about it."""
    return _checked(kind, kind.default.read_bytes())


@transaction.atomic
def _draft(
    actor: Actor,
    kind: LetterKind,
    county: Division,
    content: bytes,
    name: str,
    note: str,
    used: set[str],
) -> LetterTemplate:
    ours = LetterTemplate.objects.filter(key=kind.code, county=county)
    ours.filter(state=State.DRAFT).delete()
    last = ours.aggregate(last=Max("version"))["last"] or 0
    if last >= MOST_VERSIONS:
        raise DomainError("这种文书的模板版本已经太多，请联系系统管理员。", "too_many_versions")
    left_out = _usual(kind) - used
    template = LetterTemplate.objects.create(
        key=kind.code,
        county=county,
        version=last + 1,
        file=content,
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        note=" ".join(note.split())[:200],
        unused=[each.label for each in kind.fields if each.name in left_out],
        uploaded_at=now(),
        uploaded_by=actor.account_id,
        uploaded_by_label=actor.label[:120],
    )
    _record(actor, "documents.letter_uploaded", template, f"上传{kind.title}模板“{name}”")
    return template


@transaction.atomic
def adopt_template(actor: Actor, template: LetterTemplate) -> LetterTemplate:
    """采用: letters are made from this version from now on; an older one may be taken up again."""
    require(actor, "documents.letters", template.county.path)
    kind = letter_kind(template.key)
    held = _held(template)
    if held.state == State.CURRENT:
        raise Conflict("这一版已经在用。", "already_in_use")
    _checked(kind, bytes(held.file))
    _retire(kind.code, template.county)
    held.state, held.adopted_at, held.retired_at = State.CURRENT, now(), None
    held.save(update_fields=["state", "adopted_at", "retired_at"])
    _record(actor, "documents.letter_adopted", held, f"{kind.title}换用本县模板第{held.version}版")
    return held


@transaction.atomic
def reset_template(actor: Actor, code: str, county: Division) -> None:
    """恢复默认: the shipped template is in use again; the county's versions are kept."""
    require(actor, "documents.letters", county.path)
    kind = letter_kind(code)
    retired = _retire(code, county)
    if retired is None:
        raise Conflict("现在用的就是默认模板。", "default_in_use")
    _record(actor, "documents.letter_reset", retired, f"{kind.title}恢复默认模板")


@transaction.atomic
def discard_draft(actor: Actor, template: LetterTemplate) -> None:
    """放弃: a draft that was never used leaves."""
    require(actor, "documents.letters", template.county.path)
    if _held(template).state != State.DRAFT:
        raise Conflict("只有还没有采用的模板可以放弃。", "not_a_draft")
    template.delete()


def _held(template: LetterTemplate) -> LetterTemplate:
    """The row as it stands now, kept from others until the end of the transaction."""
    held = LetterTemplate.objects.select_for_update().filter(pk=template.pk).first()
    if held is None:
        raise Conflict("这一版模板已被放弃，请刷新页面。", "template_gone")
    return held


def _retire(code: str, county: Division) -> LetterTemplate | None:
    current = (
        LetterTemplate.objects.select_for_update()
        .filter(key=code, county=county, state=State.CURRENT)
        .first()
    )
    if current is not None:
        current.state, current.retired_at = State.RETIRED, now()
        current.save(update_fields=["state", "retired_at"])
    return current


def _record(actor: Actor, action: str, template: LetterTemplate, summary: str) -> None:
    record(
        actor,
        action,
        target_type="documents.LetterTemplate",
        target_id=f"{template.key}@{template.county.code}",
        division_path=template.county.path,
        summary=summary,
        source={"file": template.file_name, "sha256": template.sha256},
    )
