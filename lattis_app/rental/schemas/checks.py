"""What a document's check link tells whoever holds the paper."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from lattis_app.core.schemas import MoneyOut, Out


class DocumentKind(StrEnum):
    """The papers that carry a check link."""

    DELIVERY_ORDER = "delivery_order"
    INVOICE = "invoice"
    RECEIPT = "receipt"


class CheckedDocument(Out):
    """A document as it stands now; the customer by initials only."""

    kind: DocumentKind
    number: str | None
    dated_on: date
    amount: MoneyOut
    currency: str
    status: str
    issuer: str
    customer: str
