"""定时任务: every day what is due is told, before the deadline and after it."""

from shouwang.core.schedule import Schedule

from .operations.reminders import remind

SCHEDULES = (Schedule("workplans.remind", "任务提醒和督办", "day", "workplans.manage", remind),)
"""Read by core.schedule."""
