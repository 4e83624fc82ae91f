"""`createuser` and `audit` as an administrator types them."""

import json

import pytest
from click.testing import CliRunner
from django.db import connection

from shouwang.accounts.models import Account
from shouwang.audit.operations import record
from shouwang.audit.protection import TABLES
from shouwang.cli.accounts import createuser_command
from shouwang.cli.audit import audit_command
from shouwang.core.actor import system_actor
from shouwang.core.errors import DomainError

pytestmark = pytest.mark.django_db


def run(command, *arguments: str, **kwargs):
    return CliRunner().invoke(command, arguments, **kwargs)


def test_the_first_administrator_needs_no_division() -> None:
    done = run(createuser_command, "admin", "--name", "管理员", "--json")
    answer = json.loads(done.stdout)
    account = Account.objects.get(username="admin")
    assert account.check_password(answer["one_time_password"])
    assert account.must_change_password
    assert answer["post"] == "全部区划 系统管理员"


def test_an_officer_gets_a_post_at_his_county(places) -> None:
    arguments = ["lili", "--name", "李", "--role", "department_officer", "--division", "999901"]
    done = run(createuser_command, *arguments, "--department", "水利局")
    assert done.exit_code == 0
    assert "示例县 水利局 部门数据员" in done.output


def test_a_given_password_is_held_to_the_rules() -> None:
    arguments = ["admin", "--name", "管理员", "--password-stdin"]
    weak = run(createuser_command, *arguments, input="weak\n")
    assert isinstance(weak.exception, DomainError)
    assert not Account.objects.exists()
    assert run(createuser_command, *arguments, input="Strong-enough-7\n").exit_code == 0
    assert Account.objects.get().check_password("Strong-enough-7")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--role", "emperor"],
        ["--division", "888888"],
        ["--role", "county_officer"],
        ["--role", "department_officer", "--department", "没有的局"],
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(places, arguments) -> None:
    done = run(createuser_command, "lili", "--name", "李", *arguments)
    assert isinstance(done.exception, DomainError)
    assert not Account.objects.exists()


def test_verify_says_so_and_exits_with_zero() -> None:
    record(system_actor("命令行"), "x.y", summary="一")
    done = run(audit_command, "verify")
    assert (done.exit_code, "1 条，完整" in done.output) == (0, True)


def test_the_head_is_printed_alone_and_fits_as_an_anchor() -> None:
    record(system_actor("命令行"), "x.y")
    head = run(audit_command, "verify", "--head").output.strip()
    record(system_actor("命令行"), "x.y")
    assert run(audit_command, "verify", "--anchor", head).exit_code == 0
    assert run(audit_command, "verify", "--anchor", "1:" + "0" * 64).exit_code == 1


def test_a_changed_record_gives_exit_code_one_and_its_number() -> None:
    record(system_actor("命令行"), "x.y", summary="一")
    run(audit_command, "verify")
    with connection.cursor() as cursor:
        on = f" ON {TABLES[0]}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {TABLES[0]}_unchanged{on}")
        cursor.execute(f"UPDATE {TABLES[0]} SET summary = '二'")
    done = run(audit_command, "verify", "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (answer["ok"], answer["problems"][0]["sequence"]) == (False, 1)


def test_tail_shows_the_newest_last() -> None:
    for number in range(3):
        record(system_actor("命令行"), "divisions.renamed", summary=f"第{number}件")
    lines = run(audit_command, "tail", "-n", "2").output.splitlines()
    assert ["第1件" in lines[0], "第2件" in lines[1], "区划更名" in lines[1]] == [True, True, True]


@pytest.mark.parametrize("command", [createuser_command, audit_command])
def test_help_is_chinese(command) -> None:
    assert not run(command, "--help").output.isascii()
