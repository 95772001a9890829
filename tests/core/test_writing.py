"""One statement writes what a flush adds and changes."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from lattis_app.core import clock as lattis_clock
from lattis_app.core import db, idempotency, writing
from lattis_app.core.idempotency import IdempotencyKey
from lattis_app.core.numbering import NumberSeries
from lattis_app.core.writing import MOST_CHANGES
from lattis_app.rental.models import RentalInvoice, RentalInvoiceLine
from tests.factories.identity import make_user
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_bin

SERIES = text("SELECT last FROM number_series ORDER BY series")


def series(count: int) -> list[NumberSeries]:
    return [NumberSeries(series=f"S{number}", period="1", last=number) for number in range(count)]


def test_lines_and_their_parent_are_added_and_others_changed_by_one_statement(
    session: Session, queries
) -> None:
    order, used = make_delivery_order(session), make_bin(session)
    session.flush()
    invoice = RentalInvoice(
        delivery_order_id=order.id, customer_id=order.customer_id, payment_method="CASH", currency="MYR"
    )
    line = RentalInvoiceLine(
        invoice_id=invoice.id,
        position=1,
        description="Sewa “tong” 😀 'x'",
        quantity=Decimal("1.500"),
        unit="bin",
        price_minor=100,
        amount_minor=150,
    )
    with queries() as sent:
        session.add_all([line, invoice])
        used.area, order.notes = "Klang", "At the back"
        session.flush()
    assert sent.count == 1
    session.expire_all()
    assert (line.description, line.quantity, invoice.total_minor) == ("Sewa “tong” 😀 'x'", Decimal("1.5"), 0)
    assert (used.area, order.notes) == ("Klang", "At the back")


def test_what_was_written_is_watched_for_further_changes(session: Session, clock) -> None:
    made = make_user(session, name="Aina")
    session.flush()
    clock.advance(minutes=5)
    made.name = "Aina binti Ali"
    session.flush()
    session.expire_all()
    assert (made.name, made.updated_at, made.updated_at > made.created_at) == (
        "Aina binti Ali",
        lattis_clock.now(),
        True,
    )


def test_more_changes_than_fit_one_statement_are_all_written(session: Session) -> None:
    many = series(MOST_CHANGES + 2)
    session.add_all(many)
    session.flush()
    for one in many:
        one.last += 100
    session.flush()
    assert list(session.scalars(SERIES)) == [100 + number for number in range(MOST_CHANGES + 2)]


def test_a_change_of_a_record_that_is_gone_is_refused_and_nothing_else_is_done(
    committed_database: str,
) -> None:
    with db.unit_of_work() as session:
        session.add_all(series(2))
    with pytest.raises(StaleDataError), db.unit_of_work() as session:
        kept, gone = (session.get_one(NumberSeries, (name, "1")) for name in ("S0", "S1"))
        session.execute(text("DELETE FROM number_series WHERE series = 'S1'"))
        kept.last, gone.last = 7, 8
    with db.unit_of_work() as session:
        assert list(session.scalars(SERIES)) == [0, 1]


def test_what_a_savepoint_takes_back_can_be_added_again(session: Session) -> None:
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        session.add_all(series(1))
        session.flush()
        raise ZeroDivisionError
    assert list(session.scalars(SERIES)) == []
    session.add_all(series(1))
    session.flush()
    assert list(session.scalars(SERIES)) == [0]


def test_what_a_savepoint_takes_back_was_never_changed(session: Session) -> None:
    user = make_user(session, name="Aina")
    session.flush()
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        with session.begin_nested():
            user.name = "Bakar"
        raise ZeroDivisionError
    assert user.name == "Aina"
    user.name = "Bakar"
    session.flush()
    session.expire_all()
    assert user.name == "Bakar"


def test_what_a_savepoint_takes_back_is_no_record_of_the_session(session: Session) -> None:
    (kept,), (undone,), (same,) = series(1), series(1), series(1)
    kept.series = "kept"
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        with session.begin_nested():
            session.add(undone)
        raise ZeroDivisionError
    with session.begin_nested():
        session.add_all([kept, same])
    assert (undone in session, kept in session, same in session) == (False, True, True)
    assert list(session.scalars(SERIES)) == [0, 0]


def test_the_statements_that_callers_can_bring_about_are_not_all_kept() -> None:
    assert writing._statement.cache_info().maxsize == writing.MOST_STATEMENTS


def test_bytes_stay_as_they_are(session: Session) -> None:
    user = make_user(session)
    stored = IdempotencyKey(actor_id=user.id, key="k", body_hash="h", status_code=201, response=b"\x00\xff{}")
    session.add(stored)
    session.flush()
    assert idempotency.claim(session, user.id, "k", "h") == idempotency.StoredAnswer(201, b"\x00\xff{}")


def test_a_row_takes_no_value_it_has_no_column_for() -> None:
    with pytest.raises(TypeError, match="NumberSeries has no colour"):
        NumberSeries(series="A", period="1", colour="red")
    first, second = IdempotencyKey(actor_id=uuid4(), key="k"), IdempotencyKey(actor_id=uuid4(), key="k")
    assert first.created_at <= second.created_at
