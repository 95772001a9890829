"""Statements of account: worked numbers over three months of one customer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Role
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.queries import statements
from lattis_app.ledger.rules import credit, debit
from lattis_app.ledger.schemas.statements import StatementFilters
from lattis_app.ledger.services import entries
from lattis_app.rental.models import RentalCustomer
from lattis_app.rental.schemas.invoices import CollectionEntry, PaymentEntry
from lattis_app.rental.services import invoices, payments
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order, set_business
from tests.rental.documents.printed import text_of


@pytest.fixture
def party_id(session: Session, clock) -> UUID:
    """A customer with 30 days' terms, as of 16 March 2026."""
    set_business(session, address="123 Jalan Ampang")
    customer = make_customer(session)

    def on(month: int, day: int) -> None:
        clock.set(datetime(2026, month, day, 2, tzinfo=UTC))

    def order(amount: str, method: str) -> UUID:
        details = {"customer_id": customer.id, "amount": amount, "payment_method": method, "waste_items": []}
        return make_delivery_order(session, **details).id

    def invoice(order_id: UUID) -> UUID:
        made = invoices.make_from_order(session, SYSTEM, order_id)
        session.flush()
        return made.id

    on(1, 5)
    first = invoice(order("350.00", "CASH"))
    on(1, 20)
    invoice(order("500.00", "TERM"))
    on(2, 10)
    payments.record(session, SYSTEM, first, PaymentEntry(method="ONLINE", amount="200.00"))
    on(2, 20)
    third = invoice(order("100.00", "CASH"))
    on(2, 21)
    invoices.void(session, SYSTEM, third, "Wrong bin")
    on(3, 10)
    fourth = order("900.00", "TERM")
    payments.collect(session, SYSTEM, fourth, CollectionEntry(payment_method="CASH", amount="80.00"))
    session.flush()
    on(3, 12)
    invoice(fourth)
    on(3, 16)
    session.flush()
    return customer.party_id


@pytest.fixture
def client(api):
    return api.as_(Role.ADMIN)


def path(party_id: UUID) -> str:
    return f"/v1/parties/{party_id}/statement"


def test_a_statement_opens_runs_and_closes(client, party_id: UUID) -> None:
    data = client.get(path(party_id), params={"from": "2026-02-01", "to": "2026-03-16"}).json()["data"]
    assert (data["party_name"], data["currency"], data["currencies"]) == (
        "ABC Construction Sdn Bhd", "MYR", ["MYR"],
    )  # fmt: skip
    assert data["opening"] == 850.0
    shown = ("date", "kind", "document", "memo", "debit", "credit", "balance")
    assert [tuple(line[name] for name in shown) for line in data["lines"]] == [
        ("2026-02-10", "payment.received", "RCPT-2026-00001", "", 0, 200, 650),
        ("2026-02-20", "invoice.issued", "INV-2026-00003", "", 100, 0, 750),
        ("2026-02-21", "invoice.issued.reversed", "INV-2026-00003", "Void: Wrong bin", 0, 100, 650),
        ("2026-03-10", "payment.received", "RCPT-2026-00002", "", 0, 80, 570),
        ("2026-03-12", "invoice.issued", "INV-2026-00004", "", 900, 0, 1470),
    ]
    assert (data["debits"], data["credits"], data["closing"]) == (1000.0, 380.0, 1470.0)


def test_money_counts_for_the_invoice_it_paid_and_what_was_voided_owes_nothing(
    client, party_id: UUID
) -> None:
    data = client.get(path(party_id)).json()["data"]
    assert (data["from_on"], data["to_on"], data["opening"], data["closing"]) == (None, "2026-03-16", 0, 1470)
    assert data["ageing"] == {
        "current": 820.0,
        "days_1_30": 500.0,
        "days_31_60": 0.0,
        "days_61_90": 150.0,
        "over_90": 0.0,
        "unapplied": 0.0,
    }


@pytest.mark.parametrize(
    ("to", "closing", "ageing"),
    [
        ("2026-01-04", 0, [0, 0, 0, 0, 0, 0]),
        ("2026-01-05", 350, [350, 0, 0, 0, 0, 0]),
        ("2026-02-04", 850, [500, 350, 0, 0, 0, 0]),
        ("2026-02-20", 750, [100, 500, 150, 0, 0, 0]),
        ("2026-02-21", 650, [0, 500, 150, 0, 0, 0]),
        ("2026-03-11", 570, [0, 500, 0, 150, 0, 80]),
        ("2026-12-31", 1470, [0, 0, 0, 0, 1470, 0]),
    ],
)
def test_the_books_as_they_were_on_a_day(
    client, party_id: UUID, to: str, closing: int, ageing: list[int]
) -> None:
    data = client.get(path(party_id), params={"to": to}).json()["data"]
    assert (data["closing"], list(data["ageing"].values())) == (closing, ageing)


def test_what_is_paid_on_an_invoice_leaves_older_ones_open(client, session: Session, clock) -> None:
    customer = make_customer(session)
    first, second = (
        invoices.make_from_order(
            session,
            SYSTEM,
            make_delivery_order(session, customer_id=customer.id, amount=amount, waste_items=[]).id,
        )
        for amount in (350, 100)
    )
    session.flush()
    first.due_on = clock.now().date() - timedelta(days=40)
    payments.record(session, SYSTEM, second.id, PaymentEntry(method="CASH", amount="100.00"))
    session.flush()
    data = client.get(path(customer.party_id)).json()["data"]
    assert (data["closing"], list(data["ageing"].values())) == (350.0, [0, 0, 350.0, 0, 0, 0])


def test_money_before_any_invoice_is_the_customers(client, session: Session, clock) -> None:
    order = make_delivery_order(session)
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount="80.00"))
    session.flush()
    party_id = session.scalars(select(RentalCustomer)).one().party_id
    data = client.get(path(party_id)).json()["data"]
    assert (data["closing"], data["ageing"]["unapplied"]) == (-80.0, 80.0)


def test_each_currency_has_its_own_statement(client, session: Session, party_id: UUID, clock) -> None:
    owed = [debit(Account.RECEIVABLE, Money(700, "EUR"), party_id), credit(Account.SALES, Money(700, "EUR"))]
    entries.post(session, SYSTEM, "fee.charged", ("tests", uuid4()), clock.now().date(), owed, "F-1")
    session.flush()
    ringgit, euro = (
        client.get(path(party_id), params={"currency": each}).json()["data"] for each in ("", "EUR")
    )
    assert (ringgit["currency"], ringgit["closing"], ringgit["currencies"]) == ("MYR", 1470.0, ["MYR", "EUR"])
    assert (euro["closing"], [line["document"] for line in euro["lines"]]) == (7.0, ["F-1"])


def test_a_statement_as_csv(client, party_id: UUID) -> None:
    params = {"from": "2026-03-11", "format": "csv"}
    answer = client.get(path(party_id), params=params)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "date,kind,document,memo,debit,credit,balance,currency",
        "2026-03-11,,,Opening balance,0.00,0.00,570.00,MYR",
        "2026-03-12,invoice.issued,INV-2026-00004,,900.00,0.00,1470.00,MYR",
        "2026-03-16,,,Closing balance,900.00,0.00,1470.00,MYR",
    ]
    assert client.get(path(party_id), params=params | {"format": "xlsx"}).content[:2] == b"PK"


def test_a_statement_on_paper(client, party_id: UUID) -> None:
    answer = client.get(path(party_id), params={"from": "2026-02-01", "format": "pdf"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = text_of(answer.content)
    for said in (
        "Lattis Bin Services Sdn Bhd", "STATEMENT OF ACCOUNT", "16 Mar 2026", "ABC Construction Sdn Bhd",
        "Opening balance", "850.00", "RCPT-2026-00001", "Void: Wrong bin", "RM 1,470.00", "61–90 days", "70.00",
    ):  # fmt: skip
        assert said in text


def test_a_statement_is_one_query_for_all_its_lines(session: Session, party_id: UUID, queries) -> None:
    with queries() as sent:
        statements.find(session, SYSTEM, party_id, StatementFilters())
    assert sent.count == 3


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"from": "soon"},
        {"currency": "ringgit"},
        {"format": "doc"},
    ],
    ids=["ends before it begins", "no date", "no currency", "no format"],
)
def test_what_cannot_be_asked(client, party_id: UUID, params: dict[str, str]) -> None:
    assert client.get(path(party_id), params=params).status_code == 400


def test_who_may_read_statements(api, client, party_id: UUID) -> None:
    assert client.get(path(uuid4())).status_code == 404
    assert api.anonymous().get(path(party_id)).status_code == 401
    for role in (Role.DRIVER, Role.MERCHANT):
        assert api.as_(role).get(path(party_id)).status_code == 403
