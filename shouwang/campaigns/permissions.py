"""Rights of the campaigns room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "campaigns.view",
        "查看集中排查",
        "查看辖区内的集中排查、问题台账、通报和发放情况。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH,
    ),
    Right(
        "campaigns.bulletins",
        "查看通报",
        "查看和签收发到本级、本部门的通报。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH | frozenset({"department_officer"}),
    ),
    Right(
        "campaigns.manage",
        "布置集中排查",
        "布置、抽查和结束集中排查，编制和发出通报。",
        frozenset({"county_officer"}),
    ),
    Right(
        "campaigns.issue",
        "审发通报",
        "审定发出监测帮扶通报，或撤回。",
        frozenset({"county_leader"}),
    ),
    Right(
        "campaigns.assign",
        "分派排查",
        "把农户分派给核查人，下载和上传排查表。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right(
        "campaigns.check",
        "登记排查结果",
        "登记入户排查的结果、问题台账的进展和发放签收。",
        frozenset({"village_worker", "town_clerk", "county_officer"}),
    ),
    Right(
        "campaigns.recheck",
        "抽查复核",
        "对抽中的农户复核，办理问题销号。",
        frozenset({"county_officer", "town_clerk", "supervisor"}),
    ),
    Right(
        "campaigns.export",
        "导出排查结果",
        "把辖区内的排查名单、台账和通报导出，导出会留痕。",
        _COUNTY | _PREFECTURE | _WATCH | frozenset({"town_clerk"}),
    ),
)
