"""登记走访: the visit with its checklist; a failing item raises a clue."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.cases.checklists import Checklist, checklists
from shouwang.cases.models import Case, RegisteredClue
from shouwang.cases.operations.clues import register_clue
from shouwang.cases.states import Channel
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.core.masking import mask_text
from shouwang.registry.models import Household

from ..facts import open_case, open_risks
from ..models import Pairing, Visit
from ..states import VisitWay
from .writing import audited, not_future, reach, text


def record_visit(
    actor: Actor,
    household: Household,
    *,
    visited_on: date,
    visitors: str,
    way: str = VisitWay.HOME,
    persons_met: str = "",
    template: str = "",
    answers: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
    situation: str = "",
    needs: str = "",
    token: uuid.UUID | None = None,
) -> Visit:
    """Note one visit; the same form sent twice is one visit (`token`).

    Failing items raise one clue with their risks, except risks that the case is about already.
    """
    reach(actor, household, "support.visit")
    not_future(visited_on, "走访日期")
    if way not in VisitWay.values:
        raise DomainError("没有这种走访方式，请从列表中选择。", code="way")
    if (known := _sent_before(token)) is not None:
        return known
    case = open_case(household)
    asked = _checklist(template)
    lines = _answers(asked, answers or {}, notes or {}) if asked else []
    visitors = text(visitors, "走访人", 120, required=True)
    try:
        with transaction.atomic():
            made: Visit = Visit.objects.create(
                household=household, case=case, visited_on=visited_on, way=way, visitors=visitors,
                by_contact=_by_contact(actor, household, visitors),
                persons_met=text(persons_met, "见到的人", 80), template=template,
                template_version=asked.version if asked else None, answers=lines,
                failing=sum(line["is_failing"] for line in lines),
                situation=mask_text(text(situation, "走访情况", 1000)),
                needs=mask_text(text(needs, "困难和需求", 500)), recorded_at=clock.now(),
                account_id=actor.account_id, recorded_by_label=actor.label[:120],
                token=token or uuid.uuid4(),
            )  # fmt: skip
            _raise_clue(actor, household, case, made)
            audited(
                actor, "visit.recorded", household, f"{made.get_way_display()}走访 {visited_on}"
            )
    except IntegrityError:
        if (known := _sent_before(token)) is None:
            raise
        return known
    return made


def _sent_before(token: uuid.UUID | None) -> Visit | None:
    """The visit that the same form made already; browsers send twice on a bad line."""
    found: Visit | None = Visit.objects.filter(token=token).first() if token else None
    return found


def _checklist(key: str) -> Checklist | None:
    if not key:
        return None
    found = checklists().get(key)
    if found is None:
        raise DomainError("没有这份清单，或它已停用，请重新选择。", code="template")
    return found


def _answers(
    asked: Checklist, answers: Mapping[str, str], notes: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Every item as it was asked; an answer that is none of the choices is refused."""
    lines = []
    for question in asked.questions:
        value = text(str(answers.get(question.key, "")), question.text, 200)
        if value and question.options and value not in question.options:
            raise DomainError(f"“{question.text}”的答案看不懂，请重新选择。", code="answer")
        lines.append(
            {
                "key": question.key,
                "text": question.text,
                "value": mask_text(value),
                "is_failing": question.is_failing(value),
                "risk": question.risk,
                "note": mask_text(text(str(notes.get(question.key, "")), "说明", 300)),
            }
        )
    return lines


def _by_contact(actor: Actor, household: Household, visitors: str) -> bool:
    contacts = Pairing.objects.filter(household=household, valid_to=None)
    return any(
        contact.name in visitors
        or (contact.account_id is not None and contact.account_id == actor.account_id)
        for contact in contacts
    )


def _raise_clue(
    actor: Actor, household: Household, case: Case | None, visit: Visit
) -> RegisteredClue | None:
    known = set(open_risks(case, household))
    failing = [line for line in visit.answers if line["is_failing"] and line["risk"] not in known]
    risks = list(dict.fromkeys(line["risk"] for line in failing if line["risk"]))
    if not risks:
        return None
    clue = register_clue(
        actor,
        channel=Channel.CADRE_VISIT,
        village=household.village,
        household=household,
        risks=risks,
        text="走访发现：" + "；".join(f"{line['text']}（{line['value']}）" for line in failing),
        received_on=visit.visited_on,
    )
    for line in visit.answers:
        if line in failing:
            line["clue"] = clue.pk
    visit.save(update_fields=["answers"])
    return clue
