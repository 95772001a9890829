"""Lines of plain Latin text, each shaped once: most of what a document says.

The library shapes a text letter by letter to break it into lines, and again to draw it. What needs no thought about
direction, fallback fonts or joining is measured, broken and written here instead, several times faster.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fpdf.enums import TextDirection
from fpdf.fonts import TTFFont

LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x250)))) | frozenset(
    "–—‘’“”•…€"
)
FEATURES = {"tnum": True, "kern": True}
_SHAPING: dict[str, Any] = {"features": FEATURES, "fragment_direction": TextDirection.LTR}


@dataclass(frozen=True)
class Line:
    """A text as the font draws it: the operand of TJ, and its width in thousandths of the type's size."""

    glyphs: str
    width: int


class Setter:
    """Shapes text in one font, and remembers it."""

    def __init__(self, font: TTFFont) -> None:
        self.font = font
        self._plain = frozenset(char for char in LATIN if ord(char) in font.cmap)
        self._lines: dict[str, Line | None] = {}

    def line(self, text: str) -> Line | None:
        """The text as one line, or nothing if it isn't plain."""
        if text not in self._lines:
            self._lines[text] = self._shaped(text) if text and self._plain.issuperset(text) else None
        return self._lines[text]

    def broken(self, text: str, width: float) -> list[str] | None:
        """The lines that plain words break into at a width in thousandths of the type's size; nothing if one is wider."""
        lines: list[str] = []
        kept = ""
        for word in text.split(" "):
            if not self._fits(word, width):
                return None
            longer = f"{kept} {word}" if kept else word
            if not self._fits(longer, width):
                lines.append(kept)
                longer = word
            kept = longer
        return [*lines, kept]

    def _fits(self, text: str, width: float) -> bool:
        line = self.line(text)
        return line is not None and line.width <= width

    def _shaped(self, text: str) -> Line | None:
        infos, positions = self.font.perform_harfbuzz_shaping(text, 1, _SHAPING)
        if any(each.x_offset or each.y_offset or each.y_advance for each in positions):
            return None
        starts = [info.cluster for info in infos]
        scale, parts = self.font.scale, _Parts(self.font.escape_text)
        for place, (info, position) in enumerate(zip(infos, positions, strict=True)):
            ends = starts[place + 1] if place + 1 < len(starts) else len(text)
            name = self.font.ttfont.getGlyphName(info.codepoint)
            natural = round(scale * self.font.ttfont["hmtx"].metrics[name][0])
            letters = tuple(map(ord, text[starts[place] : ends]))
            glyph = self.font.subset.get_glyph(
                glyph=info.codepoint, unicode=letters, glyph_name=name, glyph_width=natural
            )
            character = self.font.subset.pick_glyph(glyph)
            if character is None:
                return None
            parts.add(chr(character), natural - scale * position.x_advance)
        width = sum(round(scale * position.x_advance + 0.001) for position in positions)
        return Line(parts.text(), width)


class _Parts:
    """Glyphs with the corrections between them, in thousandths of the type's size."""

    def __init__(self, escape: Callable[[str], str]) -> None:
        self._escape = escape
        self._parts: list[str] = []
        self._run = ""
        self._off = 0.0

    def add(self, glyph: str, off: float) -> None:
        """A glyph, and how much too far the next one would stand."""
        self._run += glyph
        self._off += off
        if abs(self._off) >= 1:
            self._close()
            self._parts.append(f"{round(self._off)}")
            self._off -= round(self._off)

    def _close(self) -> None:
        if self._run:
            self._parts.append(f"({self._escape(self._run)})")
        self._run = ""

    def text(self) -> str:
        """All of it, as the operand of TJ."""
        self._close()
        return f"[{' '.join(self._parts)}] TJ"
