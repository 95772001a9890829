"""Reports of a small business whose every figure was worked out by hand.

Tax is 8 %. Two customers, two drivers, six orders:

| order | customer | driver | when (Kuala Lumpur) | amount | invoice                | paid                           |
|-------|----------|--------|---------------------|--------|------------------------|--------------------------------|
| early | Aman     | Ali    | 10 March 10:00      | 100.00 | 108.00, 10 March       | 108.00 cash, office, 11 March  |
| late  | Aman     | Ali    | 15 March 23:30      | 200.00 | 216.00, 15 March       | –                              |
| night | Bina     | Bakar  | 16 March 00:30      | 300.00 | 324.00, 16 March, TERM | 24.00 transfer, 16 March       |
| open  | Bina     | Ali    | 16 March 00:30      | 150.00 | –                      | 50.00 cash, driver, 16 March   |
| wrong | Bina     | Bakar  | 16 March 00:30      |  70.00 | 75.60, then voided     | –                              |
| –     | Bina     | Bakar  | 16 March 00:30      |  90.00 | a draft order, and another that was cancelled          |
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Forbidden, Invalid
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Role
from lattis_app.ledger.queries import balances
from lattis_app.rental.models import RentalDeliveryOrder, RentalExpense, RentalRefund
from lattis_app.rental.queries.reports.catalog import REPORTS, Report
from lattis_app.rental.schemas.bins import MovementEntry
from lattis_app.rental.schemas.invoices import (
    CollectionEntry,
    CommissionApproval,
    CommissionPayout,
    PaymentEntry,
)
from lattis_app.rental.services import bins, bookings, commissions, delivery_orders, invoices, payments
from tests.factories.identity import make_actor
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import drive, make_delivery_order, set_business
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry

SPAN = {"from": "2026-03-10", "to": "2026-03-16"}


@dataclass
class Business:
    """Who and what is in the books."""

    aman: UUID
    bina: UUID
    ali: UUID
    bakar: UUID
    lorry: UUID
    orders: dict[str, RentalDeliveryOrder]
    invoices: dict[str, UUID]


def kuala_lumpur(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026, eight hours ahead of UTC."""
    return datetime.fromisoformat(f"2026-03-{day:02}T{hour:02}:{minute:02}:00+08:00")


@pytest.fixture
def business(session: Session, clock) -> Business:
    """The six orders, through services only."""
    set_business(session, sst_rate=Decimal("0.08"))
    aman, bina = (
        make_customer(session, company_name=name, phone=phone).id
        for name, phone in (("Aman Builders", "+60311112222"), ("Bina Steel", "+60333334444"))
    )
    clock.set(kuala_lumpur(10, 9))
    ali, bakar = (make_driver(session, name=name).id for name in ("Ali", "Bakar"))
    lorry = make_lorry(session).id
    made: dict[str, RentalDeliveryOrder] = {}
    bills: dict[str, UUID] = {}

    def order(name: str, customer: UUID, driver: UUID, amount: int, **more: Any) -> UUID:
        line = {"description": "Debris", "quantity": 1, "unit": "load", "price": amount}
        place = (
            {"area": "Klang Valley", "state": "Selangor"}
            if customer == aman
            else {"area": "Ipoh", "state": "Perak"}
        )
        values = (
            {"customer_id": customer, "driver_id": driver, "lorry_id": lorry, "amount": amount} | place | more
        )
        made[name] = make_delivery_order(session, waste_items=[line], **values)
        return made[name].id

    def bill(name: str) -> UUID:
        bills[name] = invoices.make_from_order(session, SYSTEM, made[name].id).id
        session.flush()
        return bills[name]

    clock.set(kuala_lumpur(10, 10))
    order("early", aman, ali, 100, introducer_name="Lim")
    bill("early")
    clock.set(kuala_lumpur(11, 9))
    payments.record(session, SYSTEM, bills["early"], PaymentEntry(method="CASH", amount=108))
    session.flush()
    clock.set(kuala_lumpur(15, 23, 30))
    order("late", aman, ali, 200, payment_method="ONLINE")
    bill("late")
    clock.set(kuala_lumpur(16, 0, 30))
    order("night", bina, bakar, 300, payment_method="TERM")
    payments.record(session, SYSTEM, bill("night"), PaymentEntry(method="ONLINE", amount=24))
    session.flush()
    payments.collect(
        session, SYSTEM, order("open", bina, ali, 150), CollectionEntry(payment_method="CASH", amount=50)
    )
    session.flush()
    order("wrong", bina, bakar, 70)
    invoices.void(session, SYSTEM, bill("wrong"), "Wrong customer")
    session.flush()
    delivery_orders.cancel(session, SYSTEM, order("cancelled", bina, bakar, 90), "Called off")
    order("draft", bina, bakar, 90, draft=True)
    session.flush()
    return Business(aman, bina, ali, bakar, lorry, made, bills)


def report(session: Session, slug: str, **asked: str) -> Any:
    """A report of the week unless another span is asked for."""
    found = Report.named(slug)
    return found.find(session, SYSTEM, parse(found.filters, SPAN | asked))


def figures(row: Any, *names: str) -> tuple[Any, ...]:
    """Some figures of a row or of the totals."""
    return tuple(getattr(row, name) for name in names)


def test_the_summary_adds_up_the_week(session, business, clock):
    found = report(session, "summary")
    assert dict(found.totals) == {
        "bookings": 0,
        "delivery_orders": 5,
        "invoices_issued": 3,
        "sales_total": 64_800,
        "payments_total": 18_200,
        "outstanding_total": 51_600,
        "refunds_total": 0,
        "expenses_total": 0,
        "commissions_total": 0,
        "net_cash": 18_200,
    }
    assert [row.period for row in found.rows] == [f"2026-03-{day}" for day in range(10, 17)]
    assert [row.sales_total for row in found.rows] == [10_800, 0, 0, 0, 0, 21_600, 32_400]
    assert [row.payments_total for row in found.rows] == [0, 10_800, 0, 0, 0, 0, 7_400]


def test_the_summary_reconciles_with_the_ledger(session, business):
    """The voided invoice stands twice in the books, which cancel out; cash is with the office and with a driver."""
    books = balances.by_account(session, SYSTEM)
    totals = report(session, "summary").totals
    assert totals.sales_total == -(books["sales"] + books["tax_payable"]) == 64_800
    assert totals.payments_total == books["office_cash"] + books["bank"] + books["driver_cash"] == 18_200
    assert totals.outstanding_total == books["receivable"] == 51_600
    assert totals.sales_total - totals.outstanding_total == totals.payments_total + books["customer_credit"]
    assert books["customer_credit"] == -5_000


def test_the_summary_takes_commissions_refunds_and_expenses_from_the_cash(session, business, clock):
    commission = commissions.approve(
        session, SYSTEM, business.orders["early"].id, CommissionApproval(amount=10)
    )
    session.flush()
    commissions.pay(session, SYSTEM, commission.id, CommissionPayout(payment_method="CASH"))
    expense = {
        "category": "fuel",
        "description": "Diesel",
        "payment_method": "CASH",
        "spent_on": date(2026, 3, 12),
    }
    session.add(RentalExpense(**expense, amount_minor=2_500))
    session.add(RentalExpense(**expense, amount_minor=9_900, status="voided"))
    session.add(_refund(business, "processed", 800, kuala_lumpur(16, 0, 30)))
    session.add(_refund(business, "pending", 700, None))
    session.flush()

    found = report(session, "summary")

    names = ("payments_total", "refunds_total", "expenses_total", "commissions_total", "net_cash")
    assert figures(found.totals, *names) == (18_200, 800, 2_500, 1_000, 13_900)
    assert figures(found.rows[-1], *names) == (7_400, 800, 0, 1_000, 5_600)
    assert figures(found.rows[2], "period", *names) == ("2026-03-12", 0, 0, 2_500, 0, -2_500)


def _refund(business: Business, status: str, minor: int, processed_at: datetime | None) -> RentalRefund:
    return RentalRefund(
        refund_number=f"RF-{minor}",
        target_type="INVOICE",
        delivery_order_id=business.orders["early"].id,
        invoice_id=business.invoices["early"],
        customer_id=business.aman,
        status=status,
        amount_minor=minor,
        reason="Came late",
        requested_on=date(2026, 3, 14),
        processed_at=processed_at,
    )


def test_refunds_are_counted_by_status_and_what_was_given_back(session, business):
    session.add(_refund(business, "processed", 800, kuala_lumpur(16, 0, 30)))
    session.add(_refund(business, "pending", 700, None))
    session.add(_refund(business, "rejected", 600, None))
    session.flush()
    found = report(session, "refunds")
    assert [figures(row, "status", "refunds", "amount") for row in found.rows] == [
        ("pending", 1, 700), ("approved", 0, 0), ("processed", 1, 800), ("rejected", 1, 600),
    ]  # fmt: skip
    assert figures(found.totals, "refunds", "amount", "given_back") == (2, 1_500, 800)
    assert report(session, "refunds", to="2026-03-15").totals.given_back == 0


def test_expenses_are_added_up_by_category(session, business):
    for category, minor, status in (
        ("fuel", 3_000, "recorded"),
        ("salary", 1_000, "recorded"),
        ("fuel", 5, "voided"),
    ):
        session.add(
            RentalExpense(
                category=category, description="Paid", payment_method="CASH", spent_on=date(2026, 3, 12),
                amount_minor=minor, status=status,
            )
        )  # fmt: skip
    session.flush()
    found = report(session, "expenses")
    assert figures(found.totals, "expenses", "amount") == (2, 4_000)
    assert [figures(row, "category", "expenses", "amount", "share") for row in found.rows] == [
        ("fuel", 1, 3_000, 75.0), ("maintenance", 0, 0, 0.0), ("salary", 1, 1_000, 25.0), ("other", 0, 0, 0.0),
    ]  # fmt: skip
    assert report(session, "expenses", category="salary").totals.amount == 1_000


def test_sales_by_day_leave_no_day_out(session, business):
    found = report(session, "invoices-period-sales")
    assert [figures(row, "period", "invoices", "subtotal", "tax", "total") for row in found.rows] == [
        ("2026-03-10", 1, 10_000, 800, 10_800),
        ("2026-03-11", 0, 0, 0, 0),
        ("2026-03-12", 0, 0, 0, 0),
        ("2026-03-13", 0, 0, 0, 0),
        ("2026-03-14", 0, 0, 0, 0),
        ("2026-03-15", 1, 20_000, 1_600, 21_600),
        ("2026-03-16", 1, 30_000, 2_400, 32_400),
    ]
    assert figures(found.totals, "invoices", "subtotal", "tax", "total") == (3, 60_000, 4_800, 64_800)


@pytest.mark.parametrize(
    ("granularity", "span", "expected"),
    [
        ("weekly", ("2026-03-01", "2026-03-16"),
         [("2026-W09", 0), ("2026-W10", 0), ("2026-W11", 32_400), ("2026-W12", 32_400)]),
        ("monthly", ("2026-02-20", "2026-04-02"), [("2026-02", 0), ("2026-03", 64_800), ("2026-04", 0)]),
    ],
)  # fmt: skip
def test_sales_by_week_and_month(session, business, granularity, span, expected):
    asked = {"from": span[0], "to": span[1], "granularity": granularity}
    found = report(session, "invoices-period-sales", **asked)
    assert [(row.period, row.total) for row in found.rows] == expected
    assert (found.rows[0].from_on.isoformat(), found.rows[-1].to_on.isoformat()) == span


def test_invoices_stand_at_their_statuses(session, business, clock):
    clock.set(kuala_lumpur(18, 9))
    found = report(session, "invoices")
    assert [figures(row, "status", "invoices", "total", "paid", "balance") for row in found.rows] == [
        ("issued", 1, 21_600, 0, 21_600),
        ("partially_paid", 1, 32_400, 2_400, 30_000),
        ("paid", 1, 10_800, 10_800, 0),
        ("closed", 0, 0, 0, 0),
        ("voided", 1, 7_560, 0, 7_560),
    ]
    assert dict(found.totals) == {
        "invoices": 3, "subtotal": 60_000, "tax": 4_800, "total": 64_800, "paid": 13_200, "balance": 51_600,
        "overdue": 21_600, "average_total": 21_600, "voided": 1,
    }  # fmt: skip


def test_sales_by_area_and_by_method(session, business):
    areas = report(session, "invoices-area-wise")
    assert [figures(row, "area", "state", "invoices", "total") for row in areas.rows] == [
        ("Ipoh", "Perak", 1, 32_400), ("Klang Valley", "Selangor", 2, 32_400),
    ]  # fmt: skip
    assert (
        report(session, "invoices-area-wise", area="klang_valley", state="SELANGOR").totals.subtotal == 30_000
    )
    methods = report(session, "invoices-by-method")
    assert [figures(row, "method", "invoices", "total", "balance") for row in methods.rows if row.invoices] == [
        ("CASH", 1, 10_800, 0), ("ONLINE", 1, 21_600, 21_600), ("TERM", 1, 32_400, 30_000),
    ]  # fmt: skip
    only_cash = report(session, "invoices-by-method", method="CASH")
    assert [row.method for row in only_cash.rows] == ["CASH"]
    assert only_cash.totals.total == 10_800


def test_customers_are_ranked_by_what_they_bought(session, business):
    found = report(session, "customers")
    names = ("customer", "delivery_orders", "invoices", "sales", "paid", "balance", "last_order_on")
    assert sorted(figures(row, *names) for row in found.rows) == [
        ("Aman Builders", 2, 2, 32_400, 10_800, 21_600, date(2026, 3, 15)),
        ("Bina Steel", 3, 1, 32_400, 2_400, 30_000, date(2026, 3, 16)),
    ]
    assert figures(found.totals, "customers", *names[1:-1]) == (2, 5, 3, 64_800, 13_200, 51_600)
    assert report(session, "customers", customer_id=str(business.bina)).totals.sales == 32_400


@pytest.mark.parametrize("slug", ["customers", "customers-ageing"])
def test_the_totals_count_everybody_however_few_are_shown(session, business, slug):
    each = Report.named(slug)
    everybody = report(session, slug)
    cut = each.find(session, SYSTEM, parse(each.filters, SPAN), most=1)
    assert (cut.totals, cut.rows_in_all) == (everybody.totals, 2)
    assert cut.rows == everybody.rows[:1]
    nobody = report(session, slug, customer_id=str(UUID(int=0)))
    assert (nobody.rows, nobody.rows_in_all, nobody.totals.customers, nobody.totals.balance) == ([], 0, 0, 0)


def test_a_customer_s_payments_and_open_invoices(session, business, clock):
    paid = report(session, "invoices-by-client-paid", customer_id=str(business.bina))
    assert sorted(figures(row, "method", "amount", "invoice_id") for row in paid.rows) == [
        ("CASH", 5_000, None), ("ONLINE", 2_400, business.invoices["night"]),
    ]  # fmt: skip
    assert figures(paid.totals, "payments", "amount") == (2, 7_400)
    clock.set(kuala_lumpur(18, 9))
    pending = report(session, "invoices-by-client-pending")
    assert [figures(row, "customer", "days_overdue", "balance") for row in pending.rows] == [
        ("Aman Builders", 3, 21_600), ("Bina Steel", 0, 30_000),
    ]  # fmt: skip
    assert figures(pending.totals, "invoices", "balance", "overdue") == (2, 51_600, 21_600)
    assert (
        report(session, "invoices-by-client-pending", customer_id=str(business.aman)).totals.balance == 21_600
    )


def test_what_is_owed_is_sorted_by_how_long_it_is_overdue(session, business, clock):
    clock.set(kuala_lumpur(18, 9))
    names = ("customer", "balance", "current", "days_1_30", "days_31_60", "days_61_90", "over_90")
    found = report(session, "customers-ageing")
    assert [figures(row, *names) for row in found.rows] == [
        ("Bina Steel", 30_000, 30_000, 0, 0, 0, 0), ("Aman Builders", 21_600, 0, 21_600, 0, 0, 0),
    ]  # fmt: skip
    assert figures(found.totals, "customers", "balance", "current", "days_1_30") == (
        2,
        51_600,
        30_000,
        21_600,
    )
    (row,) = report(session, "customers-ageing", customer_id=str(business.aman)).rows
    assert row.customer == "Aman Builders"


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, "current"), (1, "days_1_30"), (30, "days_1_30"), (31, "days_31_60"), (60, "days_31_60"), (61, "days_61_90"),
     (90, "days_61_90"), (91, "over_90")],
)  # fmt: skip
def test_an_invoice_moves_from_bucket_to_bucket(session, business, clock, days: int, bucket: str):
    """The transfer of 216.00 was due on 15 March."""
    clock.set(kuala_lumpur(15, 9))
    clock.advance(days=days)
    aman = {"customer_id": str(business.aman), "from": "", "to": ""}
    (row,) = report(session, "customers-ageing", **aman).rows
    others = {"current", "days_1_30", "days_31_60", "days_61_90", "over_90"} - {bucket}
    assert (getattr(row, bucket), [getattr(row, each) for each in others]) == (21_600, [0] * 4)


def test_alerts_begin_three_days_before_an_invoice_is_due(session, business, clock):
    """The transfer was due on the 15th; the thirty days' terms of the 16th end on 15 April."""
    every = {"from": "", "to": ""}
    assert [row.days_overdue for row in report(session, "invoices-pending-alerts", **every).rows] == [1]
    clock.set(datetime.fromisoformat("2026-04-11T09:00:00+08:00"))
    assert len(report(session, "invoices-pending-alerts", **every).rows) == 1
    clock.advance(days=1)
    found = report(session, "invoices-pending-alerts", **every)
    assert [figures(row, "customer", "due_on", "days_overdue", "balance") for row in found.rows] == [
        ("Aman Builders", date(2026, 3, 15), 28, 21_600), ("Bina Steel", date(2026, 4, 15), 0, 30_000),
    ]  # fmt: skip
    assert figures(found.totals, "invoices", "overdue_invoices", "balance", "overdue") == (
        2,
        1,
        51_600,
        21_600,
    )


def test_orders_by_day_begin_at_midnight_of_the_business(session, business):
    found = report(session, "delivery-orders-daily-totals")
    assert [(row.date.day, row.count, row.amount) for row in found.rows if row.count] == [
        (10, 1, 10_000), (15, 1, 20_000), (16, 3, 52_000),
    ]  # fmt: skip
    assert (len(found.rows), found.totals.count, found.totals.amount) == (7, 5, 82_000)


def test_delivery_orders_leave_drafts_and_cancelled_ones_out_of_the_totals(session, business):
    found = report(session, "delivery-orders").totals
    names = ("delivery_orders", "amount", "average_amount", "drafts", "cancelled")
    assert figures(found, *names) == (5, 82_000, 16_400, 1, 1)


def test_money_by_method_and_cash_against_what_is_owed(session, business):
    methods = report(session, "delivery-orders-payments-by-method")
    assert [figures(row, "method", "count", "amount") for row in methods.rows] == [
        ("CASH", 2, 15_800), ("ONLINE", 1, 2_400), ("CDM", 0, 0), ("EWALLET", 0, 0), ("CHEQUE", 0, 0), ("TERM", 0, 0),
    ]  # fmt: skip
    found = report(session, "delivery-orders-cash-vs-pending")
    assert figures(found.totals, "cash_collected", "pending") == (15_800, 51_600 + 10_000 + 7_000)
    assert [(row.to_on.day, row.cash_collected, row.pending) for row in found.rows if row.cash_collected or row.pending] == [
        (11, 10_800, 0), (15, 0, 21_600), (16, 5_000, 30_000 + 10_000 + 7_000),
    ]  # fmt: skip


def test_drivers_are_credited_with_what_they_drove_and_took(session, business):
    found = report(session, "delivery-orders-by-driver")
    assert [figures(row, "driver_name", "delivery_orders", "amount", "collected") for row in found.rows] == [
        ("Ali", 3, 45_000, 5_000), ("Bakar", 2, 37_000, 0),
    ]  # fmt: skip
    alone = report(session, "delivery-orders-by-driver", driver_id=str(business.bakar))
    assert figures(alone.totals, "delivery_orders", "amount", "collected") == (2, 37_000, 0)


def test_drives_are_timed_for_drivers_and_lorries(session, business, clock):
    drive(session, business.orders["open"], "started")
    clock.advance(minutes=90)
    drive(session, business.orders["open"], "done")
    drivers = report(session, "drivers")
    names = (
        "driver_name",
        "delivery_orders",
        "done",
        "trips",
        "drive_hours",
        "done_share",
        "minutes_per_trip",
    )
    assert [figures(row, *names) for row in drivers.rows] == [
        ("Ali", 3, 1, 1, 1.5, Decimal("33.3"), 90), ("Bakar", 2, 0, 0, 0.0, 0.0, 0),
    ]  # fmt: skip
    assert figures(drivers.totals, "delivery_orders", "done", "trips", "drive_hours") == (5, 1, 1, 1.5)
    (lorry,) = report(session, "lorries").rows
    names = ("delivery_orders", "trips", "drive_hours", "days_used", "utilisation")
    assert figures(lorry, *names) == (5, 1, 1.5, 3, Decimal("42.9"))
    trips = report(session, "lorries-trips", lorry_id=str(business.lorry))
    assert [figures(row, "driver_name", "minutes") for row in trips.rows] == [("Ali", 90)]
    assert figures(trips.totals, "trips", "on_the_road", "drive_hours") == (1, 0, 1.5)
    assert report(session, "lorries-trips", driver_id=str(business.bakar)).totals.trips == 0


def test_bins_are_counted_where_they_are_and_how_they_moved(session, business):
    drive(session, business.orders["open"], "delivered")
    make_bin(session)
    stock = report(session, "bins-stock-on-hand")
    assert [figures(row, "size", "status", "count") for row in stock.rows] == [
        ("4 × 12 × 6 ft", "in_warehouse", 3), ("4 × 12 × 6 ft", "assigned", 4), ("4 × 12 × 6 ft", "with_customer", 1),
    ]  # fmt: skip
    assert figures(stock.totals, "bins", "on_hand", "with_customer") == (8, 3, 1)
    (size,) = report(session, "inventory").rows
    assert figures(size, "bins", "assigned", "with_customer", "went_out", "came_in", "utilisation") == (
        8,
        4,
        1,
        1,
        0,
        Decimal("62.5"),
    )
    area = report(session, "bins-area-out", area="ipoh")
    assert [figures(row, "area", "bins_out", "late") for row in area.rows] == [("Ipoh", 1, 0)]
    serial = report(session, "bins-inout-by-sn").rows[0].serial_number
    moved = report(session, "bins-inout-by-sn", serial_number=serial.lower())
    assert [figures(row, "movement_type", "customer", "area") for row in moved.rows] == [
        ("OUT", "Bina Steel", "Ipoh")
    ]
    assert figures(moved.totals, "movements", "out", "back") == (1, 1, 0)


def test_a_bin_comes_in_once_though_it_is_moved_twice(session, business):
    order = drive(session, business.orders["open"], "done")
    bins.move(session, SYSTEM, order.bin_id, MovementEntry(movement_type="IN"))
    session.flush()
    moved = report(session, "bins-inout-by-sn").totals
    assert figures(moved, "movements", "out", "back") == (3, 1, 2)
    assert figures(report(session, "inventory").totals, "went_out", "came_in") == (1, 1)


def test_bookings_and_commissions(session, business, clock):
    for minute in range(3):
        booking = make_booking(session, customer_id=business.aman, scheduled_at=kuala_lumpur(16, 10 + minute))
    bookings.cancel(session, SYSTEM, booking.id, "Called off")
    session.flush()
    totals = report(session, "bookings").totals
    assert figures(totals, "bookings", "open", "fulfilled", "cancelled", "fulfilled_share") == (
        2,
        2,
        0,
        1,
        0.0,
    )
    commissions.approve(session, SYSTEM, business.orders["early"].id, CommissionApproval(amount=10))
    session.flush()
    (lim,) = report(session, "commissions").rows
    names = ("introducer_name", "waiting", "to_approve", "to_pay", "approved", "paid")
    assert figures(lim, *names) == ("Lim", 0, 0, 1_000, 1_000, 0)


@pytest.mark.parametrize("each", REPORTS, ids=lambda each: each.slug)
def test_a_report_takes_two_statements_at_most_and_is_not_for_drivers(session, clock, queries, each):
    with queries() as sent:
        found = each.find(session, SYSTEM, parse(each.filters, {}))
    few = each.is_long and each.slug not in ("customers", "customers-ageing")
    assert (sent.count, found.rows_in_all) == (2 if few else 1, len(found.rows))
    with pytest.raises(Forbidden):
        each.find(session, make_actor(session, Role.DRIVER), parse(each.filters, {}))


@pytest.mark.parametrize(
    ("slug", "asked"),
    [
        ("invoices-period-sales", {"granularity": "daily"}),
        ("delivery-orders-daily-totals", {}),
        ("summary", {"granularity": "daily"}),
    ],
)
def test_more_periods_than_anybody_reads_are_refused(session, clock, slug, asked):
    found = Report.named(slug)
    with pytest.raises(Invalid, match="1,100 periods"):
        found.find(session, SYSTEM, parse(found.filters, asked | {"from": "2020-01-01", "to": "2026-03-16"}))


@pytest.mark.parametrize(
    ("since", "periods", "first"),
    [("2026-02-01", 44, "2026-02-01"), ("2026-01-01", 12, "2026-W01"), ("2020-01-01", 75, "2020-01")],
)
def test_periods_fit_the_span_unless_said(session, clock, since, periods, first):
    for slug in ("invoices-period-sales", "summary", "delivery-orders-cash-vs-pending"):
        found = Report.named(slug)
        rows = found.find(session, SYSTEM, parse(found.filters, {"from": since})).rows
        assert (len(rows), rows[0].period) == (periods, first)


def test_the_span_is_the_last_thirty_days_unless_said(session, clock):
    found = Report.named("delivery-orders-daily-totals")

    def span(**asked: str) -> tuple[str, str]:
        shown = found.find(session, SYSTEM, parse(found.filters, asked))
        return shown.from_on.isoformat(), shown.to_on.isoformat()

    assert span() == ("2026-02-15", "2026-03-16")
    assert span(**{"from": "2026-03-01"}) == ("2026-03-01", "2026-03-16")
    assert span(to="2026-01-31") == ("2026-01-02", "2026-01-31")
    assert span(**{"from": "2026-04-01"}) == ("2026-04-01", "2026-04-01")
