"""The blocks documents are made of: letterhead, addresses, facts, totals, check code.

Each draws at the sheet's current height, on A4 or on a roll, and leaves the height below itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import segno

from lattis_app.core.pdf import (
    ACCENT,
    BAND,
    INK,
    LEADING,
    MUTED,
    Addressee,
    Paper,
    Sheet,
)


@dataclass(frozen=True)
class TotalLine:
    """One line of the sum at the foot; strong lines are what people look for."""

    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True)
class RollEntry:
    """One line of a roll: what it is, how it was reckoned, and the amount at the right edge."""

    title: str
    detail: str = ""
    amount: str = ""


def letterhead(sheet: Sheet) -> None:
    """The business on the left, the document's kind and number on the right; centred on a roll."""
    if sheet.paper is Paper.THERMAL:
        _roll_letterhead(sheet)
        return
    head = sheet.heading
    sheet.set_fill_color(*ACCENT)
    sheet.rect(0, 0, sheet.w, 2.2, style="F")
    left, wide, narrow = sheet.l_margin, 108.0, sheet.epw - 114
    top = sheet.y
    sheet.pen(15, bold=True)
    sheet.paragraph(head.letterhead.name, x=left, width=wide)
    sheet.ln(0.8)
    sheet.pen(8, colour=MUTED)
    for line in (head.letterhead.registration(), head.letterhead.address, head.letterhead.contact()):
        if line:
            sheet.paragraph(line, x=left, width=wide)
    bottom = sheet.y
    sheet.set_y(top)
    sheet.pen(9, bold=True, colour=ACCENT)
    sheet.paragraph(head.kind.upper(), x=left + wide + 6, width=narrow, align="R")
    sheet.pen(15, bold=True)
    sheet.paragraph(head.number or "Not numbered yet", x=left + wide + 6, width=narrow, align="R")
    sheet.set_y(max(bottom, sheet.y) + 4)
    sheet.rule()
    sheet.ln(6)


def _roll_letterhead(sheet: Sheet) -> None:
    head = sheet.heading
    sheet.pen(11, bold=True)
    sheet.paragraph(head.letterhead.name, x=sheet.l_margin, width=sheet.epw, align="C")
    sheet.pen(7)
    for line in (head.letterhead.registration(), head.letterhead.address, head.letterhead.contact()):
        if line:
            sheet.paragraph(line, x=sheet.l_margin, width=sheet.epw, align="C")
    sheet.ln(2)
    sheet.rule()
    sheet.ln(2)
    sheet.pen(8, bold=True)
    sheet.paragraph(head.kind.upper(), x=sheet.l_margin, width=sheet.epw, align="C")
    sheet.pen(12, bold=True)
    sheet.paragraph(head.number or "Not numbered yet", x=sheet.l_margin, width=sheet.epw, align="C")
    sheet.ln(2)


def address_block(sheet: Sheet, title: str, addressee: Addressee, *, x: float, width: float) -> None:
    """A titled block with a name and its address lines."""
    sheet.pen(8, bold=True, colour=MUTED)
    sheet.paragraph(title, x=x, width=width)
    sheet.ln(0.6)
    sheet.pen(10.5 if sheet.paper is Paper.A4 else 9, bold=True)
    sheet.paragraph(addressee.name, x=x, width=width)
    sheet.pen(8.5 if sheet.paper is Paper.A4 else 7.5)
    for line in addressee.lines():
        sheet.paragraph(line, x=x, width=width)


def facts(sheet: Sheet, rows: Sequence[tuple[str, str]], *, x: float, width: float) -> None:
    """Label and value per line; rows without a value are left out."""
    label_width = width * 0.36
    size = 8.5 if sheet.paper is Paper.A4 else 7.5
    for label, value in rows:
        if not value:
            continue
        top = sheet.y
        sheet.pen(size, colour=MUTED)
        sheet.paragraph(label, x=x, width=label_width)
        after_label = sheet.y
        sheet.set_y(top)
        sheet.pen(size)
        sheet.paragraph(value, x=x + label_width, width=width - label_width)
        sheet.set_y(max(after_label, sheet.y) + 0.5)


def pair(sheet: Sheet, label: str, amount: str, *, x: float, width: float, leading: float = 1.0) -> None:
    """A label on the left and an amount at the right edge, on the label's last line."""
    amount_width = sheet.get_string_width(amount) + 1
    sheet.paragraph(label, x=x, width=max(width - amount_width - 1, width * 0.3))
    height = sheet.font_size_pt * LEADING
    sheet.set_xy(x, sheet.y - height)
    sheet.words(amount, width, height, align="R")
    sheet.ln(leading)


def check_code(sheet: Sheet, url: str, *, x: float, y: float, size: float) -> None:
    """The document's check link as a QR code in vector squares, itself clickable."""
    code = segno.make(url, error="m", micro=False)
    rows = [list(row) for row in code.matrix]
    unit = size / len(rows)
    sheet.set_fill_color(*INK)
    for line, row in enumerate(rows):
        start: int | None = None
        for column, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                sheet.rect(x + start * unit, y + line * unit, (column - start) * unit, unit * 1.01, style="F")
                start = None
    sheet.link(x, y, size, size, url, alt_text="Check this document")


def opening(
    sheet: Sheet, title: str, addressee: Addressee, rows: Sequence[tuple[str, str]], aside: str = ""
) -> None:
    """Letterhead, then who it is for on the left and the document's facts on the right."""
    letterhead(sheet)
    if sheet.paper is Paper.THERMAL:
        facts(sheet, rows, x=sheet.l_margin, width=sheet.epw)
        sheet.ln(1.5)
        _recipient(sheet, title, addressee, aside, width=sheet.epw)
        sheet.ln(2)
        return
    top, gap = sheet.y, 10.0
    left = sheet.epw * 0.55
    _recipient(sheet, title, addressee, aside, width=left - gap)
    bottom = sheet.y
    sheet.set_y(top)
    facts(sheet, rows, x=sheet.l_margin + left, width=sheet.epw - left)
    sheet.set_y(max(bottom, sheet.y) + 6)


def _recipient(sheet: Sheet, title: str, addressee: Addressee, aside: str, *, width: float) -> None:
    address_block(sheet, title, addressee, x=sheet.l_margin, width=width)
    if aside:
        sheet.ln(1.5)
        sheet.paragraph(aside, x=sheet.l_margin, width=width)


def totals(sheet: Sheet, lines: Sequence[TotalLine]) -> None:
    """The sum, at the right of a page or across a roll, never torn from page to page."""
    page = sheet.paper is Paper.A4
    width, inset = (82.0, 1.8) if page else (sheet.epw, 0.0)
    x = sheet.w - sheet.r_margin - width
    sheet.need(len(lines) * 7 + 4)
    for line in lines:
        if not line.strong:
            sheet.pen(8.5 if page else 8)
            pair(sheet, line.label, line.amount, x=x + inset, width=width - 2 * inset, leading=1)
            continue
        sheet.pen(10.5, bold=True)
        height = 7.4
        if page:
            sheet.set_fill_color(*BAND)
            sheet.rect(x, sheet.y, width, height, style="F")
        margin = (height - 10.5 * LEADING) / 2
        sheet.set_y(sheet.y + margin)
        pair(sheet, line.label, line.amount, x=x + inset, width=width - 2 * inset, leading=margin + 0.8)
    sheet.ln(3)


def checked_totals(sheet: Sheet, lines: Sequence[TotalLine], url: str) -> None:
    """The sum with the check code at its left on a page, so that the code never stands on a page of its own."""
    size, words = 22.0, sheet.l_margin + 25
    sheet.need(max(size, len(lines) * 7) + 4)
    top = sheet.y
    check_code(sheet, url, x=sheet.l_margin, y=top, size=size)
    sheet.set_y(top + 4)
    sheet.pen(8, bold=True)
    sheet.paragraph("Scan to check this document", x=words, width=sheet.epw - 25 - 88)
    sheet.pen(7, colour=MUTED)
    sheet.paragraph(url, x=words, width=sheet.epw - 25 - 88)
    sheet.set_y(top)
    totals(sheet, lines)
    sheet.set_y(max(sheet.y, top + size + 3))


def roll_entries(sheet: Sheet, entries: Sequence[RollEntry], *, empty: str = "") -> None:
    """The lines of a roll between two rules."""
    sheet.rule()
    sheet.ln(1.5)
    for entry in entries:
        sheet.pen(8, bold=True)
        pair(sheet, entry.title, entry.amount, x=sheet.l_margin, width=sheet.epw, leading=0)
        if entry.detail:
            sheet.pen(7.5)
            sheet.paragraph(entry.detail, x=sheet.l_margin, width=sheet.epw)
        sheet.ln(1.2)
    if not entries:
        sheet.pen(8, colour=MUTED)
        sheet.paragraph(empty, x=sheet.l_margin, width=sheet.epw, align="C")
    sheet.ln(0.8)
    sheet.rule()
    sheet.ln(2)


def subheading(sheet: Sheet, title: str) -> None:
    """A small title that stays with what follows it."""
    sheet.need(24)
    sheet.ln(1)
    sheet.pen(9, bold=True)
    sheet.paragraph(title, x=sheet.l_margin, width=sheet.epw)
    sheet.ln(1.2)


def remarks(sheet: Sheet, sections: Sequence[tuple[str, str]]) -> None:
    """Titled paragraphs across the sheet; empty ones are left out."""
    size = 8.5 if sheet.paper is Paper.A4 else 7.5
    for title, text in sections:
        if not text.strip():
            continue
        sheet.need(14)
        sheet.pen(size - 0.5, bold=True, colour=MUTED)
        sheet.paragraph(title, x=sheet.l_margin, width=sheet.epw)
        sheet.ln(0.5)
        sheet.pen(size)
        sheet.paragraph(text, x=sheet.l_margin, width=sheet.epw)
        sheet.ln(2.5)


def signature_boxes(sheet: Sheet, people: Sequence[tuple[str, str]]) -> None:
    """Room to sign for each person, side by side on a page, one below the other on a roll."""
    page = sheet.paper is Paper.A4
    gap = 6.0
    width = (sheet.epw - gap * (len(people) - 1)) / len(people) if page else sheet.epw
    height = 34.0 if page else 26.0
    sheet.need(height + 2)
    top = sheet.y
    for number, (title, name) in enumerate(people):
        x = sheet.l_margin + (number * (width + gap) if page else 0)
        y = top if page else sheet.y
        sheet.line_pen()
        sheet.rect(x, y, width, height, style="D", round_corners=True, corner_radius=1.6)
        sheet.set_y(y + 2)
        sheet.pen(8, bold=True, colour=MUTED)
        sheet.paragraph(title, x=x + 2.5, width=width - 5)
        sheet.line(x + 2.5, y + height - 12, x + width - 2.5, y + height - 12)
        sheet.pen(7.5)
        sheet.set_xy(x + 2.5, y + height - 11)
        sheet.cell(width - 5, 4, sheet.fitted(f"Name: {name}", width - 5))
        sheet.set_xy(x + 2.5, y + height - 6.5)
        sheet.cell(width - 5, 4, "Date and time:")
        sheet.set_y(y + height + 3)


def check_strip(sheet: Sheet, url: str, words: str = "Scan to check this document") -> None:
    """The QR code with its link in plain text beside it, centred below each other on a roll."""
    if not url:
        return
    if sheet.paper is Paper.THERMAL:
        check_code(sheet, url, x=(sheet.w - 30) / 2, y=sheet.y + 1, size=30)
        sheet.ln(33)
        sheet.pen(7)
        sheet.paragraph(f"{words}\n{url}", x=sheet.l_margin, width=sheet.epw, align="C")
        sheet.ln(1)
        sheet.paragraph(sheet.heading.closing, x=sheet.l_margin, width=sheet.epw, align="C")
        return
    sheet.need(26)
    sheet.ln(2)
    top = sheet.y
    check_code(sheet, url, x=sheet.l_margin, y=top, size=22)
    sheet.set_y(top + 5)
    sheet.pen(8, bold=True)
    sheet.paragraph(words, x=sheet.l_margin + 26, width=sheet.epw - 26)
    sheet.pen(8, colour=MUTED)
    sheet.paragraph(url, x=sheet.l_margin + 26, width=sheet.epw - 26)
    sheet.set_y(top + 24)


def panel(sheet: Sheet, rows: Sequence[tuple[str, str]], *, columns: int) -> None:
    """Facts that matter at a glance, in a tinted grid; below each other on a roll."""
    if sheet.paper is Paper.THERMAL:
        sheet.rule()
        sheet.ln(1.5)
        facts(sheet, rows, x=sheet.l_margin, width=sheet.epw)
        sheet.ln(1)
        return
    width = sheet.epw / columns
    inset = 4.0
    for start in range(0, len(rows), columns):
        group = rows[start : start + columns]
        sheet.pen(10.5, bold=True)
        lines = max(len(sheet.wrapped(value, width - 2 * inset)) for _, value in group)
        height = 9.5 + lines * 10.5 * LEADING
        sheet.need(height)
        top = sheet.y
        sheet.set_fill_color(*BAND)
        sheet.rect(sheet.l_margin, top, sheet.epw, height, style="F")
        for number, (label, value) in enumerate(group):
            x = sheet.l_margin + number * width + inset
            sheet.set_y(top + 2.5)
            sheet.pen(8, colour=MUTED)
            sheet.paragraph(label, x=x, width=width - 2 * inset)
            sheet.pen(10.5, bold=True)
            sheet.paragraph(value, x=x, width=width - 2 * inset)
        sheet.set_y(top + height)
    sheet.ln(6)
