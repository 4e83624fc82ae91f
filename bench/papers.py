"""Policy papers: `python -m bench.papers`, seconds to read papers of several lengths and forms."""

import io
import time

from shouwang.policydocs import parse, read_source

HEAD = "青禾县2024年推进乡村振兴工作方案\n\n为做好全年工作,制定本方案。\n"
ITEM = (
    "({n})实施第{n}项工程。年内新建设施12处、改造提升道路3.5公里,覆盖率达到98%以上,其中脱贫村不低于95%。"
    "每季度检查不少于1次,{m}月底前完成整改,对示范村每年安排100万元。健全管护机制,压实主体责任,"
    "组织群众参与,做到建管并重、长期受益,及时总结推广好的做法。"
    "〔牵头单位:县农业农村局;责任单位:县财政局、县水利局,各乡镇(街道)〕\n"
)
CN = "一二三四五六七八九十"


def paper_of(characters: int) -> str:
    """A made-up paper of about this length: chapters of ten items each."""
    parts = [HEAD]
    length, number = len(HEAD), 0
    while length < characters:
        if number % 10 == 0:
            parts.append(f"{CN[(number // 10) % 10]}、第{number // 10 + 1}类任务\n")
        parts.append(ITEM.format(n=CN[number % 10], m=number % 9 + 3))
        length += len(parts[-1])
        number += 1
    return "".join(parts)[:characters]


def as_html(text: str) -> bytes:
    return ("<html><body><p>" + "</p><p>".join(text.split("\n")) + "</p></body></html>").encode()


def as_docx(text: str) -> bytes:
    import docx

    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def main() -> None:
    print("| characters | form | seconds to read the file | seconds to parse | tasks | targets |")
    print("|-----------:|------|-------------------------:|-----------------:|------:|--------:|")
    for characters in (10_000, 40_000, 160_000):
        text = paper_of(characters)
        for form, content in (
            ("txt", text.encode("gb18030")),
            ("html", as_html(text)),
            ("docx", as_docx(text)),
        ):
            started = time.perf_counter()
            source = read_source(f"文件.{form}", content=content)
            read = time.perf_counter()
            paper = parse(source)
            done = time.perf_counter()
            targets = sum(len(task.targets) for task in paper.tasks)
            print(
                f"| {characters:,} | {form} | {read - started:.3f} | {done - read:.3f} "
                f"| {len(paper.tasks)} | {targets} |"
            )


if __name__ == "__main__":
    main()
