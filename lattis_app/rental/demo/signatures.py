"""Signatures as people draw them with a finger on the driver's phone."""

from __future__ import annotations

import io
import math
from functools import cache
from random import Random

from PIL import Image, ImageDraw

from lattis_app.attachments.opening import signature
from lattis_app.core.files import CheckedFile, Upload
from lattis_app.core.opening import Opened, opened

WIDTH, HEIGHT, PEN = 900, 320, 7
INK = (17, 24, 28)
STEPS_PER_LETTER = 24


@cache
def signed_by(name: str) -> Opened[CheckedFile]:
    """How this person signs: always the same; drawn and looked at once for all deliveries."""
    hand = Random(name)  # noqa: S311 — a drawing, not a secret
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(picture)
    pen.line(_written(name, hand), fill=INK, width=PEN, joint="curve")
    left = hand.randrange(60, 140)
    pen.line(((left, 268), (WIDTH - left, 240)), fill=INK, width=PEN - 2)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return opened(Upload("signature.png", buffer.getvalue()), signature)


def _written(name: str, hand: Random) -> list[tuple[float, float]]:
    """One loop for each letter, tall where a word begins, as long as the paper is wide."""
    starts = [place == 0 for word in name.split() for place in range(len(word))]
    room = (WIDTH - 160) / len(starts)
    points = []
    for place, is_first in enumerate(starts):
        tall = hand.uniform(88, 112) if is_first else hand.uniform(24, 52)
        wide, lean = room * hand.uniform(0.5, 0.9), hand.uniform(0.1, 0.5)
        for step in range(STEPS_PER_LETTER):
            turn = 2 * math.pi * step / STEPS_PER_LETTER
            rise = tall * math.sin(turn)
            along = 80 + room * (place + step / STEPS_PER_LETTER) + wide * (1 - math.cos(turn)) / 2
            points.append((along + lean * rise, 165 - rise))
    return points
