"""Pictures as a driver would take them: a bin on a site, drawn."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw

from lattis_app.core.files import CheckedFile, Upload, check

WIDTH, HEIGHT = 320, 240
STEEL, SHADOW, RIB = (22, 122, 110), (15, 84, 76), (34, 150, 136)


@cache
def photos() -> tuple[CheckedFile, ...]:
    """What a driver takes of one delivery; drawn and checked once for all of them."""
    return (
        _photo(1, sky=(176, 206, 228), ground=(150, 138, 120), size=96),
        _photo(2, sky=(198, 216, 226), ground=(134, 130, 122), size=66),
        _photo(3, sky=(222, 206, 184), ground=(142, 126, 104), size=124),
    )


def _photo(number: int, *, sky: tuple[int, int, int], ground: tuple[int, int, int], size: int) -> CheckedFile:
    """One picture; `size` is how near the bin stands, in pixels of its height."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), sky)
    draw = ImageDraw.Draw(picture)
    horizon = HEIGHT * 5 // 9
    for left, height in ((0, 70), (70, 42), (128, 88), (214, 54), (268, 76)):
        wall = tuple(part * 4 // 5 for part in sky)
        draw.rectangle((left, horizon - height, left + 48, horizon), fill=wall)
    draw.rectangle((0, horizon, WIDTH, HEIGHT), fill=ground)
    _bin(draw, size)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return check(Upload(f"photo-{number}.jpg", buffer.getvalue()))


def _bin(draw: ImageDraw.ImageDraw, size: int) -> None:
    middle, foot = WIDTH // 2, HEIGHT * 5 // 6
    top, rim, base = foot - size, size * 5 // 4, size
    draw.ellipse((middle - rim, foot - 8, middle + rim, foot + 14), fill=(60, 62, 60))
    corners = ((middle - rim, top), (middle + rim, top), (middle + base, foot), (middle - base, foot))
    draw.polygon(corners, fill=STEEL)
    for part in range(-3, 4):
        upper, lower = middle + rim * part // 4, middle + base * part // 4
        draw.line((upper, top, lower, foot), fill=SHADOW, width=max(2, size // 24))
    draw.rectangle((middle - rim - 4, top - size // 12, middle + rim + 4, top), fill=RIB)
