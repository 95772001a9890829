"""Lists as files: CSV and XLSX of any output schema, written row by row so that memory stays flat.

Columns are the fields of the schema under their names in the API, ids last. Amounts are numbers with the decimals of
their currency, which has a column of its own; moments are in the business's time. Text is text: nothing in a file is
ever run as a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO, get_args
from uuid import UUID

import pydantic_core
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lattis_app.core import clock
from lattis_app.core.money import DECIMALS, DEFAULT_CURRENCY, Money
from lattis_app.core.schemas import MoneyOut

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST_CELL = 32_767
"""What Excel takes into one cell."""
WIDTH = 18
MONEY_MARK = get_args(MoneyOut)[1]


class FileKind(StrEnum):
    """The files a list can be taken out as."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the path to its value in a record."""

    path: tuple[str, ...]
    is_money: bool = False

    @property
    def heading(self) -> str:
        """The field's name in the API: `total`, `bin_size.h_ft`."""
        return ".".join(self.path)

    def value(self, record: BaseModel) -> Any:
        """What stands in this column of a record."""
        found: Any = record
        for name in self.path:
            found = getattr(found, name, DEFAULT_CURRENCY if name == "currency" else None)
        if self.is_money and found is not None:
            return Money(found, getattr(record, "currency", DEFAULT_CURRENCY))
        return found


def write(kind: FileKind, schema: type[BaseModel], records: Iterable[BaseModel], file: BinaryIO) -> None:
    """Write records of one schema into a file."""
    columns = columns_of(schema)
    rows = ([column.value(record) for column in columns] for record in records)
    write_table(kind, [column.heading for column in columns], rows, file)


def write_table(kind: FileKind, headings: list[str], rows: Iterable[list[Any]], file: BinaryIO) -> None:
    """Write rows of values under headings into a file."""
    headings = [_harmless(heading) if kind is FileKind.CSV else heading for heading in headings]
    if kind is FileKind.CSV:
        _write_csv(headings, rows, file)
    else:
        _write_xlsx(headings, rows, file)


def columns_of(schema: type[BaseModel]) -> list[Column]:
    """The columns of a schema: what people read first, then the currency of amounts that don't say theirs, then ids."""
    left_out = getattr(schema, "not_in_files", ())
    fields = {name: field for name, field in schema.model_fields.items() if name not in left_out}
    found = [column for name, field in fields.items() for column in _columns(name, field)]
    ids = {name for name, field in fields.items() if _names(field, UUID)}
    readable = [column for column in found if column.path[0] not in ids]
    if any(column.is_money for column in found) and not any(map(_says_a_currency, fields)):
        readable.append(Column(("currency",)))
    return readable + [column for column in found if column.path[0] in ids]


def _columns(name: str, field: FieldInfo) -> Iterator[Column]:
    part = field.annotation
    if isinstance(part, type) and issubclass(part, BaseModel):
        yield from (Column((name, *inner.path), inner.is_money) for inner in columns_of(part))
    else:
        yield Column((name,), MONEY_MARK in field.metadata or _names(field, MoneyOut))


def _says_a_currency(name: str) -> bool:
    """Whether a field is a currency, or an amount that ends in one: `base_currency`, `total_amount_eur`."""
    return name.endswith("currency") or name.rpartition("_")[2].upper() in DECIMALS


def _names(field: FieldInfo, kind: Any) -> bool:
    """Whether a field is of a kind, or of it or nothing."""
    return field.annotation is kind or kind in get_args(field.annotation)


def _write_csv(headings: list[str], rows: Iterable[list[Any]], file: BinaryIO) -> None:
    """CSV as Excel opens it: UTF-8 with its mark, CRLF."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    text.detach()


def _csv_cell(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Money():
            return str(value.decimal)
        case Decimal():
            return f"{value:f}"
        case int() | float():
            return str(value)
        case datetime():
            return value.astimezone(clock.business_zone()).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return _harmless(_text(value))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _write_xlsx(headings: list[str], rows: Iterable[list[Any]], file: BinaryIO) -> None:
    from xlsxwriter import Workbook  # 40 modules that only a workbook is worth

    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        formats = _Formats(
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            book.add_format({"num_format": "#,##0.00"}),
        )
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, WIDTH)
        bold = book.add_format({"bold": True})
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        for line, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write_cell(sheet, line, place, value, formats)


@dataclass(frozen=True, slots=True)
class _Formats:
    day: Any
    moment: Any
    amount: Any


def _write_cell(sheet: Worksheet, line: int, place: int, value: Any, formats: _Formats) -> None:
    match value:
        case None:
            pass
        case bool():
            sheet.write_boolean(line, place, value)
        case Money():
            sheet.write_number(line, place, value.decimal, formats.amount)
        case int() | float() | Decimal():
            sheet.write_number(line, place, value)
        case datetime():
            local = value.astimezone(clock.business_zone()).replace(tzinfo=None)
            sheet.write_datetime(line, place, local, formats.moment)
        case date():
            sheet.write_datetime(line, place, value, formats.day)
        case _:
            sheet.write_string(line, place, _text(value)[:LONGEST_CELL])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (str, UUID)):
        return str(value)
    return pydantic_core.to_json(value).decode()
