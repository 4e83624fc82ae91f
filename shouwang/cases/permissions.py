"""Rights of the casework room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"town_clerk", "town_leader"})
_VILLAGE = frozenset({"village_worker"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})
_FIELD = frozenset({"village_worker", "town_clerk"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "cases.view",
        "查看个案",
        "查看辖区内的登记线索、个案、办理记录和期限。",
        _COUNTY | _TOWN | _VILLAGE | _PREFECTURE | _WATCH,
    ),
    Right(
        "cases.register",
        "登记线索",
        "登记各渠道的线索，办结或并入个案。",
        _FIELD | frozenset({"county_officer"}),
    ),
    Right("cases.verify", "入户核查", "登记申请授权、入户核查、风险消除和回访。", _FIELD),
    Right("cases.appraise", "评议公示", "登记民主评议，发布公示公告，登记异议。", _FIELD),
    Right("cases.review", "乡镇审核", "审核村级上报的个案，处理异议。", _TOWN),
    Right(
        "cases.compare",
        "数据比对",
        "向部门发起数据比对，核定比对发现的资产。",
        frozenset({"county_officer"}),
    ),
    Right(
        "cases.answer",
        "部门答复",
        "答复发给本部门的数据比对。",
        frozenset({"department_officer"}),
    ),
    Right("cases.approve", "县级审定", "审定乡镇上报的个案，可以成批办理。", _COUNTY),
    Right(
        "cases.configure",
        "模板和清单",
        "维护走访清单等模板。",
        frozenset({"county_officer"}),
    ),
    Right(
        "cases.export",
        "导出个案",
        "把辖区内的线索和个案导出为表格，导出会留痕。",
        _COUNTY | _PREFECTURE | frozenset({"town_clerk"}),
    ),
)
