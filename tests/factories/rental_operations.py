"""Drivers, lorries, bins, waste items and bookings for tests: the defaults are the seed's."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import RentalBin, RentalBooking, RentalDriver, RentalLorry, RentalWasteItem
from lattis_app.rental.schemas.bins import BinEntry
from lattis_app.rental.schemas.bookings import BookingEntry
from lattis_app.rental.schemas.drivers import DriverEntry
from lattis_app.rental.schemas.lorries import LorryEntry
from lattis_app.rental.schemas.waste_items import WasteItemEntry
from lattis_app.rental.services import bins, bookings, drivers, lorries, waste_items
from tests.factories.rental import make_customer

_serial = count(1)
SEED_SIZE = {"h_ft": 4, "l_ft": 12, "w_ft": 6}
SEED_DRIVER = {
    "name": "Ahmad Rahman",
    "ic_number": "920815-14-5678",
    "phone": "012-3456789",
    "email": "ahmad@lattis.com",
    "address": "789 Jalan Klang, 50000 Kuala Lumpur",
    "status": "active",
}


def make_driver(session: Session, **overrides: Any) -> RentalDriver:
    """A driver who may sign in; every one has own papers and phone."""
    number = next(_serial)
    values = {"name": f"Driver {number}", "ic_number": f"90010114{number:04}", "phone": f"01770{number:05}"}
    driver = drivers.create(session, SYSTEM, DriverEntry.model_validate(values | overrides))
    session.flush()
    return driver


def make_lorry(session: Session, **overrides: Any) -> RentalLorry:
    """A lorry with no paper that could run out."""
    values = {"registration_no": f"WXY {next(_serial)}", "type": "Arm roll", "capacity_kg": 8000}
    lorry = lorries.create(session, SYSTEM, LorryEntry.model_validate(values | overrides))
    session.flush()
    return lorry


def make_bin(session: Session, **overrides: Any) -> RentalBin:
    """A free bin of the seed's size."""
    values = {
        "serial_number": f"ASR{next(_serial):05}",
        "size": SEED_SIZE,
        "area": "Klang Valley",
        "state": "Selangor",
    }
    added = bins.create(session, SYSTEM, BinEntry.model_validate(values | overrides))
    session.flush()
    return added


def make_waste_item(session: Session, **overrides: Any) -> RentalWasteItem:
    """A kind of waste."""
    values = {"name": f"Debris {next(_serial)}", "unit": "load", "price": "350.00"}
    item = waste_items.create(session, SYSTEM, WasteItemEntry.model_validate(values | overrides))
    session.flush()
    return item


def make_booking(session: Session, **overrides: Any) -> RentalBooking:
    """A pending booking of the seed's size."""
    if "customer_id" not in overrides:
        overrides["customer_id"] = make_customer(session).id
    values = {
        "requested_bin_size": SEED_SIZE,
        "area": "Klang Valley",
        "state": "Selangor",
        "scheduled_at": datetime(2026, 3, 17, 1, 0, tzinfo=UTC),
        "notes": "Construction site delivery",
    }
    booking = bookings.create(session, SYSTEM, BookingEntry.model_validate(values | overrides))
    session.flush()
    return booking
