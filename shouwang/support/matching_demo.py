"""示例供需: offers of made-up units, and needs in every state, some of which nobody can meet."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shouwang.cases.models import Case
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division

from . import operations
from .models import HouseholdNeed, SocialOffer

OFFERS = (
    ("示例商会", "goods", "过冬棉被", 40, "床", 60),
    ("示例爱心助学会", "study", "高中生结对助学", 6, "人", 200),
    ("示例食品公司", "purchase", "收购土鸡蛋", None, "", None),
    ("示例家政公司", "job", "家政护理岗位", 8, "人", 25),
    ("示例农资店", "production", "春播种子化肥", 30, "份", 90),
)
NEEDS = (
    ("goods", "棉被", 2, "床", "open"),
    ("goods", "过冬棉被和衣物", 3, "床", "taken"),
    ("study", "高二学生助学", 1, "人", "given"),
    ("purchase", "土鸡蛋没有销路", 300, "斤", "thanked"),
    ("company", "独居老人定期陪伴", 1, "人", "open"),
    ("medical", "上门体检", None, "", "open"),
    ("job", "照顾家人，想在镇上务工", 1, "人", "open"),
    ("production", "种子化肥", 1, "份", "dropped"),
)
PATHS = {
    "open": (), "taken": ("take",), "given": ("take", "give"),
    "thanked": ("take", "give", "thank"), "dropped": ("drop",),
}  # fmt: skip


def make(actor: Actor, cases: Sequence[Case]) -> None:
    """On the first households given; the offers stand for their whole county."""
    county = Division.objects.filter(level="county", valid_to=None).order_by("code").first()
    if county is None or not cases:
        return
    today = clock.today()
    offers: dict[str, SocialOffer] = {}
    for provider, kind, what, count, unit, days in OFFERS:
        offers[kind] = operations.record_offer(
            actor, provider=provider, kind=kind, what=what, division=county, unit=unit,
            quantity=None if count is None else Decimal(count),
            until=None if days is None else today + timedelta(days=days),
        )  # fmt: skip
    for place, (kind, what, count, unit, state) in enumerate(NEEDS):
        need = operations.record_need(
            actor, cases[place % len(cases)].household, kind=kind, what=what, unit=unit,
            quantity=None if count is None else Decimal(count),
            raised_on=today - timedelta(days=6 * place + 2), source="走访时提出",
        )  # fmt: skip
        for action in PATHS[state]:
            need = _step(actor, need, action, offers.get(kind))


def _step(
    actor: Actor, need: HouseholdNeed, action: str, offer: SocialOffer | None
) -> HouseholdNeed:
    asked: dict[str, dict[str, Any]] = {
        "take": {"offer": offer},
        "give": {"date": clock.today() - timedelta(days=1)},
        "thank": {"result": "收到了，解决了难处。"},
        "drop": {"reason": "今年不再种植。"},
    }
    return operations.take_need_step(actor, need, action, version=need.version, **asked[action])
