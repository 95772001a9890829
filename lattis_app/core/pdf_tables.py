"""Tables that run over as many pages as they need, headings on each."""

from collections.abc import Sequence
from dataclasses import dataclass

from lattis_app.core.pdf import BAND, LEADING, MUTED, Sheet

LONGEST_CELL_LINES = 12
PADDING = (1.5, 1.8)
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
    spread = sheet.epw / sum(widths)
    grid = _Grid(sheet, columns, [width * spread for width in widths], size)
    whole = _whole_rows(sheet, columns, rows, grid.widths)
    grid.head(with_row=whole[0] if whole else None)
    for number, row in enumerate(whole):
        grid.row(row, is_last=number == len(whole) - 1)
    if not rows:
        grid.nothing(empty)
    sheet.rule()
    sheet.ln(3)


class _Grid:
    """The rows of a table, drawn one after the other; a new page begins with the headings."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column], widths: Sequence[float], size: float) -> None:
        self.sheet = sheet
        self.columns = columns
        self.widths = widths
        self.size = size
        self.line_height = size * LEADING

    def head(self, *, with_row: Sequence[str] | None = None) -> None:
        """The headings on their band, on a page that has room for a row as well."""
        titles = [column.title for column in self.columns]
        self._pen(heading=True)
        height = self._height(titles)
        if with_row is not None:
            self._pen()
            self.sheet.need(height + self._height(with_row))
        self._pen(heading=True)
        self.sheet.set_fill_color(*BAND)
        self.sheet.rect(self.sheet.l_margin, self.sheet.y, sum(self.widths), height, style="F")
        self._draw(titles, height)
        self.sheet.rule()

    def row(self, texts: Sequence[str], *, is_last: bool) -> None:
        """One row, on the next page if this one has no room for it."""
        self._pen()
        height = self._height(texts)
        if self.sheet.will_page_break(height):
            self.sheet.add_page()
            self.head()
            self._pen()
        self._draw(texts, height)
        if not is_last:
            self.sheet.rule()

    def nothing(self, words: str) -> None:
        """Words across the table, in place of rows."""
        self.sheet.pen(self.size, colour=MUTED)
        height = self.line_height + 2 * PADDING[0]
        self.sheet.need(height)
        top = self.sheet.y
        self.sheet.set_y(top + PADDING[0])
        self.sheet.paragraph(words, x=self.sheet.l_margin, width=self.sheet.epw, align="C")
        self.sheet.set_y(top + height)

    def _pen(self, *, heading: bool = False) -> None:
        if heading:
            self.sheet.pen(self.size - 0.5, bold=True, colour=MUTED)
        else:
            self.sheet.pen(self.size)

    def _height(self, texts: Sequence[str]) -> float:
        lines = (
            len(self.sheet.wrapped(text, width - 2 * PADDING[1]))
            for text, width in zip(texts, self.widths, strict=True)
        )
        return max(lines) * self.line_height + 2 * PADDING[0]

    def _draw(self, texts: Sequence[str], height: float) -> None:
        top, x = self.sheet.y, self.sheet.l_margin
        for column, width, text in zip(self.columns, self.widths, texts, strict=True):
            if text:
                self.sheet.set_y(top + PADDING[0])
                self.sheet.paragraph(
                    text,
                    x=x + PADDING[1],
                    width=width - 2 * PADDING[1],
                    align="R" if column.numeric else "L",
                    height=self.line_height,
                )
            x += width
        self.sheet.set_y(top + height)


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
