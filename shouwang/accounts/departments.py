"""部门名录: the offices that a county usually has; an administrator adds its own.

The full names are those that the contracts of department data use.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

USUAL = (
    ("rural_revitalisation", "乡村振兴局", "乡村振兴局"),
    ("medical_insurance", "医疗保障局", "医保局"),
    ("education", "教育体育局", "教体局"),
    ("housing", "住房和城乡建设局", "住建局"),
    ("water", "水利局", "水利局"),
    ("civil_affairs", "民政局", "民政局"),
    ("disabled_persons", "残疾人联合会", "残联"),
    ("human_resources", "人力资源和社会保障局", "人社局"),
    ("emergency", "应急管理局", "应急局"),
    ("public_security", "公安局", "公安局"),
    ("market_regulation", "市场监督管理局", "市场监管局"),
    ("natural_resources", "自然资源局", "自然资源局"),
    ("vehicle_administration", "公安交警车辆管理所", "车管所"),
    ("health", "卫生健康局", "卫健局"),
    ("agriculture", "农业农村局", "农业农村局"),
    ("finance", "财政局", "财政局"),
)


def seed(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the empty table; part of the first migration."""
    departments = apps.get_model("accounts", "Department")
    for code, name, short_name in USUAL:
        departments.objects.get_or_create(
            code=code, defaults={"name": name, "short_name": short_name}
        )
