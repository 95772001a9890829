"""The weekly invoice on paper: its text says what was frozen, also after master data changed."""

import io
from uuid import UUID

from pypdf import PdfReader
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.marketplace.queries import invoice_prints
from lattis_app.marketplace.schemas.invoices import PaymentEntry
from lattis_app.marketplace.schemas.sellers import SellerChanges
from lattis_app.marketplace.services import invoices, sellers
from tests.factories.marketplace import set_marketplace


def printed(session: Session, invoice_id: UUID) -> str:
    session.flush()
    content = invoice_prints.any_seller(session, SYSTEM, invoice_id).data
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_it_shows_the_week_both_currencies_the_rate_and_every_order(session: Session, invoice) -> None:
    text = printed(session, invoice.id)
    for shown in (
        "INV-2026-47-ABCD",
        "Ohrid Pearls",
        "Ana Ilieva",
        "16 Nov 2026",
        "22 Nov 2026",
        "27 Nov 2026",
        "T-MKD",
        "T-EUR",
        "18 Nov 2026",
        "1,230",
        "10%  123",
        "5%  61.50",
        "MKD 184.50",
        "EUR 2.00",
        "1 EUR = 61.5 MKD",
        "MKD 307.50",
    ):
        assert shown in text, shown
    assert "PAID" not in text


def test_it_stays_as_it_was_when_master_data_change(session: Session, seller, invoice) -> None:
    set_marketplace(session, name="Another name", exchangeRate=70, platformFeePercent=20)
    sellers.update(session, SYSTEM, seller.id, SellerChanges(store_name="Lake Pearls"))
    text = printed(session, invoice.id)
    assert "Ohrid Pearls" in text
    assert "Lattis Marketplace" in text
    assert "MKD 307.50" in text
    assert "Lake Pearls" not in text
    assert "Another name" not in text


def test_a_paid_one_says_so(session: Session, invoice) -> None:
    invoices.mark_paid(session, SYSTEM, invoice.id, PaymentEntry(payment_notes="TXN 5"))
    text = printed(session, invoice.id)
    assert "PAID" in text
    assert "TXN 5" in text
