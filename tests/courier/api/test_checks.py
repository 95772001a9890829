"""The page behind a merchant invoice's check link."""

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.courier import checkable
from lattis_app.courier.models import CourierMerchantInvoice
from lattis_app.courier.queries import invoice_prints
from lattis_app.courier.services import merchant_invoices
from lattis_app.courier.statuses import MerchantInvoiceStatus
from tests.factories.courier import make_invoice, make_merchant, make_parcel, pay_invoice
from tests.factories.rental_delivery_orders import set_business
from tests.pages_in_words import words
from tests.rental.documents.printed import text_of


@pytest.fixture
def invoice(session: Session, clock) -> CourierMerchantInvoice:
    set_business(session)
    merchant = make_merchant(session, name="<b>Melati</b> & Sons", phone="012-7770001")
    return make_invoice(session, merchant, make_parcel(session, merchant, tracking_number="TRK770001"))


def shown(api, invoice: CourierMerchantInvoice) -> str:
    return words(api.anonymous().get(f"/check/{invoice.check_token}").text)


def test_it_confirms_number_day_amount_issuer_and_status(api, session, invoice):
    assert shown(api, invoice) == (
        "Merchant invoice INV-2026-03-0001 Merchant invoice INV-2026-03-0001 Generated This document is valid. It has "
        "not been paid yet. Issued by Lattis Bin Services Sdn Bhd Date 16 Mar 2026 Payable to merchant RM 4,845.00 "
        "Merchant B. M. B. S. Compare this with the paper. If anything differs, ask the business that issued it."
    )


def test_it_says_what_became_of_it(api, session, invoice):
    pay_invoice(session, invoice)
    assert "INV-2026-03-0001 Paid This document is valid and paid in full." in shown(api, invoice)


def test_a_cancelled_one_is_not_valid(api, session, invoice):
    merchant_invoices.cancel(session, SYSTEM, invoice.id, "Made by mistake")
    session.flush()
    assert "INV-2026-03-0001 Cancelled This document was withdrawn. It is not valid." in shown(api, invoice)


def test_what_a_merchant_owes_is_said_as_on_the_paper(api, session, clock):
    merchant = make_merchant(session)
    invoice = make_invoice(session, merchant, make_parcel(session, merchant, "RETURNED"))
    assert "Merchant owes RM 60.00" in shown(api, invoice)
    assert "Merchant owes RM 60.00" in " ".join(printed(session, invoice).split())


def test_nothing_else_is_told(api, session, invoice):
    page = api.anonymous().get(f"/check/{invoice.check_token}").text
    for secret in ("Melati", "TRK", "5140", "Maybank", "+60", "7770001", str(invoice.id), "<b>"):
        assert secret not in page


def test_the_paper_carries_its_link(session, invoice):
    assert f"/check/{invoice.check_token}" in "".join(printed(session, invoice).split())


def test_every_status_has_words():
    assert set(checkable.INVOICES.standings) == set(MerchantInvoiceStatus)


def test_the_link_is_no_part_of_lists_records_or_history(api, session, invoice):
    admin = api.as_("ADMIN")
    session.flush()
    for path in (
        "/v1/merchant-invoices",
        f"/v1/merchant-invoices/{invoice.id}",
        f"/v1/audit?entity=courier_merchant_invoices&entity_id={invoice.id}",
    ):
        answer = admin.get(path)
        assert answer.status_code == 200
        assert invoice.check_token not in answer.text


def printed(session: Session, invoice: CourierMerchantInvoice) -> str:
    return text_of(invoice_prints.merchant_invoice(session, SYSTEM, invoice.id).data)
