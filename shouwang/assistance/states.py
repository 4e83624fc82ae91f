"""Tiers, sides and referral states of the assistance room."""

from functools import cache
from pathlib import Path

from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

LIFECYCLES = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles"


class Tier(models.TextChoices):
    """困难类型, as 国办发〔2023〕39号 orders them by degree; one person may have several."""

    TEKUN = "tekun", "特困人员"
    DIBAO = "dibao", "低保对象"
    EDGE = "edge", "低保边缘家庭"
    RIGID = "rigid", "刚性支出困难家庭"
    OTHER = "other", "其他困难人员"


class Side(models.TextChoices):
    """Where a household is found: in both registers, or only in one."""

    BOTH = "both", "两边都有"
    CIVIL_ONLY = "civil_only", "只在民政"
    MONITORED_ONLY = "monitored_only", "只在监测"


class Direction(models.TextChoices):
    """To whom a household is proposed."""

    TO_MONITORING = "to_monitoring", "转监测帮扶核实"
    TO_CIVIL = "to_civil", "转民政核实救助"


class ReferralState(models.TextChoices):
    OPEN = "open", "待答复"
    TAKEN = "taken", "已纳入核实"
    DECLINED = "declined", "不符合，已说明"
    WITHDRAWN = "withdrawn", "已撤回"


REFERRAL_TONES = {"open": "near", "taken": "done", "declined": "idle", "withdrawn": "idle"}
TIER_TONES = {"tekun": "late", "dibao": "near", "edge": "going", "rigid": "going", "other": "idle"}


@cache
def referral_table() -> Lifecycle:
    return load(LIFECYCLES / "referral.yaml")
