"""部门名录的补充."""

import secrets

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core.actor import Actor, require
from shouwang.core.errors import Conflict, DomainError

from ..models import Department


@transaction.atomic
def add_department(actor: Actor, *, name: str, short_name: str = "") -> Department:
    """A department that the list lacks; the name must be the one that its data files go by."""
    require(actor, "accounts.manage")
    name, short_name = name.strip(), short_name.strip()
    if not name:
        raise DomainError("请填写部门全称。", "bad_name")
    if Department.objects.filter(name=name).exists():
        raise Conflict(f"已有“{name}”，不必重复添加。", "department_exists")
    department = Department.objects.create(
        code=f"county_{secrets.token_hex(4)}", name=name, short_name=short_name or name
    )
    record(
        actor,
        "accounts.department_added",
        target_type="accounts.department",
        target_id=department.code,
        summary=f"添加部门 {name}",
    )
    return department
