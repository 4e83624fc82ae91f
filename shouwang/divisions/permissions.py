"""行政区划的权限."""

from shouwang.core.rights import Right

_COUNTY = frozenset({"county_officer"})
_ADMINISTRATION = frozenset({"system_administrator"})
_EVERYBODY = frozenset(
    {
        "village_worker",
        "town_clerk",
        "town_leader",
        "county_leader",
        "department_officer",
        "supervisor",
        "prefecture_officer",
        "prefecture_leader",
        "prefecture_department_officer",
        "prefecture_supervisor",
    }
)

RIGHTS: tuple[Right, ...] = (
    Right(
        "divisions.view",
        "查看行政区划",
        "查看管辖范围内的行政区划、曾用名和撤并沿革。",
        roles=_COUNTY | _ADMINISTRATION | _EVERYBODY,
    ),
    Right(
        "divisions.manage",
        "维护行政区划",
        "导入区划表，登记更名、撤并、拆分和代码变更。",
        roles=_COUNTY | _ADMINISTRATION,
    ),
)
ACTIONS = {
    "divisions.imported": "导入区划表",
    "divisions.boundaries": "导入边界",
    "divisions.created": "新增区划",
    "divisions.renamed": "区划更名",
    "divisions.merged": "区划撤并",
    "divisions.split": "区划拆分",
    "divisions.recoded": "区划代码变更",
}
