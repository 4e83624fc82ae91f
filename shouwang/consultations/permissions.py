"""Rights of the consultations room."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer", "county_leader"})
_TOWN = frozenset({"town_clerk", "town_leader"})
_PREFECTURE = frozenset({"prefecture_officer", "prefecture_leader"})
_WATCH = frozenset({"supervisor", "prefecture_supervisor"})

RIGHTS: tuple[Right, ...] = (
    Right(
        "consultations.view",
        "查看征求意见",
        "查看本地的征求意见稿、收到的意见和采纳情况，不含提意见人的姓名和电话。",
        _COUNTY | _TOWN | _PREFECTURE | _WATCH,
    ),
    Right(
        "consultations.manage",
        "办理征求意见",
        "发起征求意见，登记来信来电的意见，逐条提出采纳与否和理由，查看联系方式（留痕）。",
        frozenset({"county_officer"}),
    ),
    Right(
        "consultations.publish",
        "公布采纳情况",
        "核对逐条的采纳意见后公布结果；要由发起人以外的人办理。",
        _COUNTY,
    ),
    Right(
        "consultations.answer",
        "代表单位反馈意见",
        "代表本部门、本乡镇对征求意见稿反馈意见，或者反馈没有意见；登记收到的来信来电。",
        frozenset({"department_officer", "town_clerk"}),
    ),
    Right(
        "consultations.export",
        "导出意见",
        "导出意见汇总表和情况说明，导出会留痕。",
        _COUNTY | _PREFECTURE,
    ),
)
ACTIONS = {
    "consultations.made": "发起征求意见",
    "consultations.changed": "修改征求意见稿",
    "consultations.step": "办理征求意见",
    "consultations.commented": "收到意见",
    "consultations.decided": "提出采纳意见",
    "consultations.revealed": "查看提意见人的联系方式",
}
