"""Rights of the support room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})
_VILLAGE = frozenset({"village_worker"})
_DESK = frozenset({"county_officer", "town_clerk"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "support.view",
        "查看帮扶",
        "查看辖区内的帮扶措施、结对、走访和台账。",
        _COUNTY | _TOWN | _VILLAGE | _PREFECTURE | _WATCH,
    ),
    Right(
        "support.plan",
        "制定帮扶措施",
        "为农户拟定帮扶措施，登记救助申请，发放明白纸。",
        _DESK | _VILLAGE,
    ),
    Right("support.assign", "交办帮扶措施", "把措施交办到部门，停止已不需要的措施。", _DESK),
    Right(
        "support.answer",
        "办理帮扶措施",
        "接收、退回和落实交办给本部门的措施，登记发放。",
        frozenset({"department_officer"}),
    ),
    Right("support.pair", "安排结对", "安排和变更帮扶联系人，登记责任链。", _DESK),
    Right("support.visit", "登记走访", "登记走访和清单答案。", _VILLAGE | _TOWN | _DESK),
    Right("support.registers", "维护帮扶台账", "登记和导入贷款、助学、住房台账。", _DESK),
    Right("support.relief_review", "审核救助申请", "乡镇审核救助基金申请。", _TOWN),
    Right("support.relief_approve", "审批救助申请", "县级审批救助基金申请。", _COUNTY),
    Right(
        "support.pay",
        "登记发放",
        "登记救助基金和措施资金的发放。",
        frozenset({"county_officer"}),
    ),
    Right("support.review", "成效评议", "评议每户帮扶的成效。", _DESK | _VILLAGE),
    Right(
        "support.export",
        "导出帮扶",
        "把辖区内的帮扶清单导出为表格，导出会留痕。",
        _COUNTY | _PREFECTURE | frozenset({"town_clerk"}),
    ),
)
