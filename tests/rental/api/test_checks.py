"""The page behind a document's check link."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.pdf import Paper
from lattis_app.rental import checkable
from lattis_app.rental.models import RentalDeliveryOrder, RentalInvoice, RentalReceipt
from lattis_app.rental.queries import delivery_order_prints, invoice_prints
from lattis_app.rental.schemas.invoices import CollectionEntry
from lattis_app.rental.services import delivery_orders, invoices, payments
from lattis_app.rental.statuses import DeliveryOrderStatus, InvoiceStatus
from tests.factories.rental_delivery_orders import make_delivery_order, set_business
from tests.pages_in_words import words
from tests.rental.documents.printed import text_of


@pytest.fixture
def order(session: Session, clock) -> RentalDeliveryOrder:
    set_business(session)
    order = make_delivery_order(session, company_name="<b>Setia</b> & Sons Bhd")
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount="50"))
    session.flush()
    return order


@pytest.fixture
def invoice(session: Session, order: RentalDeliveryOrder) -> RentalInvoice:
    made = invoices.make_from_order(session, SYSTEM, order.id, True)
    session.flush()
    return made


def test_a_receipt_is_what_its_paper_says(api, session, order):
    token = session.scalars(select(RentalReceipt.check_token)).one()

    answer = api.anonymous().get(f"/check/{token}")

    assert answer.status_code == 200
    assert words(answer.text) == (
        "Official receipt RCPT-2026-00001 Official receipt RCPT-2026-00001 Payment received The amount below was "
        "received. Issued by Lattis Bin Services Sdn Bhd Date 16 Mar 2026 Amount RM 50.00 Customer B. S. B. S. B. "
        "Compare this with the paper. If anything differs, ask the business that issued it."
    )


def test_a_delivery_order_says_whether_it_stands(api, session, order):
    url = f"/check/{order.check_token}"
    before = words(api.anonymous().get(url).text)
    assert "DO-2026-00001 Issued This document is valid." in before
    assert "Amount RM 350.00 Customer B. S. B. S. B." in before


def test_a_cancelled_order_is_not_valid(api, session, clock):
    order = make_delivery_order(session)
    delivery_orders.cancel(session, SYSTEM, order.id, "Not needed")
    session.flush()

    shown = words(api.anonymous().get(f"/check/{order.check_token}").text)

    assert "DO-2026-00001 Cancelled This document was withdrawn. It is not valid." in shown


def test_an_invoice_says_what_became_of_it(api, session, invoice):
    url = f"/check/{invoice.check_token}"
    client = api.anonymous()
    assert "INV-2026-00001 Partially paid" in words(client.get(url).text)
    invoice.status = InvoiceStatus.VOIDED
    session.flush()
    assert "INV-2026-00001 Void This document was withdrawn. It is not valid." in words(client.get(url).text)


def test_nothing_of_the_customer_but_initials(api, session, invoice, order):
    receipt = session.scalars(select(RentalReceipt.check_token)).one()
    for token in (invoice.check_token, order.check_token, receipt):
        page = api.anonymous().get(f"/check/{token}").text
        for secret in ("Setia", "+60", "Jalan", "Driver", str(order.id), str(invoice.id), "<b>"):
            assert secret not in page


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token[::-1],
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token.swapcase(),
        lambda token: "0" * 43,
        lambda token: "%00" * 43,
        lambda token: "'%20OR%20'1'='1",
        lambda token: "é" * 43,
    ],
    ids=["last letter", "reversed", "shorter", "longer", "case", "zeros", "nul", "sql", "letters"],
)
def test_a_link_of_no_document_is_answered_alike(api, order, change):
    known = api.anonymous().get("/check/nothing")

    answer = api.anonymous().get(f"/check/{change(order.check_token)}")

    assert (answer.status_code, answer.text) == (404, known.text)
    assert {**answer.headers, "x-request-id": ""} == {**known.headers, "x-request-id": ""}
    assert "No such document" in answer.text


def test_the_page_speaks_the_language_of_who_holds_the_paper(api, order):
    url = f"/check/{order.check_token}"

    malay = api.anonymous().get(url, headers={"Accept-Language": "ms-MY,en;q=0.8"}).text
    arabic = api.anonymous().get(url, headers={"Accept-Language": "en", "Cookie": "lattis_language=ar"}).text
    unknown = api.anonymous().get("/check/nothing", headers={"Accept-Language": "ms"}).text

    assert '<html lang="ms" dir="ltr">' in malay
    assert "Pesanan hantaran DO-2026-00001 Dikeluarkan Dokumen ini sah." in words(malay)
    assert "Tarikh 16 Mac 2026 Amaun RM 350.00 Pelanggan B. S. B. S. B." in words(malay)
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "هذا المستند صالح." in words(arabic)
    assert "Tiada dokumen sedemikian" in words(unknown)
    assert '<html lang="en" dir="ltr">' in api.anonymous().get(url).text


def test_the_page_runs_nothing_and_is_kept_nowhere(api, order):
    answer = api.anonymous().get(f"/check/{order.check_token}")

    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text


def test_who_checks_too_often_waits(api, order):
    client = api.anonymous()
    answers = [client.get(f"/check/{order.check_token}") for _ in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert order.system_do_number not in answers[-1].text


def test_every_status_of_every_document_has_words():
    assert set(checkable.ORDERS.standings) == set(DeliveryOrderStatus)
    assert set(checkable.INVOICES.standings) == set(InvoiceStatus)
    assert set(checkable.RECEIPTS.standings) == {checkable.RECEIVED}


@pytest.mark.parametrize("paper", list(Paper), ids=str)
def test_every_paper_carries_its_link(session, admin, order, invoice, paper):
    receipt = session.scalars(select(RentalReceipt)).one()
    printed = (
        (delivery_order_prints.render(session, admin, order.id, paper), order.check_token),
        (invoice_prints.invoice(session, admin, invoice.id, paper), invoice.check_token),
        (invoice_prints.receipt(session, admin, receipt.payment_id, paper), receipt.check_token),
    )
    for printout, token in printed:
        assert f"/check/{token}" in "".join(text_of(printout.data).split())


def test_a_token_is_nobodys_guess(session, order, invoice):
    tokens = {order.check_token, invoice.check_token, make_delivery_order(session).check_token}
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {43}
