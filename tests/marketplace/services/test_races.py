"""Real threads, real commits: generators, payers, a cancel against a pay, deliveries during the run; and a kill -9."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from lattis_app.core import clock as lattis_clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import unit_of_work
from lattis_app.core.errors import DomainError
from lattis_app.identity.permissions import Role
from lattis_app.ledger.queries import checks
from lattis_app.marketplace.models import MarketplaceSeller
from lattis_app.marketplace.schemas.invoices import ClaimEntry, PaymentEntry
from lattis_app.marketplace.schemas.orders import OrderEntry, StepEntry
from lattis_app.marketplace.schemas.sellers import SellerEntry
from lattis_app.marketplace.schemas.settings import SettingsChanges
from lattis_app.marketplace.services import generation, invoices, orders, overdue, products, sellers, settings
from lattis_app.marketplace.services.restrictions import SellerRestricted
from tests.factories.identity import make_actor
from tests.factories.marketplace import make_delivered, make_order, make_product, make_seller, seller_actor
from tests.marketplace.conftest import MONDAY, SATURDAY, WEDNESDAY
from tests.races import together

BOOKS = """
SELECT (SELECT count(*) FROM marketplace_invoices WHERE status <> 'cancelled') AS invoices,
    (SELECT count(*) FROM marketplace_orders WHERE invoice_id IS NULL AND delivered_week <= '2026-11-16') AS lost,
    (SELECT count(*) FROM (SELECT order_id FROM marketplace_invoice_items l JOIN marketplace_invoices i
        ON i.id = l.invoice_id AND i.status <> 'cancelled' GROUP BY 1 HAVING count(*) > 1) twice) AS twice,
    (SELECT count(*) FROM marketplace_orders o WHERE invoice_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM marketplace_invoice_items l WHERE l.order_id = o.id AND l.invoice_id = o.invoice_id)) AS loose
"""
RESULT = """
SELECT s.code, i.invoice_number, i.due_on, i.total_minor, i.order_count,
    (SELECT string_agg(order_number || platform_fee_minor, ',' ORDER BY order_number)
     FROM marketplace_invoice_items l WHERE l.invoice_id = i.id) AS items
FROM marketplace_invoices i JOIN marketplace_sellers s ON s.id = i.seller_id ORDER BY 1, 2
"""


def read(statement: str, **values: object) -> Any:
    with unit_of_work() as session:
        return [tuple(row) for row in session.execute(text(statement), values)]


def fill(sellers: int, orders: int) -> list[UUID]:
    """So many sellers with so many orders each, delivered on Wednesday."""
    with unit_of_work() as session:
        made = [make_seller(session, code=f"R{number:03}") for number in range(sellers)]
        for number, seller in enumerate(made):
            make_product(session, seller)
            for each in range(orders):
                make_delivered(session, seller, WEDNESDAY, order_number=f"R-{number:03}-{each:03}")
        return [seller.id for seller in made]


def generate() -> generation.Generated:
    with unit_of_work() as session:
        return generation.generate_due(session, SYSTEM, MONDAY)


def assert_the_books_balance() -> None:
    with unit_of_work() as session:
        assert checks.check(session, SYSTEM).status == "balanced"


def test_two_generators_bill_every_order_once(committed_database, clock, monkeypatch) -> None:
    clock.set(MONDAY)
    monkeypatch.setattr(generation, "AT_ONCE", 3)
    fill(12, 4)
    one, other = together(generate, generate)
    assert isinstance(one, generation.Generated)
    assert isinstance(other, generation.Generated)
    assert (one.invoices + other.invoices, one.orders + other.orders) == (12, 48)
    assert read(BOOKS) == [(12, 0, 0, 0)]
    assert_the_books_balance()


def test_deliveries_during_the_run_are_billed_now_or_next_week_and_none_is_lost(
    committed_database, clock, monkeypatch
) -> None:
    clock.set(MONDAY)
    monkeypatch.setattr(generation, "AT_ONCE", 2)
    sellers = fill(8, 3)

    def deliver() -> int:
        for number, seller_id in enumerate(sellers * 3):
            with unit_of_work() as session:
                values = {"id": seller_id}
                row = session.execute(text("SELECT * FROM marketplace_sellers WHERE id = :id"), values).one()
                make_delivered(session, row, WEDNESDAY, order_number=f"LATE-{number:03}")
        return len(sellers) * 3

    together(generate, deliver)
    clock.advance(days=7)
    with unit_of_work() as session:
        generation.generate_due(session, SYSTEM, lattis_clock.now())
    ((_, lost, twice, loose),) = read(BOOKS)
    assert (lost, twice, loose) == (0, 0, 0)
    assert read("SELECT count(*) FROM marketplace_invoice_items") == [(8 * 3 + 8 * 3,)]
    assert_the_books_balance()


def test_two_payers_pay_once_and_a_cancel_against_a_pay_leaves_one_of_them(committed_database, clock) -> None:
    clock.set(MONDAY)
    fill(6, 2)
    generate()
    ids = [row[0] for row in read("SELECT id FROM marketplace_invoices ORDER BY invoice_number")]

    def pay(invoice_id: UUID) -> str:
        with unit_of_work() as session:
            return invoices.mark_paid(session, SYSTEM, invoice_id, PaymentEntry()).status

    def cancel(invoice_id: UUID) -> str:
        with unit_of_work() as session:
            return invoices.cancel(session, SYSTEM, invoice_id, "Agreed").status

    for invoice_id in ids[:3]:
        outcomes = together(lambda it=invoice_id: pay(it), lambda it=invoice_id: pay(it))
        assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyPaid", "InvoiceStatus"]
    for invoice_id in ids[3:]:
        outcomes = together(lambda it=invoice_id: pay(it), lambda it=invoice_id: cancel(it))
        assert sorted(type(each).__name__ for each in outcomes) == ["InvalidTransition", "InvoiceStatus"]
    settled = read(
        "SELECT i.status, o.seller_paid, o.invoice_id IS NULL FROM marketplace_invoice_items l "
        "JOIN marketplace_invoices i ON i.id = l.invoice_id JOIN marketplace_orders o ON o.id = l.order_id"
    )
    assert set(settled) <= {("paid", True, False), ("cancelled", False, True)}
    assert_the_books_balance()


def test_two_last_overdue_invoices_paid_at_once_free_the_seller(committed_database, clock) -> None:
    clock.set(MONDAY)
    (seller_id,) = fill(1, 1)
    generate()
    with unit_of_work() as session:
        row = session.execute(text("SELECT * FROM marketplace_sellers")).one()
        make_delivered(session, row, MONDAY)
    clock.advance(days=7)
    with unit_of_work() as session:
        generation.generate_due(session, SYSTEM, lattis_clock.now())
    clock.advance(days=6)
    with unit_of_work() as session:
        assert overdue.mark(session, SYSTEM, lattis_clock.now())["overdue"] == 2
    ids = [row[0] for row in read("SELECT id FROM marketplace_invoices")]

    def pay(invoice_id: UUID) -> str:
        with unit_of_work() as session:
            return invoices.mark_paid(session, SYSTEM, invoice_id, PaymentEntry()).status

    together(lambda: pay(ids[0]), lambda: pay(ids[1]))
    assert read("SELECT restricted_at FROM marketplace_sellers") == [(None,)]
    assert read("SELECT count(*) FROM events WHERE name = 'seller.unrestricted'") == [(1,)]
    assert seller_id is not None


def test_an_order_against_the_nightly_job_is_taken_before_it_or_refused_after(
    committed_database, clock
) -> None:
    clock.set(MONDAY)
    fill(1, 1)
    generate()
    clock.set(SATURDAY)
    with unit_of_work() as session:
        row = session.execute(text("SELECT * FROM marketplace_sellers")).one()
        me = seller_actor(session, row)
    entry = OrderEntry(product_name="Ring", price="5.00")

    def order() -> str:
        with unit_of_work() as session:
            return orders.create(session, me, entry).order_number

    def night() -> dict[str, Any]:
        with unit_of_work() as session:
            return overdue.mark(session, SYSTEM, SATURDAY)

    *taken, marked = together(*[order] * 6, night)
    assert marked == {"overdue": 1, "restricted": 1, "hidden_products": 1}
    refused = [each for each in taken if isinstance(each, SellerRestricted)]
    assert len(refused) + read("SELECT count(*) FROM marketplace_orders WHERE status = 'pending'")[0][0] == 6
    assert isinstance(together(order)[0], SellerRestricted)


def done(work: Callable[..., Any], *given: Any, by: Actor = SYSTEM) -> Callable[[], Any]:
    """A service in a transaction of its own."""

    def run() -> Any:
        with unit_of_work() as session:
            return work(session, by, *given)

    return run


def names(outcomes: list[object]) -> list[str]:
    return sorted(type(each).__name__ for each in outcomes)


def test_settings_decided_by_many_at_once_are_one_row_with_all_they_said(committed_database, clock) -> None:
    said = ({"exchangeRate": "60"}, {"paymentDeadlineDays": 3}, {"platformFeePercent": "12"})
    changes = [SettingsChanges.model_validate(each) for each in said]
    assert names(together(*[done(settings.update, each) for each in changes])) == ["MarketplaceSettings"] * 3
    found = "SELECT exchange_rate, payment_deadline_days, platform_fee_percent FROM marketplace_settings"
    assert read(found) == [(60, 3, 12)]


def test_sellers_taken_on_at_once_have_codes_of_their_own(committed_database, clock) -> None:
    same = done(sellers.create, SellerEntry(store_name="Ohrid Pearls", code="PEARL"))
    assert names(together(same, same, same)) == ["Conflict", "Conflict", "MarketplaceSeller"]
    found = done(sellers.create, SellerEntry(store_name="Ohrid Pearls"))
    assert names(together(found, found, found)) == ["MarketplaceSeller"] * 3
    codes = read("SELECT code FROM marketplace_sellers ORDER BY code")
    assert codes == [("OHRI",), ("OHRI2",), ("OHRI3",), ("PEARL",)]
    assert read("SELECT count(*) FROM parties") == [(4,)]


def test_office_seller_and_a_cancellation_at_once_settle_an_invoice_one_way(
    committed_database, clock
) -> None:
    clock.set(MONDAY)
    fill(4, 2)
    generate()
    for invoice_id, seller_id in read("SELECT id, seller_id FROM marketplace_invoices"):
        with unit_of_work() as session:
            me = make_actor(session, Role.SELLER, subject_id=seller_id)
        outcomes = together(
            done(invoices.mark_paid, invoice_id, PaymentEntry()),
            done(invoices.mark_mine_paid, invoice_id, PaymentEntry(), by=me),
            done(invoices.claim_payment, invoice_id, ClaimEntry(proof="TXN-1"), by=me),
            done(invoices.cancel, invoice_id, "Agreed"),
        )
        settled = [each for each in outcomes if not isinstance(each, DomainError)]
        assert 1 <= len(settled) <= 2
    states = read(
        "SELECT DISTINCT i.status, o.seller_paid, o.invoice_id IS NULL FROM marketplace_invoice_items l "
        "JOIN marketplace_invoices i ON i.id = l.invoice_id JOIN marketplace_orders o ON o.id = l.order_id"
    )
    assert set(states) <= {("paid", True, False), ("cancelled", False, True)}
    assert read("SELECT count(*) FROM marketplace_payment_claims WHERE status = 'claimed'") == [(0,)]
    assert_the_books_balance()


def test_products_shown_and_hidden_against_the_nightly_job_end_hidden(committed_database, clock) -> None:
    clock.set(MONDAY)
    (seller_id,) = fill(1, 1)
    generate()
    clock.set(SATURDAY)
    with unit_of_work() as session:
        me = make_actor(session, Role.SELLER, subject_id=seller_id)
        kept, off = (make_product(session, session.get_one(MarketplaceSeller, seller_id)).id for _ in "12")
    night = done(overdue.mark, SATURDAY)
    together(
        night,
        night,
        done(products.deactivate, off, by=me),
        *[done(products.activate, kept, by=me)] * 2,
        *[done(products.reactivate, by=me)] * 2,
    )
    assert read("SELECT count(*) FROM marketplace_products WHERE active") == [(0,)]
    assert names(together(done(products.activate, kept, by=me))) == ["SellerRestricted"]
    ((invoice_id,),) = read("SELECT id FROM marketplace_invoices")
    done(invoices.mark_paid, invoice_id, PaymentEntry())()
    counts = together(*[done(products.reactivate, by=me)] * 3)
    assert (
        sum(map(int, counts)),
        read("SELECT active FROM marketplace_products WHERE id = :id", id=off),
    ) == (
        2,
        [(False,)],
    )


def test_rate_fees_and_deadline_changed_during_a_run_leave_every_invoice_whole(
    committed_database, clock, monkeypatch
) -> None:
    clock.set(MONDAY)
    monkeypatch.setattr(generation, "AT_ONCE", 2)
    fill(8, 2)
    changes = (
        SettingsChanges(exchange_rate="60", payment_deadline_days=3),
        SettingsChanges(exchange_rate="70", payment_deadline_days=4, platform_fee_percent="99"),
    )
    made, *_ = together(generate, *[done(settings.update, each) for each in changes])
    assert isinstance(made, generation.Generated)
    assert (made.invoices, made.orders, made.total_mkd_minor) == (8, 16, 8 * 2 * 12_300)
    ways = read("SELECT DISTINCT exchange_rate, due_on, total_minor FROM marketplace_invoices")
    dues = {60: date(2026, 11, 25), 70: date(2026, 11, 26), Decimal("61.5"): date(2026, 11, 27)}
    assert {(rate, due, total) for rate, due, total in ways} <= {
        (rate, due, 24_600) for rate, due in dues.items()
    }
    assert_the_books_balance()


def test_orders_reported_delivered_during_the_run_are_billed_once_now_or_next_week(
    committed_database, clock, monkeypatch
) -> None:
    clock.set(WEDNESDAY)
    monkeypatch.setattr(generation, "AT_ONCE", 2)
    fill(4, 2)
    with unit_of_work() as session:
        known = session.scalars(select(MarketplaceSeller)).all()
        waiting = [make_order(session, each, created_at=WEDNESDAY).id for each in known for _ in range(2)]
    clock.set(MONDAY)
    delivered = StepEntry(status="delivered", delivered_at=WEDNESDAY)
    outcomes = together(generate, generate, *[done(orders.step, each, delivered) for each in waiting])
    assert names(outcomes) == ["Generated"] * 2 + ["MarketplaceOrder"] * len(waiting)
    clock.advance(days=7)
    done(generation.generate_due, lattis_clock.now())()
    ((_, lost, twice, loose),) = read(BOOKS)
    assert (lost, twice, loose) == (0, 0, 0)
    assert read("SELECT count(*), count(DISTINCT order_id) FROM marketplace_invoice_items") == [(16, 16)]
    assert_the_books_balance()


VICTIM = """
import sys
from datetime import datetime
from lattis_app import registry
from lattis_app.core import clock, db
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.marketplace.services import generation
registry.register_work()
db.configure(sys.argv[1])
generation.AT_ONCE = 2
steps, log = [], generation._logged


def stop_half_way(*given):
    steps.append(given)
    if len(steps) == 4:
        print("half-way", flush=True)
        sys.stdin.read()
    return log(*given)


generation._logged = stop_half_way
moment = datetime.fromisoformat(sys.argv[2])
with clock.freeze_everywhere(moment), db.unit_of_work() as session:
    generation.generate_due(session, SYSTEM, moment)
"""


def test_a_run_killed_half_way_goes_on_to_the_same_result(committed_database, clock) -> None:
    clock.set(MONDAY)
    fill(20, 3)
    command = [sys.executable, "-c", VICTIM, committed_database, MONDAY.isoformat()]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as process:
        assert process.stdout
        assert process.stdout.readline() == "half-way\n"
        os.kill(process.pid, signal.SIGKILL)
    assert read("SELECT count(*) FROM marketplace_invoices") == [(6,)]
    made = generate()
    assert made.invoices == 14
    assert read(BOOKS) == [(20, 0, 0, 0)]
    result = read(RESULT)
    assert {row[2:] for row in result} == {(date(2026, 11, 27), 36_900, 3, row[5]) for row in result}
    assert [row[1] for row in result] == [f"INV-2026-47-R{number:03}" for number in range(20)]
    assert_the_books_balance()
