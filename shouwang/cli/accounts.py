"""`shouwang createuser`: an account with a post, for the first administrator and for scripts."""

import sys
from typing import TYPE_CHECKING

import click

from .ending import json_option, print_json
from .starting import start

if TYPE_CHECKING:
    from shouwang.accounts.models import Department
    from shouwang.divisions.models import Division


def _role_labels() -> str:
    from shouwang.accounts.roles import ROLES

    return "；".join(f"{role.code} {role.label}" for role in ROLES.values())


@click.command("createuser")
@click.argument("username")
@click.option("--name", required=True, help="姓名。")
@click.option("--role", default="system_administrator", show_default=True, help="职责代码。")
@click.option("--division", "code", default="", help="岗位所在区划的代码；系统管理员可不填。")
@click.option("--department", default="", help="部门全称，部门数据员必填。")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取密码，不生成一次性密码。")
@json_option
def createuser_command(
    username: str,
    name: str,
    role: str,
    code: str,
    department: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """建立账号并任命岗位，打印一次性密码（首次登录须修改）。

    例：shouwang createuser zhangqing --name 张青 --role county_officer --division 999901
    """
    start()
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    account, password, post = create(
        username, name=name, role=role, code=code, department=department, password=given
    )
    if as_json:
        print_json({"username": account, "post": post, "one_time_password": password})
        return
    click.echo(f"已建立账号 {account}（{post}）。")
    if password:
        click.echo(f"一次性密码：{password}")


def create(
    username: str, *, name: str, role: str, code: str, department: str, password: str | None
) -> tuple[str, str | None, str]:
    """The account, its post and its password, all or nothing."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from shouwang.accounts import operations
    from shouwang.accounts.roles import ROLES
    from shouwang.core.actor import system_actor
    from shouwang.core.clock import today
    from shouwang.core.crypto import provider
    from shouwang.core.errors import DomainError

    if role not in ROLES:
        raise DomainError(f"没有职责“{role}”。可用的有：{_role_labels()}。")
    provider()  # the first command on a machine also makes its keys
    actor = system_actor("命令行")
    division = _division(code)
    with transaction.atomic():
        account, one_time = operations.create_account(
            actor, username=username, name=name, division=division
        )
        post = operations.give_post(
            actor,
            account,
            role=role,
            division=division,
            department=_department(department),
            valid_from=today(),
        )
        if password is not None:
            try:
                validate_password(password, account)
            except ValidationError as error:
                raise DomainError("".join(error.messages)) from None
            account.set_password(password)
            account.save(update_fields=["password"])
    return account.username, None if password is not None else one_time, post.label


def _division(code: str) -> "Division | None":
    from shouwang.core.errors import DomainError
    from shouwang.divisions.queries import by_code

    if not code:
        return None
    division = by_code(code)
    if division is None:
        raise DomainError(f"没有代码为 {code} 的区划，请先导入区划表。")
    return division


def _department(name: str) -> "Department | None":
    from shouwang.accounts.models import Department
    from shouwang.core.errors import DomainError

    if not name:
        return None
    department = Department.objects.filter(name=name).first()
    if department is None:
        names = "、".join(Department.objects.values_list("name", flat=True))
        raise DomainError(f"没有部门“{name}”。现有：{names}。")
    return department
