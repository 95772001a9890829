"""One of every rental record, each where a request about it makes sense, and every request that changes one.

A new route of rental belongs into REQUESTS: then it is proved to refuse nonsense and to honour its key.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.schemas.bookings import AssignmentEntry
from lattis_app.rental.schemas.dispatch import HandingEntry, JobKind
from lattis_app.rental.schemas.hand_overs import HandOverEntry
from lattis_app.rental.schemas.invoices import CollectionEntry, CommissionApproval, PaymentEntry
from lattis_app.rental.schemas.refunds import RefundEntry
from lattis_app.rental.schemas.report_schedules import ReportScheduleEntry
from lattis_app.rental.schemas.transfers import RelocationPlan
from lattis_app.rental.services import (
    bookings,
    commissions,
    dispatching,
    hand_overs,
    invoices,
    lorry_trips,
    payments,
    refunds,
    relocations,
    report_schedules,
)
from tests.factories.rental import SEED_CUSTOMER, make_customer
from tests.factories.rental_delivery_orders import SEED_ORDER, drive, make_delivery_order, set_business
from tests.factories.rental_masters import (
    CARD,
    RENTABLE_LORRY,
    SEED_EXPENSE,
    make_charge,
    make_expense,
    make_price_card,
    make_reminder,
    make_rentable_lorry,
)
from tests.factories.rental_operations import (
    SEED_DRIVER,
    SEED_SIZE,
    make_bin,
    make_booking,
    make_driver,
    make_lorry,
    make_waste_item,
)

MOMENT = "2026-03-17T01:00:00Z"
SIZE = {"h_ft": 5, "l_ft": 10, "w_ft": 6}
PAPER = {"kind": "road_tax", "number": "RT-1", "expires_on": "2027-03-15"}
LINE = {"waste_item_id": "{waste_item}", "description": "Soil", "quantity": 1, "unit": "load", "price": 350}


SCHEDULE = {
    "report": "invoices-period-sales",
    "asked": {"granularity": "daily"},
    "frequency": "weekly",
    "period": "last_week",
    "hour": 8,
    "file_kind": "csv",
    "recipients": ["ada@example.com"],
}


@dataclass(frozen=True)
class Request:
    """A request that works in the world; `{name}` stands for the id of a record."""

    method: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    role: Role = Role.ADMIN

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


ORDER = SEED_ORDER | {
    "customer_id": "{customer}",
    "inventory_bin_id": "{free_bin}",
    "driver_id": "{driver}",
    "lorry_id": "{lorry}",
    "po_number": "PO-1",
    "introducer_name": "John Referrer",
    "waste_items": [LINE],
    "scheduled_at": MOMENT,
    "site_address": "456 Jalan Puchong",
    "area": "Klang Valley",
    "state": "Selangor",
    "notes": "Mind the gate",
}
BOOKING = {
    "requested_bin_size": SEED_SIZE,
    "scheduled_at": MOMENT,
    "area": "Klang Valley",
    "state": "Selangor",
    "site_address": "456 Jalan Puchong",
    "notes": "Mind the gate",
    "hire_days": 7,
}
TRIP = {"from_location": "Warehouse KL", "to_location": "ABC site", "departed_at": MOMENT, "notes": "Traffic"}
REASON = {"reason": "Called off by the customer"}
REFUND = {"target_type": "INVOICE", "target_id": "{refunded_invoice}", "reason": "Overcharge", "amount": 50}
PASSED_ON = {"driver_id": "{spare_driver}", "lorry_id": "{spare_lorry}", "from_driver_id": "{driver}"}
REQUESTS = (
    Request("POST", "/v1/customers", SEED_CUSTOMER | {"payment_terms_days": 30, "credit_limit": 5000, "notes": "A"}),
    Request("PATCH", "/v1/customers/{customer}", SEED_CUSTOMER | {"payment_terms_days": 14, "on_stop": False,
                                                                 "email_messages": False, "message_channel": "whatsapp"}),
    Request("POST", "/v1/customers/{double}/merge", {"into": "{customer}", "dry_run": False}),
    Request("POST", "/v1/drivers", SEED_DRIVER | {"jobs_per_day": 6}),
    Request("PATCH", "/v1/drivers/{driver}", {"name": "Ahmad", "email": "a@lattis.com", "jobs_per_day": 4}),
    Request("POST", "/v1/lorries", {"registration_no": "WXY 1", "type": "Crane", "capacity_kg": 8000,
                                    "status": "available", "documents": [PAPER], "notes": "New"}),
    Request("PATCH", "/v1/lorries/{lorry}", {"type": "Crane", "capacity_kg": 9000, "documents": [PAPER]}),
    Request("POST", "/v1/bins", {"serial_number": "NEW1", "size": SIZE, "area": "A", "state": "S", "notes": "N"}),
    Request("PATCH", "/v1/bins/{free_bin}", {"serial_number": "NEW2", "size": SIZE, "area": "A", "notes": "N"}),
    Request("POST", "/v1/bins/{ordered_bin}/movements", {"movement_type": "OUT", "related_do_id": "{order}",
                                                         "area": "A", "state": "S", "notes": "Delivered"}),
    Request("POST", "/v1/waste-items", {"name": "Soil", "unit": "load", "price": "350.00"}),
    Request("PATCH", "/v1/waste-items/{waste_item}", {"name": "Clay", "unit": "t", "price": 1, "active": False}),
    Request("POST", "/v1/price-cards", CARD | {"bin_size": SIZE, "waste_item_id": "{waste_item}"}),
    Request("PATCH", "/v1/price-cards/{price_card}", {"base_price": 400, "included_tonnes": 2.5, "active": False}),
    Request("POST", "/v1/rentable-lorries", RENTABLE_LORRY | {"registration_no": "NEW 1", "notes": "Call first"}),
    Request("PATCH", "/v1/rentable-lorries/{rentable_lorry}", {"owner_name": "Ali", "daily_rate": 1, "notes": "N"}),
    Request("POST", "/v1/delivery-orders/{delivered_order}/relocate", {"site_address": "9 Jalan Dua", "area": "A",
                                                                       "state": "S", "reason": "Next door"}),
    Request("POST", "/v1/delivery-orders/{delivered_order}/relocations", {
        "site_address": "9 Jalan Dua", "area": "A", "state": "S", "reason": "Next site", "scheduled_at": MOMENT}),
    Request("POST", "/v1/relocations/{relocation}/assign", PASSED_ON),
    Request("POST", "/v1/relocations/{relocation}/take-back", {"from_driver_id": "{driver}"}),
    Request("POST", "/v1/relocations/{relocation}/finish", role=Role.DRIVER),
    Request("POST", "/v1/relocations/{relocation}/cancel", REASON),
    Request("POST", "/v1/delivery-orders/{delivered_order}/exchange", {
        "inventory_bin_id": "{free_bin}", "amount": 350, "scheduled_at": MOMENT, "payment_method": "CASH",
        "driver_id": "{driver}", "lorry_id": "{lorry}", "waste_item_id": "{waste_item}",
        "introducer_name": "John Referrer"}),
    Request("POST", "/v1/collection-reminders/{reminder}/send"),
    Request("POST", "/v1/collection-reminders/{reminder}/cancel"),
    Request("POST", "/v1/charges/bill", {"charge_ids": ["{charge}"]}),
    Request("POST", "/v1/charges/{charge}/waive", REASON),
    Request("PATCH", "/v1/business", {"name": "Lattis", "email": "info@lattis.com", "sst_rate": 0.06,
                                      "failed_trip_fee": 80, "hire_days": 7, "email_invoices": False, "address": "Jalan Ampang"}),
    Request("POST", "/v1/bookings", BOOKING | {"customer_id": "{customer}"}),
    Request("PATCH", "/v1/bookings/{booking}", BOOKING),
    Request("POST", "/v1/bookings/{booking}/confirm"),
    Request("POST", "/v1/bookings/{booking}/cancel", REASON),
    Request("POST", "/v1/orders/{booking}/assign", {"driver_id": "{driver}", "lorry_id": "{lorry}"}),
    Request("POST", "/v1/orders/{assigned_booking}/pass-on", PASSED_ON),
    Request("POST", "/v1/orders/{assigned_booking}/take-back", {"from_driver_id": "{driver}"}),
    Request("POST", "/v1/delivery-orders/{order}/pass-on", PASSED_ON),
    Request("POST", "/v1/delivery-orders/{order}/take-back", {"from_driver_id": "{driver}"}),
    Request("POST", "/v1/delivery-orders", ORDER),
    Request("PATCH", "/v1/delivery-orders/{draft}", ORDER),
    Request("POST", "/v1/delivery-orders/{draft}/issue"),
    Request("POST", "/v1/delivery-orders/{order}/cancel", REASON),
    Request("PATCH", "/v1/delivery-orders/{order}/status", {"status": "started", "notes": "Left"}, Role.DRIVER),
    Request("PATCH", "/v1/delivery-orders/{order}/assign-lorry", {"lorry_id": "{lorry}"}, Role.DRIVER),
    Request("POST", "/v1/delivery-orders/{order}/collection-reminder", {"reminder_type": "same_day",
                                                                        "scheduled_date": MOMENT}),
    Request("POST", "/v1/delivery-orders/{order}/receipt", {"payment_method": "CASH", "amount": 100,
                                                            "reference": "On site"}, Role.DRIVER),
    Request("POST", "/v1/invoices/from-do/{order}", {"issue": True}),
    Request("PATCH", "/v1/invoices/{draft_invoice}", {"notes": "Thank you"}),
    Request("POST", "/v1/invoices/{draft_invoice}/issue"),
    Request("POST", "/v1/invoices/{invoice}/void", REASON),
    Request("POST", "/v1/invoices/{invoice}/payments", {"method": "ONLINE", "amount": 100, "reference": "TXN1"}),
    Request("POST", "/v1/commissions/{paid_order}/approve", {"amount": 50, "introducer_name": "John Referrer"}),
    Request("POST", "/v1/commissions/{commission}/pay", {"payment_method": "CASH", "reference": "For DO"}),
    Request("POST", "/v1/expenses", SEED_EXPENSE | {"payee": "Petron", "lorry_id": "{lorry}", "payment_method": "CASH"}),
    Request("PATCH", "/v1/expenses/{expense}", {"category": "other", "description": "Toll", "payee": "PLUS"}),
    Request("POST", "/v1/expenses/{expense}/void", REASON),
    Request("POST", "/v1/report-schedules", SCHEDULE),
    Request("PATCH", "/v1/report-schedules/{report_schedule}", {"hour": 7, "recipients": ["bob@example.com"]}),
    Request("POST", "/v1/report-schedules/{report_schedule}/send"),
    Request("DELETE", "/v1/report-schedules/{report_schedule}"),
    Request("POST", "/v1/refunds", REFUND),
    Request("POST", "/v1/refunds/{pending_refund}/approve"),
    Request("POST", "/v1/refunds/{pending_refund}/reject", REASON),
    Request("POST", "/v1/refunds/{approved_refund}/process", {"payment_method": "CASH", "reference": "R-1"}),
    Request("POST", "/v1/driver-cash/{cash_driver}/hand-overs", {"counted": 90, "expected": 100, "note": "Torn note"}),
    Request("POST", "/v1/hand-overs/{hand_over}/sign-off"),
    Request("POST", "/v1/hand-overs/{hand_over}/cancel", REASON),
    Request("POST", "/v1/me/hand-overs/{hand_over}/confirm", role=Role.DRIVER),
    Request("POST", "/v1/lorry-trips", TRIP | {"lorry_id": "{lorry}", "driver_id": "{driver}",
                                               "inventory_bin_id": "{free_bin}", "related_do_id": "{order}"}),
    Request("PATCH", "/v1/lorry-trips/{trip}", {"arrived_at": "2027-03-17T02:00:00Z", "notes": "Late"}),
)  # fmt: skip


def make_world(session: Session) -> dict[str, UUID]:
    """The ids that REQUESTS name."""
    set_business(session)
    driver, lorry, customer = make_driver(session), make_lorry(session), make_customer(session)
    common = {"customer_id": customer.id, "driver_id": driver.id, "lorry_id": lorry.id}
    order = make_delivery_order(session, **common)
    draft = make_delivery_order(session, draft=True, **common)
    drafted = invoices.make_from_order(session, SYSTEM, make_delivery_order(session, **common).id, False)
    issued = invoices.make_from_order(session, SYSTEM, make_delivery_order(session, **common).id)
    paid, approved = (_paid(session, common) for _ in range(2))
    commission = commissions.approve(session, SYSTEM, approved, CommissionApproval(amount=50))
    trip = lorry_trips.open_for(session, SYSTEM, make_delivery_order(session, **common), clock.now())
    collected = drive(session, make_delivery_order(session, **common), "collected")
    session.flush()
    return (
        _refunds(session, common)
        | _cash(session, common)
        | {
            "customer": customer.id,
            "double": make_customer(session, phone="012-3456999").id,
            "driver": driver.id,
            "lorry": lorry.id,
            "free_bin": make_bin(session).id,
            "ordered_bin": order.bin_id,
            "waste_item": make_waste_item(session).id,
            "spare_driver": make_driver(session).id,
            "spare_lorry": make_lorry(session).id,
            "assigned_booking": _assigned(session, common),
            "booking": make_booking(session, customer_id=customer.id).id,
            "order": order.id,
            "draft": draft.id,
            "collected_order": collected.id,
            "delivered_order": drive(session, make_delivery_order(session, **common), "delivered").id,
            "relocation": _relocation(session, common),
            "draft_invoice": drafted.id,
            "invoice": issued.id,
            "paid_order": paid,
            "commission": commission.id,
            "trip": trip.id,
            "expense": make_expense(session).id,
            "reminder": make_reminder(session, order).id,
            "price_card": make_price_card(session).id,
            "rentable_lorry": make_rentable_lorry(session).id,
            "report_schedule": _schedule(session),
            "charge": make_charge(session, **common).id,
        }
    )


def _assigned(session: Session, common: dict[str, Any]) -> UUID:
    """A booking of a later season, which leaves the bins of these days alone."""
    booking = make_booking(
        session, customer_id=common["customer_id"], scheduled_at=datetime(2026, 6, 16, 1, 0, tzinfo=UTC)
    )
    crew = AssignmentEntry(driver_id=common["driver_id"], lorry_id=common["lorry_id"])
    return bookings.assign(session, SYSTEM, booking.id, crew).id


def _relocation(session: Session, common: dict[str, Any]) -> UUID:
    """A move that the driver has, on a day of its own."""
    order = drive(session, make_delivery_order(session, **common), "delivered")
    entry = RelocationPlan(site_address="7 Jalan Tiga", scheduled_at=datetime(2026, 5, 12, 1, 0, tzinfo=UTC))
    planned = relocations.plan(session, SYSTEM, order.id, entry)
    session.flush()
    crew = HandingEntry(driver_id=common["driver_id"], lorry_id=common["lorry_id"])
    dispatching.give(session, SYSTEM, JobKind.RELOCATION, planned.id, crew)
    return planned.id


def _paid(session: Session, common: dict[str, Any]) -> UUID:
    order = make_delivery_order(session, introducer_name="John Referrer", **common)
    invoice = invoices.make_from_order(session, SYSTEM, order.id)
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="CASH", amount="350.00"))
    return order.id


def _schedule(session: Session) -> UUID:
    made = report_schedules.create(session, SYSTEM, ReportScheduleEntry.model_validate(SCHEDULE))
    session.flush()
    return made.id


def _refunds(session: Session, common: dict[str, Any]) -> dict[str, UUID]:
    invoice = invoices.make_from_order(session, SYSTEM, make_delivery_order(session, **common).id)
    session.flush()
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="CASH", amount="350.00"))
    entry = RefundEntry(target_type="INVOICE", target_id=invoice.id, reason="Overcharge", amount=10)
    pending, approved = (refunds.request(session, SYSTEM, entry) for _ in range(2))
    session.flush()
    refunds.approve(session, SYSTEM, approved.id)
    return {"refunded_invoice": invoice.id, "pending_refund": pending.id, "approved_refund": approved.id}


def _cash(session: Session, common: dict[str, Any]) -> dict[str, UUID]:
    """Two drivers who took 100.00 in cash, of whom the world's own has handed it over."""
    cash_driver = make_driver(session)
    for given in (common, common | {"driver_id": cash_driver.id}):
        entry = CollectionEntry(payment_method="CASH", amount=100)
        payments.collect(session, SYSTEM, make_delivery_order(session, **given).id, entry)
        session.flush()
    counted = hand_overs.count(session, SYSTEM, common["driver_id"], HandOverEntry(counted=100))
    return {"cash_driver": cash_driver.id, "hand_over": counted.id}


def filled(template: Any, world: dict[str, UUID]) -> Any:
    """A path or body with the world's ids in place of their names."""
    match template:
        case dict():
            return {name: filled(value, world) for name, value in template.items()}
        case list():
            return [filled(value, world) for value in template]
        case str() if "{" in template:
            return template.format_map({name: str(value) for name, value in world.items()})
        case _:
            return template
