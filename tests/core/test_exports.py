"""What a list looks like as a file, to the byte."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from lattis_app.core.exports import FileKind, columns_of, write
from lattis_app.core.schemas import MoneyOut, Out

ID = UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")


class Size(Out):
    h_ft: Decimal


class Status(StrEnum):
    OPEN = "open"


class Record(Out):
    id: UUID
    name: str
    status: Status
    total: MoneyOut
    paid: MoneyOut | None
    size: Size
    quantity: Decimal
    active: bool
    due_on: date | None
    made_at: datetime
    owner_id: UUID | None
    extra: dict[str, Any]


RECORD = Record(
    id=ID,
    name="Setia, Bhd",
    status=Status.OPEN,
    total=135000,
    paid=None,
    size=Size(h_ft=Decimal("4.5")),
    quantity=Decimal("1.250"),
    active=True,
    due_on=date(2026, 3, 16),
    made_at=datetime(2026, 3, 15, 18, 0, tzinfo=UTC),
    owner_id=None,
    extra={"a": 1},
)


def file_of(kind: FileKind, *records: Record) -> bytes:
    file = io.BytesIO()
    write(kind, Record, records, file)
    return file.getvalue()


def sheet_of(*records: Record) -> list[list[Any]]:
    """Dates as text, since a spreadsheet knows no time zones."""
    book = openpyxl.load_workbook(io.BytesIO(file_of(FileKind.XLSX, *records)))
    return [
        [str(cell.value) if cell.is_date else cell.value for cell in row] for row in book.active.iter_rows()
    ]


def test_a_csv_to_the_byte() -> None:
    expected = (
        "\ufeffname,status,total,paid,size.h_ft,quantity,active,due_on,made_at,extra,currency,id,owner_id\r\n"
        '"Setia, Bhd",open,1350.00,,4.5,1.250,true,2026-03-16,2026-03-16T02:00:00+08:00,"{""a"":1}",MYR,'
        "6f9619ff-8b86-4d01-b42d-00cf4fc964ff,\r\n"
    )
    assert file_of(FileKind.CSV, RECORD) == expected.encode()


def test_an_excel_file_read_back() -> None:
    headings, row = sheet_of(RECORD)

    assert headings == [column.heading for column in columns_of(Record)]
    assert row == [
        "Setia, Bhd",
        "open",
        1350,
        None,
        4.5,
        1.25,
        True,
        "2026-03-16 00:00:00",
        "2026-03-16 02:00:00",
        '{"a":1}',
        "MYR",
        str(ID),
        None,
    ]


def test_amounts_in_excel_show_two_decimals() -> None:
    book = openpyxl.load_workbook(io.BytesIO(file_of(FileKind.XLSX, RECORD)))
    assert book.active["C2"].number_format == "#,##0.00"
    assert book.active["F2"].number_format == "General"


@pytest.mark.parametrize("text", ["=1+1", "+60123456789", "-5", "@sum", "\t=1", "\r=1", "\n=1"])
def test_a_text_is_never_a_formula(text: str) -> None:
    bad = RECORD.model_copy(update={"name": text})

    line = file_of(FileKind.CSV, bad).decode("utf-8-sig").split("\r\n", 1)[1]
    book = openpyxl.load_workbook(io.BytesIO(file_of(FileKind.XLSX, bad)))

    assert line.lstrip('"').startswith(f"'{text}")
    assert book.active["A2"].data_type == "s"


def test_an_amount_below_zero_stays_a_number() -> None:
    owed = RECORD.model_copy(update={"total": -2050})
    assert b",open,-20.50,," in file_of(FileKind.CSV, owed)
    assert sheet_of(owed)[1][2] == -20.5


def test_an_amount_in_its_own_currency() -> None:
    class Foreign(Out):
        amount: MoneyOut
        currency: str

    file = io.BytesIO()
    write(FileKind.CSV, Foreign, [Foreign(amount=100, currency="EUR")], file)
    assert file.getvalue().decode("utf-8-sig") == "amount,currency\r\n1.00,EUR\r\n"


def test_an_empty_list_is_a_file_with_headings() -> None:
    assert file_of(FileKind.CSV).count(b"\r\n") == 1
    assert len(sheet_of()) == 1


def test_a_text_longer_than_a_cell_is_cut_in_excel_only() -> None:
    long = RECORD.model_copy(update={"name": "x" * 40_000})
    assert len(sheet_of(long)[1][0]) == 32_767
    assert b"x" * 40_000 in file_of(FileKind.CSV, long)
