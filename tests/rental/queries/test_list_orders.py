"""In which order the long lists show rows that tie."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.pagination import PageRequest
from lattis_app.rental.models import RentalBooking, RentalDeliveryOrder, RentalInvoice, RentalPayment
from lattis_app.rental.queries import bookings, delivery_orders, invoices, payments
from lattis_app.rental.schemas.bookings import BookingFilters
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderFilters
from lattis_app.rental.schemas.invoices import InvoiceFilters, PaymentFilters
from tests.factories.rental import make_customer
from tests.factories.rental_operations import make_bin

D = columns(RentalDeliveryOrder)
MORNING, DAY = datetime(2026, 3, 17, 1, 0, tzinfo=UTC), date(2026, 3, 17)
HOUR, ONE_DAY = timedelta(hours=1), timedelta(days=1)
SIZE: dict[str, Any] = {"h_ft": 3, "l_ft": 12, "w_ft": 6}


@pytest.fixture
def bookings_made(session: Session) -> None:
    """Four, named by the order they came in; the second is for the next day, the first for the latest hour."""
    customer = make_customer(session)
    wanted = ((1, 3 * HOUR, "pending"), (2, ONE_DAY, "assigned"), (3, HOUR, "pending"), (4, HOUR, "pending"))
    for number, after, status in wanted:
        at = MORNING + after
        session.add(
            RentalBooking(
                **SIZE,
                number=f"BK-{number}",
                customer_id=customer.id,
                scheduled_at=at,
                scheduled_on=at.date(),
                expected_return_on=at.date() + 14 * ONE_DAY,
                status=status,
                created_at=MORNING - ONE_DAY,
            )
        )
    session.flush()


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        ("", "4 3 2 1"),
        ("created_at", "1 2 3 4"),
        ("scheduled_on", "3 4 1 2"),
        ("-scheduled_on", "2 1 4 3"),
        ("scheduled_at", "3 4 1 2"),
        ("-scheduled_at", "2 1 4 3"),
        ("status", "2 1 3 4"),
        ("-status", "4 3 1 2"),
        ("-number", "4 3 2 1"),
    ],
)
def test_bookings_that_came_in_last_stand_first(
    session: Session, bookings_made: None, sort: str, shown: str
) -> None:
    found = bookings.page(session, SYSTEM, BookingFilters(), PageRequest(sort=sort))
    assert [each.number for each in found.rows] == [f"BK-{number}" for number in shown.split()]


@pytest.fixture
def orders_made(session: Session) -> None:
    """Three of one day and a later draft of it, one of the day before and one of the day after."""
    customer, bin_ = make_customer(session), make_bin(session)
    wanted = (
        ("508", DAY),
        ("507", DAY),
        ("509", DAY),
        ("506", DAY + ONE_DAY),
        ("510", DAY - ONE_DAY),
        (None, DAY),
    )
    for number, day in wanted:
        session.add(
            RentalDeliveryOrder(
                **SIZE,
                system_do_number=number,
                customer_id=customer.id,
                bin_id=bin_.id,
                company_name="Delima Steel",
                payment_method="CASH",
                amount_minor=35000,
                status="issued" if number else "draft",
                scheduled_at=MORNING,
                service_on=day,
                expected_return_on=day + 14 * ONE_DAY,
                created_at=MORNING,
            )
        )
    session.flush()


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        ("", "506 None 509 508 507 510"),
        ("service_on", "510 507 508 509 None 506"),
        ("amount", "506 507 508 509 510 None"),
        ("-company_name", "None 510 509 508 507 506"),
        ("created_at", "506 507 508 509 510 None"),
        ("-number", "None 510 509 508 507 506"),
    ],
)
def test_delivery_orders_of_a_day_stand_by_number(
    session: Session, orders_made: None, sort: str, shown: str
) -> None:
    found = delivery_orders.page(session, SYSTEM, DeliveryOrderFilters(), PageRequest(sort=sort))
    assert [str(each.system_do_number) for each in found.rows] == shown.split()


@pytest.fixture
def invoices_made(session: Session, orders_made: None) -> None:
    """Three of one day and one of the day before, two drafts of which 60.00 came last, and a draft that was voided."""
    orders = session.scalars(select(RentalDeliveryOrder).order_by(D.system_do_number)).all()
    made = (("2", 10), ("1", 20), ("3", 30), ("9", 40), (None, 50), (None, 60), (None, 70))
    for at, (number, total) in enumerate(made):
        draft = "draft" if total < 70 else "voided"
        day = DAY - ONE_DAY if number == "9" else DAY
        session.add(
            RentalInvoice(
                invoice_number=number,
                delivery_order_id=orders[min(at, 5)].id,
                customer_id=orders[0].customer_id,
                status="issued" if number else draft,
                payment_method="CASH",
                subtotal_minor=total * 100,
                total_minor=total * 100,
                issued_on=day if number else None,
                due_on=DAY if number else None,
                created_at=MORNING + at * HOUR,
            )
        )
    session.flush()


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        ("", "60 50 30 10 20 40 70"),
        ("issued_on", "70 40 20 10 30 50 60"),
        ("due_on", "20 10 30 40 50 60 70"),
        ("-number", "70 60 50 40 30 10 20"),
        ("total", "10 20 30 40 50 60 70"),
        ("-created_at", "70 60 50 40 30 20 10"),
    ],
)
def test_drafts_of_invoices_stand_first_and_those_of_a_day_by_number(
    session: Session, invoices_made: None, sort: str, shown: str
) -> None:
    found = invoices.page(session, SYSTEM, InvoiceFilters(), PageRequest(sort=sort))
    assert [each.total // 100 for each in found.rows] == [int(total) for total in shown.split()]


@pytest.fixture
def payments_made(session: Session, orders_made: None) -> None:
    """Two at the same moment, one an hour later and one the day before, all of the same amount but the last."""
    order = session.scalars(select(RentalDeliveryOrder).where(D.system_do_number == "508")).one()
    for number, after in (("2", timedelta()), ("1", timedelta()), ("3", HOUR), ("4", -ONE_DAY)):
        at = MORNING + after
        session.add(
            RentalPayment(
                receipt_number=f"RCPT-{number}",
                delivery_order_id=order.id,
                customer_id=order.customer_id,
                method="CASH",
                amount_minor=5000 if number == "4" else 10000,
                received_at=at,
                received_on=at.date(),
            )
        )
    session.flush()


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        ("", "3 2 1 4"),
        ("received_on", "4 1 2 3"),
        ("-received_on", "3 2 1 4"),
        ("received_at", "4 1 2 3"),
        ("amount", "4 1 2 3"),
        ("-amount", "3 2 1 4"),
        ("receipt_number", "1 2 3 4"),
    ],
)
def test_payments_of_a_moment_stand_by_receipt(
    session: Session, payments_made: None, sort: str, shown: str
) -> None:
    found = payments.page(session, SYSTEM, PaymentFilters(), PageRequest(sort=sort))
    assert [each.receipt_number for each in found.rows] == [f"RCPT-{number}" for number in shown.split()]
