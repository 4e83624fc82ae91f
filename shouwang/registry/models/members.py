"""家庭成员 (member of a household), as in the 人口 sheet of the national export."""

from django.db import models
from django.db.models import Q

from shouwang.registry.querysets import MemberQuerySet

from .households import Household, _number, _text
from .imports import RegistryFile, RegistryImport


class Member(models.Model):
    """家庭成员: one accepted person row.

    The national numbers should be unique; where an export gives one number to two different
    people, both are kept, told apart by `occurrence`. ID number and phone are ciphertext; the
    hashes find a number that somebody already knows and tell nothing else.
    """

    person_no = models.CharField("人编号", max_length=120)
    occurrence = models.PositiveSmallIntegerField("同号序", default=0)
    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    county_name = _text("县(市、区)")
    town_name = _text("乡(镇)")
    village_name = _text("行政村")
    group_name = _text("村民小组")
    name = models.TextField("姓名")
    name_norm = models.TextField("姓名（归一）")
    name_key = models.CharField("姓名（检索）", max_length=60, db_index=True)
    sex = _text("性别")
    birth_date = models.DateField("出生日期", null=True)
    birth = models.DateField("出生日期（含证件推算）", null=True)
    id_type = _text("证件类型")
    id_enc = models.BinaryField("证件号码（密文）", null=True)
    id_hash = models.BinaryField("证件号码（检索）", null=True, db_index=True)
    household_size = _number("家庭人口数")
    relation = _text("与户主关系")
    nation = _text("民族")
    politics = _text("政治面貌")
    education = _text("文化程度")
    school_status = _text("在校生状况")
    dropout_reason = _text("失学或辍学原因")
    health = _text("健康状况")
    disability_kind = _text("残疾类别")
    labour = _text("劳动技能")
    work_province = _text("务工所在省")
    work_county = _text("务工所在县")
    work_months = _number("务工时间(月)")
    employer = _text("务工企业名称")
    job_channel = _text("就业渠道")
    post_type = _text("公益性岗位类型")
    post_months = _number("公益性岗位(月数)")
    resident_medical = _text("是否参加城乡居民基本医疗保险")
    employee_medical = _text("是否参加城镇职工基本医疗保险")
    serious_insurance = _text("是否参加大病保险")
    resident_pension = _text("是否参加城乡居民基本养老保险")
    dibao = _text("享受低保政策情况")
    tekun = _text("享受特困供养政策情况")
    mandarin = _text("是否会讲普通话")
    phone_enc = models.BinaryField("成员联系电话（密文）", null=True)
    phone_hash = models.BinaryField("成员联系电话（检索）", null=True, db_index=True)
    household_type = _text("户类型")
    monitor_class = _text("监测对象类别")
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

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["household", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person_no", "occurrence"], name="one_member_a_number")
        ]
        indexes = [
            models.Index(
                fields=["household"], condition=Q(absent_since=None), name="registry_present_member"
            )
        ]
        """Who is there now is counted on every start page without reading the rows."""

    def __str__(self) -> str:
        return self.name


class NameSpelling(models.Model):
    """姓名拼音: the pinyin of each distinct name, shared by all who bear it."""

    name_key = models.CharField("姓名（检索）", max_length=60, primary_key=True)
    pinyin = models.CharField("全拼", max_length=360, db_index=True)
    initials = models.CharField("首字母", max_length=60, db_index=True)

    def __str__(self) -> str:
        return self.name_key
