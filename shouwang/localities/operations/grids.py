"""网格名册的登记: grids of a village, their keepers and information officers."""

import re
from datetime import date

from django.db import IntegrityError, transaction

from shouwang.core import clock, crypto
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division
from shouwang.documents.personal import found_in

from ..models import Grid, GridMember
from ..secrets import GRID_PHONE
from ..states import GridRole
from .water import audited

PHONE_SHAPE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")


def record_grid(
    actor: Actor, village: Division, *, name: str, scope: str = "", households: int | None = None
) -> Grid:
    require(actor, "localities.grids", village.path)
    if village.level != Level.VILLAGE:
        raise DomainError("网格只能登记在村里。", code="village")
    if not name.strip():
        raise DomainError("请填写网格名称。", code="name")
    try:
        with transaction.atomic():
            made: Grid = Grid.objects.create(
                village=village, name=name.strip()[:40], scope=scope.strip()[:120],
                households=households, recorded_at=clock.now(),
                recorded_by_label=actor.label[:120],
            )  # fmt: skip
            audited(actor, "grid.recorded", village, f"登记网格：{made}")
    except IntegrityError:
        raise Conflict("这个村已有同名的网格。") from None
    return made


def end_grid(actor: Actor, grid: Grid, *, ended_on: date) -> Grid:
    """Close a grid; its people end with it."""
    require(actor, "localities.grids", grid.village.path)
    if ended_on > clock.today():
        raise DomainError("撤销日期不能晚于今天。", code="ended_on")
    if grid.ended_on is not None:
        raise Conflict("这个网格已经撤销。")
    with transaction.atomic():
        grid.ended_on = ended_on
        grid.save(update_fields=["ended_on"])
        GridMember.objects.filter(grid=grid, valid_to=None).update(valid_to=ended_on)
        audited(actor, "grid.ended", grid.village, f"撤销网格：{grid}")
    return grid


def add_member(
    actor: Actor,
    grid: Grid,
    *,
    name: str,
    role: str,
    valid_from: date,
    unit: str = "",
    phone: str = "",
) -> GridMember:
    require(actor, "localities.grids", grid.village.path)
    if grid.ended_on is not None:
        raise Conflict("这个网格已经撤销，不能再登记人员。")
    if role not in GridRole.values:
        raise DomainError("请选择网格员或信息员。", code="role")
    if not name.strip() or found_in(name):
        raise DomainError("请填写姓名，不写身份证号和电话。", code="name")
    number = phone.strip().replace(" ", "")
    if number and not PHONE_SHAPE.fullmatch(number):
        raise DomainError("电话应是 11 位手机号或带区号的座机，请核对。", code="phone")
    sealed = crypto.provider().encrypt(number, GRID_PHONE) if number else None
    try:
        with transaction.atomic():
            made: GridMember = GridMember.objects.create(
                grid=grid, name=name.strip()[:40], role=role, unit=unit.strip()[:60],
                phone_enc=sealed, valid_from=valid_from, recorded_at=clock.now(),
                recorded_by_label=actor.label[:120],
            )  # fmt: skip
            audited(actor, "grid.member", grid.village, f"{grid}增加{made.get_role_display()}")
    except IntegrityError:
        raise Conflict("这个人已在名册里。") from None
    return made


def end_member(actor: Actor, member: GridMember, *, valid_to: date) -> GridMember:
    require(actor, "localities.grids", member.grid.village.path)
    if member.valid_to is not None:
        raise Conflict("这个人已经离任。")
    if not member.valid_from <= valid_to <= clock.today():
        raise DomainError("离任日期应在开始日期和今天之间。", code="valid_to")
    with transaction.atomic():
        member.valid_to = valid_to
        member.save(update_fields=["valid_to"])
        audited(actor, "grid.member_ended", member.grid.village, f"{member.grid}人员离任")
    return member


def phone_of(member: GridMember) -> str:
    """The number in full, for the people who work with the roster."""
    if member.phone_enc is None:
        return ""
    return crypto.provider().decrypt(bytes(member.phone_enc), GRID_PHONE)
