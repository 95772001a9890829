"""The printed page: fonts, direction, page breaks, sums at the right edge, and bytes that never vary."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont
from PIL import Image
from pypdf import PdfReader

from lattis_app.core import pdf, pdf_blocks, pdf_pictures, pdf_tables
from lattis_app.core.pdf import Heading, Letterhead, Paper, Sheet

BUSINESS = Letterhead("Lattis Bin Services Sdn Bhd", "123456-A", "W10-1808-32000001", "123 Jalan Ampang")
MOMENT = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
COLUMNS = (pdf_tables.Column("What", stretch=True), pdf_tables.Column("Amount (RM)", numeric=True))


def heading(**changes: str) -> Heading:
    return Heading(
        **({"kind": "Paper", "number": "P-1", "dated_at": MOMENT, "letterhead": BUSINESS} | changes)
    )


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages)


def with_words(words: str, paper: Paper = Paper.A4) -> bytes:
    def draw(sheet: Sheet) -> None:
        sheet.pen(10)
        sheet.paragraph(words, x=sheet.l_margin, width=sheet.epw)

    return pdf.compose(heading(), paper, draw)


def with_rows(rows: list[tuple[str, str]]) -> bytes:
    return pdf.compose(
        heading(), Paper.A4, lambda sheet: pdf_tables.table(sheet, COLUMNS, rows, empty="No rows")
    )


def test_the_same_input_gives_the_same_bytes() -> None:
    words = "Taman Melati, شركة البناء, 陈美玲"
    assert with_words(words) == with_words(words)


def test_the_only_date_in_the_file_is_the_one_handed_in() -> None:
    metadata = read(with_words("x")).metadata
    assert metadata is not None
    assert metadata.creation_date == MOMENT
    assert metadata.title == "Paper P-1"
    assert metadata.author == "Lattis Bin Services Sdn Bhd"


def test_dates_are_the_business_s_not_utc_s() -> None:
    assert pdf.local_date(MOMENT, "Asia/Kuala_Lumpur") == "21 Nov 2026"
    assert pdf.local_time(MOMENT, "Asia/Kuala_Lumpur") == "21 Nov 2026, 00:30"
    assert pdf.local_date(MOMENT, "Europe/Skopje") == "20 Nov 2026"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1200", "1,200"), ("2.50", "2.5"), ("0.25", "0.25"), ("1E+3", "1,000"), ("100", "100"), ("-3.0", "-3")],
)
def test_quantities_lose_needless_zeros_only(value: str, shown: str) -> None:
    assert pdf.plain_number(Decimal(value)) == shown


def test_arabic_letters_are_joined_and_written_in_the_arabic_font() -> None:
    content = with_words("شركة البناء المحدودة")
    fonts = {font for page in read(content).pages for font in _font_names(page)}
    assert any("NotoSansArabic" in name for name in fonts)
    assert set("شركة") <= set(text_of(content))


def _font_names(page: object) -> set[str]:
    resources = page["/Resources"]["/Font"]  # type: ignore[index]  # pypdf's dictionary
    return {resources[key].get_object()["/BaseFont"] for key in resources}


def test_arabic_starts_at_the_right_edge_and_english_at_the_left() -> None:
    assert pdf.reads_right_to_left("شركة 12 Ampang")
    assert not pdf.reads_right_to_left("12 Jalan شركة")
    assert _first_x(with_words("Jalan Ampang")) < 60
    assert _first_x(with_words("شركة البناء")) > 300


def _first_x(content: bytes) -> float:
    places: list[float] = []
    page = read(content).pages[0]
    page.extract_text(visitor_text=lambda text, _cm, tm, *_: places.append(tm[4]) if text.strip() else None)
    return places[0]


def test_english_after_arabic_comes_out_in_the_right_glyphs() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.pen(9, bold=True)
        pdf_blocks.pair(sheet, "نقل مخلفات", "1,350.00", x=sheet.l_margin, width=sheet.epw)

    assert "1,350.00" in text_of(pdf.compose(heading(), Paper.THERMAL, draw))


@pytest.mark.parametrize("strange", ["한국어", "😀", "\U000e0041", "\ud800", "\x00\x07", "अ"])
def test_characters_no_font_has_are_replaced_and_nothing_fails(strange: str) -> None:
    shown = text_of(with_words(f"before {strange} after"))
    assert "before" in shown
    assert "after" in shown
    assert strange not in shown


def test_a_visible_character_without_a_glyph_leaves_a_box() -> None:
    assert "□□□ debris" in text_of(with_words("한국어 debris"))


@pytest.mark.parametrize("bold", [False, True])
def test_chinese_names_are_printed_and_break_anywhere(bold: bool) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.pen(10, bold=bold)
        sheet.paragraph("陈美玲贸易有限公司 Sdn Bhd " + "福建會館" * 40, x=sheet.l_margin, width=sheet.epw)

    shown = text_of(pdf.compose(heading(), Paper.A4, draw))
    assert "陈美玲贸易有限公司 Sdn Bhd" in shown
    assert shown.replace("\n", "").count("福建會館") == 40


def test_the_large_font_of_chinese_is_read_for_chinese_only() -> None:
    fonts: list[set[str]] = []
    for words in ("Syarikat Setia", "陈美玲"):
        pdf.compose(heading(kind=words), Paper.A4, lambda sheet: fonts.append(set(sheet.fonts)))
    assert [("han" in known) for known in fonts] == [False, True]


def test_direction_overrides_cannot_disguise_an_amount() -> None:
    assert "RM 001" in text_of(with_words("RM \u202e001\u202c"))


def test_headings_repeat_on_every_page_and_each_says_x_of_y() -> None:
    pages = read(with_rows([(f"Line {number}", f"{number}.00") for number in range(1, 61)])).pages
    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        shown = page.extract_text()
        assert "Amount (RM)" in shown
        assert f"Page {number} of 2" in shown
    assert "Paper P-1" in pages[1].extract_text()
    assert "Line 60" in pages[1].extract_text()


def test_a_row_taller_than_a_page_is_continued_and_loses_nothing() -> None:
    words = " ".join(f"word{number}" for number in range(2000))
    shown = text_of(with_rows([(words, "350.00"), ("Next", "1.00")])).split()
    assert [word for word in shown if word.startswith("word")] == words.split()
    assert shown.count("350.00") == 1


def test_a_table_without_rows_says_so() -> None:
    assert "No rows" in text_of(with_rows([]))


def test_the_largest_amount_stays_on_one_line() -> None:
    assert "999,999,999,999.99" in text_of(with_rows([("All of it", "999,999,999,999.99")]))


def test_figures_end_at_the_same_edge() -> None:
    page = read(with_rows([("a", "1.00"), ("b", "8,888.88"), ("c", "111.11")])).pages[0]
    starts: dict[str, float] = {}

    def note(text: str, _cm: object, tm: list[float], *_: object) -> None:
        if text.strip():
            starts[text.strip()] = tm[4]

    page.extract_text(visitor_text=note)
    digit = (starts["1.00"] - starts["111.11"]) / 2
    assert digit > 4
    assert starts["111.11"] - starts["8,888.88"] == pytest.approx(digit + 2.5, abs=1.2)


def test_a_roll_is_as_wide_as_its_paper_and_as_long_as_its_content() -> None:
    short, long = (read(with_words("line\n" * count, Paper.THERMAL)).pages for count in (3, 60))
    assert float(short[0].mediabox.width) == pytest.approx(80 / 25.4 * 72, abs=0.1)
    assert float(long[0].mediabox.height) > float(short[0].mediabox.height) + 200
    assert len(long) == 1


def test_the_check_code_is_vector_and_opens_the_link() -> None:
    url = "https://lattis.example.com/check/7f3c9a1e"
    page = read(pdf.compose(heading(), Paper.A4, lambda sheet: pdf_blocks.check_strip(sheet, url))).pages[0]
    assert page["/Annots"][0].get_object()["/A"]["/URI"] == url  # type: ignore[index]  # pypdf's dictionary
    assert url in page.extract_text()
    assert not page.images


def test_a_watermark_is_on_every_page() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.add_page()

    pages = read(pdf.compose(heading(watermark="DRAFT"), Paper.A4, draw)).pages
    assert ["DRAFT" in page.extract_text() for page in pages] == [True, True]


def test_many_columns_of_long_words_share_the_paper_and_lose_nothing() -> None:
    titles = ("Customer", "Area", "State", "From", "To", "Moved by")
    columns = [pdf_tables.Column(title, stretch=not place) for place, title in enumerate(titles)]
    columns.append(pdf_tables.Column("Amount (RM)", numeric=True))
    row = [*(letter * 60 for letter in "CASFTM"), "1,234.50"]
    printed = text_of(
        pdf.compose(heading(), Paper.A4, lambda sheet: pdf_tables.table(sheet, columns, [row], empty=""))
    )
    assert [printed.count(letter) - heading_only(letter, columns) for letter in "CASFTM"] == [60] * 6
    assert "1,234.50" in printed


def heading_only(letter: str, columns: list[pdf_tables.Column]) -> int:
    """How often a letter is printed where the row is empty."""
    empty = [""] * len(columns)
    without = pdf.compose(
        heading(), Paper.A4, lambda sheet: pdf_tables.table(sheet, columns, [empty], empty="")
    )
    return text_of(without).count(letter)


def test_plain_words_break_where_the_library_would_break_them() -> None:
    words = "Concrete waste disposal, removed from site at Jalan Pending and carried to the landfill of Bukit Tagar"
    sheet = Sheet(heading(), Paper.A4)
    sheet.pen(8.5)
    for width in (25.0, 40.0, 57.5, 90.0, 400.0):
        theirs = sheet.multi_cell(width, 4, words, dry_run=True, output=MethodReturnValue.LINES)
        assert sheet.wrapped(words, width) == theirs
    sheet.close_fonts()


@pytest.mark.parametrize("words", ["two  spaces", " before", "after ", "W" * 80, "شركة البناء المحدودة"])
def test_words_that_are_not_plain_break_as_the_library_breaks_them(words: str) -> None:
    sheet = Sheet(heading(), Paper.A4)
    sheet.pen(10)
    assert sheet.wrapped(words, 40) == sheet.multi_cell(
        40, 4, words, dry_run=True, output=MethodReturnValue.LINES
    )
    sheet.close_fonts()


def test_a_text_is_shaped_once_however_often_a_table_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shaped: list[str] = []
    shape = TTFFont.perform_harfbuzz_shaping

    def note(font: TTFFont, text: str, *rest: Any) -> Any:
        shaped.append(text)
        return shape(font, text, *rest)

    monkeypatch.setattr(TTFFont, "perform_harfbuzz_shaping", note)
    with_rows([("Open top bin", "350.00")] * 200)
    assert shaped.count("Open top bin") == 1
    assert shaped.count("350.00") == 1


def test_figures_joined_by_the_font_are_still_read_letter_by_letter() -> None:
    assert "8x12x4 ft" in text_of(with_rows([("8x12x4 ft", "1.00")]))


def test_words_under_photographs_stand_right_below_the_highest_of_a_row() -> None:
    def used(*sizes: tuple[int, int]) -> float:
        sheet = Sheet(heading(), Paper.A4)
        sheet.add_page()
        top = sheet.y
        pdf_pictures.pictures(sheet, [pdf_pictures.Picture(photo(size), "Taken on site") for size in sizes])
        sheet.close_fonts()
        return sheet.y - top

    def photo(size: tuple[int, int]) -> bytes:
        kept = io.BytesIO()
        Image.new("RGB", size, "green").save(kept, "JPEG")
        return kept.getvalue()

    lying, standing = (640, 480), (480, 640)
    assert used(standing) - used(lying) == pytest.approx(54.0 - used_width() * 480 / 640, abs=0.01)
    assert used(lying, standing) == pytest.approx(used(standing), abs=0.01)


def used_width() -> float:
    """How wide one of three photographs beside each other is, in millimetres."""
    sheet = Sheet(heading(), Paper.A4)
    sheet.close_fonts()
    return float((sheet.epw - 2 * pdf_pictures.GAP) / 3)
