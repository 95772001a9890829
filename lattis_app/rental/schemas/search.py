"""What the search of all rental records finds."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from lattis_app.core.schemas import Out


class FoundKind(StrEnum):
    """The kinds of record that are found, in the order they are shown."""

    CUSTOMER = "customer"
    BOOKING = "booking"
    DELIVERY_ORDER = "delivery_order"
    INVOICE = "invoice"
    PAYMENT = "payment"
    BIN = "bin"
    DRIVER = "driver"
    LORRY = "lorry"


class FoundRecord(Out):
    """One record: what it is called, and a few words to tell it from others."""

    kind: FoundKind
    id: UUID
    title: str
    text: str
    day: date | None
