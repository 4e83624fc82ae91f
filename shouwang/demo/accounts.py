"""演示账号 (accounts): one per role, named by duty and place; no person's name, no password."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoAccount:
    """A login of the demo: who may look at what, in words that a visitor understands."""

    username: str
    name: str
    role: str
    division_code: str
    department: str = ""
    """Name of the department whose files the account sends; empty for the others."""


COUNTY, PREFECTURE = "999901", "999900"
FIRST_TOWN, FIRST_VILLAGE = "999901101", "999901101201"


def demo_accounts() -> tuple[DemoAccount, ...]:
    """One account per role: the county's own, then those of the prefecture."""
    return (
        DemoAccount("county", "示例县数据管理员", "county_officer", COUNTY),
        DemoAccount("leader", "示例县分管领导", "county_leader", COUNTY),
        DemoAccount("clerk", "青禾镇干事", "town_clerk", FIRST_TOWN),
        DemoAccount("town", "青禾镇分管领导", "town_leader", FIRST_TOWN),
        DemoAccount("village", "青禾镇首村网格员", "village_worker", FIRST_VILLAGE),
        DemoAccount("medical", "县医保局报送员", "department_officer", COUNTY, "医疗保障局"),
        DemoAccount("audit", "示例县督查员", "supervisor", COUNTY),
        DemoAccount("admin", "系统管理员", "system_administrator", COUNTY),
        DemoAccount("city", "示例市数据管理员", "prefecture_officer", PREFECTURE),
        DemoAccount("cityleader", "示例市分管领导", "prefecture_leader", PREFECTURE),
        DemoAccount(
            "citymedical",
            "市医保局报送员",
            "prefecture_department_officer",
            PREFECTURE,
            "医疗保障局",
        ),
        DemoAccount("cityaudit", "示例市督查员", "prefecture_supervisor", PREFECTURE),
    )
