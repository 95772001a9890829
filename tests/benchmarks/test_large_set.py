"""The large set is a business that the app can work with."""

from sqlalchemy import text

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import reading, unit_of_work
from lattis_app.core.numbering import take_number
from lattis_app.core.pagination import PageRequest
from lattis_app.rental.queries import bookings, delivery_orders, invoices, payments
from lattis_app.rental.schemas.bookings import BookingFilters
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderFilters
from lattis_app.rental.schemas.invoices import InvoiceFilters, PaymentFilters

ORDERS = 2_000


def test_every_list_shows_it_with_the_right_total(large: int) -> None:
    with reading() as session:
        for query, filters, table in (
            (delivery_orders, DeliveryOrderFilters(), "rental_delivery_orders"),
            (bookings, BookingFilters(), "rental_bookings"),
            (invoices, InvoiceFilters(), "rental_invoices"),
            (payments, PaymentFilters(), "rental_payments"),
        ):
            shown = query.page(session, SYSTEM, filters, PageRequest())
            assert len(shown.rows) == 20
            assert shown.total == session.scalar(text(f"SELECT count(*) FROM {table}"))
        assert delivery_orders.page(session, SYSTEM, DeliveryOrderFilters(), PageRequest()).total == large


def test_its_numbers_go_on_where_it_ends(large: int) -> None:
    last = text(
        "SELECT split_part(system_do_number, '-', 2) AS year, max(split_part(system_do_number, '-', 3)::int) AS last "
        "FROM rental_delivery_orders GROUP BY 1 ORDER BY 1 DESC LIMIT 1"
    )
    with unit_of_work() as session:
        known = session.execute(last).one()
        assert take_number(session, "DO", known.year, 6) == f"DO-{known.year}-{known.last + 1:06d}"


def test_its_books_say_what_its_invoices_say(large: int) -> None:
    owed = text("SELECT sum(total_minor - paid_minor) FROM rental_invoices WHERE status <> 'draft'")
    booked = text("SELECT sum(amount_minor) FROM ledger_entries WHERE account = 'receivable'")
    with reading() as session:
        assert session.scalar(owed) == session.scalar(booked) > 0
        assert session.scalar(text("SELECT sum(amount_minor) FROM ledger_entries")) == 0
