"""Merchant invoices by number beyond 9,999 a month: those of five digits come after those of four."""

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.numbering import NumberSeries
from lattis_app.core.pagination import PageRequest
from lattis_app.courier.queries import merchant_invoices
from lattis_app.courier.schemas.invoices import MerchantInvoiceFilters
from tests.factories.courier import make_invoice, make_merchant, make_parcel

NUMBERS = ["INV-2026-03-9999", "INV-2026-03-10000", "INV-2026-03-10001"]


@pytest.fixture
def busy_month(session: Session, clock) -> Session:
    """Three invoices when 9,998 of the month are given out."""
    session.add(NumberSeries(series="INV", period="2026-03", last=9_998))
    for _ in NUMBERS:
        merchant = make_merchant(session)
        make_parcel(session, merchant)
        make_invoice(session, merchant)
    return session


def test_a_list_by_number_goes_on_after_9999(busy_month: Session) -> None:
    for sort, numbers in (("number", NUMBERS), ("-number", NUMBERS[::-1])):
        found = merchant_invoices.page(busy_month, SYSTEM, MerchantInvoiceFilters(), PageRequest(sort=sort))
        assert [row.invoice_no for row in found.rows] == numbers


def test_transfers_to_the_bank_are_in_the_order_of_the_numbers(busy_month: Session) -> None:
    found = merchant_invoices.transfers(busy_month, SYSTEM, MerchantInvoiceFilters(), PageRequest())
    assert [row.reference for row in found.rows] == NUMBERS
