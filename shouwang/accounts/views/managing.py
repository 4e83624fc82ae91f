"""账号管理: who has an account, which posts, and what a post may do."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang.audit.queries import history
from shouwang.core import formats
from shouwang.core.actor import Actor, require
from shouwang.core.clock import today
from shouwang.core.components import Action, Empty
from shouwang.core.errors import Conflict, DomainError, NotAllowed, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.rights import all_rights
from shouwang.core.views import list_page

from .. import operations
from ..forms import AccountForm, DepartmentForm, EndPostForm, NameForm, PostForm
from ..lockout import is_locked
from ..models import Account, Department, Post
from ..roles import ROLES
from ..tables import AccountFilter, AccountTable

LABELS = {
    "username": "登录名",
    "name": "姓名",
    "post": "岗位",
    "valid_from": "任职日期",
    "valid_to": "离任日期",
    "active": "启用",
}
Change = Callable[[Actor, Account], object]


def one(request: HttpRequest, pk: int) -> Account:
    actor = actor_of(request)
    require(actor, "accounts.manage")
    found = Account.objects.visible_to(actor).select_related("division").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这个账号，它可能不存在，或不在您的管辖范围内。")
    return found


def accounts(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "accounts.manage")
    rows = Account.objects.visible_to(actor).select_related("division")
    return list_page(
        request,
        queryset=rows.prefetch_related("posts__division", "posts__department"),
        table=AccountTable,
        filterset=AccountFilter,
        title="账号与岗位",
        purpose="谁能登录、担任什么岗位；岗位决定能看到哪里、能做什么。",
        actions=[
            Action("部门", reverse("accounts:departments"), icon="building"),
            Action("职责与权限", reverse("accounts:roles"), icon="shield-lock"),
            Action("建立账号", reverse("accounts:create"), icon="user-plus", is_main=True),
        ],
        empty=Empty("还没有账号", "先建立账号，再任命岗位。"),
        export_right="accounts.manage",
        source="账号表",
    )


def roles(request: HttpRequest) -> HttpResponse:
    """Which role may do what: the table that the program itself goes by."""
    require(actor_of(request), "accounts.manage")
    rows = [
        (right, [(role, role.code in right.roles) for role in ROLES.values()])
        for right in all_rights().values()
    ]
    return render(request, "accounts/roles.html", {"roles": ROLES.values(), "rows": rows})


def departments(request: HttpRequest) -> HttpResponse:
    """The departments that posts can be held for, and a form for one more."""
    actor = actor_of(request)
    require(actor, "accounts.manage")
    form = DepartmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = operations.add_department(actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, f"已添加 {added.name}。")
            return redirect("accounts:departments")
    context = {"form": form, "departments": Department.objects.all()}
    return render(request, "accounts/departments.html", context)


@never_cache
def create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "accounts.manage")
    form = AccountForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            account, password = operations.create_account(actor, **form.cleaned_data)
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return _one_time(request, account, password)
    return render(request, "accounts/form.html", {
        "form": form, "title": "建立账号", "submit": "建立账号",
        "purpose": "建立后显示一次性密码，请当面或电话告知本人；首次登录须修改。",
    })  # fmt: skip


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    account = one(request, pk)
    posts = account.posts.select_related("division", "department").order_by("-valid_from", "-pk")
    facts = [
        ("登录名", account.username),
        ("所属区划", account.division.name if account.division else "全部区划"),
        ("最近登录", account.last_login and formats.moment(account.last_login)),
        ("密码", "首次登录须修改" if account.must_change_password else "已由本人修改"),
        ("建立日期", formats.day(account.created_at)),
    ]
    locked = is_locked(account.username)
    own = actor_of(request).account_id == account.pk
    context = {
        "account": account,
        "posts": [(post, post.held_on(today())) for post in posts],
        "facts": facts,
        "locked": locked,
        "own": own,
        "actions": _actions(account, locked, own),
        "history": history("accounts.account", account.pk, labels=LABELS),
    }
    return render(request, "accounts/detail.html", context)


def rename(request: HttpRequest, pk: int) -> HttpResponse:
    account = one(request, pk)
    form = NameForm(request.POST or None, initial={"name": account.name})
    if request.method == "POST" and form.is_valid():
        operations.rename(actor_of(request), account, name=form.cleaned_data["name"])
        messages.success(request, "姓名已修改。")
        return redirect(account)
    page = {"form": form, "title": "修改姓名", "submit": "保存", "account": account}
    return render(request, "accounts/form.html", page)


def add_post(request: HttpRequest, pk: int) -> HttpResponse:
    account, actor = one(request, pk), actor_of(request)
    form = PostForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            post = operations.give_post(actor, account, **form.cleaned_data)
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已任命 {account.name} 为 {post.label}。")
            return redirect(account)
    page = {"form": form, "title": f"任命{account.name}", "submit": "任命", "account": account}
    return render(request, "accounts/form.html", page)


def end_post(request: HttpRequest, pk: int, post_pk: int) -> HttpResponse:
    account, actor = one(request, pk), actor_of(request)
    post = Post.objects.filter(pk=post_pk, account=account).first()
    if post is None:
        raise NotFound("没有找到这个岗位，请刷新页面。")
    form = EndPostForm(request.POST or None, initial={"last_day": today()})
    if request.method == "POST" and form.is_valid():
        operations.end_post(actor, post, last_day=form.cleaned_data["last_day"])
        messages.success(request, f"已免去 {account.name} 的 {post.label}。")
        return redirect(account)
    return render(request, "accounts/form.html", {
        "form": form, "title": f"免去{post.label}", "submit": "免去", "account": account,
        "purpose": "从次日起不再有这个岗位的权限；要立即生效，请填昨天。",
    })  # fmt: skip


@require_POST
@never_cache
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    account = one(request, pk)
    password = operations.reset_password(actor_of(request), account)
    return _one_time(request, account, password)


@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, operations.deactivate, "账号已停用，不能再登录。")


@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, operations.reactivate, "账号已恢复使用。")


@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, operations.unlock, "已解除锁定，可以立即登录。")


def _change(request: HttpRequest, pk: int, change: Change, words: str) -> HttpResponse:
    account = one(request, pk)
    try:
        change(actor_of(request), account)
    except Conflict as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, words)
    return redirect(account)


def _one_time(request: HttpRequest, account: Account, password: str) -> HttpResponse:
    """The one page on which a one-time password is ever seen; never cached, never a redirect."""
    context = {"account": account, "password": password}
    return render(request, "accounts/one_time_password.html", context)


def _actions(account: Account, locked: bool, own: bool) -> list[Action]:
    def at(name: str) -> str:
        return reverse(f"accounts:{name}", args=[account.pk])

    reason = "须由另一位系统管理员办理" if own else ""
    actions = [Action("修改姓名", at("rename"), icon="pencil")]
    if locked:
        actions.append(Action("解除锁定", at("unlock"), icon="lock-open", method="post"))
    if account.is_active:
        actions += [
            Action(
                "重置密码", at("reset-password"), icon="key", method="post", reason=reason,
                confirm=f"将为 {account.name} 生成一次性密码，原密码立即失效。",
            ),
            Action(
                "停用账号", at("deactivate"), icon="user-exclamation", method="post",
                reason=reason, confirm=f"停用后 {account.name} 不能登录，可以再恢复。",
            ),
            Action("任命岗位", at("add-post"), icon="plus", is_main=True, reason=reason),
        ]  # fmt: skip
    else:
        actions.append(Action("恢复账号", at("reactivate"), icon="user-check", method="post"))
    return actions
