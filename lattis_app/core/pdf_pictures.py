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


@dataclass(frozen=True)
class Picture:
    """A photograph with the words below it; `data` is empty when the file is gone."""

    data: bytes
    caption: str


def pictures(sheet: Sheet, shown: Sequence[Picture]) -> None:
    """The photographs in rows of three, each row whole on one page."""
    width = (sheet.epw - GAP * (BESIDE - 1)) / BESIDE
    for start in range(0, len(shown), BESIDE):
        sheet.need(ROW + 16)
        top = sheet.y
        bottom = top
        for number, picture in enumerate(shown[start : start + BESIDE]):
            x = sheet.l_margin + number * (width + GAP)
            _draw(sheet, picture, x, top, width)
            sheet.set_y(top + ROW + 1.5)
            sheet.pen(7.5, colour=MUTED)
            sheet.paragraph(picture.caption, x=x, width=width)
            bottom = max(bottom, sheet.y)
        sheet.set_y(bottom + 4)


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
    with Image.open(io.BytesIO(picture.data)) as opened:
        scale = min(width / opened.width, ROW / opened.height)
        size = opened.width * scale, opened.height * scale
    sheet.image(io.BytesIO(picture.data), x, y, *size, alt_text=picture.caption)
