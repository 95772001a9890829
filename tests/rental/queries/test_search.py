"""Any rental record is found by what people remember of it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import searching
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.errors import Forbidden
from lattis_app.identity.permissions import Role
from lattis_app.rental.queries import search
from lattis_app.rental.schemas.invoices import CollectionEntry
from lattis_app.rental.services import invoices, payments
from tests.factories.identity import make_actor
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry


def found(session: Session, actor: Actor, words: str) -> list[tuple[str, str]]:
    return [(str(each.kind), each.title) for each in search.find(session, actor, words)]


@pytest.fixture
def business(session: Session, clock) -> Session:
    """One of each, in March 2026."""
    customer = make_customer(session, company_name="Syarikat Setia Build", phone="012-2223333")
    make_booking(session, customer_id=customer.id)
    driver = make_driver(session, name="Ahmad Rahman", phone="012-3456789")
    lorry = make_lorry(session, registration_no="WXY 1234", type="Arm roll")
    free = make_bin(session, serial_number="ASR20001")
    order = make_delivery_order(
        session,
        customer_id=customer.id,
        driver_id=driver.id,
        lorry_id=lorry.id,
        inventory_bin_id=free.id,
        do_book_number="AS-77",
        company_name="Setia Build",
        phone="+60177778888",
    )
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount="50"))
    session.flush()
    invoices.make_from_order(session, SYSTEM, order.id, True)
    session.flush()
    return session


@pytest.mark.parametrize(
    ("words", "records"),
    [
        ("setia", [("customer", "Syarikat Setia Build"), ("delivery_order", "DO-2026-00001")]),
        ("buil sya", [("customer", "Syarikat Setia Build")]),
        ("john", [("customer", "Syarikat Setia Build")]),
        ("012-222", [("customer", "Syarikat Setia Build")]),
        ("+6012222", [("customer", "Syarikat Setia Build")]),
        ("bk-2026", [("booking", "BK-2026-00001")]),
        ("DO-2026-00001", [("delivery_order", "DO-2026-00001")]),
        ("AS-7", [("delivery_order", "DO-2026-00001")]),
        ("017777", [("delivery_order", "DO-2026-00001")]),
        ("inv-2026-0", [("invoice", "INV-2026-00001")]),
        ("rcpt-", [("payment", "RCPT-2026-00001")]),
        ("asr200", [("bin", "ASR20001")]),
        ("rahman", [("driver", "Ahmad Rahman")]),
        ("0123456", [("driver", "Ahmad Rahman")]),
        ("wxy1234", [("lorry", "WXY 1234")]),
        (
            "1",
            [
                ("booking", "BK-2026-00001"),
                ("delivery_order", "DO-2026-00001"),
                ("invoice", "INV-2026-00001"),
                ("payment", "RCPT-2026-00001"),
                ("lorry", "WXY 1234"),
            ],
        ),
        (
            "2026-00",
            [
                ("booking", "BK-2026-00001"),
                ("delivery_order", "DO-2026-00001"),
                ("invoice", "INV-2026-00001"),
                ("payment", "RCPT-2026-00001"),
            ],
        ),
        ("%", []),
        ("_", []),
        ("", []),
        ("'); drop", []),
        ("nobody", []),
    ],
)
def test_a_record_is_found_by_what_people_remember(
    business: Session, admin: Actor, words: str, records: list[Any]
) -> None:
    assert found(business, admin, words) == list(records)


def test_at_most_five_of_a_kind_are_shown_and_the_newest_documents_first(
    session: Session, admin: Actor, clock
) -> None:
    customer = make_customer(session)
    for _ in range(7):
        make_booking(session, customer_id=customer.id)

    assert found(session, admin, "BK") == [("booking", f"BK-2026-0000{number}") for number in (7, 6, 5, 4, 3)]


def test_a_driver_finds_own_jobs_only(business: Session) -> None:
    other = make_driver(business)
    mine = make_delivery_order(business, driver_id=other.id, company_name="Setia Other")
    actor = make_actor(business, Role.DRIVER, other.id)

    assert [each.id for each in search.find(business, actor, "setia")] == [mine.id]
    assert found(business, actor, "DO-2026-00001") == []
    assert found(business, actor, "BK-2026-00001") == []
    assert found(business, actor, "ASR20001") == []


def test_who_sees_nothing_of_the_rental_business_finds_nothing(
    business: Session, queries: Callable[[], Any]
) -> None:
    merchant = make_actor(business, Role.MERCHANT)
    with queries() as sent:
        assert found(business, merchant, "setia") == []
    assert sent.count == 0


def test_search_is_a_permission(session: Session) -> None:
    nobody = Actor(uuid4(), "Nobody", Role.VIEWER, frozenset())
    with pytest.raises(Forbidden):
        search.find(session, nobody, "setia")


def test_all_kinds_cost_one_statement(business: Session, admin: Actor, queries: Callable[[], Any]) -> None:
    with queries() as sent:
        search.find(business, admin, "setia")
    assert sent.count == 1


LARGE = (
    "INSERT INTO parties (id, created_at, updated_at, kind, name, name_key, contact_name, phone, address, tax_ids) "
    "SELECT gen_random_uuid(), now(), now(), 'company', 'Company ' || md5(n::text) || ' Bhd', n::text, 'C', "
    "'+6011' || lpad(n::text, 7, '0'), '', '{}' FROM generate_series(1, 10000) n",
    "INSERT INTO rental_customers (id, created_at, updated_at, party_id, payment_terms_days, on_stop, po_required, "
    "introducer_name, notes, email_messages, message_channel) "
    "SELECT gen_random_uuid(), now(), now(), id, 30, false, false, '', '', true, 'sms' FROM parties",
    "INSERT INTO rental_bookings (id, created_at, updated_at, number, customer_id, h_ft, l_ft, w_ft, area, state, "
    "site_address, scheduled_at, scheduled_on, expected_return_on, notes, status, cancel_reason) "
    "SELECT gen_random_uuid(), now(), now(), 'BK-2025-' || lpad((row_number() OVER ())::text, 5, '0'), id, 4, 12, 6, "
    "'', '', '', now(), '2025-01-01', '2025-01-15', '', 'cancelled', '' FROM rental_customers",
    "INSERT INTO rental_bins (id, created_at, updated_at, serial_number, h_ft, l_ft, w_ft, area, state, status, notes) "
    "SELECT gen_random_uuid(), now(), now(), 'ASR' || lpad(n::text, 6, '0'), 4, 12, 6, '', '', 'in_warehouse', '' "
    "FROM generate_series(1, 10000) n",
    "INSERT INTO rental_delivery_orders (id, created_at, updated_at, system_do_number, do_book_number, customer_id, "
    "bin_id, do_by_name, company_name, phone, po_number, site_address, area, state, h_ft, l_ft, w_ft, payment_method, "
    "amount_minor, currency, collected_minor, introducer_name, notes, status, fulfilment_status, scheduled_at, "
    "service_on, expected_return_on, failure_reason, cancel_reason, received_by) "
    "SELECT gen_random_uuid(), now(), now(), 'DO-2025-' || lpad(n::text, 5, '0'), 'B' || n, "
    "(SELECT id FROM rental_customers LIMIT 1), (SELECT id FROM rental_bins LIMIT 1), '', 'Company ' || md5(n::text), "
    "'+6011' || lpad(n::text, 7, '0'), '', '', '', '', 4, 12, 6, 'CASH', 100, 'MYR', 0, '', '', 'cancelled', "
    "'assigned', now(), '2025-01-01', '2025-01-15', '', '', '' FROM generate_series(1, 10000) n",
    "INSERT INTO rental_invoices (id, created_at, updated_at, invoice_number, delivery_order_id, customer_id, status, "
    "supplementary, payment_method, currency, tax_rate, subtotal_minor, tax_minor, total_minor, paid_minor, "
    "refunded_minor, issuer, bill_to, notes, check_token, void_reason) SELECT gen_random_uuid(), now(), now(), "
    "replace(system_do_number, 'DO', 'INV'), id, customer_id, 'voided', false, 'CASH', 'MYR', 0, 0, 0, 0, 0, 0, '{}', '{}', '', md5(id::text), '' "
    "FROM rental_delivery_orders",
    "INSERT INTO rental_payments (id, created_at, updated_at, receipt_number, delivery_order_id, customer_id, method, "
    "amount_minor, refunded_minor, currency, reference, received_at, received_on, received_by) SELECT "
    "gen_random_uuid(), now(), now(), replace(system_do_number, 'DO', 'RCPT'), id, customer_id, 'CASH', 100, 0, 'MYR', '', now(), '2025-01-01', '' "
    "FROM rental_delivery_orders",
)


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in nodes(part))]


@pytest.fixture
def large(session: Session) -> Session:
    """Ten thousand of everything there may be many of."""
    for statement in LARGE:
        session.execute(text(statement))
    for table in ("parties", "rental_customers", "rental_bookings", "rental_bins", "rental_delivery_orders",
                  "rental_invoices", "rental_payments"):  # fmt: skip
        session.execute(text(f"ANALYZE {table}"))
    return session


@pytest.mark.slow
def test_no_search_reads_a_large_table_from_end_to_end(
    large: Session, admin: Actor, queries: Callable[[], Any], clock
) -> None:
    read = {}
    for words in ("company", "sdn", "c4ca4238", "011-0000", "BK-2025-00012", "DO-2025-1", "INV-", "RCPT-2025-00", "ASR01",
                  "12"):  # fmt: skip
        for node in nodes(plan_of(large, admin, words)):
            if "Relation Name" in node:
                rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                read[words, node["Relation Name"]] = rows * node["Actual Loops"]
    assert {table for _, table in read} >= {
        "parties",
        "rental_delivery_orders",
        "rental_invoices",
        "rental_bins",
    }
    assert {place: rows for place, rows in read.items() if rows > 1200} == {}


def plan_of(session: Session, actor: Actor, words: str) -> dict[str, Any]:
    statement = searching.statement(actor, words, search.KINDS)
    compiled = statement.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
    explained = session.connection().exec_driver_sql(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {compiled}", compiled.params
    )
    return explained.scalar_one()[0]["Plan"]
