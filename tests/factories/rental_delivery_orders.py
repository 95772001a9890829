"""Delivery orders for tests, by default the seed's: customer, bin, driver and lorry come with it."""

import io
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from lattis_app.attachments.services import attachments
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.files import Upload
from lattis_app.rental.models import RentalBooking, RentalBusiness, RentalCustomer, RentalDeliveryOrder
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderEntry, StepEntry
from lattis_app.rental.services import delivery_order_photos, delivery_orders, fulfilments
from tests.factories.rental import make_customer
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry

SIZE = {"h_ft": 4, "l_ft": 12, "w_ft": 6}
SEED_ORDER: dict[str, Any] = {
    "do_by_name": "John Doe",
    "company_name": "ABC Construction",
    "phone": "+60123456789",
    "do_book_number": "AS-2025-00123",
    "bin_size": SIZE,
    "payment_method": "CASH",
    "amount": 350.00,
    "weight_kg": 1200,
    "waste_items": [
        {"description": "Construction debris", "quantity": 1, "unit": "load", "price": 350.00},
    ],
}
ROUTE = ("assigned", "started", "delivered", "collected", "done")


def order_payload(session: Session, **overrides: Any) -> dict[str, Any]:
    """The seed's request with the records it names; a lorry, driver and book number only when asked for."""
    payload = {key: value for key, value in SEED_ORDER.items() if key != "do_book_number"}
    given = {key: str(value) if isinstance(value, UUID) else value for key, value in overrides.items()}
    if "customer_id" not in given:
        given["customer_id"] = str(make_customer(session).id)
    if "inventory_bin_id" not in given:
        given["inventory_bin_id"] = str(make_bin(session).id)
    return {key: value for key, value in (payload | given).items() if value is not None}


def make_delivery_order(session: Session, actor: Actor = SYSTEM, **overrides: Any) -> RentalDeliveryOrder:
    """An issued delivery order with a driver and a lorry; `draft=True` and every field can be said."""
    if "driver_id" not in overrides:
        overrides["driver_id"] = make_driver(session).id
    if "lorry_id" not in overrides:
        overrides["lorry_id"] = make_lorry(session).id
    entry = DeliveryOrderEntry.model_validate(order_payload(session, **overrides))
    order = delivery_orders.create(session, actor, entry)
    session.flush()
    return order


def make_booking_at(session: Session, customer: RentalCustomer, status: str, **fields: Any) -> RentalBooking:
    """A customer's booking that stands at a status, with what was arranged for it."""
    booking = make_booking(session, customer_id=customer.id)
    for name, value in (fields | {"status": status}).items():
        setattr(booking, name, value)
    session.flush()
    return booking


def photo(name: str = "photo.jpg", shade: int = 90) -> Upload:
    """A small picture from a camera."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (shade % 256, 90, 60)).save(buffer, "JPEG")
    return Upload(name, buffer.getvalue())


def signature(kind: str = "PNG", size: tuple[int, int] = (600, 300), paper: str | None = "white") -> bytes:
    """A signature as the phone draws it: two strokes."""
    picture = Image.new("RGB", size, paper) if paper else Image.new("RGBA", size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.line((100, 60, 200, 160, 260, 80), fill="#11181c", width=6)
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def add_photos(session: Session, order: RentalDeliveryOrder, number: int = 3) -> None:
    """Photos on an order."""
    for shade in range(number):
        attachments.attach(session, SYSTEM, delivery_order_photos.TARGET, order.id, photo(shade=shade))
    session.flush()


def drive(session: Session, order: RentalDeliveryOrder, to: str) -> RentalDeliveryOrder:
    """Take an assigned order as far as this step of the driver's."""
    for status in ROUTE[ROUTE.index(order.fulfilment_status) + 1 : ROUTE.index(to) + 1]:
        if status == "delivered":
            add_photos(session, order)
        fulfilments.step(session, SYSTEM, order.id, StepEntry(status=status))
        session.flush()
    return order


def set_business(session: Session, **values: Any) -> RentalBusiness:
    """The business whose documents these are."""
    business = RentalBusiness(**({"name": "Lattis Bin Services Sdn Bhd"} | values))
    session.add(business)
    session.flush()
    return business
