"""公开征求意见 (S3-23): draft, public page, units, decisions with reasons, published result."""

import io
from datetime import timedelta
from uuid import uuid4

import docx
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from shouwang.audit.models import AuditEntry
from shouwang.consultations import demo, queries
from shouwang.consultations.comments import answer_for_unit, decide, send_comment, take_down
from shouwang.consultations.models import Comment, Consultation
from shouwang.consultations.operations import CHECKS, change_draft, take_step
from shouwang.consultations.states import State, consultation_table
from shouwang.core import clock
from shouwang.core.clock import today
from shouwang.core.errors import Conflict, DomainError, NotAllowed

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"consultations:{name}", args=args)


def over(found):
    """The period has passed."""
    Consultation.objects.filter(pk=found.pk).update(
        opens_on=today() - timedelta(30), closes_on=today() - timedelta(1)
    )
    found.refresh_from_db()
    return found


def closed(officer, found):
    return take_step(officer, over(found), "close", version=found.version)


def test_every_requirement_of_the_table_has_its_check():
    assert consultation_table().requirements == set(CHECKS)
    assert not consultation_table().unreachable()
    assert set(consultation_table().states) == set(State.values)


def test_a_draft_is_seen_by_nobody_else_and_cannot_be_changed_once_open(
    draft, officer, person, places
):
    assert person.client("town_clerk").get(draft.get_absolute_url()).status_code == 404
    assert Client().get(url("public-one", draft.token)).status_code == 404
    changed = change_draft(officer, draft, version=draft.version, title="新题", towns=[places.town])
    opened = take_step(officer, changed, "open", version=changed.version)
    assert (opened.title, [one.name for one in opened.units.all()]) == ("新题", [places.town.name])
    with pytest.raises(DomainError, match="只能推迟"):
        change_draft(officer, opened, version=opened.version, closes_on=today())
    opened.refresh_from_db()
    later = opened.closes_on + timedelta(5)
    assert (
        change_draft(
            officer, opened, version=opened.version, title="不许改", closes_on=later
        ).closes_on
        == later
    )
    opened.refresh_from_db()
    assert opened.title == "新题"


def test_the_public_comments_without_a_login_and_learns_what_became_of_it(opened, officer, person):
    client, page = Client(), url("public-one", opened.token)
    assert "第二条 每户一人" in client.get(page).content.decode()
    body = {"sent": str(uuid4()), "text": "每户两人", "article": "第二条", "name": "李四",
            "phone": "13800138000"}  # fmt: skip
    first, again = client.post(page, body), client.post(page, body)
    assert first.status_code == again.status_code == 200
    comment = Comment.objects.get()
    assert comment.receipt in first.content.decode()
    assert b"13800138000" not in bytes(comment.phone_enc)
    ask = {"receipt": comment.receipt.lower()}
    assert "已收到" in client.post(url("ask"), ask).content.decode()
    decide(officer, comment, version=comment.version, decision="refused", reason="岗位有限")
    assert "岗位有限" not in client.post(url("ask"), ask).content.decode()
    done = closed(officer, opened)
    take_step(officer, done, "publish", version=done.version)
    told = client.post(url("ask"), ask).content.decode()
    assert "不采纳" in told and "岗位有限" in told
    shown = client.get(page).content.decode()
    assert "岗位有限" in shown and "李四" not in shown
    assert opened.title in client.get(url("public")).content.decode()


def test_hostile_input_of_the_public_page_is_refused_in_words(opened):
    client, page = Client(), url("public-one", opened.token)
    body = {"sent": str(uuid4()), "text": "好"}
    for more in ({"text": ""}, {"text": "身份证 110101199003078515 在这"}, {"sent": "x"},
                 {"text": "好的", "homepage": "http://spam.example"}, {"text": "长" * 3000},
                 {"article": "\x00" * 90}):  # fmt: skip
        assert client.post(page, body | more).status_code == 422, more
    assert client.post(page, {"text": "大" * 40_000}).status_code == 413
    assert client.post(url("ask"), {"receipt": "\x00' or 1=1"}).status_code == 422
    assert client.put(page).status_code == 405
    assert not Comment.objects.exists()
    for at in range(12):
        last = client.post(page, {"sent": str(uuid4()), "text": f"第{at}条意见"})
    assert last.status_code == 429
    over(opened)
    assert client.post(page, body | {"text": "晚了的意见"}).status_code in (409, 429)
    assert "提交意见" not in client.get(page).content.decode()


def test_units_answer_once_that_they_have_none_and_their_words_are_their_own(
    opened, person, medical, places
):
    officer = person("department_officer")
    clerk = person("town_clerk")
    assert queries.badge(officer) == queries.badge(clerk) == 1
    answer_for_unit(officer, opened, has_none=True)
    with pytest.raises(Conflict, match="已经反馈"):
        answer_for_unit(officer, opened, has_none=True)
    answer_for_unit(clerk, opened, text="建议放宽", article="第二条")
    assert queries.badge(officer) == queries.badge(clerk) == 0
    assert all(one.answered_on for one in opened.units.all())
    assert [one.text for one in Comment.objects.visible_to(officer)] == ["没有修改意见"]
    assert [one.text for one in Comment.objects.visible_to(clerk)] == ["建议放宽"]
    with pytest.raises(NotAllowed, match="没有征求"):
        answer_for_unit(person("town_clerk", "neighbour"), opened, text="我也说")
    with pytest.raises(DomainError, match="不要再选"):
        answer_for_unit(clerk, opened, text="有", has_none=True)


def test_what_is_not_adopted_needs_a_reason_and_nothing_is_published_undecided(
    opened, said, officer
):
    other = take_down(officer, opened, channel="call", text="也要两人轮班", article="第二条")
    with pytest.raises(DomainError, match="理由"):
        decide(officer, said, version=said.version, decision="refused")
    with pytest.raises(DomainError, match="选择"):
        decide(officer, said, version=said.version, decision="noted")
    with pytest.raises(DomainError, match="到期后"):
        take_step(officer, opened, "close", version=opened.version)
    done = closed(officer, opened)
    with pytest.raises(DomainError, match="2 条"):
        take_step(officer, done, "publish", version=done.version)
    done.refresh_from_db()
    decide(officer, other, version=other.version, decision="", same_as=said)
    said.refresh_from_db()
    with pytest.raises(DomainError, match="并入"):
        decide(officer, said, version=said.version, decision="", same_as=other)
    said.refresh_from_db()
    decide(
        officer, said, version=said.version, decision="partly", reason="名额有限", change="加轮班"
    )
    other.refresh_from_db()
    assert (other.decision, other.reason) == ("partly", "名额有限")
    with pytest.raises(Conflict, match="先研究"):
        decide(officer, said, version=said.version - 1, decision="adopted")
    published = take_step(officer, done, "publish", version=done.version)
    assert (published.state, published.published_on) == ("published", today())
    assert queries.result_of(published).share == 1
    assert [one.also for one in queries.told_of(published)] == [1]
    with pytest.raises(Conflict):
        decide(officer, other, version=other.version, decision="adopted")


def test_who_started_it_does_not_publish_it(opened, said, officer, person):
    maker = person("county_officer")
    Consultation.objects.filter(pk=opened.pk).update(made_by=maker.account_id)
    decide(maker, said, version=said.version, decision="adopted")
    done = closed(maker, opened)
    with pytest.raises(NotAllowed, match="发起人以外"):
        take_step(maker, done, "publish", version=done.version)
    done.refresh_from_db()
    leader = person("county_leader")
    assert take_step(leader, done, "publish", version=done.version).state == "published"


def test_pages_by_four_people(opened, said, person):
    owner = person.client("county_officer")
    pages = [
        opened.get_absolute_url(),
        url("comments", opened.pk),
        url("list"),
        said.get_absolute_url(),
    ]
    for page in pages:
        shown = owner.get(page)
        assert shown.status_code == 200
        assert "张三" not in shown.content.decode()
        assert person.client("county_officer", "nobody").get(page).status_code == 302
    neighbour = person.client("town_clerk", "neighbour")
    assert neighbour.get(opened.get_absolute_url()).status_code == 200
    for page in (
        said.get_absolute_url(),
        url("edit", opened.pk),
        url("take-down", opened.pk),
        url("later", opened.pk),
        url("answer", opened.pk),
    ):
        assert neighbour.get(page).status_code in (403, 404)
    assert "轮班" not in neighbour.get(url("comments", opened.pk)).content.decode()
    assert person.client("village_worker").get(url("list")).status_code == 403
    assert person.client("department_officer").get(said.get_absolute_url()).status_code == 404
    contact = owner.post(url("contact", said.pk))
    assert "张三" in contact.content.decode()
    assert AuditEntry.objects.filter(action="consultations.revealed").count() == 1
    assert person.client("county_leader").post(url("contact", said.pk)).status_code == 403


def test_forms_are_sent_by_the_pages(opened, said, person, places, medical):
    client = person.client("county_officer")
    text = "第一条 总则。".encode()
    from django.core.files.uploadedfile import SimpleUploadedFile

    body = {
        "division": places.county.pk, "title": "新办法", "drafter": "县水利局", "audience": "units",
        "opens_on": today().isoformat(), "closes_on": (today() + timedelta(9)).isoformat(),
        "contact": "县水利局", "file": SimpleUploadedFile("稿.txt", text),
    }  # fmt: skip
    assert client.post(url("new"), body).status_code == 302
    made = Consultation.objects.get(title="新办法")
    assert (made.text.strip(), made.file_name) == ("第一条 总则。", "稿.txt")
    page = client.get(made.get_absolute_url()).content.decode()
    assert "请选择要征求意见的单位" in page
    for bad in ({"closes_on": "2020-01-01"}, {"text": ""}, {"contact": "13800138000"}):
        assert client.post(url("new"), body | {"file": "", "text": "稿"} | bad).status_code == 422
    edited = body | {
        "file": "",
        "text": "第二条",
        "departments": [medical.pk],
        "version": made.version,
    }
    assert client.post(url("edit", made.pk), edited).status_code == 302
    assert client.post(url("edit", made.pk), edited).status_code == 409
    said.refresh_from_db()
    sent = {"version": said.version, "decision": "adopted", "change": "改了"}
    assert client.post(said.get_absolute_url(), sent).status_code == 302
    slower = client.post(said.get_absolute_url(), sent | {"change": "我的话还在"})
    assert slower.status_code == 409 and "我的话还在" in slower.content.decode()
    answer = {"channel": "letter", "text": "来信的意见", "unit": "某村"}
    assert client.post(url("take-down", opened.pk), answer).status_code == 302
    assert (
        person.client("town_clerk").post(url("answer", opened.pk), {"has_none": "on"}).status_code
        == 302
    )
    opened.refresh_from_db()
    later = {"version": opened.version, "closes_on": (today() + timedelta(40)).isoformat()}
    assert client.post(url("later", opened.pk), later).status_code == 302
    refused = client.post(url("step", opened.pk), {"action": "close", "version": "x"})
    assert refused.status_code == 409
    taken = client.post(
        url("step", opened.pk),
        {"action": "withdraw", "reason": "不办了", "version": opened.version + 1},
    )
    assert taken.status_code == 302


def test_the_report_and_the_export_hold_no_names(opened, said, officer, person):
    decide(officer, said, version=said.version, decision="refused", reason="岗位有限")
    client = person.client("county_officer")
    answer = client.get(url("word", opened.pk))
    words = "\n".join(
        [one.text for one in docx.Document(io.BytesIO(answer.content)).paragraphs]
        + [cell.text for table in docx.Document(io.BytesIO(answer.content)).tables
           for row in table.rows for cell in row.cells]
    )  # fmt: skip
    assert "没有反馈" in words and "岗位有限" in words and "张三" not in words
    sheet = client.get(url("comments", opened.pk) + "?export=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(sheet.getvalue())).active
    cells = [str(cell) for row in book.iter_rows(values_only=True) for cell in row if cell]
    assert "每户应可两人轮班。" in cells and not any("张三" in cell for cell in cells)
    assert person.client("town_clerk").get(url("word", opened.pk)).status_code in (403, 404)


def test_the_demo_has_one_open_and_one_published(places, officer, settings):
    settings.SHOUWANG_COUNTY = "999901"
    assert demo.make(officer) == 2
    assert {one.state for one in Consultation.objects.all()} == {"open", "published"}
    assert Comment.objects.exclude(same_as=None).count() == 1
    assert clock.today() <= Consultation.objects.get(state="open").closes_on


def test_the_same_words_sent_twice_are_one_comment_and_other_words_are_another(opened, person):
    sent = uuid4()
    for text in ("第一条意见", "第一条意见", "另一条意见"):
        send_comment(opened, address="10.0.0.2", sent=sent, text=text)
    body = {"text": "建议放宽", "sent": str(uuid4()), "channel": "letter"}
    for _ in range(2):
        assert person.client("town_clerk").post(url("answer", opened.pk), body).status_code == 302
        officer = person.client("county_officer")
        assert officer.post(url("take-down", opened.pk), body).status_code == 302
    assert sorted(Comment.objects.values_list("channel", "text")) == [
        ("letter", "建议放宽"), ("unit", "建议放宽"), ("web", "另一条意见"), ("web", "第一条意见"),
    ]  # fmt: skip


def test_asked_towns_and_departments_write_down_what_they_received(opened, person, officer):
    body = {"channel": "letter", "text": "来信的意见", "name": "王五", "sent": str(uuid4())}
    for role in ("town_clerk", "department_officer"):
        client = person.client(role)
        assert "登记意见" in client.get(opened.get_absolute_url()).content.decode()
        assert client.post(url("take-down", opened.pk), body).status_code == 302
        body |= {"sent": str(uuid4())}
        (own,) = Comment.objects.visible_to(person(role))
        assert (own.text, own.decision, own.unit) == ("来信的意见", "pending", "")
    assert not any(one.answered_on for one in opened.units.all())
    others = [("town_clerk", "neighbour"), ("village_worker", "owner"),
              ("county_leader", "owner"), ("department_officer", "department")]  # fmt: skip
    for role, who in others:
        answer = person.client(role, who).post(url("take-down", opened.pk), body)
        assert answer.status_code in (403, 404), (role, who)
    assert Comment.objects.count() == 2


def test_the_public_sees_a_draft_from_the_first_day_on(opened):
    Consultation.objects.filter(pk=opened.pk).update(opens_on=today() + timedelta(1))
    assert Client().get(url("public-one", opened.token)).status_code == 404
    assert opened.title not in Client().get(url("public")).content.decode()


def test_who_commented_on_a_withdrawn_draft_is_told_so(opened, said, officer):
    with pytest.raises(DomainError, match="手机号码"):
        take_step(officer, opened, "withdraw", version=opened.version, reason="张三 13800138000")
    opened.refresh_from_db()
    take_step(officer, opened, "withdraw", version=opened.version, reason="另行起草")
    assert "已经撤回" in Client().post(url("ask"), {"receipt": said.receipt}).content.decode()


def test_nothing_is_written_or_decided_after_somebody_published(opened, said, officer):
    decide(officer, said, version=said.version, decision="adopted")
    done = closed(officer, opened)
    slower = Consultation.objects.get(pk=done.pk)
    late = Comment.objects.select_related("consultation").get(pk=said.pk)
    take_step(officer, done, "publish", version=done.version)
    with pytest.raises(Conflict):
        take_down(officer, slower, channel="call", text="迟到的意见")
    with pytest.raises(Conflict, match="已经公布"):
        decide(officer, late, version=late.version, decision="refused", reason="改口")
    assert not Comment.objects.filter(decision="pending").exists()


def test_a_result_of_many_comments_is_told_page_by_page(opened, said, client):
    rows = [
        Comment(
            consultation=opened, receipt=f"R{at:05d}", sent=uuid4(), text=f"第{at:03d}条意见",
            decision="adopted", received_at=said.received_at, channel=said.channel,
        )
        for at in range(64)
    ]  # fmt: skip
    Comment.objects.bulk_create(rows)
    Comment.objects.filter(pk=said.pk).update(decision="adopted")
    Consultation.objects.filter(pk=opened.pk).update(state="published", published_on=today())
    page = reverse("consultations:public-one", args=[opened.token])
    first = client.get(page).content.decode()
    assert "第028条意见" in first and "第029条意见" not in first and "1 / 3 页" in first
    assert "第063条意见" in client.get(page, {"page": "3"}).content.decode()
    for hostile in ("0", "x", "99999999", "-1", "\x00"):
        assert client.get(page, {"page": hostile}).status_code == 200
