"""Charges beyond orders' own amounts: assessed, billed once, waived (contract: rental.md, "Money")."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Forbidden, InvalidTransition, NotFound
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Role
from lattis_app.ledger.queries import checks
from lattis_app.rental.models import RentalCharge, RentalHireTerms, RentalInvoice
from lattis_app.rental.queries import delivery_orders as order_queries
from lattis_app.rental.queries import invoices as invoice_queries
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderChanges, StepEntry
from lattis_app.rental.schemas.invoices import PaymentEntry
from lattis_app.rental.schemas.price_cards import PriceCardChanges
from lattis_app.rental.services import (
    charges,
    delivery_orders,
    fulfilments,
    invoices,
    payments,
    price_cards,
    settlements,
)
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import add_photos, drive, make_delivery_order, set_business
from tests.factories.rental_masters import (
    charges_of,
    collected_after,
    make_charge,
    make_price_card,
    order_on,
)
from tests.factories.rental_operations import make_driver, make_waste_item


@pytest.fixture(autouse=True)
def now(clock):
    return clock


def said(found):
    return [
        (str(each.kind), each.description, Money(each.amount_minor).text(), str(each.status))
        for each in found
    ]


def lines(session, invoice_id):
    session.flush()
    found = invoice_queries.find(session, SYSTEM, invoice_id)
    return [(line.description, line.amount) for line in found.lines], found.total


def invoiced(session, order):
    invoice = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    return invoice


# ---- terms -----------------------------------------------------------------------------------------------


def test_an_order_keeps_the_terms_it_was_issued_with(session):
    card = make_price_card(session)
    order = order_on(session, card, weight_kg=3000)
    changes = PriceCardChanges(included_days=1, included_tonnes=Decimal(1), per_extra_tonne=Decimal(999))
    price_cards.update(session, SYSTEM, card.id, changes)
    assert said(collected_after(session, order, 7)) == [
        ("overweight", "Weight over the included 2 t", "RM 120.00", "unbilled")
    ]


def test_a_draft_takes_the_terms_of_the_day_it_is_issued(session):
    card = make_price_card(session)
    order = order_on(session, card, draft=True)
    assert session.scalars(select(RentalHireTerms)).all() == []
    price_cards.update(session, SYSTEM, card.id, PriceCardChanges(included_days=3))
    delivery_orders.issue(session, SYSTEM, order.id)
    session.flush()
    assert session.scalars(select(RentalHireTerms)).one().included_days == 3


def test_the_first_priced_kind_of_waste_decides(session):
    unpriced, card = make_waste_item(session), make_price_card(session, included_days=3)
    make_price_card(session, waste_item_id=unpriced.id, bin_size={"h_ft": 6, "l_ft": 14, "w_ft": 6})
    other = make_price_card(session, included_days=5)
    items = [
        {"waste_item_id": str(each), "price": price}
        for each, price in ((unpriced.id, 100), (card.waste_item_id, 200), (other.waste_item_id, 50))
    ]
    make_delivery_order(session, waste_items=items)
    assert session.scalars(select(RentalHireTerms)).one().price_card_id == card.id


@pytest.mark.parametrize("how", ["no card", "another size", "not active", "no kind of waste"])
def test_without_a_card_nothing_is_charged_beyond_the_amount(session, how):
    item = make_waste_item(session)
    if how == "another size":
        make_price_card(session, waste_item_id=item.id, bin_size={"h_ft": 6, "l_ft": 14, "w_ft": 6})
    elif how != "no card":
        card = make_price_card(session, waste_item_id=item.id)
        card.active = how != "not active"
        session.flush()
    named = {} if how == "no kind of waste" else {"waste_item_id": str(item.id)}
    order = make_delivery_order(
        session, weight_kg=9000, waste_items=[{"description": "Soil", "price": 350} | named]
    )
    assert session.scalars(select(RentalHireTerms)).all() == []
    assert collected_after(session, order, 40) == []


# ---- assessing -------------------------------------------------------------------------------------------


def test_weight_and_days_beyond_the_terms_wait_in_the_queue(session):
    order = order_on(session, make_price_card(session), weight_kg=2350)
    assert said(collected_after(session, order, 10)) == [
        ("overrun", "Days over the included 7", "RM 75.00", "unbilled"),
        ("overweight", "Weight over the included 2 t", "RM 42.00", "unbilled"),
    ]


def test_a_charge_follows_the_weight_until_it_is_billed(session):
    order = order_on(session, make_price_card(session), weight_kg=None)
    assert collected_after(session, order, 7) == []

    def weigh(kilos):
        changes = DeliveryOrderChanges(weight_kg=kilos, reason="Weighed")
        delivery_orders.update(session, SYSTEM, order.id, changes)
        return [(each.amount_minor, str(each.status)) for each in charges_of(session, order)]

    assert weigh(3000) == [(12000, "unbilled")]
    assert weigh(2500) == [(6000, "unbilled")]
    assert weigh(2000) == []
    assert weigh(2500) == [(6000, "unbilled")]
    charges.bill(session, SYSTEM, [charges_of(session, order)[0].id])
    assert weigh(4000) == [(6000, "billed")]


def test_weight_on_the_way_is_charged_when_the_bin_is_collected(session):
    order = order_on(session, make_price_card(session))
    delivery_orders.update(session, SYSTEM, order.id, DeliveryOrderChanges(weight_kg=3000))
    assert charges_of(session, order) == []
    assert [each.amount_minor for each in collected_after(session, order, 1)] == [12000]


def fail(session, order):
    add_photos(session, order, 1)
    fulfilments.step(session, SYSTEM, order.id, StepEntry(status="failed", reason="Gate locked"))
    session.flush()


def test_a_failed_trip_costs_what_the_card_says(session):
    set_business(session, failed_trip_fee_minor=8000)
    order = order_on(session, make_price_card(session, failed_trip_fee=90))
    fail(session, order)
    assert (order.amount_minor, charges_of(session, order)) == (44000, [])


def test_a_trip_that_fails_after_the_invoice_waits_in_the_queue(session):
    set_business(session, failed_trip_fee_minor=8000)
    order = make_delivery_order(session)
    invoiced(session, order)
    fail(session, order)
    assert order.amount_minor == 35000
    assert said(charges_of(session, order)) == [("failed_trip", "Failed trip", "RM 80.00", "unbilled")]


# ---- billing ---------------------------------------------------------------------------------------------


def test_before_the_invoice_charges_become_lines_of_the_order_and_of_its_draft(session):
    set_business(session, sst_rate=Decimal("0.06"))
    order = order_on(session, make_price_card(session), weight_kg=2350)
    draft = invoices.make_from_order(session, SYSTEM, order.id, False)
    waiting = collected_after(session, order, 9)

    charges.bill(session, SYSTEM, [each.id for each in waiting])
    session.flush()

    assert [str(each.status) for each in charges_of(session, order)] == ["billed", "billed"]
    assert order.amount_minor == 35000 + 5000 + 4200
    issued = invoices.issue(session, SYSTEM, draft.id)
    shown, total = lines(session, issued.id)
    assert [amount for _, amount in shown] == [35000, 5000, 4200]
    assert [text for text, _ in shown][1:] == ["Days over the included 7", "Weight over the included 2 t"]
    assert total == 46852
    assert session.scalars(select(RentalInvoice)).all() == [issued]


def test_after_the_invoice_charges_go_on_one_supplementary_draft(session):
    set_business(session, sst_rate=Decimal("0.06"))
    order = order_on(session, make_price_card(session), weight_kg=None)
    own = invoiced(session, order)
    (overrun,) = collected_after(session, order, 9)

    charges.bill(session, SYSTEM, [overrun.id])
    changes = DeliveryOrderChanges(weight_kg=2350)
    delivery_orders.update(session, SYSTEM, order.id, changes)
    overweight = charges_of(session, order)[1]
    charges.bill(session, SYSTEM, [overweight.id])
    session.flush()

    assert overrun.invoice_id == overweight.invoice_id != own.id
    draft = session.get(RentalInvoice, overrun.invoice_id)
    assert (draft.supplementary, draft.status, draft.delivery_order_id) == (True, "draft", order.id)
    assert lines(session, draft.id) == (
        [("Days over the included 7", 5000), ("Weight over the included 2 t", 4200)],
        9752,
    )
    assert (order.amount_minor, own.total_minor) == (35000, 37100)


def test_a_supplementary_invoice_is_issued_paid_and_closed_beside_its_orders_own(session):
    set_business(session)
    order = order_on(session, make_price_card(session))
    own = invoiced(session, order)
    (charge,) = collected_after(session, order, 9)
    charges.bill(session, SYSTEM, [charge.id])
    session.flush()
    supplement = invoices.issue(session, SYSTEM, charge.invoice_id)
    session.flush()
    assert (supplement.status, supplement.total_minor, order.status) == ("issued", 5000, "invoiced_linked")
    assert order_queries.find(session, SYSTEM, order.id).invoice.id == own.id

    payments.record(session, SYSTEM, supplement.id, PaymentEntry(method="ONLINE", amount="50.00"))
    drive(session, order, "done")
    assert (supplement.status, own.status, order.status) == ("closed", "issued", "invoiced_linked")
    payments.record(session, SYSTEM, own.id, PaymentEntry(method="ONLINE", amount="350.00"))
    session.flush()
    assert (own.status, order.status) == ("closed", "closed")
    assert {each.difference for each in checks.check(session, SYSTEM).accounts} == {0}


def test_a_closed_orders_supplementary_invoice_closes_when_it_is_paid(session):
    order = order_on(session, make_price_card(session))
    own = invoiced(session, order)
    payments.record(session, SYSTEM, own.id, PaymentEntry(method="ONLINE", amount="350.00"))
    (charge,) = collected_after(session, order, 9)
    drive(session, order, "done")
    charges.bill(session, SYSTEM, [charge.id])
    session.flush()
    supplement = invoices.issue(session, SYSTEM, charge.invoice_id)
    payments.record(session, SYSTEM, supplement.id, PaymentEntry(method="ONLINE", amount="50.00"))
    assert (order.status, own.status, supplement.status) == ("closed", "closed", "closed")


@pytest.mark.parametrize("issue", [True, False])
def test_voiding_a_supplementary_invoice_brings_its_charges_back(session, issue):
    order = order_on(session, make_price_card(session))
    own = invoiced(session, order)
    (charge,) = collected_after(session, order, 9)
    charges.bill(session, SYSTEM, [charge.id])
    session.flush()
    first = charge.invoice_id
    if issue:
        invoices.issue(session, SYSTEM, first)
    invoices.void(session, SYSTEM, first, "Wrong customer")
    session.flush()
    assert (charge.status, charge.invoice_id, charge.billed_at) == ("unbilled", None, None)
    assert (own.status, order.status) == ("issued", "invoiced_linked")
    charges.bill(session, SYSTEM, [charge.id])
    session.flush()
    assert charge.invoice_id not in (None, first)
    assert {each.difference for each in checks.check(session, SYSTEM).accounts} <= {0}


def billed_beside_a_voided_invoice(session):
    """An order that waits for its own invoice again, with a charge on the draft of a supplementary one."""
    order = order_on(session, make_price_card(session))
    own = invoiced(session, order)
    (charge,) = collected_after(session, order, 9)
    charges.bill(session, SYSTEM, [charge.id])
    session.flush()
    invoices.void(session, SYSTEM, own.id, "Wrong customer")
    session.flush()
    return order, charge


@pytest.mark.parametrize("paid", [True, False])
def test_an_order_is_not_called_off_while_a_supplementary_invoice_stands(session, paid):
    order, charge = billed_beside_a_voided_invoice(session)
    supplement = invoices.issue(session, SYSTEM, charge.invoice_id)
    if paid:
        payments.record(session, SYSTEM, supplement.id, PaymentEntry(method="ONLINE", amount="50.00"))
    before = str(supplement.status)
    with pytest.raises(settlements.InvoiceStands, match=f"{supplement.invoice_number} is {before}"):
        delivery_orders.cancel(session, SYSTEM, order.id, "Called off")
    assert (order.status, supplement.status, charge.status) == ("pending_invoice", before, "billed")


def test_the_charges_of_an_order_that_is_called_off_wait_to_be_waived(session):
    order, charge = billed_beside_a_voided_invoice(session)
    draft = session.get(RentalInvoice, charge.invoice_id)
    delivery_orders.cancel(session, SYSTEM, order.id, "Called off")
    session.flush()
    assert (order.status, draft.status) == ("cancelled", "voided")
    assert (charge.status, charge.invoice_id, charge.billed_at) == ("unbilled", None, None)
    charges.waive(session, SYSTEM, charge.id, "The order was called off")


def test_a_charge_is_billed_once(session):
    charge = make_charge(session)
    charges.bill(session, SYSTEM, [charge.id])
    session.flush()
    order = order_queries.find(session, SYSTEM, charge.delivery_order_id)
    with pytest.raises(InvalidTransition):
        charges.bill(session, SYSTEM, [charge.id])
    assert order_queries.find(session, SYSTEM, charge.delivery_order_id).amount == order.amount == 40000


def test_one_of_many_that_cannot_be_billed_stops_all(session):
    charge, waived = make_charge(session), make_charge(session)
    charges.waive(session, SYSTEM, waived.id, "Good customer")
    session.flush()
    for others in ([waived.id], [uuid4()]):
        with pytest.raises((InvalidTransition, NotFound)), session.begin_nested():
            charges.bill(session, SYSTEM, [charge.id, *others])
        session.expire_all()
        assert (charge.status, charge.billed_at) == ("unbilled", None)


# ---- waiving ---------------------------------------------------------------------------------------------


def test_a_waived_charge_says_why_and_is_gone_from_the_queue(session, clock):
    charge = make_charge(session)
    charges.waive(session, SYSTEM, charge.id, "Good customer")
    session.flush()
    assert (charge.status, charge.waive_reason, charge.waived_at) == ("waived", "Good customer", clock.now())
    with pytest.raises(InvalidTransition):
        charges.waive(session, SYSTEM, charge.id, "Again")
    assert charge.waive_reason == "Good customer"


def test_drivers_neither_bill_nor_waive(session):
    charge, driver = make_charge(session), make_actor(session, Role.DRIVER, make_driver(session).id)
    with pytest.raises(Forbidden):
        charges.bill(session, driver, [charge.id])
    with pytest.raises(Forbidden):
        charges.waive(session, driver, charge.id, "Because")
    assert [each.status for each in session.scalars(select(RentalCharge))] == ["unbilled"]
