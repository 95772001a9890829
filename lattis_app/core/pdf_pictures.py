"""Photographs on paper, three beside each other, small enough to send by e-mail."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from lattis_app.core.pdf import MUTED, Sheet

LONGEST_SIDE = 900
QUALITY = 70
BESIDE = 3
GAP = 4.0
ROW = 54.0
SIGNATURE, SIGNATURE_WIDTH = 22.0, 80.0


@dataclass(frozen=True)
class Picture:
    """A photograph with the words below it; `data` is empty when the file is gone."""

    data: bytes
    caption: str


def pictures(sheet: Sheet, shown: Sequence[Picture]) -> None:
    """The photographs in rows of three, each row whole on one page and as high as its highest picture."""
    width = (sheet.epw - GAP * (BESIDE - 1)) / BESIDE
    for start in range(0, len(shown), BESIDE):
        beside = shown[start : start + BESIDE]
        height = max(_size(picture, width, ROW)[1] for picture in beside)
        sheet.need(height + 16)
        top = sheet.y
        bottom = top
        for number, picture in enumerate(beside):
            x = sheet.l_margin + number * (width + GAP)
            _draw(sheet, picture, x, top, width)
            sheet.set_y(top + height + 1.5)
            sheet.pen(7.5, colour=MUTED)
            sheet.paragraph(picture.caption, x=x, width=width)
            bottom = max(bottom, sheet.y)
        sheet.set_y(bottom + 4)


def signature(sheet: Sheet, title: str, signed: Picture, *, empty: str) -> None:
    """What somebody drew with a finger, on a line with their name below it; `empty` when they drew nothing."""
    sheet.need(SIGNATURE + 16)
    sheet.pen(8, bold=True, colour=MUTED)
    sheet.paragraph(title, x=sheet.l_margin, width=SIGNATURE_WIDTH)
    top = sheet.y + 1
    if signed.data:
        _place(sheet, signed, sheet.l_margin, top, SIGNATURE_WIDTH, SIGNATURE)
    else:
        sheet.set_y(top + SIGNATURE - 6)
        sheet.pen(8, colour=MUTED)
        sheet.paragraph(empty, x=sheet.l_margin, width=SIGNATURE_WIDTH)
    sheet.line_pen()
    sheet.line(sheet.l_margin, top + SIGNATURE + 1, sheet.l_margin + SIGNATURE_WIDTH, top + SIGNATURE + 1)
    sheet.set_y(top + SIGNATURE + 2.5)
    sheet.pen(8.5)
    sheet.paragraph(signed.caption, x=sheet.l_margin, width=SIGNATURE_WIDTH)
    sheet.ln(2.5)


def shrunk(data: bytes) -> bytes:
    """The same picture as a JPEG no longer than is needed on paper."""
    with Image.open(io.BytesIO(data)) as opened:
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture = opened.convert("RGB")
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        kept = io.BytesIO()
        picture.save(kept, "JPEG", quality=QUALITY)
        return kept.getvalue()


def _draw(sheet: Sheet, picture: Picture, x: float, y: float, width: float) -> None:
    if not picture.data:
        sheet.line_pen()
        sheet.rect(x, y, width, ROW, style="D")
        sheet.pen(8, colour=MUTED)
        sheet.set_y(y + ROW / 2)
        sheet.paragraph("The file is no longer kept", x=x, width=width, align="C")
        return
    _place(sheet, picture, x, y, width, ROW)


def _place(sheet: Sheet, picture: Picture, x: float, y: float, width: float, height: float) -> None:
    size = _size(picture, width, height)
    sheet.image(io.BytesIO(picture.data), x, y, *size, alt_text=picture.caption)


def _size(picture: Picture, width: float, height: float) -> tuple[float, float]:
    if not picture.data:
        return width, height
    with Image.open(io.BytesIO(picture.data)) as opened:
        scale = min(width / opened.width, height / opened.height)
        return opened.width * scale, opened.height * scale
