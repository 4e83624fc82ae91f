"""农户 (household) and its yearly income, as in the 户 sheet of the national export."""

from decimal import Decimal

from django.db import models

from shouwang.registry.querysets import HouseholdQuerySet

from .imports import RegistryFile, RegistryImport


def _text(label: str) -> models.TextField[str | None, str | None]:
    """A value of the export as it came; null is "no data", never "no"."""
    return models.TextField(label, null=True)


def _amount(label: str) -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(label, max_digits=20, decimal_places=2, null=True)


def _number(label: str) -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(label, max_digits=18, decimal_places=3, null=True)


class Household(models.Model):
    """农户: the household as the last export described it; yearly amounts are in its statements.

    Codes outside the national lists are kept as text: they are a finding, not a rejected row.
    """

    household_no = models.CharField("户编号", max_length=120, unique=True)
    village = models.ForeignKey(
        "divisions.Division", models.PROTECT, related_name="households", verbose_name="行政村"
    )
    group = models.ForeignKey(
        "divisions.Division",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name="村民小组",
    )
    village_code = models.CharField("行政村代码", max_length=120)
    county_name = _text("县(市、区)")
    town_name = _text("乡(镇)")
    village_name = _text("行政村")
    group_name = _text("村民小组")
    head_name = _text("户主姓名")
    head_key = models.CharField("户主姓名（检索）", max_length=60, blank=True, db_index=True)
    head_id_enc = models.BinaryField("户主证件号码（密文）", null=True)
    phone_enc = models.BinaryField("户联系电话（密文）", null=True)
    phone_hash = models.BinaryField("户联系电话（检索）", null=True, db_index=True)
    household_size = _number("家庭人口数")
    household_type = _text("户类型")
    attribute = _text("脱贫户属性")
    monitor_class = _text("监测对象类别")
    identified_month = models.DateField("识别监测时间", null=True)
    risk1 = _text("致贫返贫风险1")
    risk2 = _text("致贫返贫风险2")
    risk3 = _text("致贫返贫风险3")
    eliminated = _text("风险是否已消除")
    eliminated_month = models.DateField("风险消除时间", null=True)
    elimination_way = _text("风险消除方式")
    house_area = _number("住房面积")
    danger_house = _text("是否危房户")
    water_ok = _text("是否解决安全饮用水")
    road_distance = _number("与村主干路距离")
    road_type = _text("入户路类型")
    fuel = _text("主要燃料类型")
    toilet = _text("是否有卫生厕所")
    farmland = _number("耕地面积")
    measure_industry = _text("产业帮扶")
    measure_job = _text("就业帮扶")
    measure_post = _text("公益岗位帮扶")
    measure_finance = _text("金融帮扶")
    measure_housing = _text("住房安全保障")
    measure_health = _text("健康帮扶")
    measure_education = _text("教育帮扶")
    measure_water = _text("饮水安全保障")
    measure_general = _text("综合保障")
    measure_social = _text("社会帮扶")
    development_status = _text("实施开发式帮扶措施情况")
    contact_cadre = _text("帮扶联系人")
    absent_since = models.ForeignKey(
        RegistryImport,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name="未出现在导出",
    )
    source_file = models.ForeignKey(
        RegistryFile, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    source_row = models.PositiveIntegerField("首次所在行")

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["village_code", "household_no"]

    def __str__(self) -> str:
        return f"{self.head_name or '（无户主姓名）'}户"

    @property
    def risks(self) -> list[str]:
        return [risk for risk in (self.risk1, self.risk2, self.risk3) if risk]


class IncomeStatement(models.Model):
    """年度收入: one household's income of a year in yuan, and beside it the one at elimination.

    A new year adds a statement and leaves the old ones as they were.
    """

    class Kind(models.TextChoices):
        ANNUAL = "annual", "年度"
        AFTER = "after", "风险消除后"

    household = models.ForeignKey(Household, models.PROTECT, related_name="statements")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("口径", max_length=8, choices=Kind.choices)
    wage_income = _amount("工资性收入")
    business_income = _amount("生产经营性收入")
    property_income = _amount("财产性收入")
    transfer_income = _amount("转移性收入")
    business_expense = _amount("生产经营性支出")
    prev_per_capita = _amount("上年家庭人均纯收入")
    claim_income = _amount("理赔收入")
    compliant_self_paid = _amount("合规自付支出")
    net_income = _amount("家庭纯收入")
    per_capita = _amount("家庭人均纯收入")
    source_file = models.ForeignKey(
        RegistryFile, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    source_row = models.PositiveIntegerField("首次所在行")

    class Meta:
        ordering = ["household", "year", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "kind", "year"], name="one_statement_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_kind_display()}收入"
