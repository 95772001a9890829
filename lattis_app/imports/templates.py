"""Files to fill in: the columns, a sample line, and notes that are left out when the file is read."""

from __future__ import annotations

import csv
import io

from lattis_app.core.exports import FileKind
from lattis_app.imports.files import COMMENT
from lattis_app.imports.kinds import ImportColumn, ImportKind

ABOUT = "Replace the sample line by your own. Lines that begin with # are left out."
WIDTH, NOTE_WIDTH = 20, 70


def write(kind: ImportKind, format_: FileKind) -> bytes:
    """The template of a kind, as CSV with its notes above, or as XLSX with them on a sheet of their own."""
    return _csv(kind) if format_ is FileKind.CSV else _xlsx(kind)


def note_of(column: ImportColumn) -> str:
    """What goes into a column."""
    return f"{'required' if column.required else 'optional'}. {column.note}"


def sample_of(kind: ImportKind) -> list[str]:
    """The sample line; read back, it is left out."""
    return [column.sample for column in kind.columns]


def _csv(kind: ImportKind) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([f"{COMMENT} {ABOUT}"])
    writer.writerows([f"{COMMENT} {column.heading}: {note_of(column)}"] for column in kind.columns)
    writer.writerow([column.heading for column in kind.columns])
    writer.writerow(sample_of(kind))
    return text.getvalue().encode("utf-8-sig")


def _xlsx(kind: ImportKind) -> bytes:
    from xlsxwriter import Workbook  # 40 modules that only a workbook is worth

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet, notes = book.add_worksheet(kind.title[:31]), book.add_worksheet("Notes")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(kind.columns) - 1, WIDTH, text)
        notes.set_column(0, 0, WIDTH)
        notes.set_column(1, 1, NOTE_WIDTH)
        notes.write_string(0, 0, ABOUT)
        for place, column in enumerate(kind.columns):
            sheet.write_string(0, place, column.heading, bold)
            sheet.write_string(1, place, column.sample, text)
            notes.write_string(place + 2, 0, column.heading, bold)
            notes.write_string(place + 2, 1, note_of(column))
    return file.getvalue()
