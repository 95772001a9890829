"""Values that several marketplace schemas share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from lattis_app.core.schemas import CLEAN, NUMBER, Amount

Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2), *NUMBER]
PercentOut = Annotated[Decimal, *NUMBER]
Rate = Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=4), *NUMBER]
Price = Annotated[Amount, Field(le=100_000_000)]
"""So much at most that no number of orders in a week is more than a total can hold: one seller stops nobody's billing."""
Search = Annotated[str, Field(max_length=120), CLEAN]
Notes = Annotated[str, Field(max_length=2000), CLEAN]
