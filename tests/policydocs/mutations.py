"""Other layouts of the same paper: what it says must not change when only its form does."""

import copy
import html
import io
import re
import unicodedata
from collections.abc import Callable
from typing import Any

Answer = dict[str, Any]
Mutation = Callable[[str, Answer], tuple[str, Answer]]
CN = "[一二三四五六七八九十]{1,3}"
LABEL = re.compile(rf"^(?:\s*)(?:第{CN}[章节]|{CN}、|\({CN}\)|[0-9]{{1,2}}[.、]|\([0-9]{{1,2}}\))")


def _relabelled(answer: Answer, change: Callable[[str], str]) -> Answer:
    new = copy.deepcopy(answer)
    for heading in new["outline"]:
        heading["label"] = change(heading["label"])
    return new


def full_width(text: str, answer: Answer) -> tuple[str, Answer]:
    """，：；（）％ and digits as wide signs, as Chinese input methods write them."""
    wide = {ord(c): chr(ord(c) + 0xFEE0) for c in ",:;()%0123456789"}
    return text.translate(wide), answer


def wide_signs_only(text: str, answer: Answer) -> tuple[str, Answer]:
    return text.translate({ord(c): chr(ord(c) + 0xFEE0) for c in ",:;()%"}), answer


def corner_quotes(text: str, answer: Answer) -> tuple[str, Answer]:
    return text.translate({ord("“"): "「", ord("”"): "」"}), answer


def blank_lines(text: str, answer: Answer) -> tuple[str, Answer]:
    return re.sub(r"\n+", "\n\n \n", text), answer


def windows_lines(text: str, answer: Answer) -> tuple[str, Answer]:
    return text.replace("\n", "\r\n"), answer


def indented(text: str, answer: Answer) -> tuple[str, Answer]:
    return "\n".join("\u3000\u3000" + line.strip() for line in text.split("\n")), answer


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def wrapped(text: str, answer: Answer, width: int = 64) -> tuple[str, Answer]:
    """Hard-wrapped at a width, paragraphs set in by two wide blanks."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if not paragraph.strip() or "\t" in paragraph:
            lines.append(paragraph.strip())
            continue
        line, used = "\u3000\u3000", 4
        for character in paragraph.strip():
            if used + _width(character) > width and character not in ",。;:、)”〕】":
                lines.append(line)
                line, used = "", 0
            line += character
            used += _width(character)
        lines.append(line)
    return "\n".join(lines), answer


def wrapped_with_page_numbers(text: str, answer: Answer) -> tuple[str, Answer]:
    lines = wrapped(text, answer, 72)[0].split("\n")
    pages = [lines[i : i + 22] for i in range(0, len(lines), 22)]
    return "\n".join(
        "\n".join([*page, f"                         — {n} —"]) for n, page in enumerate(pages, 1)
    ), answer


def blanks_inside(text: str, answer: Answer) -> tuple[str, Answer]:
    """Blanks that a crawl leaves around figures and in the middle of words."""
    spaced = re.sub(r"(?<=[\u4e00-\u9fff])(?=[0-9])|(?<=[0-9])(?=[\u4e00-\u9fff%])", " ", text)
    return re.sub(r"^((?:[0-9]+) )", lambda m: m[1].strip(), spaced, flags=re.M), answer


def square_marks(text: str, answer: Answer) -> tuple[str, Answer]:
    """〔…〕 and (…单位:…) as 【…】."""
    changed = text.replace("〔", "【").replace("〕", "】")
    return re.sub(r"\(((?:牵头|责任)(?:单位|部门):[^()]*)\)", r"【\1】", changed), answer


def round_marks(text: str, answer: Answer) -> tuple[str, Answer]:
    return re.sub(r"[〔【]((?:牵头|责任|配合)[^〕】]*)[〕】]", r"(\1)", text), answer


def other_labels(text: str, answer: Answer) -> tuple[str, Answer]:
    """一、→ 第一章, (一) → 第一节 where the paper has neither."""
    inside = any(
        heading["label"] and not re.search(rf"(?m)^\s*{re.escape(heading['label'])}", text)
        for heading in answer["outline"]
    )
    at_lines = len(re.findall(rf"(?m)^\s*(?:{CN}、|\({CN}\))", text))
    titles = [
        each for each in answer["outline"] if re.fullmatch(rf"{CN}、|\({CN}\)", each["label"])
    ]
    if "第一章" in text or "第一节" in text or inside or at_lines != len(titles):
        return text, answer

    def change(label: str) -> str:
        match = re.fullmatch(rf"({CN})、", label)
        if match:
            return f"第{match[1]}章"
        match = re.fullmatch(rf"\(({CN})\)", label)
        return f"第{match[1]}节" if match else label

    lines = []
    for line in text.split("\n"):
        match = LABEL.match(line)
        if match:
            new = change(match[0].strip())
            line = (new + " " if new != match[0].strip() else match[0]) + line[match.end() :]
        lines.append(line)
    return "\n".join(lines), _relabelled(answer, change)


def numbers_with_commas(text: str, answer: Answer) -> tuple[str, Answer]:
    """1.、→ 1、 for the labels of items."""

    def change(label: str) -> str:
        return re.sub(r"^([0-9]+)\.$", r"\1、", label)

    def commas(written: str) -> str:
        return re.sub(r"(?m)^(\s*)([0-9]{1,2})\.(?=[\u4e00-\u9fff])", r"\1\2、", written)

    new = _relabelled(answer, change)
    for task in new["tasks"]:
        task["text"] = commas(task["text"])
    return commas(text), new


def swapped_units(text: str, answer: Answer) -> tuple[str, Answer]:
    """责任单位 before 牵头单位."""
    return (
        re.sub(
            r"(牵头单位:(?:[^;〕()】\n]|\([^()]*\))*);((?:责任|配合)单位:(?:[^;〕()】\n]|\([^()]*\))*)(?=[〕)】])",
            r"\2;\1",
            text,
        ),
        answer,
    )


def _pieces(text: str) -> list[str | list[list[str]]]:
    """Paragraphs, and tables (runs of lines with tabs) as rows of cells."""
    pieces: list[str | list[list[str]]] = []
    for line in text.split("\n"):
        if "\t" in line:
            cells = line.strip().split("\t")
            if pieces and isinstance(pieces[-1], list):
                pieces[-1].append(cells)
            else:
                pieces.append([cells])
        elif line.strip():
            pieces.append(line.strip())
    return pieces


def as_html(text: str) -> bytes:
    body = []
    for piece in _pieces(text):
        if isinstance(piece, str):
            body.append(f"<p style='text-indent:2em'>{html.escape(piece)}</p>")
            continue
        rows = ("".join(f"<td><p>{html.escape(c)}</p></td>" for c in row) for row in piece)
        body.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    menu = "<div class='nav'><nav><a href='/'>首页</a> <a>政务公开</a></nav></div>"
    page = "<!DOCTYPE html><html><head><title>公开</title><style>p{margin:0}</style></head><body>"
    inside = "\n".join(body)
    end = "<script>var a='1.';</script></body></html>"
    return f"{page}{menu}<div id='zoom'>{inside}</div>{end}".encode()


def as_docx(text: str) -> bytes:
    import docx

    document = docx.Document()
    for piece in _pieces(text):
        if isinstance(piece, str):
            document.add_paragraph(piece)
            continue
        table = document.add_table(rows=0, cols=max(len(row) for row in piece))
        for row in piece:
            cells = table.add_row().cells
            for cell, content in zip(cells, row, strict=False):
                cell.text = content
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


MUTATIONS: dict[str, Mutation] = {
    each.__name__: each
    for each in (
        full_width,
        wide_signs_only,
        corner_quotes,
        blank_lines,
        windows_lines,
        indented,
        wrapped,
        wrapped_with_page_numbers,
        blanks_inside,
        square_marks,
        round_marks,
        other_labels,
        numbers_with_commas,
        swapped_units,
    )
}
