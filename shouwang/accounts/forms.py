"""Forms of the accounts room: they parse and check input and save nothing."""

from typing import Any

from django import forms

from shouwang.core.actor import Actor
from shouwang.core.clock import today
from shouwang.divisions.fields import DivisionField, use

from .models import Department
from .roles import CHOICES


class LoginForm(forms.Form):
    username = forms.CharField(
        label="登录名",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": "请填写登录名。"},
    )
    password = forms.CharField(
        label="密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label="原密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        max_length=256,
        strip=False,
        help_text="至少 10 位，包含小写字母、大写字母、数字、符号中的三类，不要用姓名或登录名。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次新密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一致，请重新输入。")
        return data


class AccountForm(forms.Form):
    username = forms.CharField(
        label="登录名",
        max_length=40,
        help_text="小写字母、数字或 . _ -，例如 zhangqing；不要用身份证号或手机号。",
    )
    name = forms.CharField(label="姓名", max_length=40)
    division = DivisionField(
        label="所属区划", required=False, help_text="由哪里的系统管理员管理，一般选本县或本乡镇。"
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use(self, "division", actor, "accounts.manage")


class NameForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40)


class PostForm(forms.Form):
    role = forms.ChoiceField(label="职责", choices=[("", "请选择"), *CHOICES])
    division = DivisionField(label="区划", required=False, help_text="岗位管到哪里，就选哪里。")
    department = forms.ModelChoiceField(
        label="部门",
        queryset=Department.objects.all(),
        required=False,
        empty_label="不限部门",
        help_text="部门数据员须选择部门。",
    )
    valid_from = forms.DateField(
        label="任职日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label="离任日期",
        required=False,
        help_text="不知道就空着。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"valid_from": today()})
        super().__init__(*args, **kwargs)
        use(self, "division", actor, "accounts.manage")


class EndPostForm(forms.Form):
    last_day = forms.DateField(
        label="最后任职日",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期应写成 2026-06-30。", "required": "请填写最后任职日。"},
    )


class DepartmentForm(forms.Form):
    name = forms.CharField(
        label="部门全称", max_length=60, help_text="须与该部门数据文件的约定一致，例如 医疗保障局。"
    )
    short_name = forms.CharField(label="简称", max_length=30, required=False)
