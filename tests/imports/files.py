"""Files as people send them."""

import csv
import io
import zipfile
from collections.abc import Sequence

import openpyxl

from lattis_app.core.files import Upload

SHEET = "xl/worksheets/sheet1.xml"


def csv_file(
    *rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",", name: str = "list.csv"
) -> Upload:
    """A CSV file of these rows."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return Upload(name, text.getvalue().encode(encoding))


def xlsx_file(*rows: Sequence[object], name: str = "list.xlsx") -> Upload:
    """An Excel file whose first sheet holds these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return Upload(name, file.getvalue())


def with_sheet(upload: Upload, sheet: bytes) -> Upload:
    """The same Excel file with another first sheet."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(upload.data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, sheet if part == SHEET else old.read(part))
    return Upload(upload.file_name, file.getvalue())
