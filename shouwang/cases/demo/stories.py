"""演示里的事: which household comes how far, when it began, and what is special about it."""

from dataclasses import dataclass
from datetime import date

REGIME_2021 = date(2025, 10, 13)
"""Stories of the three classes begin here; what follows it comes days later."""


@dataclass(frozen=True)
class Story:
    """A case from its clue to the state in which it stands today.

    `began` is so many days ago; `on` is a fixed day instead. `away` plays it in another town.
    """

    until: str
    began: int = 0
    on: date | None = None
    channel: str = "cadre_visit"
    risks: tuple[str, ...] = ("illness",)
    text: str = "入户走访发现家庭支出增加，生活困难"
    per_person: int = 7_200
    spending: int = 6_000
    emergency: str = ""
    twist: str = ""
    poor: bool | None = None
    away: int = 0


@dataclass(frozen=True)
class AfterStory:
    """A monitored household on its way out, from so many days ago."""

    until: str
    began: int
    twist: str = ""
    way: str = "helped"


STORIES = (
    Story("consent", 1, channel="self_report", text="群众电话申报：家人住院花费大"),
    Story("consent", 6, channel="supervision", text="12345 转办：反映家庭缺乏收入来源",
          risks=("job_instability",)),
    Story("checking", 2, risks=("job_instability", "income"), text="务工人员返乡，收入中断"),
    Story("checking", 4, twist="asked", text="走访了解：子女上学开支大", risks=("education",)),
    Story("checking", 20, twist="asked", away=1),
    Story("checking", 3, emergency="natural_disaster", risks=("natural_disaster", "housing"),
          text="暴雨致房屋受损，已先行安置", twist="green"),
    Story("appraisal", 6, risks=("illness", "disability")),
    Story("appraisal", 26, away=2),
    Story("notice", 8, risks=("accident",), text="主要劳动力遭遇意外事故"),
    Story("notice", 10, twist="objection", risks=("industry_failure",), text="养殖失败，损失较大"),
    Story("review", 13),
    Story("review", 34, risks=("labour_shortage",), away=1),
    Story("approval", 14),
    Story("approval", 15, risks=("job_instability",)),
    Story("approval", 15, risks=("education",), per_person=6_100),
    Story("approval", 16, risks=("illness",), away=1),
    Story("announcement", 17),
    Story("filing", 17, risks=("disability",)),
    Story("monitored", 45, twist="hit"),
    Story("monitored", 60, risks=("natural_disaster",), emergency="natural_disaster",
          text="山洪冲毁房屋和农田", twist="green", spending=20_000),
    Story("monitored", 90, twist="departs", risks=("illness", "labour_shortage"), away=2),
    Story("monitored", on=REGIME_2021, poor=False),
    Story("monitored", on=REGIME_2021, poor=True, risks=("job_instability",)),
    Story("monitored", on=REGIME_2021, per_person=14_000, spending=40_000, risks=("illness",),
          text="突发大病，自付费用高"),
    Story("refused", 30, twist="no_risk", text="匿名反映，经核实家庭收入稳定"),
    Story("refused", 40, twist="county", per_person=8_300),
    Story("withdrawn", 25, text="申报后家庭自行解决困难"),
)  # fmt: skip

EXITS = (
    AfterStory("exit_check", 2),
    AfterStory("exit_appraisal", 3),
    AfterStory("exit_notice", 5),
    AfterStory("exit_review", 10, way="natural"),
    AfterStory("exit_approval", 12),
    AfterStory("exit_announcement", 13),
    AfterStory("resolved", 120, twist="follow_up"),
    AfterStory("resolved", 40, way="natural"),
    AfterStory("monitored", 70, twist="taken_back"),
    AfterStory("resolved", 100, twist="again"),
    AfterStory("monitored", 20, twist="refused"),
    AfterStory("monitored", 15, twist="judged"),
    AfterStory("ended", 30, twist="ended"),
)
