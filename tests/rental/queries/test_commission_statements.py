"""An introducer's statement: lines with claw-backs, sums, CSV and PDF."""

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Invalid
from lattis_app.identity.permissions import Role
from lattis_app.rental.queries import commission_statements
from lattis_app.rental.schemas.commission_statements import CommissionStatementFilters
from lattis_app.rental.schemas.invoices import CommissionApproval, CommissionPayout, PaymentEntry
from lattis_app.rental.schemas.refunds import RefundEntry, RefundPayout
from lattis_app.rental.services import commissions, invoices, payments, refunds
from lattis_app.web import exports
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.rental.documents.printed import text_of

URL = "/v1/commissions/statement"


def earn(session, introducer, amount, *, payout):
    order = make_delivery_order(session, introducer_name=introducer)
    invoice = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="ONLINE", amount=350))
    session.flush()
    made = commissions.approve(session, SYSTEM, order.id, CommissionApproval(amount=amount))
    session.flush()
    if payout:
        commissions.pay(session, SYSTEM, made.id, CommissionPayout(payment_method="CASH", reference="4"))
    session.flush()
    return invoice


@pytest.fixture
def told(session, clock):
    """Mdm Chew was paid 35.00 of which a tenth went back, and waits for 20.00; Lim has 9.00."""
    paid = earn(session, "Mdm Chew", "35.00", payout=True)
    clock.advance(days=2)
    entry = RefundEntry(target_type="INVOICE", target_id=paid.id, reason="Wrong size", amount=35)
    refund = refunds.request(session, SYSTEM, entry)
    session.flush()
    refunds.approve(session, SYSTEM, refund.id)
    session.flush()
    refunds.process(session, SYSTEM, refund.id, RefundPayout())
    earn(session, "Mdm Chew", "20.00", payout=False)
    earn(session, "Lim", "9.00", payout=False)


def test_lines_with_claw_backs_add_up_to_what_is_still_to_pay(session, told):
    found = commission_statements.find(
        session, SYSTEM, CommissionStatementFilters(introducer_name="Mdm Chew")
    )
    assert [(str(line.agreed_on), line.refund_number, line.status, line.amount) for line in found.lines] == [
        ("2026-03-16", "", "paid", 3500),
        ("2026-03-18", "RFND-2026-00001", "approved", -350),
        ("2026-03-18", "", "approved", 2000),
    ]
    assert (found.earned, found.clawed_back, found.total, found.paid, found.to_pay) == (
        5500,
        -350,
        5150,
        3500,
        1650,
    )


def test_a_span_of_days_and_a_stranger(api, told):
    office = api.as_(Role.ADMIN)
    asked = {"introducer_name": "Mdm Chew", "from": "2026-03-17", "to": "2026-03-18"}
    data = office.get(URL, params=asked).json()["data"]
    assert (len(data["lines"]), data["total"], data["to_pay"]) == (2, 16.5, 16.5)
    assert office.get(URL, params={"introducer_name": "Nobody"}).json()["data"]["lines"] == []
    assert office.get(URL).status_code == 400
    assert api.as_(Role.DRIVER).get(URL, params=asked).status_code == 403


def test_it_is_read_as_csv_and_on_paper(api, told):
    office, asked = api.as_(Role.ADMIN), {"introducer_name": "Mdm Chew"}
    rows = office.get(URL, params=asked | {"format": "csv"}).text.splitlines()
    assert (len(rows), "RFND-2026-00001" in rows[2]) == (4, True)
    pdf = office.get(URL, params=asked | {"format": "pdf"})
    text = text_of(pdf.content)
    assert pdf.headers["Content-Type"] == "application/pdf"
    for words in ("COMMISSION STATEMENT", "Mdm Chew", "Taken back, RFND-2026-00001", "−3.50", "RM 16.50"):
        assert words in text


def test_more_lines_than_anybody_reads_are_refused(session, told, monkeypatch):
    filters = CommissionStatementFilters(introducer_name="Mdm Chew")
    monkeypatch.setattr(commission_statements, "MOST_LINES", 3)
    assert len(commission_statements.find(session, SYSTEM, filters).lines) == 3
    monkeypatch.setattr(commission_statements, "MOST_LINES", 2)
    with pytest.raises(Invalid, match="from: gives more than 2 lines"):
        commission_statements.find(session, SYSTEM, filters)


def test_statements_as_files_are_counted_like_other_exports(session, told, api, monkeypatch):
    monkeypatch.setattr(exports, "EXPORTS_PER_MINUTE", 1)
    office, asked = api.as_(Role.ADMIN), {"introducer_name": "Lim", "format": "csv"}
    assert [office.get(URL, params=asked).status_code for _ in range(2)] == [200, 429]
