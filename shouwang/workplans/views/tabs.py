"""The pages of the task list, as tabs above each of them."""

from django.urls import reverse

from shouwang.core.components import Tab

PAGES = (
    ("tasks", "全部任务"), ("mine", "我的任务"), ("overview", "任务总览"), ("board", "单位看板"),
    ("initiatives", "专项行动"), ("calendar", "时限日历"), ("gantt", "甘特图"),
    ("reminders", "提醒督办"), ("dispatch", "调度单"),
)  # fmt: skip


def tabs(current: str) -> list[Tab]:
    return [
        Tab(label, reverse(f"workplans:{name}"), is_current=name == current)
        for name, label in PAGES
    ]
