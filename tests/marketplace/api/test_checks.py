"""The page behind a weekly invoice's check link."""

from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.marketplace import checkable
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.queries import invoice_prints
from lattis_app.marketplace.schemas.invoices import PaymentEntry
from lattis_app.marketplace.services import generation, invoices
from lattis_app.marketplace.statuses import InvoiceStatus
from tests.factories.marketplace import make_delivered, make_seller
from tests.marketplace.conftest import MONDAY, WEDNESDAY
from tests.pages_in_words import words
from tests.rental.documents.printed import text_of


def shown(api, session, invoice) -> str:
    session.flush()
    return words(api.anonymous().get(f"/check/{invoice.check_token}").text)


def test_it_confirms_number_day_amount_issuer_and_status(api, session, invoice):
    assert shown(api, session, invoice) == (
        "Weekly invoice INV-2026-47-ABCD Weekly invoice INV-2026-47-ABCD Pending This document is valid. It has not "
        "been paid yet. Issued by Lattis Marketplace Date 23 Nov 2026 Total to pay MKD 307.50 Seller O. P. Compare "
        "this with the paper. If anything differs, ask the business that issued it."
    )


def test_an_overdue_one_is_still_to_be_paid(api, session, overdue_invoice):
    assert "ABCD Overdue This document is valid. It has not been paid yet." in shown(
        api, session, overdue_invoice
    )


def test_it_says_what_became_of_it(api, session, invoice):
    invoices.mark_paid(session, SYSTEM, invoice.id, PaymentEntry(payment_notes="TXN 5"))
    assert "ABCD Paid This document is valid and paid in full." in shown(api, session, invoice)


def test_a_cancelled_one_is_not_valid(api, session, invoice):
    invoices.cancel(session, SYSTEM, invoice.id, "Billed twice")
    assert "ABCD Cancelled This document was withdrawn. It is not valid." in shown(api, session, invoice)


def test_nothing_else_is_told(api, session, invoice):
    page = api.anonymous().get(f"/check/{invoice.check_token}").text
    for secret in ("Ohrid", "Ilieva", "T-MKD", "ELENA", "@example", str(invoice.id)):
        assert secret not in page


def test_the_paper_carries_its_link(session, invoice):
    text = text_of(invoice_prints.any_seller(session, SYSTEM, invoice.id).data)
    assert f"/check/{invoice.check_token}" in "".join(text.split())


def test_each_of_those_billed_at_once_has_a_secret_of_its_own(session, invoice):
    other = make_seller(session, code="EFGH")
    make_delivered(session, other, WEDNESDAY)
    generation.generate_due(session, SYSTEM, MONDAY)
    tokens = session.scalars(select(columns(MarketplaceInvoice).check_token)).all()
    assert [len(token) for token in tokens] == [43, 43]
    assert len(set(tokens)) == 2


def test_every_status_has_words():
    assert set(checkable.INVOICES.standings) == set(InvoiceStatus)
