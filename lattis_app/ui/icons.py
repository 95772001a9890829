"""Icons: one cached sprite of Lucide outlines, drawn in the colour of the text around them.

`assets/icons/sprite.svg` holds one `<symbol>` per icon; to add one, copy its outline from lucide-static.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import reflex as rx

SPRITE = Path(__file__).resolve().parents[2] / "assets" / "icons" / "sprite.svg"
POINTS_ALONG_THE_LINE = frozenset(
    {"arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-out", "undo-2"}
)


@functools.cache
def icon_names() -> frozenset[str]:
    """The names of all icons in the sprite."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))


def icon(name: str | rx.Var[str], *, size: int | None = None, label: str = "") -> rx.Component:
    """An icon from the sprite; decorative unless a label says what it means."""
    if isinstance(name, str) and name not in icon_names():
        raise ValueError(f"no icon named {name!r} in {SPRITE.name}")
    meaning = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    turns = isinstance(name, str) and name in POINTS_ALONG_THE_LINE
    return rx.el.svg(
        rx.el.svg.use(href=f"/icons/sprite.svg#{name}"),
        class_name="icon icon-flip" if turns else "icon",
        style={"font_size": f"{size}px"} if size else {},
        **meaning,
    )
