"""征求意见情况说明 (report): Word, how it was asked, what came, what became of it; no names."""

import io
from collections import Counter

from shouwang.core import clock, formats
from shouwang.documents.papers import Paper

from .models import Consultation
from .queries import result_of, told_of
from .states import Channel, Decision


def title_of(found: Consultation) -> str:
    return f"《{found.title}》征求意见情况说明"


def write(found: Consultation) -> bytes:
    """The report as Word, also while comments are still being studied."""
    result, told = result_of(found), list(told_of(found))
    paper = Paper(title_of(found))
    paper.title(title_of(found))
    paper.heading("一、征求意见的过程")
    paper.text(
        f"{formats.day(found.opens_on)}至{formats.day(found.closes_on)}，{found.drafter}起草的"
        f"《{found.title}》向{found.get_audience_display().replace('只征求', '')}征求意见。"
    )
    if result.units:
        silent = [one.name for one in found.units.all() if one.answered_on is None]
        paper.text(
            f"书面征求 {result.units} 个单位的意见，{result.answered} 个单位作了反馈"
            + (f"，{'、'.join(silent)}没有反馈。" if silent else "。")
        )
    paper.heading("二、收到的意见")
    came = Counter(found.comments.values_list("channel", flat=True))
    ways = [f"{label} {count} 条" for key, label in Channel.choices if (count := came[key])]
    paper.text(f"共收到意见 {result.total} 条" + (f"，其中{'，'.join(ways)}。" if ways else "。"))
    paper.heading("三、采纳情况")
    parts = [
        f"{label} {result.by_decision[key]} 条"
        for key, label in Decision.choices
        if result.by_decision.get(key)
    ]
    paper.text("，".join(parts) + "。" if parts else "没有收到意见。")
    if told:
        rows = [
            [
                str(at), one.article or "—",
                one.text + (f"（另有 {one.also} 条相同意见）" if one.also else ""),
                str(one.get_decision_display()),
                "；".join(filter(None, (one.reason, one.change))) or "—",
            ]
            for at, one in enumerate(told, 1)
        ]  # fmt: skip
        head = ["序号", "针对", "意见", "采纳情况", "理由和修改"]
        paper.table([head, *rows], [12, 20, 62, 20, 42], head=1)
    today = clock.today()
    paper.signature(found.drafter, f"{today.year}年{today.month}月{today.day}日")
    stream = io.BytesIO()
    paper.document.save(stream)
    return stream.getvalue()
