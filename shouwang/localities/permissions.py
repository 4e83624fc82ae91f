"""Rights of the localities room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"village_worker", "town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "localities.view",
        "查看村级台账",
        "查看辖区内的饮水工程、网格、公路问题、灾毁恢复、医疗空白点和预警公告。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH,
    ),
    Right(
        "localities.water",
        "维护饮水工程",
        "登记和导入饮水工程，登记水质检测。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right(
        "localities.grids",
        "维护网格名册",
        "登记网格、网格员和信息员。",
        frozenset({"county_officer", "town_clerk", "village_worker"}),
    ),
    Right(
        "localities.places",
        "登记村级问题",
        "登记和导入公路问题、灾毁和医疗空白点，确定措施、期限和责任部门。",
        frozenset({"county_officer", "town_clerk", "village_worker"}),
    ),
    Right(
        "localities.repair",
        "办理村级问题",
        "开始整治、报进度、申请销号；部门只办理由本部门负责的。",
        frozenset({"county_officer", "town_clerk", "village_worker", "department_officer"}),
    ),
    Right(
        "localities.own",
        "查看本部门的村级问题",
        "查看由本部门负责的公路问题、灾毁恢复和医疗空白点。",
        frozenset({"department_officer"}),
    ),
    Right(
        "localities.check",
        "核查村级问题",
        "现场核查销号申请，退回、作废或登记反弹。",
        frozenset({"county_officer", "town_clerk", "town_leader"}),
    ),
    Right(
        "localities.sign",
        "销号和抽查村级问题",
        "县级同意销号，抽取已销号的问题并登记抽查结果。",
        _COUNTY,
    ),
    Right(
        "localities.alerts",
        "发布预警公告",
        "向辖区发布预警，解除或撤回。",
        frozenset({"county_officer", "town_clerk"}),
    ),
    Right(
        "localities.acknowledge",
        "签收预警公告",
        "代表村签收预警，填写落实情况。",
        frozenset({"village_worker", "town_clerk"}),
    ),
    Right(
        "localities.export",
        "导出村级台账",
        "把辖区内的村级台账导出，导出会留痕。",
        _COUNTY | _PREFECTURE | frozenset({"town_clerk"}),
    ),
)
ACTIONS = {
    "localities.works.recorded": "登记饮水工程",
    "localities.test.recorded": "登记水质检测",
    "localities.problem.opened": "建立饮水工程问题",
    "localities.problem.step": "办理饮水工程问题",
    "localities.grid.recorded": "登记网格",
    "localities.grid.ended": "撤销网格",
    "localities.grid.member": "登记网格人员",
    "localities.grid.member_ended": "网格人员离任",
    "localities.place.step": "办理村级问题",
    "localities.place.sample": "抽查村级问题",
    "localities.place.household": "灾毁涉及农户",
    "localities.disaster.recorded": "登记灾害事件",
    "localities.disaster.changed": "修改灾害事件",
    "localities.medical.recorded": "核实村级医疗卫生服务",
    "localities.alert.issued": "发布预警",
    "localities.alert.acknowledged": "签收预警",
    "localities.alert.ended": "结束预警",
}
