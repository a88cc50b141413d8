"""The report as a PDF: A4, numbered pages, plots in vectors, tables that go on over pages. Same report, same bytes."""

import io
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
)

from evaluation.reporting.drawing import Drawing
from evaluation.reporting.looks import PALETTE
from evaluation.reporting.pdf import BOLD, REGULAR, draw, register_fonts
from evaluation.reporting.tables import Section, Table
from evaluation.reporting.words import words

MARGIN = 16 * mm
WIDTH, HEIGHT = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN - 8 * mm
MOST_COLUMNS = 13  # a wider table (the matrix of many systems) is in the plot, and in the files
_SIZES = (7.5, 6.8, 6.0, 5.2)
_NARROWEST = 84.0  # of a column of text
_INK, _SOFT, _LINE = (HexColor(PALETTE[name]) for name in ("ink", "ink-soft", "line"))


def paper(
    *, title: str, lines: Sequence[str], cautions: Sequence[str], sections: Sequence[Section], language: str
) -> bytes:
    """Set the report.

    Args:
        title: of the study or file.
        lines: below the title, one paragraph each.
        cautions: sentences that a reader must know first.
        sections: in order.
        language: `en` or `ru`, for what this module says itself.
    """
    register_fonts()
    stream = io.BytesIO()
    document = BaseDocTemplate(
        stream,
        pagesize=A4,
        title=title,
        author="Playoff",
        lang=language,
        invariant=1,
        initialFontName=REGULAR,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 8 * mm,
    )
    frame = Frame(MARGIN, MARGIN + 8 * mm, WIDTH, HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(PageTemplate(frames=[frame]))
    story = list(_story(title, lines, cautions, sections, language))
    document.build(story, canvasmaker=_numbered(title, language))
    return stream.getvalue()


def _story(
    title: str, lines: Sequence[str], cautions: Sequence[str], sections: Sequence[Section], language: str
) -> Iterator[Flowable]:
    yield _paragraph(title, 18, bold=True, after=4)
    for line in lines:
        yield _paragraph(line, 9, colour=_SOFT)
    if cautions:
        yield _paragraph(words(language)("cautions"), 11, bold=True, before=8, after=3)
        for caution in cautions:
            yield _paragraph(f"• {caution}", 8.5, after=2, indent=9)
    for section in sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[Flowable]:
    yield CondPageBreak(60 * mm)
    head: list[Flowable] = [_paragraph(section.title, 13, bold=True, before=14, after=4)]
    head += [_paragraph(text, 9, after=4) for text in section.paragraphs]
    if section.plot:
        head.append(_Plot(section.plot))
    yield KeepTogether(head)
    for number, table in enumerate(section.tables):
        if len(table.columns) > MOST_COLUMNS:
            continue
        yield CondPageBreak(28 * mm)
        if number or table.caption not in (section.title, section.plot.title if section.plot else ""):
            yield _paragraph(table.caption, 9.5, bold=True, before=8, after=2)
        yield Spacer(1, 4)
        yield _table(table)
        if table.note:
            yield _paragraph(table.note, 7.5, colour=_SOFT, before=3, after=2)


class _Plot(Flowable):  # type: ignore[misc]
    """A drawing as wide as the page, or as high."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.drawing = drawing
        widest = min(WIDTH / 720.0, WIDTH / drawing.width)
        self.scale = min(widest, (HEIGHT - 30 * mm) / drawing.height)
        self.hAlign = "LEFT"

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.drawing.width * self.scale, self.drawing.height * self.scale

    def draw(self) -> None:
        draw(self.canv, self.drawing, scale=self.scale)


def _table(table: Table) -> Flowable:
    size, widths = _fitted(table)
    text, number = (_style(size, colour=_INK, align=align) for align in (0, 2))
    head_text, head_number = (_style(size, bold=True, colour=_SOFT, align=align) for align in (0, 2))
    kinds = [column.kind for column in table.columns]
    head = [
        Paragraph(escape(column.title), head_text if column.kind == "text" else head_number) for column in table.columns
    ]
    rows = [
        [
            Paragraph(escape(cell), text if kind == "text" else number)
            if kind == "text" or stringWidth(cell, REGULAR, size) > width - 6
            else cell
            for cell, kind, width in zip(row, kinds, widths, strict=True)
        ]
        for row in table.rows
    ]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, size),
        ("LEADING", (0, 0), (-1, -1), size * 1.3),
        ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LINEABOVE", (0, 0), (-1, 0), 0.9, _INK),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, _INK),
        ("LINEBELOW", (0, 1), (-1, -2), 0.3, _LINE),
        ("LINEBELOW", (0, -1), (-1, -1), 0.9, _INK),
    ]
    style += [("ALIGN", (at, 0), (at, -1), "RIGHT") for at, kind in enumerate(kinds) if kind == "number"]
    return LongTable([head, *rows], colWidths=widths, repeatRows=1, style=style, hAlign="LEFT")


def _fitted(table: Table) -> tuple[float, list[float]]:
    """The largest type in which the table is as wide as the page, and the widths of its columns."""
    for size in _SIZES:
        widths = [_needed(table, at, size) for at in range(len(table.columns))]
        texts = [at for at, column in enumerate(table.columns) if column.kind == "text"]
        spare = WIDTH - sum(width for at, width in enumerate(widths) if at not in texts)
        wanted = sum(widths[at] for at in texts)
        if wanted <= spare:
            return size, widths
        if texts and spare >= _NARROWEST * len(texts):
            for at in texts:
                widths[at] *= spare / wanted
            return size, widths
    return _SIZES[-1], [WIDTH * width / sum(widths) for width in widths]


def _needed(table: Table, at: int, size: float) -> float:
    """The width of the widest cell, and of the longest word of the heading."""
    cells: float = max((stringWidth(row[at], REGULAR, size) for row in table.rows), default=0.0)
    heading: float = max(stringWidth(word, BOLD, size) for word in (table.columns[at].title.split() or [""]))
    return max(cells, heading) + 8.0


def _paragraph(
    text: str,
    size: float,
    *,
    bold: bool = False,
    colour: Any = _INK,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
) -> Paragraph:
    style = _style(size, bold=bold, colour=colour, before=before, after=after, indent=indent)
    return Paragraph(escape(text), style)


def _style(
    size: float,
    *,
    bold: bool = False,
    colour: Any = _INK,
    align: int = 0,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
) -> ParagraphStyle:
    return ParagraphStyle(
        "own",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.35,
        textColor=colour,
        alignment=align,
        spaceBefore=before,
        spaceAfter=after,
        leftIndent=indent,
        firstLineIndent=-indent,
        splitLongWords=1,
        keepWithNext=int(bold and size > 9),
    )


def _numbered(title: str, language: str) -> type[Canvas]:
    say = words(language)

    class Numbered(Canvas):  # type: ignore[misc]
        """Holds the pages back until their number is known."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802
            self.pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self.pages):
                self.__dict__.update(page)
                self.setFont(REGULAR, 7.5)
                self.setFillColor(_SOFT)
                self.drawString(MARGIN, MARGIN, _short(title))
                where = say("page", number=number + 1, total=len(self.pages))
                self.drawRightString(A4[0] - MARGIN, MARGIN, where)
                super().showPage()
            super().save()

    return Numbered


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= 90 else line[:89] + "…"
