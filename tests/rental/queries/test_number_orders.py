"""Lists by number beyond 99,999 a year: numbers of six digits come after those of five."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.numbering import NumberSeries
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Role
from lattis_app.rental.queries import (
    bookings,
    delivery_orders,
    driver_cash,
    invoices,
    payments,
    refunds,
    search,
)
from lattis_app.rental.schemas.bookings import BookingFilters
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderFilters
from lattis_app.rental.schemas.hand_overs import HandOverEntry, HandOverFilters
from lattis_app.rental.schemas.invoices import CollectionEntry, InvoiceFilters, PaymentFilters
from lattis_app.rental.schemas.refunds import RefundEntry, RefundFilters
from lattis_app.rental.services import hand_overs
from lattis_app.rental.services import invoices as invoicing
from lattis_app.rental.services import payments as collecting
from lattis_app.rental.services import refunds as refunding
from tests.factories.identity import make_actor
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_booking, make_driver

LISTS: dict[str, tuple[Callable[..., Any], Any, str, str]] = {
    "BK": (bookings.page, BookingFilters(), "number", "number"),
    "DO": (delivery_orders.page, DeliveryOrderFilters(), "number", "system_do_number"),
    "INV": (invoices.page, InvoiceFilters(), "number", "invoice_number"),
    "RCPT": (payments.page, PaymentFilters(), "receipt_number", "receipt_number"),
    "RFND": (refunds.page, RefundFilters(), "refund_number", "refund_number"),
    "HO": (driver_cash.hand_overs, HandOverFilters(), "hand_over_number", "hand_over_number"),
}
COUNTS = ("99999", "100000", "100001")
"""The numbers that the next three of each series get."""


@pytest.fixture
def busy_year(session: Session, clock: Any) -> Session:
    """Three of each document when 99,998 of each series are given out."""
    session.add_all(NumberSeries(series=series, period="2026", last=99_998) for series in LISTS)
    customer = make_customer(session)
    for _ in COUNTS:
        make_booking(session, customer_id=customer.id)
        driver = make_driver(session)
        order = make_delivery_order(session, customer_id=customer.id, driver_id=driver.id)
        cash = CollectionEntry(payment_method="CASH", amount=100)
        collecting.collect(session, SYSTEM, order.id, cash)
        session.flush()
        invoice = invoicing.make_from_order(session, SYSTEM, order.id)
        session.flush()
        refund = RefundEntry(target_type="INVOICE", target_id=invoice.id, reason="Overcharge", amount=10)
        refunding.request(session, SYSTEM, refund)
        hand_overs.count(session, SYSTEM, driver.id, HandOverEntry(counted=100))
        session.flush()
    return session


def numbered(series: str, counts: Sequence[str]) -> list[str]:
    return [f"{series}-2026-{count}" for count in counts]


@pytest.mark.parametrize("series", LISTS)
def test_a_list_by_number_goes_on_after_99999(busy_year: Session, series: str) -> None:
    page, filters, sort, number = LISTS[series]
    for direction, counts in (("", COUNTS), ("-", COUNTS[::-1])):
        found = page(busy_year, SYSTEM, filters, PageRequest(sort=direction + sort))
        assert [getattr(row, number) for row in found.rows] == numbered(series, counts)


@pytest.mark.parametrize("series", ["RFND", "HO"])
def test_the_newest_stands_first_where_a_list_begins_with_the_last_number(
    busy_year: Session, series: str
) -> None:
    page, filters, _, number = LISTS[series]
    found = page(busy_year, SYSTEM, filters, PageRequest())
    assert [getattr(row, number) for row in found.rows] == numbered(series, COUNTS[::-1])


def test_a_search_finds_a_number_of_six_digits(busy_year: Session) -> None:
    admin = make_actor(busy_year, Role.ADMIN)
    assert [each.title for each in search.find(busy_year, admin, "100001")] == [
        f"{series}-2026-100001" for series in ("BK", "DO", "INV", "RCPT")
    ]
