"""Kinds and tables of the campaigns room."""

from functools import cache
from pathlib import Path

from django.db import models

from shouwang.core.lifecycle import Lifecycle, load

LIFECYCLES = Path(__file__).resolve().parents[1] / "rulebook" / "lifecycles"


class SweepKind(models.TextChoices):
    ALL = "all", "全面排查（全部农户）"
    SPECIAL = "special", "专项排查（只查重点名单）"


class ItemState(models.TextChoices):
    TODO = "todo", "未排查"
    DONE = "done", "已排查"


class Finding(models.TextChoices):
    """排查结果 of one household."""

    NONE = "", "未排查"
    NO_RISK = "no_risk", "没有发现风险"
    CLUE = "clue", "发现风险，已登记线索"
    KNOWN = "known", "已在监测帮扶中"
    AWAY = "away", "未见到人，须再访"


class Recheck(models.TextChoices):
    """抽查结论."""

    NONE = "", "未抽查"
    AGREES = "agrees", "属实"
    DIFFERS = "differs", "不实，须重新排查"


ITEM_TONES = {"todo": "idle", "done": "done"}
FINDING_TONES = {"": "idle", "no_risk": "done", "clue": "late", "known": "going", "away": "near"}
RECHECK_TONES = {"": "idle", "agrees": "done", "differs": "late"}


@cache
def sweep_table() -> Lifecycle:
    return load(LIFECYCLES / "sweep.yaml")


@cache
def dossier_table() -> Lifecycle:
    return load(LIFECYCLES / "dossier.yaml")


@cache
def bulletin_table() -> Lifecycle:
    return load(LIFECYCLES / "bulletin.yaml")
