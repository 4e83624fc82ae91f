"""登录和退出."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shouwang.core.waiting import is_busy

from ..forms import LoginForm
from ..models import Account
from ..operations import SignInRefused, record_logout, sign_in

BUSY = "系统正在写入大批数据，暂时不能登录。请过几秒再点一次登录。"
BACKEND = "shouwang.accounts.backends.AccountBackend"


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; behind a proxy the server itself puts the right one here."""
    return str(request.META.get("REMOTE_ADDR") or "")[:45]


def next_page(request: HttpRequest) -> str:
    """The page that was asked for before the login, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else resolve_url("home")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def login_view(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(next_page(request))
    form = LoginForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            account = sign_in(**form.cleaned_data, address=address_of(request), request=request)
            login(request, account, backend=BACKEND)
        except SignInRefused as error:
            form.add_error(None, error.message)
        except OperationalError as problem:
            if not is_busy(problem):
                raise
            form.add_error(None, BUSY)
            status = 503
        else:
            return redirect(next_page(request))
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next") or ""}
    return render(request, "accounts/login.html", context, status=status)


@require_POST
def logout_view(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, Account):
        record_logout(request.user, address=address_of(request))
    logout(request)
    messages.success(request, "已退出登录。")
    return redirect("accounts:login")
