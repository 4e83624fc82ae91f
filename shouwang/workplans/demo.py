"""演示: a made-up paper of the fictitious county, read and confirmed, its tasks under way."""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings

from shouwang.core import clock
from shouwang.core.actor import Actor
from shouwang.divisions.models import Division
from shouwang.documents import storage
from shouwang.documents.papers import Paper as OfficialPaper

from .models import Paper, Task
from .operations import (
    ReportFile,
    add_example,
    add_initiative,
    add_period,
    add_policy,
    add_project,
    advance_paper,
    advance_plan,
    advance_task,
    ask,
    check_report,
    decide_piece,
    edit_task,
    make_plan,
    put_papers,
    report_progress,
    save_items,
    split_task,
    upload_paper,
    visit_project,
)
from .operations.splitting import Part

PAPER = """示例县{year}年巩固拓展成果重点工作任务

一、守牢不发生规模性返贫底线
（一）健全监测帮扶机制。每月开展一次部门数据比对，发现风险及时核实。（牵头单位：县农业农村局；责任单位：县民政局、县医疗保障局、县教育局，各乡镇）
（二）巩固住房安全成果。完成农村危房改造120户，11月底前全部竣工。（牵头单位：县住房和城乡建设局；责任单位：各乡镇）
（三）提升饮水保障水平。维修改造供水工程18处，12月底前完成。（牵头单位：县水利局；责任单位：各乡镇）

二、促进稳定增收
（四）稳定就业规模。脱贫劳动力务工就业规模不少于8600人。（牵头单位：县人力资源和社会保障局；责任单位：各乡镇）
（五）发展庭院经济。支持庭院经济户500户，年底前完成。（牵头单位：县农业农村局；责任单位：各乡镇）

三、夯实粮食安全
（六）稳定粮食生产。全年粮食播种面积不少于21万亩。（牵头单位：县农业农村局；责任单位：各乡镇）
（七）每季度召开一次领导小组会议，研究解决突出问题。（牵头单位：县农业农村局）
"""
SHARES = ("1", "0.95", "0.8", "0.55", "0.3")


def make(actor: Actor) -> int:
    """The whole way of one paper, by two people, with reports on every light."""
    county = Division.objects.filter(
        code__startswith=settings.SHOUWANG_COUNTY, level="county"
    ).first()
    if county is None:
        return 0
    today = clock.today()
    text = PAPER.format(year=today.year)
    paper = upload_paper(
        actor, content=text.encode("utf-8"), name="重点工作任务.txt", division=county
    )
    for piece in paper.pieces.all():
        decide_piece(actor, piece, state="accepted", version=piece.version)
    second = Actor(actor.account_id, f"{actor.label}（第二人）", actor.scopes)
    sent = advance_paper(actor, paper, "send", version=paper.version)
    advance_paper(second, sent, "confirm", version=sent.version)
    for place, task in enumerate(Task.objects.filter(paper=paper, parent=None).order_by("pk")):
        _work(actor, task, place, today)
    _villages(actor, paper, today)
    _late(actor, paper, today)
    _registers(actor, county, paper, today)
    return Task.objects.filter(paper=paper).count()


def _villages(actor: Actor, paper: Paper, today: date) -> None:
    """The first town's courtyards are split among its villages, which report themselves."""
    part = Task.objects.filter(
        paper=paper, parent__isnull=False, title__contains="庭院经济"
    ).first()
    if part is None or part.quantity is None:
        return
    town = part.units.filter(duty="lead", division__level="town").first()
    villages = Division.objects.on(today).filter(parent=town.division) if town else None
    names = list(villages.order_by("code").values_list("name", flat=True)) if villages else []
    if not names or len(set(names)) < len(names):
        return
    each = (part.quantity / len(names)).to_integral_value() + 1
    made = split_task(actor, part, [Part(name, each) for name in names], version=part.version)
    for at, task in enumerate(made):
        _report(actor, task, Decimal(SHARES[at % len(SHARES)]), today)


def _late(actor: Actor, paper: Paper, today: date) -> None:
    """One part is late for so long that it goes up to the leader named at the whole."""
    part = Task.objects.filter(
        paper=paper, parent__isnull=False, title__contains="饮水", share__lt=1
    ).last()
    if part is None or part.parent is None:
        return
    edit_task(actor, part.parent, version=part.parent.version, leader="分管副县长")
    edit_task(actor, part, version=part.version, ends_on=today - timedelta(days=10))


def _registers(actor: Actor, county: Division, paper: Paper, today: date) -> None:
    """What stands beside the tasks: initiatives, a request, plans, an example, a key project."""
    add_initiative(
        actor, name="千万工程", level="nation", framework="六大行动", paper=paper, year=today.year
    )
    Task.objects.filter(paper=paper, quantity__isnull=False).update(tags=["千万工程"])
    part = Task.objects.filter(paper=paper, parent__isnull=False, state="going").first()
    if part is not None and part.ends_on is not None and part.ends_on > today:
        ask(actor, part, kind="help", reason="设备到货推迟，请协调供货。")
    towns = Division.objects.on(today).filter(level="town", path__startswith=county.path)
    for place, town in enumerate(towns.order_by("code")[:2]):
        plan = make_plan(actor, division=town, list_kind="year", period=f"{today.year}年")
        item = {
            "goal": "改造户用厕所 60 座", "quantity": Decimal(60), "unit": "座",
            "task": "逐户摸底，统一施工，验收后拨付", "project": "农村户厕改造",
            "money": Decimal(12), "body": town.name, "ends_on": today + timedelta(days=90),
            "person": "" if place else "业务责任人",
        }  # fmt: skip
        save_items(actor, plan, [item], version=1)
        if not place:
            advance_plan(actor, plan, "submit", version=2)
    add_example(
        actor, title="网格员每月敲门一次", kind="practice", field="monitoring", division=county,
        text="网格员每月到户一次，对照清单看吃穿、住房、饮水、就医、上学，发现变化当天登记。",
    )  # fmt: skip
    _policies(actor, county, paper, today)
    for name, first in (("“十四五”有效衔接规划", 2021), ("“十五五”规划", 2026)):
        period = add_period(
            actor, name=name, division=county, first_year=first, last_year=first + 4
        )
        if period.first_year <= today.year <= period.last_year:
            put_papers(actor, period, [paper])
    project = add_project(
        actor, name="县域农产品冷链集散中心", division=county, body="商务局", person="业务责任人",
        investment=Decimal(3600), begins_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=160),
    )  # fmt: skip
    visit_project(
        actor, project, kind="site", visited_on=today - timedelta(days=12), percent=Decimal(55),
        text="主体封顶，设备采购晚于计划，请商务局月底前定下供货。",
    )  # fmt: skip


def _policies(actor: Actor, county: Division, paper: Paper, today: date) -> None:
    """One that goes on, one made better, with what it replaced, one new from the paper."""
    begun = date(2021, 1, 1)
    rows = (
        ("脱贫劳动力务工交通补助", "policy", "continued", "每人每年一次，凭票据据实补助。", begun),
        ("帮扶项目库管理办法", "mechanism", "improved", "项目先入库后安排资金。", begun),
    )
    made = [
        add_policy(
            actor, division=county, name=name, framework=framework, status=status,
            content=content, valid_from=day,
        )
        for name, framework, status, content, day in rows
    ]  # fmt: skip
    add_policy(
        actor, division=county, name="帮扶项目库管理办法（修订）", framework="mechanism",
        status="adjusted", content="项目库分年度滚动，季度更新。", replaces=made[1],
        valid_from=today - timedelta(days=100),
    )  # fmt: skip
    piece = paper.pieces.filter(text__contains="庭院经济").first()
    add_policy(
        actor, division=county, name="庭院经济支持", framework="measures", status="new",
        content="支持庭院经济户500户。", paper=paper, piece=piece,
        valid_from=today - timedelta(days=60),
    )  # fmt: skip


def _work(actor: Actor, task: Task, place: int, today: date) -> None:
    """Refine, split among towns where there is an amount, and report."""
    limit = task.ends_on or (None if task.rhythm else today + timedelta(days=60))
    task = edit_task(
        actor, task, version=task.version, place="全县", person="业务责任人", ends_on=limit,
        begins_on=today - timedelta(days=200),
        evidence_needed=task.evidence_needed or ("" if task.quantity else "会议纪要、比对记录"),
    )  # fmt: skip
    if not task.units.filter(duty="lead").exclude(department=None, division=None).exists():
        return
    task = advance_task(actor, task, "start", version=task.version)
    towns = [unit.name for unit in task.units.filter(duty="responsible", division__isnull=False)]
    if task.quantity is None or len(towns) < 2:
        share = Decimal(SHARES[place % len(SHARES)])
        _report(actor, task, share, today)
        return
    each = (task.quantity / len(towns)).to_integral_value() + 1
    parts = split_task(actor, task, [Part(name, each) for name in towns], version=task.version)
    for at, part in enumerate(parts):
        _report(actor, part, Decimal(SHARES[(at + place) % len(SHARES)]), today)


def _report(actor: Actor, task: Task, share: Decimal, today: date) -> None:
    """Two reports; the last one brings its evidence where the task asks for it."""
    with storage.work_file() as work:
        files = []
        if share >= 1 and task.evidence_needed:
            minutes = OfficialPaper("工作记录").title("工作记录")
            minutes.text(f"任务“{task.title[:60]}”已按要求完成。").document.save(str(work))
            files = [ReportFile(work, "工作记录.docx", "meeting")]
        for days, part in ((60, Decimal("0.5")), (5, Decimal(1))):
            done = share * part
            amount = None if task.quantity is None else (task.quantity * done).to_integral_value()
            report = report_progress(
                actor, task, as_of=today - timedelta(days=days),
                text="按计划推进，已核对现场和台账。", value=amount,
                percent=None if task.quantity is not None else done * 100,
                files=files if done >= 1 else (),
            )  # fmt: skip
            if days > 5:
                check_report(actor, report, accept=True)
