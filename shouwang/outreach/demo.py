"""演示: codes of all villages, reports by villagers, one leaflet in some villages."""

import uuid
from datetime import timedelta

from django.conf import settings

from shouwang.cases.operations import close_clue
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.core.errors import DomainError
from shouwang.divisions.models import Division
from shouwang.registry.models import Household

from .models import ReportCode
from .operations import hand_out, make_codes, record_event, record_leaflet, report_difficulty

REPORTS = (
    ("illness", "上个月住院，自己付了两万多。"),
    ("housing", "下雨漏得厉害，西墙裂了缝。"),
    ("job", "厂里停工三个月，没有工资。"),
    ("water", "一到旱季就停水，要到沟里挑。"),
    ("education", "两个孩子上大专，学费凑不齐。"),
    ("disaster", "七月涨水，两亩辣椒全淹了。"),
)
SIGNED_VILLAGES = 3
PER_VILLAGE = 120


def make(actor: Actor) -> int:
    """Everything through the operations; the reports come from made-up telephones."""
    county = Division.objects.filter(code__startswith=settings.SHOUWANG_COUNTY, level="county")
    place = county.first()
    if place is None:
        raise DomainError("没有找到示例县，请先导入区划。")
    count = make_codes(actor)
    for number, code in enumerate(
        ReportCode.objects.select_related("village").order_by("village__code")[: len(REPORTS)]
    ):
        _report(actor, code, number)
    _publicity(actor, place)
    return count


def _report(actor: Actor, code: ReportCode, number: int) -> None:
    key, words = REPORTS[number]
    head = Household.objects.filter(village=code.village).order_by("pk").first()
    name = (head.head_name if head else "") or "村民"
    other = number % 3 == 2
    made = report_difficulty(
        code, address=f"192.0.2.{number + 1}", sent=uuid.uuid5(code.token, str(number)),
        subject_name=name, phone=f"1380000{number:04d}", difficulties=[key], text=words,
        consents=True, on_behalf=other, reporter_name="邻居" if other else "",
        relation="邻居" if other else "",
    )  # fmt: skip
    if number == 1:
        close_clue(
            actor, made.clue, conclusion="no_risk", note="已核实，屋顶已修好。",
            version=made.clue.version,
        )  # fmt: skip


def _publicity(actor: Actor, county: Division) -> None:
    today = clock.today()
    leaflet = record_leaflet(
        actor, division=county, title="防返贫政策明白纸", kind="card",
        edition=f"{today.year}年第1版", printed=25_000, made_on=today - timedelta(days=60),
        department="农业农村局",
    )  # fmt: skip
    villages = Division.objects.filter(path__startswith=county.path, level="village", valid_to=None)
    for place, village in enumerate(villages.order_by("code")[:SIGNED_VILLAGES]):
        homes = Household.objects.filter(village=village, absent_since=None)
        hand_out(
            actor, leaflet, homes.select_related("village").order_by("pk")[:PER_VILLAGE],
            handed_on=today - timedelta(days=30 - place), way="visit",
        )  # fmt: skip
        record_event(
            actor, division=village, held_on=today - timedelta(days=31 - place), kind="meeting",
            place="村委会院坝", topic="防返贫监测政策和自主申报怎么办", people=40 + place * 7,
        )  # fmt: skip
