"""左侧导航: the five verbs and the rooms that serve each; data for the page frame."""

from collections.abc import Callable
from dataclasses import dataclass

from shouwang.calls import queries as call_queries
from shouwang.cases.pages import inbox
from shouwang.consultations import queries as consultation_queries
from shouwang.core.actor import Actor
from shouwang.evaluations import queries as evaluation_queries
from shouwang.indicators import badges as indicator_badges
from shouwang.inspections import queries as inspection_queries
from shouwang.localities import place_queries
from shouwang.support.queries import department_measures
from shouwang.workplans import waiting


@dataclass(frozen=True)
class Room:
    """One entry of the left navigation; shown to who holds `right` (None: everybody).

    `badge` counts what waits there for a person; `also` is a pattern of the addresses of pages that
    belong to the entry without beginning with its own address.
    """

    label: str
    url_name: str
    icon: str
    right: str | None
    badge: Callable[[Actor], int] | None = None
    also: str = ""


@dataclass(frozen=True)
class Verb:
    label: str
    rooms: tuple[Room, ...]


KNOW = Verb(
    "知情",
    (
        Room("农户档案", "registry:households", "home-2", "registry.view"),
        Room("档案导入", "registry:import", "file-import", "registry.import"),
        Room("国家系统对接", "exchange:overview", "file-diff", "exchange.view"),
        Room("数据质量", "registry:quality", "checkup-list", "quality.view"),
        Room("行政区划", "divisions:list", "map-2", "divisions.view"),
    ),
)
SEE = Verb(
    "预警",
    (
        Room("部门数据", "feeds:list", "database-import", "feeds.view"),
        Room("风险线索", "screening:clues", "alert-triangle", "screening.view"),
        Room("低收入人口", "assistance:list", "heart-handshake", "assistance.view"),
        Room("筛查批次", "screening:runs", "radar-2", "screening.view"),
        Room("规则库", "screening:rulebook", "book-2", "rulebook.view"),
    ),
)
ACT = Verb(
    "行动",
    (
        Room("我的待办", "cases:inbox", "inbox", "cases.view", inbox.badge),
        Room("线索登记簿", "cases:clues", "notebook", "cases.view"),
        Room("监测个案", "cases:list", "folders", "cases.view", also=r"/cases/(\d|long/)"),
        Room("数据比对", "cases:requests", "database-search", "cases.compare"),
        Room("数据比对", "cases:requests", "database-search", "cases.answer", inbox.badge),
        Room("公示公告", "cases:notices", "speakerphone", "cases.view"),
        Room(
            "办理看板",
            "cases:board",
            "dashboard",
            "cases.view",
            also="/cases/(funnel|load|map)/",
        ),
        Room("帮扶户", "support:index", "heart-handshake", "support.view"),
        Room("帮扶措施", "support:measures", "clipboard-check", "support.view"),
        Room(
            "部门办理",
            "support:inbox",
            "briefcase",
            "support.answer",
            department_measures.badge,
        ),
        Room("走访记录", "support:visits", "home-check", "support.view"),
        Room("帮扶台账", "support:register", "coins", "support.view"),
        Room(
            "社会帮扶供需",
            "support:needs",
            "arrows-exchange",
            "support.view",
            also="/support/offers/",
        ),
        Room("政策测算", "support:calculators", "calculator", "support.view"),
        Room("自主申报码", "outreach:codes", "speakerphone", "outreach.view"),
        Room("政策宣传", "outreach:leaflets", "books", "outreach.view", also="/outreach/events/"),
        Room("饮水工程", "localities:water", "droplet", "localities.view"),
        Room("网格和信息员", "localities:grids", "grid-dots", "localities.view"),
        Room(
            "农村公路问题",
            "localities:roads",
            "route",
            "localities.view",
            also="/localities/places/$",
        ),
        Room(
            "农村公路问题",
            "localities:roads",
            "route",
            "localities.own",
        ),
        Room(
            "灾毁恢复",
            "localities:damages",
            "tools",
            "localities.view",
            also="/localities/disasters/",
        ),
        Room(
            "灾毁恢复",
            "localities:damages",
            "tools",
            "localities.own",
        ),
        Room(
            "医疗空白点",
            "localities:clinics",
            "stethoscope",
            "localities.view",
            also="/localities/medical/",
        ),
        Room(
            "医疗空白点",
            "localities:clinics",
            "stethoscope",
            "localities.own",
        ),
        Room(
            "预警公告",
            "localities:alerts",
            "urgent",
            "localities.view",
            place_queries.waiting_alerts,
        ),
        Room("吹哨报到", "calls:list", "bell-ringing", "calls.view", call_queries.badge),
        Room("吹哨报到", "calls:list", "bell-ringing", "calls.answer", call_queries.badge),
        Room("走访清单", "cases:checklists", "list-check", "cases.configure"),
        Room("集中排查", "campaigns:sweeps", "clipboard-list", "campaigns.view"),
        Room("问题台账", "campaigns:dossiers", "folder-exclamation", "campaigns.view"),
        Room("通报", "campaigns:bulletins", "speakerphone", "campaigns.bulletins"),
    ),
)
DELIVER = Verb(
    "交付",
    (
        Room("我的任务", "workplans:mine", "inbox", "workplans.view", waiting.badge),
        Room("任务清单", "workplans:tasks", "list-check", "workplans.view"),
        Room("镇村方案", "workplans:plans", "map-2", "workplans.view"),
        Room("示范经验", "workplans:examples", "award", "workplans.view"),
        Room("重点项目", "workplans:projects", "building", "workplans.view"),
        Room("政策文件", "workplans:papers", "books", "workplans.view"),
        Room("政策登记册", "workplans:policies", "book-2", "workplans.view"),
        Room(
            "征求意见",
            "consultations:list",
            "message",
            "consultations.view",
        ),
        Room(
            "征求意见",
            "consultations:list",
            "message",
            "consultations.answer",
            consultation_queries.badge,
        ),
    ),
)
ANSWER = Verb(
    "问责",
    (
        Room("历史基数", "baselines:list", "history", "baselines.view"),
        Room("指标", "indicators:sheet", "chart-line", "indicators.view"),
        Room(
            "指标报送",
            "indicators:mine",
            "report-analytics",
            "indicators.report",
            indicator_badges.report_badge,
        ),
        Room(
            "红线预警",
            "indicators:alarms",
            "alert-triangle",
            "indicators.view",
            indicator_badges.alarm_badge,
        ),
        Room("考核评估", "evaluations:rounds", "award", "evaluations.view"),
        Room(
            "我的考核",
            "evaluations:mine",
            "checklist",
            "evaluations.view",
            evaluation_queries.badge,
        ),
        Room(
            "问题整改",
            "inspections:problems",
            "folder-exclamation",
            "inspections.view",
            inspection_queries.badge,
            also=r"/inspections/(\d|mine/|board/|batches/|lookbacks/)",
        ),
        Room(
            "督查",
            "inspections:inspections",
            "eye-check",
            "inspections.view",
            also="/inspections/(coverage|calendar)/",
        ),
        Room("专项检查", "inspections:specials", "report-search", "inspections.view"),
        Room("领导调研", "inspections:research", "map-pin", "inspections.view"),
        Room("会议与频次", "meetings:rhythm", "calendar-check", "meetings.view"),
        Room("文书模板", "documents:letters", "file-text", "documents.letters"),
        Room("审计日志", "audit:list", "history", "audit.view"),
        Room("账号与岗位", "accounts:list", "users", "accounts.manage"),
    ),
)


def navigation() -> tuple[Verb, ...]:
    """The five verbs, each with its rooms, in the order of the work."""
    return (KNOW, SEE, ACT, DELIVER, ANSWER)
