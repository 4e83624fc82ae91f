"""左侧导航: the five verbs and the rooms that serve each; data for the page frame."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """One entry of the left navigation; shown to who holds `right` (None: everybody)."""

    label: str
    url_name: str
    icon: str
    right: str | None


@dataclass(frozen=True)
class Verb:
    label: str
    rooms: tuple[Room, ...]


def navigation() -> tuple[Verb, ...]:
    return (
        Verb(
            "知情",
            (
                Room("农户档案", "registry:households", "home-2", "registry.view"),
                Room("档案导入", "registry:import", "file-import", "registry.import"),
                Room("数据质量", "registry:quality", "checkup-list", "quality.view"),
                Room("行政区划", "divisions:list", "map-2", "divisions.view"),
            ),
        ),
        Verb(
            "预警",
            (
                Room("部门数据", "feeds:list", "database-import", "feeds.view"),
                Room("风险线索", "screening:clues", "alert-triangle", "screening.view"),
                Room("低收入人口", "assistance:list", "heart-handshake", "assistance.view"),
                Room("筛查批次", "screening:runs", "radar-2", "screening.view"),
                Room("规则库", "screening:rulebook", "book-2", "rulebook.view"),
            ),
        ),
        Verb(
            "行动",
            (
                Room("集中排查", "campaigns:sweeps", "clipboard-list", "campaigns.view"),
                Room("问题台账", "campaigns:dossiers", "folder-exclamation", "campaigns.view"),
            ),
        ),
        Verb(
            "问责",
            (
                Room("会议与频次", "meetings:rhythm", "calendar-check", "meetings.view"),
                Room("文书模板", "documents:letters", "file-text", "documents.letters"),
                Room("审计日志", "audit:list", "history", "audit.view"),
                Room("账号与岗位", "accounts:list", "users", "accounts.manage"),
            ),
        ),
    )
