"""Expenses, price cards, rentable lorries and charges for tests."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import (
    RentalCharge,
    RentalCollectionReminder,
    RentalDeliveryOrder,
    RentalExpense,
    RentalPriceCard,
    RentalRentableLorry,
)
from lattis_app.rental.schemas.delivery_orders import ReminderEntry
from lattis_app.rental.schemas.expenses import ExpenseEntry
from lattis_app.rental.schemas.price_cards import PriceCardEntry
from lattis_app.rental.schemas.rentable_lorries import RentableLorryEntry
from lattis_app.rental.services import collection_reminders, expenses, price_cards, rentable_lorries
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import SEED_SIZE, make_waste_item

_serial = count(1)
SEED_EXPENSE = {
    "category": "fuel",
    "description": "Fuel for lorry ABC123",
    "amount": 150.00,
    "expense_date": "2024-01-15",
    "receipt_url": "https://storage.example.com/receipts/fuel_001.pdf",
}
CARD = {
    "bin_size": SEED_SIZE,
    "base_price": 350.00,
    "included_days": 7,
    "included_tonnes": 2,
    "overrun_per_day": 25.00,
    "per_extra_tonne": 120.00,
    "failed_trip_fee": 90.00,
}
RENTABLE_LORRY = {
    "owner_name": "Pengangkutan Ali",
    "owner_phone": "012-3334444",
    "type": "Crane",
    "capacity_kg": 12000,
    "daily_rate": 650.00,
    "trip_rate": 180.00,
}


def make_expense(session: Session, **overrides: Any) -> RentalExpense:
    """Money spent, by default the seed's."""
    expense = expenses.create(session, SYSTEM, ExpenseEntry.model_validate(SEED_EXPENSE | overrides))
    session.flush()
    return expense


def make_price_card(session: Session, **overrides: Any) -> RentalPriceCard:
    """A card for the seed's size: 7 days and 2 t for 350.00, 25.00 a day and 120.00 a tonne beyond."""
    if "waste_item_id" not in overrides:
        overrides["waste_item_id"] = make_waste_item(session).id
    card = price_cards.create(session, SYSTEM, PriceCardEntry.model_validate(CARD | overrides))
    session.flush()
    return card


def make_rentable_lorry(session: Session, **overrides: Any) -> RentalRentableLorry:
    """Somebody else's lorry."""
    values = {"registration_no": f"JKL {next(_serial)}"} | RENTABLE_LORRY
    entry = RentableLorryEntry.model_validate(values | overrides)
    lorry = rentable_lorries.create(session, SYSTEM, entry)
    session.flush()
    return lorry


def order_on(session: Session, card: RentalPriceCard, **overrides: Any) -> RentalDeliveryOrder:
    """An issued order of what a card prices."""
    line = {"waste_item_id": str(card.waste_item_id), "quantity": 1, "price": 350}
    return make_delivery_order(session, **({"waste_items": [line], "weight_kg": 1200} | overrides))


def collected_after(
    session: Session, order: RentalDeliveryOrder, days: int, at: datetime | None = None
) -> list[RentalCharge]:
    """Deliver an order now and collect it so many days later; what it is charged beyond its terms."""
    drive(session, order, "delivered")
    with clock.freeze((at or clock.now()) + timedelta(days=days)):
        drive(session, order, "collected")
    return charges_of(session, order)


def charges_of(session: Session, order: RentalDeliveryOrder) -> list[RentalCharge]:
    """What an order is charged beyond its terms."""
    session.flush()
    found = session.scalars(select(RentalCharge).where(RentalCharge.delivery_order_id == order.id))  # type: ignore[arg-type]  # a column
    return sorted(found, key=lambda charge: charge.kind)


def make_reminder(session: Session, order: RentalDeliveryOrder, **overrides: Any) -> RentalCollectionReminder:
    """A reminder to collect an order's bin tomorrow."""
    values = {"reminder_type": "same_day", "scheduled_date": clock.now() + timedelta(days=1)}
    entry = ReminderEntry.model_validate(values | overrides)
    reminder = collection_reminders.schedule(session, SYSTEM, order.id, entry)
    session.flush()
    return reminder


def make_charge(session: Session, **overrides: Any) -> RentalCharge:
    """An order that was collected two days late: 50.00 wait for its invoice."""
    order = order_on(session, make_price_card(session), **overrides)
    (charge,) = collected_after(session, order, 9)
    return charge
