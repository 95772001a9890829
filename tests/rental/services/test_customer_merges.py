"""Two customers who are one: what moves, what stays, what is read afterwards, and what happens meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from lattis_app.core.actors import SYSTEM
from lattis_app.core.audit import AuditEntry
from lattis_app.core.db import metadata, unit_of_work
from lattis_app.core.errors import Conflict, DomainError
from lattis_app.core.references import references_to
from lattis_app.identity.permissions import Role
from lattis_app.ledger.models import LedgerEntry
from lattis_app.ledger.queries import checks, statements
from lattis_app.ledger.schemas.statements import StatementFilters
from lattis_app.parties.models import Party
from lattis_app.parties.schemas.merges import MergeEntry
from lattis_app.rental.models import RentalBooking, RentalCustomer, RentalInvoice, RentalPayment
from lattis_app.rental.schemas.invoices import PaymentEntry
from lattis_app.rental.services import customers, invoices, payments
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_booking
from tests.races import await_a_waiter
from tests.ui.visits import everything

CUSTOMERS = metadata.tables["rental_customers"]
PARTIES = metadata.tables["parties"]


def with_business(session, **details):
    """A customer with a booking, an order, an invoice and half of its payment."""
    customer = make_customer(session, **details)
    make_booking(session, customer_id=customer.id)
    order = make_delivery_order(session, customer_id=customer.id)
    invoice = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="ONLINE", amount="150.00"))
    session.flush()
    return customer


def named(session, table, record_id):
    """How many rows of which column name a record."""
    counts = {
        f"{column.table.name}.{column.name}": session.scalar(
            select(func.count()).select_from(column.table).where(column == record_id)
        )
        for column in references_to(table)
    }
    return {name: count for name, count in counts.items() if count}


def statement(session, customer):
    return statements.find(session, SYSTEM, customer.party_id, StatementFilters())


@pytest.fixture
def both(session, clock):
    old = with_business(
        session, company_name="ABC Construction", phone="012-3456780", sst_no="S1", email="old@abc.com"
    )
    new = with_business(session, company_name="ABC Construction Sdn Bhd", sst_no=None, email=None)
    return old, new


def test_a_dry_run_lists_what_would_move_and_changes_nothing(api, session, both):
    old, new = both
    client = api.as_(Role.ADMIN)
    client.get("/v1/me")
    before = everything(session)
    answer = client.post(f"/v1/customers/{old.id}/merge", json={"into": str(new.id), "dry_run": True})
    assert answer.json()["data"] == {
        "name": "ABC Construction",
        "into_name": "ABC Construction Sdn Bhd",
        "moves": [
            {"what": "bins", "count": 1},
            {"what": "bookings", "count": 1},
            {"what": "customers", "count": 1},
            {"what": "delivery orders", "count": 1},
            {"what": "invoices", "count": 1},
            {"what": "payments", "count": 1},
        ],
        "stays": [{"what": "ledger entries", "count": 2}],
        "fills": ["email", "tax_ids"],
        "obstacles": [],
        "done": False,
    }
    assert everything(session) == before


def test_everything_moves_the_books_add_up_and_the_old_address_leads_to_the_new(api, session, both):
    old, new = both
    client = api.as_(Role.ADMIN)
    apart = [statement(session, customer) for customer in both]
    entries = everything(session)["ledger_entries"]

    answer = client.post(f"/v1/customers/{old.id}/merge", json={"into": str(new.id)})

    assert (answer.status_code, answer.json()["data"]["done"]) == (200, True)
    assert named(session, CUSTOMERS, old.id) == {}
    assert named(session, PARTIES, old.party_id) == {
        "ledger_entries.party_id": 2,
        "rental_customers.party_id": 1,
    }
    merged = statement(session, new)
    assert merged == statement(session, old)
    key = lambda line: (line.date, line.document, line.debit, line.credit)  # noqa: E731 — an order, used twice
    assert sorted(map(key, merged.lines)) == sorted(key(line) for each in apart for line in each.lines)
    assert merged.closing == sum(each.closing for each in apart) == 40000
    ages = [sum(each.ageing.model_dump().values()) for each in (merged, *apart)]
    assert ages == [400.0, 200.0, 200.0]
    assert everything(session)["ledger_entries"] == entries
    check = checks.check(session, SYSTEM)
    assert (check.status, [sum_.sum for sum_ in check.sums]) == ("balanced", [0])

    seen = client.get(f"/v1/customers/{old.id}").json()["data"]
    assert (seen["id"], seen["email"], seen["sst_no"], seen["phone"]) == (
        str(new.id), "old@abc.com", "S1", "+60123456789",
    )  # fmt: skip
    assert [row["id"] for row in client.get("/v1/customers").json()["data"]] == [str(new.id)]
    party = client.get(f"/v1/parties/{old.party_id}").json()["data"]
    assert (party["status"], party["merged_into_id"]) == ("merged", str(new.party_id))
    told = select(AuditEntry.entity, AuditEntry.action).where(AuditEntry.action.in_(["merged", "took over"]))
    assert sorted(map(tuple, session.execute(told))) == [
        ("parties", "merged"),
        ("parties", "took over"),
        ("rental_customers", "merged"),
        ("rental_customers", "took over"),
    ]


def test_a_third_follows_through_both_merges(session, both):
    old, new = both
    third = make_customer(session, company_name="ABC", phone="012-3456781")
    customers.merge(session, SYSTEM, old.id, MergeEntry(into=new.id))
    customers.merge(session, SYSTEM, new.id, MergeEntry(into=third.id))
    session.expire_all()
    assert (old.merged_into_id, new.merged_into_id, third.merged_into_id) == (third.id, third.id, None)
    assert statement(session, old).closing == statement(session, third).closing == 40000
    assert checks.check(session, SYSTEM).status == "balanced"


def test_a_form_that_still_names_the_old_customer_writes_about_the_new_one(session, both):
    old, new = both
    customers.merge(session, SYSTEM, old.id, MergeEntry(into=new.id))
    booking = make_booking(session, customer_id=old.id)
    session.refresh(booking)
    assert booking.customer_id == new.id


@pytest.mark.parametrize(
    ("into", "status", "words"),
    [("old", 400, "is the same record"), ("nobody", 404, "Customer not found"), ("merged", 412, "was merged already")],
)  # fmt: skip
def test_what_cannot_be_merged_is_refused_and_nothing_changes(api, session, both, into, status, words):
    old, new = both
    gone = make_customer(session, company_name="Gone", phone="012-3456782")
    customers.merge(session, SYSTEM, gone.id, MergeEntry(into=new.id))
    client = api.as_(Role.ADMIN)
    client.get("/v1/me")
    before = everything(session)
    ids = {"old": old.id, "nobody": uuid4(), "merged": gone.id}
    answer = client.post(f"/v1/customers/{old.id}/merge", json={"into": str(ids[into])})
    assert (answer.status_code, words in answer.text) == (status, True)
    assert everything(session) == before


@pytest.mark.parametrize("role", [Role.DRIVER, Role.VIEWER])
@pytest.mark.parametrize("path", ["customers", "parties"])
def test_only_who_keeps_customers_merges_them(api, both, role, path):
    old, new = both
    ids = (old.id, new.id) if path == "customers" else (old.party_id, new.party_id)
    assert api.as_(role).post(f"/v1/{path}/{ids[0]}/merge", json={"into": str(ids[1])}).status_code == 403


def test_a_merged_customer_is_not_changed_any_more(api, both):
    old, new = both
    client = api.as_(Role.ADMIN)
    client.post(f"/v1/parties/{old.party_id}/merge", json={"into": str(new.party_id)})
    assert client.patch(f"/v1/customers/{old.id}", json={"notes": "x"}).status_code == 412


def test_every_table_that_names_a_customer_follows_merges(session):
    following = set(
        session.scalars(
            text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'follow_customer'")
        )
    )
    assert following == {column.table.name for column in references_to(CUSTOMERS)} - {"rental_customers"}


# ---- races -----------------------------------------------------------------------------------------------


@pytest.fixture
def committed(committed_database):
    with unit_of_work() as session:
        made = [with_business(session, company_name=f"ABC {n}", phone=f"01234567{n}0") for n in range(3)]
        return [customer.id for customer in made]


def test_two_merges_at_once_leave_one_customer(committed):
    first, second, third = committed
    start = Barrier(3)

    def merge(old, new):
        start.wait()
        try:
            with unit_of_work() as session:
                customers.merge(session, SYSTEM, old, MergeEntry(into=new))
        except DomainError as refusal:
            return type(refusal).__name__
        return "merged"

    with ThreadPoolExecutor(3) as threads:
        pairs = [(first, second), (second, first), (first, third)]
        answers = [each.result() for each in [threads.submit(merge, *pair) for pair in pairs]]
    assert sorted(answers) == ["AlreadyMerged", "AlreadyMerged", "merged"] or (
        answers.count("merged") == 2 and answers.count("AlreadyMerged") == 1
    )
    with unit_of_work() as session:
        known = session.scalars(select(RentalCustomer)).all()
        for each in known:
            if each.merged_into_id:
                assert named(session, CUSTOMERS, each.id) == {}
        heads = {each.merged_into_id for each in known if each.merged_into_id}
        assert all(session.get(RentalCustomer, head).merged_into_id is None for head in heads)
        assert checks.check(session, SYSTEM).status == "balanced"


@pytest.mark.parametrize("first", ["payment", "merge"])
def test_a_payment_during_a_merge_ends_up_with_the_survivor(committed, first):
    old, new, _ = committed
    with unit_of_work() as session:
        invoice_id = session.scalars(select(RentalInvoice.id).where(RentalInvoice.customer_id == old)).one()
    holds, go_on = Event(), Event()

    def pay(session):
        payments.record(session, SYSTEM, invoice_id, PaymentEntry(method="CASH", amount="50.00"))

    def merge(session):
        customers.merge(session, SYSTEM, old, MergeEntry(into=new))

    def slowly(work):
        with unit_of_work() as session:
            work(session)
            session.flush()
            holds.set()
            go_on.wait(10)

    def after(work):
        holds.wait(10)
        go_on_soon = threads.submit(_let_go_once_somebody_waits, go_on)
        with unit_of_work() as session:
            work(session)
        go_on_soon.result()

    with ThreadPoolExecutor(3) as threads:
        order = (pay, merge) if first == "payment" else (merge, pay)
        slow, fast = threads.submit(slowly, order[0]), threads.submit(after, order[1])
        slow.result()
        fast.result()

    with unit_of_work() as session:
        assert named(session, CUSTOMERS, old) == {}
        paid = select(func.sum(RentalPayment.amount_minor)).where(RentalPayment.customer_id == new)
        assert session.scalar(paid) == 35000
        survivor = session.get(RentalCustomer, new)
        assert statement(session, survivor).closing == 35000
        assert checks.check(session, SYSTEM).status == "balanced"


def _let_go_once_somebody_waits(go_on):
    """Let the first go on when the second stands before a lock of it."""
    await_a_waiter()
    go_on.set()


def test_bookings_made_during_a_merge_follow_it(committed):
    old, new, _ = committed
    start = Barrier(5)

    def book():
        start.wait()
        for _ in range(5):
            with suppress(Conflict), unit_of_work() as session:
                make_booking(session, customer_id=old)

    def merge():
        start.wait()
        with unit_of_work() as session:
            customers.merge(session, SYSTEM, old, MergeEntry(into=new))

    with ThreadPoolExecutor(5) as threads:
        for each in [threads.submit(merge), *(threads.submit(book) for _ in range(4))]:
            each.result()
    with unit_of_work() as session:
        assert named(session, CUSTOMERS, old) == {}
        assert session.scalar(select(func.count()).where(RentalBooking.customer_id == new)) == 22
        assert session.scalar(select(func.count()).select_from(LedgerEntry).join(Party)) == 6
