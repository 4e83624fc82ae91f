"""文书里的图 (charts in Word): bars that Word and WPS draw themselves, from figures in the file.

The chart is DrawingML with its values written in, so it prints sharp and needs no picture library.
Source of the markup: ECMA-376 part 1, chapter 21.2.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Emu, Mm

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WIDTH, BAR = Mm(150), Mm(7)
MOST_BARS = 30
COLOUR = "2F6BB5"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
Number = int | float | Decimal


def add_bars(
    document: Document, title: str, categories: Sequence[str], values: Sequence[Number], unit: str
) -> None:
    """Add a paragraph with lying bars, the first category on top; at most 30 are drawn."""
    names, figures = list(categories)[:MOST_BARS], list(values)[:MOST_BARS]
    if len(names) != len(figures):
        raise ValueError("categories and values differ in length")
    if not names:
        return
    package: Any = document.part.package
    number = sum(1 for part in package.iter_parts() if part.partname.startswith("/word/charts/"))
    name = PackURI(f"/word/charts/chart{number + 1}.xml")
    part = Part(name, CONTENT_TYPE, _chart(title, names, figures, unit).encode("utf-8"), package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    height = Mm(22) + BAR * len(names)
    paragraph = document.add_paragraph()
    run: Any = paragraph.add_run()
    run._r.append(parse_xml(_inline(relation, title, number + 1, WIDTH, Emu(height))))


def _inline(relation: str, title: str, number: int, width: int, height: int) -> str:
    words = escape(title, {'"': "&quot;"})
    return (
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<wp:inline xmlns:wp="{_DRAWING}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{1000 + number}" name="chart{number}" descr="{words}"/>'
        f'<a:graphic xmlns:a="{_MAIN}"><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" xmlns:r="{_RELATIONS}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _chart(title: str, names: Sequence[str], values: Sequence[Number], unit: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}"><c:roundedCorners val="0"/><c:chart>'
        f"<c:title><c:tx><c:rich><a:bodyPr/>{_words(f'{title}（{unit}）', 1200)}</c:rich></c:tx>"
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:v>{escape(unit)}</c:v></c:tx>'
        f'<c:spPr><a:solidFill><a:srgbClr val="{COLOUR}"/></a:solidFill></c:spPr>'
        '<c:invertIfNegative val="0"/>'
        '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat>{_literals('str', names)}</c:cat><c:val>{_literals('num', values)}</c:val></c:ser>"
        '<c:gapWidth val="60"/><c:axId val="101"/><c:axId val="102"/></c:barChart>'
        '<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="102"/></c:catAx>'
        '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/>'
        '</c:scaling><c:delete val="1"/><c:axPos val="t"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="101"/></c:valAx>'
        '</c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000"/></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr></c:chartSpace>'
    )


def _words(text: str, size: int) -> str:
    return (
        f'<a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size}" b="1"/></a:pPr>'
        f'<a:r><a:rPr lang="zh-CN" sz="{size}" b="1"/><a:t>{escape(text)}</a:t></a:r></a:p>'
    )


def _literals(kind: str, values: Sequence[object]) -> str:
    points = "".join(
        f'<c:pt idx="{at}"><c:v>{escape(str(value))}</c:v></c:pt>'
        for at, value in enumerate(values)
    )
    code = "<c:formatCode>#,##0</c:formatCode>" if kind == "num" else ""
    return f'<c:{kind}Lit>{code}<c:ptCount val="{len(values)}"/>{points}</c:{kind}Lit>'
