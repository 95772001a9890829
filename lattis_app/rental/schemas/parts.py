"""Values that several rental schemas share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from lattis_app.core.schemas import NUMBER, Entry, short_number

Feet = Annotated[Decimal, Field(gt=0, le=100, decimal_places=2), *NUMBER]


class BinSize(Entry):
    """Height, length and width of a bin in feet."""

    h_ft: Feet
    l_ft: Feet
    w_ft: Feet

    @property
    def text(self) -> str:
        """For people: `4 × 12 × 6 ft`."""
        return f"{short_number(self.h_ft)} × {short_number(self.l_ft)} × {short_number(self.w_ft)} ft"

    @property
    def short_text(self) -> str:
        """Where there is little room: `4×12×6`."""
        return f"{short_number(self.h_ft)}×{short_number(self.l_ft)}×{short_number(self.w_ft)}"
