"""Papers of a case: what stands in each at which step, who gets them, and what never hangs."""

import io
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pdfminer.high_level import extract_text

from shouwang.accounts.models import Account
from shouwang.audit.models import AuditEntry
from shouwang.cases import letter_drafts
from shouwang.cases.dossier import open_dossier
from shouwang.cases.letter_contexts import CONTEXTS, NothingToPrint, county_of, notice_context
from shouwang.cases.letter_contexts import notice_letter as letter_of
from shouwang.cases.letter_views import offered_letters
from shouwang.cases.letters import LETTERS
from shouwang.cases.models import Case, Notice
from shouwang.core.actor import Actor, system_actor
from shouwang.documents import letters, operations, personal, posters, templating
from shouwang.registry.models import Household, Member
from shouwang.registry.secrets import HOUSEHOLD_PHONE, ID_NO, seal_many
from tests.cases.conftest import Maker, Way
from tests.four_people import FourPeople, Places

OFFICER = system_actor("命令行")
PUBLIC = ("publicity", "announcement", "exit_publicity", "exit_announcement")


def made(case: Case, key: str, actor: Actor = OFFICER) -> bytes:
    case = Case.objects.select_related("village__parent", "household").get(pk=case.pk)
    context = CONTEXTS[key](open_dossier(case, actor))
    return letters.render(f"cases.{key}", context, county=county_of(case.village))


def text_of(letter: bytes) -> str:
    return "\n".join(templating.lines_of(letter))


def reasons(case: Case) -> dict[str, str]:
    case = Case.objects.select_related("village__parent", "household").get(pk=case.pk)
    found = offered_letters(open_dossier(case, OFFICER))
    return {action.url.rstrip("/").rsplit("/", 1)[-1]: action.reason for action in found}


def client_of(actor: Actor) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


# ---------------------------------------------------------------- what is shipped


def test_every_letter_has_a_context_and_a_draft() -> None:
    keys = {kind.key for kind in LETTERS}
    assert keys == set(CONTEXTS) == set(letter_drafts.DRAFTS)
    assert {kind.key for kind in LETTERS if kind.public} == set(PUBLIC)


@pytest.mark.parametrize("key", letter_drafts.DRAFTS)
def test_the_shipped_template_is_the_one_that_the_draft_gives(key: str) -> None:
    out = io.BytesIO()
    letter_drafts.DRAFTS[key]().document.save(out)
    shipped = Document(letter_drafts.FOLDER / f"{key}.docx")
    assert shipped.element.xml == Document(io.BytesIO(out.getvalue())).element.xml


# ---------------------------------------------------------------- along the way


def test_a_new_case_offers_the_papers_to_take_along_and_says_what_is_missing(
    way: Way, household: Household
) -> None:
    case = way.opened(household)
    told = reasons(case)
    assert [key for key, reason in told.items() if not reason] == [
        "application", "check", "review", "cover",
    ]  # fmt: skip
    assert "登记民主评议" in told["minutes"] and "exit_publicity" not in told
    sheet = text_of(made(case, "check"))
    assert "□是　□否" in sheet and household.head_name in sheet and "生态补偿金" in sheet
    with pytest.raises(NothingToPrint):
        made(case, "approval")


def test_all_papers_of_identification_tell_what_was_noted(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.monitored(case)
    case.refresh_from_db()
    head = household.head_name or ""
    application = text_of(made(case, "application"))
    assert "柳湾村村民委员会" in application and "成员11" in application
    check = text_of(made(case, "check"))
    assert "12,000.00" in check and "6,000.00" in check and "甲、乙" in check
    assert "2025年4月至2026年3月" in check
    minutes = text_of(made(case, "minutes"))
    assert "同意20票，不同意0票" in minutes and "24人／20人" in minutes
    review = text_of(made(case, "review"))
    assert "同意上报" not in review and "同意" in review and "无异议" in review
    assert "4 个部门，已答复 4 个，没有发现资产" in review
    approval = text_of(made(case, "approval"))
    assert case.number in approval and "1户2人" in approval and "青禾镇人民政府" in approval
    cover = text_of(made(case, "cover"))
    for words in (head, case.number, "信息采集表（识别核查）", "乡镇审核表", "县级审定批复"):
        assert words in cover


def test_notices_carry_the_words_in_which_they_were_published(
    way: Way, household: Household
) -> None:
    case = way.opened(household)
    way.to_review(case)
    before = text_of(made(case, "publicity"))
    assert "名单公示" in before and "支出负担较重" in before and "12317" in before
    assert "因病" not in before and "一组" in before
    Household.objects.filter(pk=household.pk).update(head_name="改名")
    assert text_of(made(case, "publicity")) == before


def test_the_papers_of_the_resolution_come_with_it(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.monitored(case)
    way.calendar.forward(200)
    way.resolved(case)
    told = reasons(case)
    assert told["exit_publicity"] == "" and told["exit_announcement"] == ""
    assert "风险消除" in text_of(made(case, "exit_publicity"))
    assert "风险消除" in text_of(made(case, "exit_announcement"))
    cover = text_of(made(case, "cover"))
    assert "信息采集表（消除核查）" in cover and cover.count("民主评议会议记录") == 2


def test_cases_approved_together_stand_in_one_letter(
    way: Way, maker: Maker, places: Places
) -> None:
    cases = [way.opened(maker(places.village)) for _ in range(3)]
    for case in cases:
        way.checked(case)
    for case in cases:
        way.noticed(case)
    way.calendar.forward(6)
    for case in cases:
        case = way.step(way.cast.village, case, "end_notice")
        case = way.decide(way.cast.clerk, case, case.proposed)
        way.step(way.cast.leader, case, "pass_review", note="同意")
    for case in cases:
        way.step(way.cast.approver, case, "approve")
    first = cases[0].approvals.get()
    for case in cases:
        case.approvals.update(batch="批次1")
    letter = text_of(made(cases[0], "approval"))
    assert all(case.number in letter for case in cases) and "3户6人" in letter
    assert first.passed


def test_a_county_template_is_used_for_its_cases(way: Way, household: Household) -> None:
    case = way.opened(household)
    paper = Document(io.BytesIO((letter_drafts.FOLDER / "cover.docx").read_bytes()))
    paper.add_paragraph("本县专用 {{ head_name }}")
    out = io.BytesIO()
    paper.save(out)
    county = household.village.parent.parent  # type: ignore[union-attr]
    draft = operations.upload_template(OFFICER, "cases.cover", county, out.getvalue(), "本县.docx")
    operations.adopt_template(OFFICER, draft)
    assert f"本县专用 {household.head_name}" in text_of(made(case, "cover"))


# ---------------------------------------------------------------- nothing personal on a wall


def public_papers() -> Iterator[tuple[str, str]]:
    """Every notice there is, as Word and as the sheet for the wall, as text."""
    for notice in Notice.objects.select_related("village__parent"):
        key = letter_of(notice)
        yield notice.number, text_of(letters.render(f"cases.{key}", notice_context(notice)))
        content = notice.content
        rows = [content["columns"], *content["rows"]]
        sheet = posters.render(content["title"], content["paragraphs"], rows, notice.number)
        yield notice.number, extract_text(io.BytesIO(sheet))


def number_everybody() -> set[str]:
    """Give everybody an ID number and a phone, sealed as an import seals them."""
    numbers = set()
    for at, member in enumerate(Member.objects.all()):
        number, phone = f"9999011980050{at % 10}{1000 + at}X"[:17] + "X", f"1390000{1000 + at}"
        Member.objects.filter(pk=member.pk).update(
            id_enc=seal_many(ID_NO, [number])[0], health="长期慢性病"
        )
        Household.objects.filter(pk=member.household_id).update(
            phone_enc=seal_many(HOUSEHOLD_PHONE, [phone])[0], head_id_enc=None
        )
        numbers |= {number, phone}
    return numbers


def test_no_public_paper_of_the_county_carries_a_personal_number(
    way: Way, maker: Maker, places: Places
) -> None:
    cases = [way.opened(maker(places.village)) for _ in range(4)]
    for case in cases[:3]:
        way.monitored(case)
    way.to_review(cases[3])
    numbers = number_everybody()
    way.calendar.forward(200)
    way.resolved(cases[0])
    papers = list(public_papers())
    assert len(papers) >= 2 * 9
    for number, text in papers:
        assert personal.found_in(text) == "", number
        assert not [one for one in numbers if one in text]
        assert "慢性病" not in text and "H0001" not in text


def test_a_number_that_slipped_into_a_notice_is_not_printed(way: Way, household: Household) -> None:
    case = way.opened(household)
    way.to_review(case)
    notice = Notice.objects.get()
    notice.content["rows"][0][0] = "张三 13800138000"
    notice.save()
    with pytest.raises(personal.PersonalNumber):
        made(case, "publicity")
    client = client_of(way.cast.village)
    for name in ("notice-paper", "notice-poster"):
        answer = client.get(reverse(f"cases:{name}", args=[notice.pk]))
        assert answer.status_code == 400
        assert b"13800138000" not in answer.content


# ---------------------------------------------------------------- pages


def test_a_paper_is_looked_at_and_taken_away(way: Way, household: Household) -> None:
    case = way.opened(household)
    client = client_of(way.cast.village)
    url = reverse("cases:letter", args=[case.number, "check"])
    page = client.get(url)
    assert page.status_code == 200 and "信息采集表" in page.content.decode()
    assert not AuditEntry.objects.filter(action="documents.letter_made").exists()
    file = client.get(url, {"download": "1"})
    assert file.content[:2] == b"PK" and file["Cache-Control"] == "private, no-store"
    told = AuditEntry.objects.get(action="documents.letter_made")
    assert told.target_id == case.number and "信息采集表" in told.summary
    missing = client.get(reverse("cases:letter", args=[case.number, "minutes"]))
    assert missing.status_code == 400 and "登记民主评议" in missing.content.decode()
    assert client.get(reverse("cases:letter", args=[case.number, "x"])).status_code == 404


def test_four_people_try_the_papers(
    way: Way, household: Household, four_people: Callable[..., FourPeople]
) -> None:
    case = way.opened(household)
    way.to_review(case)
    notice = Notice.objects.get()
    four = four_people("town_clerk")
    wanted = {"owner": 200, "neighbour": 404, "department": 403, "nobody": 302}
    for url in (
        reverse("cases:letter", args=[case.number, "check"]),
        reverse("cases:notice-paper", args=[notice.pk]),
        reverse("cases:notice-poster", args=[notice.pk]),
    ):
        assert four.statuses(url) == wanted, url


def test_the_sheet_for_the_wall_is_pdf_in_two_sizes(way: Way, household: Household) -> None:
    way.to_review(way.opened(household))
    url = reverse("cases:notice-poster", args=[Notice.objects.get().pk])
    client = client_of(way.cast.village)
    for size in ("A4", "A3", "nonsense"):
        answer = client.get(url, {"size": size})
        assert answer["Content-Type"] == "application/pdf"
        text = extract_text(io.BytesIO(answer.content))
        assert household.head_name in text and "村民委员会" in text


def test_evidence_belongs_to_a_case_until_it_ends(way: Way, household: Household) -> None:
    case = way.opened(household)
    url = reverse("documents:attachments", args=["cases.case", str(case.pk)])
    worker, officer = client_of(way.cast.village), client_of(way.cast.departments["民政局"])
    assert b"data-evidence-upload" in worker.get(url).content
    assert officer.get(url).status_code == 404
    Case.objects.filter(pk=case.pk).update(ended_on=way.calendar.day)
    page = worker.get(url).content.decode()
    assert "data-evidence-upload" not in page and "已经终结" in page
    for key in ("0", "x", "9" * 30):
        nothing = reverse("documents:attachments", args=["cases.case", key])
        assert worker.get(nothing).status_code == 404
