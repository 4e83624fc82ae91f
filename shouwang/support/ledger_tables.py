"""Tables of the ledgers: insurance, claims, subsidies, care of the four diseases."""

from shouwang.core.tables import AmountColumn, Column, DateColumn, NameColumn, PillColumn
from shouwang.core.tables import NumberColumn as Number

from .models import CareFlag, InsuranceClaim, InsurancePolicy, Subsidy
from .tables import _RegisterTable

CLAIM_TONES = {"reported": "near", "assessed": "going", "paid": "done", "refused": "idle"}


class PolicyTable(_RegisterTable):
    """保险."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    kind = Column(verbose_name="险种")
    insurer = Column(verbose_name="保险公司")
    policy_no = Column(verbose_name="保单号")
    subject = Column(verbose_name="保险标的")
    sum_insured = AmountColumn(verbose_name="保险金额")
    premium = AmountColumn(verbose_name="保费")
    aid = AmountColumn(verbose_name="保费补贴")
    starts_on = DateColumn(verbose_name="起保日期")
    ends_on = DateColumn(verbose_name="到期日期")

    unit = "张"
    default_columns = (
        "head", "village", "kind", "insurer", "sum_insured", "premium", "aid", "ends_on",
    )  # fmt: skip
    card_columns = ("head", "kind", "ends_on")
    sums = ("sum_insured", "premium", "aid")

    class Meta:
        model = InsurancePolicy
        fields = (
            "head", "household_no", "town", "village", "kind", "insurer", "policy_no", "subject",
            "sum_insured", "premium", "aid", "starts_on", "ends_on", "note",
        )  # fmt: skip


class ClaimTable(_RegisterTable):
    """理赔."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    kind = Column(verbose_name="险种", accessor="policy__kind_label", order_by="policy__kind")
    insurer = Column(verbose_name="保险公司", accessor="policy__insurer")
    happened_on = DateColumn(verbose_name="出险日期")
    event = Column(verbose_name="出险原因")
    claimed = AmountColumn(verbose_name="报损金额")
    paid = AmountColumn(verbose_name="赔付金额")
    paid_on = DateColumn(verbose_name="赔付日期")
    state = PillColumn(verbose_name="状态", tones=CLAIM_TONES)

    unit = "件"
    default_columns = (
        "head", "village", "kind", "happened_on", "event", "claimed", "paid", "state",
    )  # fmt: skip
    card_columns = ("head", "claimed", "state")
    sums = ("claimed", "paid")

    class Meta:
        model = InsuranceClaim
        fields = (
            "head", "household_no", "town", "village", "kind", "insurer", "happened_on", "event",
            "claimed", "paid", "paid_on", "state", "note",
        )  # fmt: skip


class SubsidyTable(_RegisterTable):
    """到户补贴."""

    head = NameColumn(verbose_name="户主", accessor="household__head_name", default="（未登记）")
    item = Column(verbose_name="项目")
    year = Column(verbose_name="年度")
    quantity = Number(verbose_name="面积（数量）")
    amount = AmountColumn(verbose_name="金额")
    paid_on = DateColumn(verbose_name="发放日期")

    unit = "笔"
    default_columns = ("head", "village", "item", "year", "quantity", "amount", "paid_on")
    card_columns = ("head", "item", "amount")
    sums = ("amount",)

    class Meta:
        model = Subsidy
        fields = (
            "head", "household_no", "town", "village", "item", "year", "quantity", "amount",
            "paid_on", "note",
        )  # fmt: skip


class CareTable(_RegisterTable):
    """四病管理."""

    name = NameColumn(verbose_name="姓名", accessor="member__name")
    disease = Column(verbose_name="病种")
    is_managed = PillColumn(verbose_name="规范管理", tones={"True": "done", "False": "late"})
    doctor = Column(verbose_name="家庭医生")
    noted_on = DateColumn(verbose_name="建档日期")
    followed_on = DateColumn(verbose_name="最近随访")

    unit = "人次"
    default_columns = (
        "name", "village", "disease", "is_managed", "doctor", "noted_on", "followed_on",
    )  # fmt: skip
    card_columns = ("name", "disease", "is_managed")

    class Meta:
        model = CareFlag
        fields = (
            "name", "head", "household_no", "town", "village", "disease", "is_managed", "doctor",
            "noted_on", "followed_on", "note",
        )  # fmt: skip

    def render_is_managed(self, record: CareFlag) -> str:
        from shouwang.core.components import pill

        words = self.value_is_managed(record)
        return pill("done" if record.is_managed else "late", words)

    def value_is_managed(self, record: CareFlag) -> str:
        return "已管理" if record.is_managed else "没有管理"
