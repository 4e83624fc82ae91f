"""我的: one's own password, posts and the post one acts from."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shouwang.core import formats
from shouwang.core.clock import today
from shouwang.core.errors import DomainError, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.rights import all_rights

from ..actors import posts_on
from ..forms import PasswordForm
from ..middleware import ALL_POSTS, SESSION_POST
from ..models import Account
from ..operations import change_password
from .signing_in import next_page


def account_of(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account), "the page asks for a login"
    return request.user


@never_cache
@sensitive_post_parameters("old", "new", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the first one must be changed before anything else opens."""
    account = account_of(request)
    first = account.must_change_password
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change_password(actor_of(request), account, old=data["old"], new=data["new"])
        except DomainError as error:
            form.add_error("old" if error.code == "wrong_password" else "new", error.message)
        else:
            update_session_auth_hash(request, account)
            messages.success(request, "密码已修改，其他地方的登录已退出。")
            return redirect("home")
    template = "accounts/first_password.html" if first else "accounts/password.html"
    return render(request, template, {"form": form})


def profile(request: HttpRequest) -> HttpResponse:
    """What I may do, and from which posts."""
    account = account_of(request)
    posts = posts_on(account, today())
    rights = [right for right in all_rights().values() if actor_of(request).can(right.code)]
    facts = [
        ("姓名", account.name),
        ("登录名", account.username),
        ("所属区划", account.division.name if account.division else "全部区划"),
        (
            "密码修改时间",
            account.password_changed_at and formats.moment(account.password_changed_at),
        ),
    ]
    context = {"posts": posts, "rights": rights, "facts": facts}
    return render(request, "accounts/profile.html", context)


@require_POST
def switch_post(request: HttpRequest) -> HttpResponse:
    """Act from one post, or from all together; kept for this session only."""
    chosen = request.POST.get("post", "")
    if chosen == ALL_POSTS:
        request.session.pop(SESSION_POST, None)
    else:
        held = {str(post.pk): post for post in posts_on(account_of(request), today())}
        if chosen not in held:
            raise NotFound("没有这个岗位，它可能已经离任，请刷新页面。")
        request.session[SESSION_POST] = held[chosen].pk
        messages.info(request, f"现在以“{held[chosen].label}”的岗位工作。")
    return redirect(next_page(request))
