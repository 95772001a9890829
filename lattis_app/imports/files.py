"""Tables in files: CSV as programs and Excel write it, and XLSX. Formulas are never calculated.

Nothing in a file is believed: sizes are bounded before anything is unpacked, and what can't be read is refused in words.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from lattis_app.core.errors import Invalid, PayloadTooLarge, UnsupportedMediaType
from lattis_app.core.exports import FORMULA_STARTS
from lattis_app.core.settings import settings

MOST_COLUMNS = 100
LONGEST_CELL = 5_000
LAST_LINE = 1_048_576
BLANK_LINES_END_IT = 1_000
"""Excel may count a million formatted but empty lines; so many in a row are the end of the table."""
UNPACKED = 10
"""An XLSX file may unpack to so many times the largest upload."""
COMMENT = "#"
"""Lines that begin so are notes, as in the templates."""
DELIMITERS = ",;\t|"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
FORMULA = "holds a formula: paste its value instead"
BROKEN = "holds an error of Excel"
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError, ValueError, KeyError, TypeError,
    AttributeError, IndexError, OverflowError, AssertionError, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; `problems` are the columns that could not be read, and why."""

    number: int
    cells: list[str]
    problems: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The first line's headings and the lines below, without blank ones and notes."""

    headings: list[str]
    lines: list[Line]


def read_table(data: bytes, file_name: str) -> Table:
    """The table in a file. Raises Invalid, PayloadTooLarge, UnsupportedMediaType."""
    most = settings().import_max_mb
    if len(data) > most * 1024 * 1024:
        raise PayloadTooLarge(f"{file_name} is larger than {most} MB", field="file", reason=f"over {most} MB")
    if data.startswith(OLE):
        raise _unsupported(file_name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about looks that nobody asked for
            return _table(_xlsx(data) if data.startswith(ZIP) else _csv(_text(data, file_name)))
    except _UNREADABLE as error:
        raise Invalid.field("file", "is damaged and can't be read") from error


def _unsupported(file_name: str) -> UnsupportedMediaType:
    reason = "must be CSV or XLSX; save an old .xls as .xlsx"
    return UnsupportedMediaType(f"{file_name}: {reason}", field="file", reason=reason)


def _table(lines: Iterable[Line]) -> Table:
    most, headings, blank = settings().import_max_rows, None, 0
    kept: list[Line] = []
    for line in lines:
        if not any(line.cells):
            blank += 1
            if blank > BLANK_LINES_END_IT:
                break
            continue
        blank = 0
        if line.cells[0].startswith(COMMENT):
            continue
        if headings is None:
            headings = _headings(line)
            continue
        if len(kept) == most:
            reason = f"holds more than {most:,} lines: split it"
            raise PayloadTooLarge(f"The file {reason}", field="file", reason=reason)
        kept.append(line)
    if headings is None:
        raise Invalid.field("file", "is empty: the first line must name the columns")
    return Table(headings, [_fitted(line, len(headings)) for line in kept])


def _headings(line: Line) -> list[str]:
    last = max(place for place, cell in enumerate(line.cells) if cell)
    if last >= MOST_COLUMNS:
        raise Invalid.field("file", f"has more than {MOST_COLUMNS} columns")
    return line.cells[: last + 1]


def _fitted(line: Line, width: int) -> Line:
    """A line as wide as the headings; what stands beyond them is a sign of a misplaced delimiter."""
    problems = {place: reason for place, reason in line.problems.items() if place < width}
    if any(line.cells[width:]):
        problems[width - 1] = "is followed by more cells than there are columns"
    cells = [*line.cells[:width], *[""] * (width - len(line.cells))]
    return Line(line.number, cells, problems)


def _clean(value: str) -> str:
    """A cell's text; the mark that makes an exported cell harmless is taken off again."""
    text = value.replace("\x00", "").strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def _checked(number: int, cells: list[str], problems: dict[int, str]) -> Line:
    for place, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL:
            cells[place] = cell[:LONGEST_CELL]
            problems[place] = f"must have at most {LONGEST_CELL} characters"
    return Line(number, cells, problems)


def _text(data: bytes, file_name: str) -> str:
    """Text in UTF-8 or UTF-16 with its mark, UTF-8 without, or the code page of Excel."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for guess in (encoding, "cp1252"):
        try:
            text = data.decode(guess)
        except UnicodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise _unsupported(file_name)


def _csv(text: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    number = 1
    try:
        for cells in reader:
            yield _checked(number, [_clean(cell) for cell in cells], {})
            number = reader.line_num + 1
    except csv.Error as error:
        raise Invalid.field("file", f"can't be read from line {number} on: a quote may be missing") from error


def _delimiter(text: str) -> str:
    """What stands most often between the words of the first line that is no note; Excel writes `;` in many countries."""
    lines = (line for line in text[:100_000].splitlines() if line.strip(f' "{DELIMITERS}'))
    first = next((line for line in lines if not line.lstrip('"').startswith(COMMENT)), "")
    return max(DELIMITERS, key=first.count)


def _xlsx(data: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook  # 180 modules that only a workbook is worth

    _require_small(data)
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=LAST_LINE, max_col=MOST_COLUMNS + 1)
    return (_line(number, row) for number, row in enumerate(rows, start=1))


def _require_small(data: bytes) -> None:
    """Unpacking stops at the sizes that the archive declares, so these bound what it can become."""
    most = settings().import_max_mb * UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > most * 1024 * 1024:
        reason = f"would unpack to more than {most} MB"
        raise PayloadTooLarge(f"The file {reason}", field="file", reason=reason)


def _line(number: int, row: Iterable[Any]) -> Line:
    cells, problems = [], {}
    for place, cell in enumerate(row):
        cells.append(_clean(_shown(cell.value)))
        if cell.data_type == "f":
            problems[place] = FORMULA
        elif cell.data_type == "e":
            problems[place] = BROKEN
    return _checked(number, cells, problems)


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.date().isoformat() if value.time() == time.min else value.isoformat()
        case date() | time():
            return value.isoformat()
        case float():
            return f"{Decimal(repr(round(value, 9))).normalize():f}"
        case _:
            return str(value)
