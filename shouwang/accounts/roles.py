"""职责 (roles): what a post is called and at which level it sits; rights are in permissions.py."""

from dataclasses import dataclass

from shouwang.divisions.levels import Level


@dataclass(frozen=True)
class Role:
    """One duty; `levels` are the divisions at which it can be held."""

    code: str
    label: str
    levels: frozenset[Level]
    explanation: str
    needs_department: bool = False
    anywhere: bool = False
    """Whether the post may stand above all divisions (the operator of the installation)."""


_VILLAGE = frozenset({Level.VILLAGE, Level.GROUP})
_TOWN = frozenset({Level.TOWN})
_COUNTY = frozenset({Level.COUNTY})
_PREFECTURE = frozenset({Level.PREFECTURE, Level.PROVINCE})

_ROLES = (
    Role("village_worker", "村级工作人员", _VILLAGE, "本村农户的走访和核实。"),
    Role("town_clerk", "乡镇业务员", _TOWN, "本乡镇农户档案和线索的日常办理。"),
    Role("town_leader", "乡镇分管领导", _TOWN, "本乡镇工作的审阅。"),
    Role("county_officer", "县级业务员", _COUNTY, "全县档案导入、部门数据、筛查和线索。"),
    Role("county_leader", "县级分管领导", _COUNTY, "全县情况的查看和导出。"),
    Role(
        "department_officer",
        "部门数据员",
        _COUNTY,
        "报送本部门的数据文件。",
        needs_department=True,
    ),
    Role("supervisor", "监督检查员", _COUNTY, "全县情况和审计日志的查看。"),
    Role(
        "system_administrator",
        "系统管理员",
        _COUNTY | _PREFECTURE,
        "账号、岗位和区划的维护；看不到农户个人信息。",
        anywhere=True,
    ),
    Role("prefecture_officer", "市级业务员", _PREFECTURE, "全市情况的查看和导出。"),
    Role("prefecture_leader", "市级分管领导", _PREFECTURE, "全市情况的查看和导出。"),
    Role(
        "prefecture_department_officer",
        "市级部门数据员",
        _PREFECTURE,
        "查看本系统各县报送的数据文件。",
        needs_department=True,
    ),
    Role("prefecture_supervisor", "市级监督检查员", _PREFECTURE, "全市情况和审计日志的查看。"),
)
ROLES = {role.code: role for role in _ROLES}
CHOICES = [(role.code, role.label) for role in _ROLES]


def label_of(code: str) -> str:
    return ROLES[code].label if code in ROLES else code
