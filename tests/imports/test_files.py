"""Files as they come from programs, from Excel, and from people who mean harm."""

import io
import tracemalloc
import zipfile
from datetime import UTC, date, datetime

import pytest

from lattis_app.core.errors import Invalid, PayloadTooLarge, UnsupportedMediaType
from lattis_app.core.files import Upload
from lattis_app.core.settings import reset_settings
from lattis_app.imports.files import BROKEN, FORMULA, read_table
from tests.imports.files import SHEET, csv_file, with_sheet, xlsx_file

ROWS = (["name", "phone"], ["Kedai Müller", "012-3456789"])
SHEET_OF = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'


def cells(upload: Upload) -> list[list[str]]:
    table = read_table(upload.data, upload.file_name)
    return [table.headings, *(line.cells for line in table.lines)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_csv_is_read_as_programs_and_excel_write_it(encoding, delimiter):
    assert cells(csv_file(*ROWS, encoding=encoding, delimiter=delimiter)) == list(map(list, ROWS))


def test_quotes_hold_delimiters_and_line_breaks_and_lines_keep_their_numbers():
    table = read_table(b'# a note\r\nname;notes\r\n"A; B";"one\r\ntwo"\r\n\r\n C ;\r\n', "a.csv")
    assert table.headings == ["name", "notes"]
    assert [(line.number, line.cells) for line in table.lines] == [
        (3, ["A; B", "one\r\ntwo"]),
        (6, ["C", ""]),
    ]


def test_an_exported_cell_gives_back_its_text():
    assert cells(csv_file(["phone", "name"], ["'+60123456789", "'s Hertogenbosch"]))[1] == [
        "+60123456789",
        "'s Hertogenbosch",
    ]


def test_excel_gives_numbers_days_and_flags_as_people_read_them():
    sent = xlsx_file(
        ["a", "b", "c", "d", "e", "f"],
        [
            1500,
            0.1 + 0.2,
            date(2026, 12, 31),
            datetime(2026, 1, 2, 3, 4, tzinfo=UTC).replace(tzinfo=None),
            True,
            None,
        ],
    )
    assert cells(sent)[1] == ["1500", "0.3", "2026-12-31", "2026-01-02T03:04:00", "true", ""]


def test_a_formula_is_told_and_never_calculated():
    table = read_table(xlsx_file(["a", "b"], ["=1+1", "#REF!"]).data, "a.xlsx")
    assert (table.lines[0].cells, table.lines[0].problems) == (["=1+1", "#REF!"], {0: FORMULA, 1: BROKEN})


def test_a_line_longer_than_the_headings_is_told():
    (line,) = read_table(b"name,phone\nABC, Ltd,012\n", "a.csv").lines
    assert line.problems == {1: "is followed by more cells than there are columns"}


@pytest.mark.parametrize(
    ("data", "refusal", "reason"),
    [
        (b"", Invalid, "is empty: the first line must name the columns"),
        (b"\n \n,,\n", Invalid, "is empty: the first line must name the columns"),
        (b"PK\x03\x04 nothing", Invalid, "is damaged and can't be read"),
        (b'name\n"never closed' + b"x" * 200_000, Invalid, "can't be read from line 2 on: a quote may be missing"),
        (b"\xd0\xcf\x11\xe0 old", UnsupportedMediaType, "must be CSV or XLSX; save an old .xls as .xlsx"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", UnsupportedMediaType, "must be CSV or XLSX; save an old .xls as .xlsx"),
        (b"," * 200 + b"a\n", Invalid, "has more than 100 columns"),
    ],
    ids=["nothing", "blank", "no archive", "open quote", "xls", "picture", "wide"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(data, refusal, reason):
    with pytest.raises(refusal) as refused:
        read_table(data, "a.csv")
    assert refused.value.details["reason"] == reason


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setenv("LATTIS_IMPORT_MAX_ROWS", "3")
    monkeypatch.setenv("LATTIS_IMPORT_MAX_MB", "1")
    reset_settings()
    yield
    monkeypatch.undo()
    reset_settings()


def test_as_many_lines_as_allowed_are_read_and_one_more_is_refused(small):
    rows = [["a"], ["1"], ["2"], ["3"]]
    for make in (csv_file, xlsx_file):
        assert len(cells(make(*rows))) == 4
        with pytest.raises(PayloadTooLarge) as refused:
            cells(make(*rows, ["4"]))
        assert refused.value.details["reason"] == "holds more than 3 lines: split it"


def test_too_many_bytes_are_refused(small):
    with pytest.raises(PayloadTooLarge, match=r"a\.csv is larger than 1 MB"):
        read_table(b"a\n" * 600_000, "a.csv")


def test_a_million_lines_are_refused_without_reading_them_all():
    with pytest.raises(PayloadTooLarge) as refused:
        read_table(b"a\n" + b"1\n" * 1_000_000, "a.csv")
    assert refused.value.details["reason"] == "holds more than 20,000 lines: split it"


def test_an_archive_that_would_unpack_to_too_much_is_never_unpacked(small, tmp_path):
    bomb = with_sheet(xlsx_file(["a"]), b"<row/>" * 2_500_000)
    assert len(bomb.data) < 100_000
    tracemalloc.start()
    with pytest.raises(PayloadTooLarge) as refused:
        read_table(bomb.data, "a.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.details["reason"] == "would unpack to more than 10 MB"
    assert peak < 1_000_000


def test_entities_are_not_expanded():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    document = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet>&l11;</worksheet>'
    with pytest.raises(Invalid, match="is damaged"):
        read_table(with_sheet(xlsx_file(["a"]), document.encode()).data, "a.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="999999999"><c r="A999999999"><v>1</v></c></row>',
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="XFD1"><v></v></c></row>'
        + b"<row/>" * 50_000,
    ],
    ids=["a far row", "empty rows"],
)
def test_a_sheet_that_claims_to_be_huge_ends_where_its_lines_do(rows):
    table = read_table(with_sheet(xlsx_file(["a"]), SHEET_OF % rows).data, "a.xlsx")
    assert (table.headings, table.lines) == (["a"], [])


def test_the_sheet_replaced_is_the_first_one():
    with zipfile.ZipFile(io.BytesIO(xlsx_file(["a"]).data)) as archive:
        assert SHEET in archive.namelist()
