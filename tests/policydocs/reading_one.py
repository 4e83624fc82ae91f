"""Reads one sentence as a task, for tests of single parts of the grammar."""

from shouwang.policydocs import Task, parse

FRAME = "青禾县2024年工作要点\n\n一、重点任务\n(一)落实任务。{}\n(二)强化保障。加强领导。\n"


def task_of(sentence: str) -> Task:
    return parse(FRAME.format(sentence)).tasks[0]
