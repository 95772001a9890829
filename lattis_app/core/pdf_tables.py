"""Tables that run over as many pages as they need, headings on each."""

from collections.abc import Sequence
from dataclasses import dataclass

from fpdf import FontFace
from fpdf.enums import TableBordersLayout

from lattis_app.core.pdf import BAND, LEADING, MUTED, Sheet, reads_right_to_left

LONGEST_CELL_LINES = 12
NARROWEST = 38.0
"""What is left at least for each column of text, in points."""


@dataclass(frozen=True)
class Column:
    """One table column: a text column stretches, a number column is as wide as its widest number."""

    title: str
    numeric: bool = False
    stretch: bool = False


def table(sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, empty: str) -> None:
    """A full-width table whose headings repeat on every page; `empty` is said when there are no rows."""
    size = 8.5
    widths = _column_widths(sheet, columns, rows, size)
    while _stretched(widths, columns) < NARROWEST and size > 5.5:
        size -= 0.5
        widths = _column_widths(sheet, columns, rows, size)
    if _stretched(widths, columns) < NARROWEST:
        widths = _narrowed(widths, columns, sheet.epw)
    sheet.pen(size)
    sheet.set_fill_color(sheet.DEFAULT_FILL_COLOR)
    sheet.line_pen()
    headings = FontFace(emphasis="BOLD", size_pt=size - 0.5, color=MUTED, fill_color=BAND)
    with sheet.table(
        col_widths=widths,
        width=sheet.epw,
        line_height=size * LEADING,
        padding=(1.5, 1.8),
        headings_style=headings,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        v_align="T",
    ) as grid:
        line = grid.row()
        for column in columns:
            line.cell(column.title, align="R" if column.numeric else "L")
        for row in _whole_rows(sheet, columns, rows, widths):
            line = grid.row()
            for column, text in zip(columns, row, strict=True):
                right = column.numeric or reads_right_to_left(text)
                line.cell(text, align="R" if right else "L")
        if not rows:
            grid.row().cell(empty, colspan=len(columns), align="C", style=FontFace(color=MUTED))
    sheet.rule()
    sheet.ln(3)


def _column_widths(
    sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[str]], size: float
) -> list[float]:
    widths: list[float] = []
    for index, column in enumerate(columns):
        sheet.pen(size, bold=True)
        widest = sheet.get_string_width(column.title)
        sheet.pen(size)
        for row in () if column.stretch else rows:
            widest = max(widest, *(sheet.get_string_width(part) for part in row[index].split("\n")))
        widths.append(0.0 if column.stretch else min(widest + 4.4, sheet.epw * 0.3))
    share = (sheet.epw - sum(widths)) / max(1, sum(column.stretch for column in columns))
    return [share if column.stretch else width for column, width in zip(columns, widths, strict=True)]


def _stretched(widths: Sequence[float], columns: Sequence[Column]) -> float:
    return min(width for width, column in zip(widths, columns, strict=True) if column.stretch)


def _narrowed(widths: Sequence[float], columns: Sequence[Column], room: float) -> list[float]:
    """The widest columns of text cut to one width, so that numbers and those that stretch keep theirs."""
    fixed = [width for width, column in zip(widths, columns, strict=True) if column.numeric]
    texts = sorted(
        NARROWEST if column.stretch else width
        for width, column in zip(widths, columns, strict=True)
        if not column.numeric
    )
    left, most = room - sum(fixed), NARROWEST
    for place, width in enumerate(texts):
        most = left / (len(texts) - place)
        if width > most:
            break
        left -= width
    return [
        width if column.numeric else min(NARROWEST if column.stretch else width, most)
        for width, column in zip(widths, columns, strict=True)
    ]


def _whole_rows(
    sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> list[list[str]]:
    """Rows too tall for a page continued as further rows, so that no text is lost."""
    whole: list[list[str]] = []
    for row in rows:
        pieces = [_pieces(sheet, text, width) for text, width in zip(row, widths, strict=True)]
        for number in range(max(len(piece) for piece in pieces)):
            whole.append([piece[number] if number < len(piece) else "" for piece in pieces])
    return whole


def _pieces(sheet: Sheet, text: str, width: float) -> list[str]:
    if len(text) < 200 and text.count("\n") < LONGEST_CELL_LINES:
        return [text]
    lines = sheet.wrapped(text, width - 3.6)
    starts = range(0, len(lines), LONGEST_CELL_LINES)
    return ["\n".join(lines[start : start + LONGEST_CELL_LINES]) for start in starts] or [text]
