"""演示: a draft on which comments are taken now, and one whose result was published."""

import uuid
from datetime import timedelta

from django.conf import settings

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division

from .comments import decide, send_comment, take_down
from .models import Comment, Consultation
from .operations import make_consultation, take_step

OFFICE = "示例县农业农村局综合股，示例县城关镇中心路1号"
DRAFT = """第一条 为规范帮扶公益岗位管理，制定本办法。
第二条 岗位优先安排有劳动能力的脱贫人口和监测对象，一户一般安排一人。
第三条 岗位补贴按月发放，具体标准由县级另行公布。
第四条 乡镇每季度考核一次，连续两次不合格的退出岗位。
第五条 本办法由县农业农村局负责解释。
"""
OTHER = """第一条 每村设置不少于2处农产品集中交售点。
第二条 交售点由村集体管护，费用从村集体收入中列支。
第三条 本方案自公布之日起施行。
"""
SAID = (
    ("第二条", "一户有两个弱劳动力的，希望能安排两人轮班。", "partly",
     "岗位总数有限，弱劳动力两人轮班按一个岗位计。", "第二条加“可由家庭成员轮班”"),
    ("第三条", "补贴标准应写进办法，大家心里有数。", "refused",
     "标准随财力每年调整，另行公布。", ""),
    ("第四条", "一季度考核一次太密，建议半年一次。", "adopted", "", "改为每半年考核一次"),
)  # fmt: skip


def make(actor: Actor) -> int:
    """Through the operations, at the time when it happened."""
    county = Division.objects.filter(
        code__startswith=settings.SHOUWANG_COUNTY, level="county"
    ).first()
    if county is None:
        return 0
    bodies = list(Department.objects.order_by("code")[:3])
    now = clock.now()
    with clock.telling(now - timedelta(days=60)):
        done = _opened(actor, county, "帮扶公益岗位管理办法（征求意见稿）", DRAFT, bodies)
        made = [_send(done, article, text) for article, text, *_ in SAID]
        take_down(
            actor, done, channel="meeting", unit="青禾镇座谈会", article="第四条",
            text="考核次数减一点。",
        )  # fmt: skip
    with clock.telling(now - timedelta(days=25)):
        _close(actor, done, made)
    _opened(actor, county, "农产品集中交售点设置方案（征求意见稿）", OTHER, bodies)
    return Consultation.objects.count()


def _opened(
    actor: Actor, county: Division, title: str, text: str, bodies: list[Department]
) -> Consultation:
    today = clock.today()
    found = make_consultation(
        actor, county, title=title, drafter="示例县农业农村局", text=text, contact=OFFICE,
        explanation="根据各乡镇提出的问题起草。", opens_on=today,
        closes_on=today + timedelta(days=30), departments=bodies,
    )  # fmt: skip
    return take_step(actor, found, "open", version=found.version)


def _send(found: Consultation, article: str, text: str) -> Comment:
    return send_comment(found, address="demo", sent=uuid.uuid4(), text=text, article=article)


def _close(actor: Actor, done: Consultation, made: list[Comment]) -> None:
    done.refresh_from_db()
    done = take_step(actor, done, "close", version=done.version)
    for comment, (_, _, decision, reason, change) in zip(made, SAID, strict=True):
        decide(
            actor, comment, version=comment.version, decision=decision, reason=reason, change=change
        )
    same = done.comments.get(channel="meeting")
    decide(actor, same, version=same.version, decision="", same_as=made[2])
    done.refresh_from_db()
    take_step(actor, done, "publish", version=done.version)
