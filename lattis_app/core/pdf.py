"""The printed page every document shares: paper, type, letterhead, tables, QR.

Text is shaped (Arabic joins and runs right to left, Chinese is drawn), every glyph comes from the fonts in `core/fonts`,
and the same input always gives the same bytes: the only date in the file is the one handed in.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from fpdf import FPDF
from fpdf.bidi import auto_detect_base_direction
from fpdf.enums import MethodReturnValue, PDFResourceType, TextDirection
from fpdf.fonts import TTFFont

from lattis_app.core.pdf_lines import FEATURES, Line, Setter

Colour = tuple[int, int, int]
INK: Colour = (17, 24, 28)
MUTED: Colour = (92, 104, 113)
HAIRLINE: Colour = (214, 220, 224)
BAND: Colour = (242, 246, 246)
ACCENT: Colour = (11, 122, 111)

A4_MARGIN = 16.0
ROLL_WIDTH = 80.0
ROLL_MARGIN = 4.0
LONGEST_ROLL = 2_000.0
LEADING = 0.3528 * 1.4
UNKNOWN_GLYPH = "\u25a1"
FONTS = Path(__file__).parent / "fonts"
_BIDI_CONTROLS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF}
_HAN = {*range(0x2E80, 0x3130), *range(0x3400, 0xA000), *range(0xF900, 0xFB00), *range(0xFF00, 0xFFF0)}
"""Chinese characters, kana and their punctuation; the font that has them is large, and most documents need none."""
_INVISIBLE = {*range(0xFE00, 0xFE10), 0x200B, 0x2060, 0x00AD}


class Paper(StrEnum):
    """The two papers every document prints on."""

    A4 = "a4"
    THERMAL = "thermal"


@dataclass(frozen=True)
class Letterhead:
    """The business as printed at the top of its documents, frozen when the document is issued."""

    name: str
    roc_number: str = ""
    sst_no: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    time_zone: str = "Asia/Kuala_Lumpur"

    def registration(self) -> str:
        """Company and tax registration on one line."""
        numbers = (("Reg. No. ", self.roc_number), ("SST No. ", self.sst_no))
        return "   ·   ".join(label + number for label, number in numbers if number)

    def contact(self) -> str:
        """Telephone and e-mail on one line."""
        return "   ·   ".join(value for value in (self.phone, self.email) if value)


@dataclass(frozen=True)
class Addressee:
    """The customer as printed, frozen when the document is issued."""

    name: str
    attention: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    sst_no: str = ""

    def lines(self) -> list[str]:
        """Everything below the name, one printed line each, empty parts left out."""
        attention = f"Attn: {self.attention}" if self.attention else ""
        sst = f"SST No. {self.sst_no}" if self.sst_no else ""
        return [part for part in (attention, self.address, self.phone, self.email, sst) if part]


@dataclass(frozen=True)
class Heading:
    """What a document says about itself: kind, number, moment, and the word printed across it."""

    kind: str
    number: str
    dated_at: datetime
    letterhead: Letterhead
    watermark: str = ""
    closing: str = "Computer-generated document. No signature is required."


def local_date(moment: date | datetime, time_zone: str) -> str:
    """A day as people here write it: 21 Nov 2026."""
    day = moment.astimezone(ZoneInfo(time_zone)) if isinstance(moment, datetime) else moment
    return f"{day.day} {day:%b %Y}"


def local_time(moment: datetime, time_zone: str) -> str:
    """A moment in the business's own time: 21 Nov 2026, 09:42."""
    return f"{local_date(moment, time_zone)}, {moment.astimezone(ZoneInfo(time_zone)):%H:%M}"


def plain_number(value: Decimal) -> str:
    """A quantity or weight without needless zeros: 1,200 or 2.5."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def reads_right_to_left(text: str) -> bool:
    """Whether a paragraph starts in a right-to-left script, as Unicode's first-strong rule decides."""
    return auto_detect_base_direction(text) is TextDirection.RTL


class Sheet(FPDF):
    """One document being drawn; pages after the first repeat who and what it is, all say x of y."""

    def __init__(
        self, heading: Heading, paper: Paper, roll_height: float = LONGEST_ROLL, *, wide: bool = False
    ) -> None:
        self.heading = heading
        self.paper = paper
        thermal = paper is Paper.THERMAL
        super().__init__(
            "landscape" if wide else "portrait", "mm", (ROLL_WIDTH, roll_height) if thermal else "A4"
        )
        margin = ROLL_MARGIN if thermal else A4_MARGIN
        self.set_margins(margin, margin, margin)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=ROLL_MARGIN if thermal else 22)
        for weight, name in (("", "Regular"), ("B", "SemiBold")):
            self.add_font("inter", weight, FONTS / f"Inter-{name}.ttf")
        self.drawable = {c for font in self.fonts.values() if isinstance(font, TTFFont) for c in font.cmap}
        self.set_text_shaping(True, features=FEATURES)
        self._setters = {key: Setter(font) for key, font in self.fonts.items() if isinstance(font, TTFFont)}
        self.set_creation_date(heading.dated_at)
        self.set_title(self.printable(f"{heading.kind} {heading.number}".strip()))
        self.set_author(self.printable(heading.letterhead.name))
        self.set_lang("en")
        self.add_page()

    def printable(self, text: str) -> str:
        """The text with what no font of ours can draw replaced, and direction tricks removed."""
        kept: list[str] = []
        for char in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " ")):
            code = ord(char)
            if code in _HAN and "han" not in self.fonts:
                self._add_han()
            elif code not in self.drawable and char != "\n":
                self._add_arabic()
            if code in _BIDI_CONTROLS or code in _INVISIBLE:
                continue
            if char == "\n" or code in self.drawable:
                kept.append(char)
            elif unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Mn"):
                kept.append(UNKNOWN_GLYPH)
        return "".join(kept)

    def _add_han(self) -> None:
        self._add_arabic()
        self.add_font("han", "", FONTS / "DroidSansFallback-Regular.ttf")
        self.drawable.update(cast(TTFFont, self.fonts["han"]).cmap)
        self.set_fallback_fonts(["arabic", "han"], exact_match=False)

    def _add_arabic(self) -> None:
        if "arabic" in self.fonts:
            return
        for weight, name in (("", "Regular"), ("B", "SemiBold")):
            self.add_font("arabic", weight, FONTS / f"NotoSansArabic-{name}.ttf")
            self.drawable.update(cast(TTFFont, self.fonts[f"arabic{weight}"]).cmap)
        self.set_fallback_fonts(["arabic"])

    def normalize_text(self, text: str) -> str:
        """Clean every text on its way to the page, whichever call draws it."""
        return super().normalize_text(self.printable(text))

    def pen(self, size: float, *, bold: bool = False, colour: Colour = INK) -> None:
        """Choose the size, weight and colour of the next words; a roll prints black only."""
        self.set_font("inter", "B" if bold else "", size)
        self.set_text_color(*(colour if self.paper is Paper.A4 else INK))

    def line_pen(self) -> None:
        """Draw the next lines thin: grey on a page, black on a roll."""
        self.set_draw_color(*(HAIRLINE if self.paper is Paper.A4 else INK))
        self.set_line_width(0.2)

    def paragraph(
        self, text: str, *, x: float, width: float, align: str = "L", height: float | None = None
    ) -> None:
        """Text in a box of this width; right-to-left text starts at the box's right edge."""
        height = self.font_size_pt * LEADING if height is None else height
        self.set_x(x)
        for part in text.split("\n"):
            plain = self._plain_lines(part, width)
            if plain is not None:
                for line in plain:
                    self._write(line, x, width, height, align)
                continue
            side = "R" if align == "L" and reads_right_to_left(part) else align
            self.set_x(x)
            self.multi_cell(width, height, part, align=side, new_x="LEFT", new_y="NEXT")

    def words(self, text: str, width: float, height: float, *, align: str = "L") -> None:
        """Text on one line in a box of this size, and on to the next line."""
        line = self._line(text)
        if line is None:
            self.cell(width, height, text, align=align, new_x="LMARGIN", new_y="NEXT")
        else:
            self._write(line, self.x, width, height, align)
            self.set_x(self.l_margin)

    def wrapped(self, text: str, width: float) -> list[str]:
        """The lines the text breaks into at this width, in the current type."""
        broken: list[str] = []
        for part in text.split("\n"):
            plain = self._broken(part, width)
            if plain is None:
                lines = self.multi_cell(width, 4, part, dry_run=True, output=MethodReturnValue.LINES)
                plain = cast(list[str], lines) or [""]
            broken.extend(plain)
        return broken

    def get_string_width(self, s: str, normalized: bool = False, markdown: bool = False) -> float:
        """The width of a text in the current type."""
        line = self._line(s)
        if line is None:
            return super().get_string_width(s, normalized, markdown)
        return line.width * self.font_size_pt / 1000 / self.k

    def _line(self, text: str) -> Line | None:
        if self.current_font is None or (self.str_alias_nb_pages or "") in text:
            return None
        return self._setters[self.current_font.fontkey].line(text)

    def _broken(self, part: str, width: float) -> list[str] | None:
        line = self._line(part)
        if line is None or self.current_font is None:
            return None
        if self.get_string_width(part) <= width and part == part.strip():
            return [part]
        setter = self._setters[self.current_font.fontkey]
        return setter.broken(part, width * self.k * 1000 / self.font_size_pt)

    def _plain_lines(self, part: str, width: float) -> list[Line] | None:
        broken = self._broken(part, width)
        lines = [self._line(each) for each in broken or []]
        return [line for line in lines if line is not None] or None

    def _write(self, line: Line, x: float, width: float, height: float, align: str) -> None:
        """A line in a box, where the library's own cells would put it, and on to below the box."""
        self.need(height)
        assert self.current_font is not None
        assert self.text_color is not None
        spare = width - line.width * self.font_size_pt / 1000 / self.k
        left = x + {"R": spare, "C": spare / 2}.get(align, 0)
        base = self.y + height / 2 + 0.3 * self.font_size
        self._resource_catalog.add(PDFResourceType.FONT, self.current_font.i, self.page)
        self._out(
            f"q {self.text_color.serialize().lower()} BT /F{self.current_font.i} {self.font_size_pt:.2f} Tf "
            f"{left * self.k:.2f} {(self.h - base) * self.k:.2f} Td {line.glyphs} ET Q"
        )
        self.set_xy(x, self.y + height)

    def fitted(self, text: str, width: float) -> str:
        """The text cut to one line of this width, with an ellipsis where something is missing."""
        line = " ".join(self.printable(text).split())
        if self.get_string_width(line) <= width:
            return line
        while line and self.get_string_width(line + "…") > width:
            line = line[:-1]
        return line.rstrip() + "…"

    def rule(self) -> None:
        """A line across the sheet at the current height."""
        self.line_pen()
        self.line(self.l_margin, self.y, self.w - self.r_margin, self.y)

    def need(self, height: float) -> None:
        """Start a new page unless this much room is left, so that a block stays whole."""
        if self.will_page_break(height):
            self.add_page()

    def header(self) -> None:
        """From page two on, the running title."""
        if self.paper is Paper.THERMAL or self.page_no() == 1:
            return
        self.pen(8, colour=MUTED)
        title = f"{self.heading.kind} {self.heading.number or '(not numbered yet)'}"
        self.cell(self.epw * 0.6, 5, self.fitted(self.heading.letterhead.name, self.epw * 0.6))
        self.words(title, self.epw * 0.4, 5, align="R")
        self.rule()
        self.ln(5)

    def footer(self) -> None:
        """Page x of y on the left, where its width doesn't matter, closing words on the right."""
        if self.heading.watermark:
            self._watermark(self.heading.watermark)
        if self.paper is Paper.THERMAL:
            return
        self.set_y(-15)
        self.rule()
        self.ln(1.5)
        self.pen(7.5, colour=MUTED)
        self.cell(30, 4, f"Page {self.page_no()} of {self.str_alias_nb_pages}")
        self.cell(self.epw - 30, 4, self.fitted(self.heading.closing, self.epw - 30), align="R")

    def close_fonts(self) -> None:
        """Let go of the font files, which the library leaves open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _watermark(self, word: str) -> None:
        page = self.paper is Paper.A4
        self.pen(120 if page else 54, bold=True, colour=INK)
        middle = self.h / 2
        left = (self.w - self.get_string_width(word)) / 2
        with self.rotation(35 if page else 50, self.w / 2, middle), self.local_context(fill_opacity=0.09):
            self.text(left, middle + self.font_size * 0.35, word)

    def _render_styled_text_line(self, *args: Any, **kwargs: Any) -> bool:
        # A line that ends in the Arabic font leaves it set on the page while fpdf2 believes that the chosen
        # one is; without this the next words come out in the wrong glyphs.
        broke_page = super()._render_styled_text_line(*args, **kwargs)
        self.current_font_is_set_on_page = False
        return broke_page


def compose(heading: Heading, paper: Paper, draw: Callable[[Sheet], None], *, wide: bool = False) -> bytes:
    """Draw a document, `wide` with the long side of the page across; a thermal roll is cut to what is on it."""
    sheet = Sheet(heading, paper, wide=wide)
    draw(sheet)
    if paper is Paper.THERMAL and sheet.pages_count == 1:
        sheet.close_fonts()
        sheet = Sheet(heading, paper, roll_height=sheet.y + 2 * ROLL_MARGIN)
        draw(sheet)
    content = bytes(sheet.output() or b"")
    sheet.close_fonts()
    return content
