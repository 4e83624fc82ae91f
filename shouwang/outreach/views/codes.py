"""自主申报码的页面: villages with their codes, one code with its poster."""

import io

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.components import Action, Empty, Figure
from shouwang.core.errors import Conflict, NotFound
from shouwang.core.requests import actor_of
from shouwang.core.views import list_page
from shouwang.divisions.choices import villages_with
from shouwang.divisions.models import Division
from shouwang.documents import posters
from shouwang.documents.codes import svg
from shouwang.support.views.posting import form_page, posted

from ..difficulties import offer
from ..filters import CodeFilter
from ..forms import ReasonForm
from ..models import ReportCode, SelfReport
from ..operations import make_codes, renew_code, withdraw_code
from ..queries import code_of, villages_with_codes
from ..tables import CodeTable


def code_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    require(actor, "outreach.view")
    rows = villages_with_codes(actor)
    without = rows.filter(code_made=None).count()
    actions = []
    if actor.can("outreach.codes") and without:
        actions.append(
            Action(
                "为没有码的村生成", reverse("outreach:make-codes"), "qrcode", is_main=True,
                method="post", confirm=f"将为 {without} 个村各生成一个自主申报码。现在生成？",
            )
        )  # fmt: skip
    url = reverse("outreach:codes")
    return list_page(
        request,
        queryset=rows,
        table=CodeTable,
        filterset=CodeFilter,
        title="自主申报码",
        purpose="每村一个二维码，村民扫码即可申报困难，不用登录；申报直接进入线索登记簿。",
        template="outreach/list.html",
        actions=actions,
        empty=Empty("没有村", "请先导入行政区划。"),
        export_right="outreach.export",
        extra={"figures": [Figure("还没有码的村", without, "个", f"{url}?code=none")]},
        source="自主申报码",
    )


@require_POST
def make_missing(request: HttpRequest) -> HttpResponse:
    count = make_codes(actor_of(request))
    messages.success(request, f"已为 {count} 个村生成自主申报码，请下载张贴件。")
    return redirect("outreach:codes")


def _village(actor: Actor, pk: int) -> Division:
    require(actor, "outreach.view")
    found = villages_with(actor, "outreach.view").select_related("parent").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有找到这个村，或不在您的管辖范围内。")
    return found


def _address(request: HttpRequest, code: ReportCode) -> str:
    return request.build_absolute_uri(reverse("outreach:report", args=[code.token]))


@never_cache
def code_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    village = _village(actor, pk)
    code = code_of(village)
    may = actor.can_at("outreach.codes", village.path)
    actions = []
    if code is not None:
        poster = reverse("outreach:poster", args=[pk])
        actions.append(Action("下载张贴件", poster, "download", is_main=True))
    if may:
        renew = reverse("outreach:renew", args=[pk])
        actions.append(Action("更换" if code else "生成", renew, "refresh", is_main=code is None))
        if code is not None:
            actions.append(Action("停用", reverse("outreach:withdraw", args=[pk]), "ban"))
    context = {
        "village": village, "code": code, "actions": actions,
        "drawn": svg(_address(request, code)) if code else "",
        "address": _address(request, code) if code else "",
        "former": ReportCode.objects.filter(village=village).exclude(withdrawn_at=None),
        "reports": SelfReport.objects.filter(code__village=village).count(),
        "clues_url": f"{reverse('cases:clues')}?channel=self_report&village={village.code}"
        if actor.can("cases.view") else "",
    }  # fmt: skip
    return render(request, "outreach/code.html", context)


def renew(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    village = _village(actor, pk)
    require(actor, "outreach.codes", village.path)
    has = code_of(village) is not None
    return form_page(
        request,
        ReasonForm(posted(request), initial={"reason": "" if has else "首次生成"}),
        lambda given: renew_code(actor, village, **given),
        title=f"{'更换' if has else '生成'}{village.name}申报码",
        purpose="旧码立即停用，已张贴的和明白纸外的旧码都要换下。" if has else "生成后下载张贴件。",
        submit="更换" if has else "生成",
        back_url=reverse("outreach:code", args=[pk]),
        done="新的申报码已生成，请下载张贴件。",
    )


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    village = _village(actor, pk)
    require(actor, "outreach.codes", village.path)
    return form_page(
        request,
        ReasonForm(posted(request)),
        lambda given: withdraw_code(actor, village, **given),
        title=f"停用{village.name}申报码",
        purpose="停用后扫码的人会看到“已停用”和热线电话。",
        submit="停用",
        back_url=reverse("outreach:code", args=[pk]),
        done="申报码已停用。",
    )


@never_cache
def poster(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sheet for the wall, with the code in the middle."""
    actor = actor_of(request)
    village = _village(actor, pk)
    code = code_of(village)
    if code is None:
        raise Conflict("这个村还没有在用的申报码，请先生成。")
    lines = "、".join(f"{one.label} {one.number}" for one in offer().hotlines)
    drawn = posters.render(
        "生活有困难，扫码就能申报",
        [
            f"{village.name}的乡亲：家里遇到生病、上学、受灾、意外、没活干、房子不安全、没水喝等"
            "困难，用手机扫下面的二维码就能申报，也可以替邻居、亲戚申报。",
            "不用注册，不用填身份证号。提交后请记下受理号，凭受理号和电话能查办理情况。",
            f"不会用手机的，可以请村干部代为申报，或拨打{lines}。",
        ],
        footer="守望 防止返贫动态监测平台",
        code=_address(request, code),
        code_note=f"{village.parent.name if village.parent else ''}{village.name} 自主申报码",
        signature=[f"{village.name}民委员会" if village.name.endswith("村") else village.name],
    )
    record(
        actor, "outreach.code.poster", target_type="divisions.division", target_id=village.code,
        division_path=village.path, summary=f"下载{village.name}申报码张贴件",
    )  # fmt: skip
    name = f"{village.name}-自主申报码-{clock.today():%Y%m%d}.pdf"
    return FileResponse(io.BytesIO(drawn), as_attachment=True, filename=name)
