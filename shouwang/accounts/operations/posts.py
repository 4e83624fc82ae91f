"""岗位的任免."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from shouwang.audit.operations import record
from shouwang.core.actor import WHOLE_TREE, Actor, require
from shouwang.core.errors import Conflict, DomainError
from shouwang.divisions.levels import Level
from shouwang.divisions.models import Division

from ..models import Account, Department, Post
from ..roles import ROLES, Role
from .accounts import permit, refuse_own


@transaction.atomic
def give_post(
    actor: Actor,
    account: Account,
    *,
    role: str,
    division: Division | None,
    department: Department | None = None,
    valid_from: date,
    valid_to: date | None = None,
) -> Post:
    """A post from a day on; never one's own, and never outside one's own places."""
    permit(actor, account)
    refuse_own(actor, account)
    require(actor, "accounts.manage", division.path if division else WHOLE_TREE)
    duty = _checked(role, division, department, valid_from, valid_to)
    department = department if duty.needs_department else None
    _refuse_overlap(account, role, division, department, valid_from, valid_to)
    post = Post.objects.create(
        account=account,
        role=role,
        division=division,
        department=department,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    record(
        actor,
        "accounts.post_given",
        target_type="accounts.account",
        target_id=str(account.pk),
        division_path=account.path,
        summary=f"任命 {account.name} 为 {post.label}",
        changes={"post": [None, post.label], "valid_from": [None, valid_from.isoformat()]},
    )
    return post


@transaction.atomic
def end_post(actor: Actor, post: Post, *, last_day: date) -> Post:
    """The post is held until `last_day`; a day before its beginning: it is as if never held."""
    permit(actor, post.account)
    refuse_own(actor, post.account)
    if post.valid_to is not None and post.valid_to <= last_day:
        raise Conflict("该岗位已经离任，请刷新页面。")
    changed = Post.objects.filter(pk=post.pk, valid_to=post.valid_to)
    if last_day < post.valid_from:
        done = changed.update(valid_from=last_day, valid_to=last_day)
    else:
        done = changed.update(valid_to=last_day)
    if not done:
        raise Conflict
    record(
        actor,
        "accounts.post_ended",
        target_type="accounts.account",
        target_id=str(post.account.pk),
        division_path=post.account.path,
        summary=f"免去 {post.account.name} 的 {post.label}",
        changes={"post": [post.label, None], "valid_to": [post.valid_to, last_day.isoformat()]},
    )
    post.refresh_from_db()
    return post


def _checked(
    role: str,
    division: Division | None,
    department: Department | None,
    valid_from: date,
    valid_to: date | None,
) -> Role:
    duty = ROLES.get(role)
    if duty is None:
        raise DomainError("没有这种职责，请从列表中选择。", "unknown_role")
    if division is None and not duty.anywhere:
        raise DomainError(f"“{duty.label}”须选择所在的区划。", "division_missing")
    if division is not None and division.level not in duty.levels:
        levels = "、".join(level.label for level in Level if level in duty.levels)
        raise DomainError(
            f"“{duty.label}”只能设在{levels}，而{division.name}不是，请重新选择区划。",
            "wrong_level",
        )
    if duty.needs_department and department is None:
        raise DomainError(f"“{duty.label}”须选择部门。", "department_missing")
    if valid_to is not None and valid_to < valid_from:
        raise DomainError("离任日期早于任职日期，请改正。", "wrong_order")
    return duty


def _refuse_overlap(
    account: Account,
    role: str,
    division: Division | None,
    department: Department | None,
    valid_from: date,
    valid_to: date | None,
) -> None:
    same = Post.objects.filter(
        account=account, role=role, division=division, department=department
    ).filter(Q(valid_to=None) | Q(valid_to__gte=valid_from))
    if valid_to is not None:
        same = same.filter(valid_from__lte=valid_to)
    if same.exists():
        raise Conflict("此人在这段时间已有同样的岗位，不必重复任命。", "post_exists")
