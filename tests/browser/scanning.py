"""Run inside a demo county: everything public is opened by nobody, every paper is made, and each is
read for numbers of people. Prints what was read, and what was found, as JSON."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from pdfminer.high_level import extract_text  # noqa: E402

from shouwang.accounts.models import Account  # noqa: E402
from shouwang.campaigns.bulletin_kinds import all_kinds  # noqa: E402
from shouwang.campaigns.bulletin_paper import write as bulletin_paper  # noqa: E402
from shouwang.campaigns.models import Bulletin  # noqa: E402
from shouwang.campaigns.operations import draft_bulletin  # noqa: E402
from shouwang.cases.dossier import open_dossier  # noqa: E402
from shouwang.cases.letter_contexts import CONTEXTS, NothingToPrint  # noqa: E402
from shouwang.cases.models import Case, Notice  # noqa: E402
from shouwang.core.actor import system_actor  # noqa: E402
from shouwang.core.clock import today  # noqa: E402
from shouwang.core.errors import Conflict  # noqa: E402
from shouwang.divisions.models import Division  # noqa: E402
from shouwang.documents import letters, personal, templating  # noqa: E402
from shouwang.outreach.models import ReportCode  # noqa: E402
from shouwang.registry.models import Household, Member  # noqa: E402
from shouwang.registry.secrets import (  # noqa: E402
    HEAD_ID,
    HOUSEHOLD_PHONE,
    ID_NO,
    MEMBER_PHONE,
    reveal,
)
from shouwang.support.models import PolicyCard  # noqa: E402

Read = tuple[str, str, str, bool]
"""Kind, which one, its text, and whether no number at all may stand in it."""
HOTLINE = re.compile(r"\b12\d{3}\b")


def numbers() -> set[str]:
    """Every ID number and telephone that the county's registry keeps sealed."""
    found: set[str | None] = set()
    for id_no, phone in Member.objects.values_list("id_enc", "phone_enc").iterator():
        found |= {reveal(ID_NO, id_no), reveal(MEMBER_PHONE, phone)}
    for id_no, phone in Household.objects.values_list("head_id_enc", "phone_enc").iterator():
        found |= {reveal(HEAD_ID, id_no), reveal(HOUSEHOLD_PHONE, phone)}
    return {one for one in found if one and len(one) >= 7}


def pages() -> Iterator[Read]:
    """What opens without an account: the villages' codes, the cards' codes, asking, policies."""
    nobody = Client(headers={"host": "localhost"})
    urls = [reverse("accounts:login"), reverse("outreach:ask"), reverse("outreach:policies")]
    urls += [reverse("outreach:report", args=[one.token]) for one in ReportCode.objects.all()]
    urls += [reverse("support:card", args=[one.token]) for one in PolicyCard.objects.all()]
    for url in urls:
        answer = nobody.get(url, follow=True)
        assert answer.status_code in (200, 410), url
        yield "page", url, words_of(answer.content.decode()), True


def words_of(page: str) -> str:
    """What is read or followed, without the tokens of forms and scripts."""
    page = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", page)
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\.[0-9a-f]{12}\.", " ", page)


def notices() -> Iterator[Read]:
    """Each notice as Word and as the sheet for the wall, as the village prints it."""
    desk = client("county_officer")
    for one in Notice.objects.all():
        for kind in ("notice-paper", "notice-poster"):
            answer = desk.get(reverse(f"cases:{kind}", args=[one.pk]), {"download": "1"})
            made = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code == 200, one.number
            yield kind, one.number, text_of(made), True


def text_of(made: bytes) -> str:
    if made.startswith(b"%PDF"):
        return str(extract_text(io.BytesIO(made)))
    return "\n".join(templating.lines_of(made))


def case_letters() -> Iterator[Read]:
    """Every kind of paper, of three cases each; those for the wall carry no number at all."""
    actor, seen = system_actor("检查"), Counter[str]()
    for case in Case.objects.select_related("village__parent", "household").order_by("pk"):
        dossier = open_dossier(case, actor)
        for key in [key for key in CONTEXTS if seen[key] < 3]:
            try:
                values = CONTEXTS[key](dossier)
            except NothingToPrint:
                continue
            seen[key] += 1
            kind = letters.letter_kind(f"cases.{key}")
            yield (
                "letter",
                f"{case.number} {key}",
                text_of(letters.render(f"cases.{key}", values)),
                kind.public,
            )


def bulletins() -> Iterator[Read]:
    """Those there are, and one of each kind drafted from what the county is now."""
    made = list(Bulletin.objects.all())
    place = Division.objects.filter(level="county", valid_to=None).order_by("code")[0]
    with transaction.atomic():
        for key in all_kinds():
            try:
                made.append(
                    draft_bulletin(system_actor("检查"), division=place, month=today(), kind=key)
                )
            except Conflict:  # there is one of this month
                continue
        for one in made:
            yield "bulletin", one.title, text_of(bulletin_paper(one)), True
        transaction.set_rollback(True)


def cards() -> Iterator[Read]:
    """The sheet that is handed over; the contact's telephone stands on it, nobody else's."""
    desk = client("county_officer")
    for one in PolicyCard.objects.all():
        page = desk.get(reverse("support:card-print", args=[one.token]))
        assert page.status_code == 200
        yield "card", one.household.household_no, words_of(page.content.decode()), False


def client(role: str) -> Client:
    found = Client(headers={"host": "localhost"})
    found.force_login(Account.objects.filter(posts__role=role, is_active=True).order_by("pk")[0])
    return found


def scan() -> dict[str, Any]:
    known, read, wrong = numbers(), Counter[str](), []
    assert any(personal.found_in(one) for one in known), "what is looked for can be found"
    for make in (pages, notices, case_letters, bulletins, cards):
        for kind, which, text, is_public in make():
            read[kind] += 1
            inside = [one for one in re.findall(r"[0-9Xx]{7,}", text) if one in known]
            said = personal.found_in(HOTLINE.sub("", text)) if is_public else ""
            if inside or said or not text.strip():
                wrong.append(f"{kind} {which}: {said or 'a number of the registry'}")
    return {"known": len(known), "read": dict(read), "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(scan(), ensure_ascii=False))
