"""演示: calls of the last weeks in every state, one department late, one rated twice."""

from datetime import timedelta

from shouwang.accounts.models import Department
from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division

from .models import Call, CallDepartment
from .operations import raise_call, take_step, withdraw

Steps = tuple[tuple[int, str, str], ...]
GONE = "withdraw"
MATTERS: tuple[tuple[str, str, str, int, Steps], ...] = (
    ("入村道路塌方，车辆绕行", "urgent", "应急管理局", 30, (
        (1, "accept", ""), (2, "answer", "已清理塌方并设警示牌，通车。"), (3, "satisfy", ""))),
    ("供水管道冻裂，二十户停水", "urgent", "水利局", 24, (
        (1, "accept", ""), (6, "answer", "更换管道 120 米。"),
        (7, "reopen", "仍有三户水压不足。"), (10, "answer", "加装增压泵。"), (11, "satisfy", ""))),
    ("医保缴费后查不到参保信息", "normal", "医疗保障局", 20, (
        (1, "accept", ""), (3, "answer", "信息已补录。"))),
    ("学生资助没有发到卡", "normal", "教育体育局", 18, ((2, "refuse", "卡由社保部门制发。"),)),
    ("危房改造后墙体开裂", "normal", "住房和城乡建设局", 16, (
        (1, "accept", ""), (4, "answer", "已抹灰。"), (5, "reopen", "裂缝又出现。"))),
    ("水渠淤塞影响灌溉", "normal", "水利局", 15, ((1, "accept", ""),)),
    ("务工人员工资拖欠", "urgent", "人力资源和社会保障局", 12, (
        (1, "refuse", "属建设工程欠薪。"), (2, "close", "已由劳动监察一并受理。"))),
    ("低保申请材料反复补正", "normal", "民政局", 10, ((1, GONE, "已经办好。"),)),
    ("残疾证换发不便", "normal", "残疾人联合会", 6, (
        (1, "refuse", "户籍不在本县。"), (2, "keep", "按居住地受理。"), (3, "accept", ""))),
    ("分散供水点水质发黄", "urgent", "水利局", 1, ()),
)  # fmt: skip
"""Matter, urgency, department, days ago, and the steps on which day after the call."""


def make(actor: Actor) -> int:
    """Everything through the operations, at the time when it happened."""
    villages = list(Division.objects.filter(level="village", valid_to=None).order_by("code")[:40])
    departments = list(Department.objects.order_by("code"))
    if not villages or len(departments) < 2:
        return 0
    named = {one.name: one for one in departments}
    for place, (title, urgency, name, ago, steps) in enumerate(MATTERS):
        start = clock.now() - timedelta(days=ago)
        with clock.telling(start):
            call = raise_call(
                actor, villages[place * 3 % len(villages)], title=title,
                text=f"{title}，村里协调不了，请到现场解决。", urgency=urgency,
                departments=[named.get(name, departments[place % len(departments)])],
            )  # fmt: skip
        for after, action, words in steps:
            with clock.telling(start + timedelta(days=after)):
                _step(actor, call, action, words)
    _hand_over(actor, villages[0], departments)
    return len(MATTERS) + 1


def _step(actor: Actor, call: Call, action: str, words: str) -> None:
    call.refresh_from_db()
    if action == GONE:
        withdraw(actor, call, version=call.version, reason=words)
        return
    part = CallDepartment.objects.select_related("call__division").get(call=call)
    take_step(actor, part, action, version=call.version, words=words)


def _hand_over(actor: Actor, village: Division, departments: list[Department]) -> None:
    """Two departments; one says it is not theirs and the county names another."""
    with clock.telling(clock.now() - timedelta(days=3)):
        call = raise_call(
            actor, village, title="安置点排水不畅", text="雨后积水，请现场查看。",
            urgency="normal", departments=departments[:1],
        )  # fmt: skip
        _step(actor, call, "refuse", "管网由其他部门维护。")
        call.refresh_from_db()
        part = CallDepartment.objects.select_related("call__division").get(call=call)
        take_step(actor, part, "reassign", version=call.version, department=departments[1])
