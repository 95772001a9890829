"""Delivery orders as the pages show them: text, tones and the steps that are allowed. No State, no components."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lattis_app.attachments.queries import attachments
from lattis_app.attachments.schemas.attachments import AttachmentOut
from lattis_app.audit.queries import entries
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.normal import spaced_phone
from lattis_app.core.pagination import PageRequest
from lattis_app.rental.documents.wording import in_words, payment_method
from lattis_app.rental.queries import collection_reminders, delivery_orders, payments, relocations
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderOut, DeliveryOrderRow, LineOut, ReminderOut
from lattis_app.rental.schemas.invoices import PaymentFilters, PaymentOut
from lattis_app.rental.schemas.transfers import RelocationOut
from lattis_app.rental.statuses import (
    DELIVERY_ORDER_LIFECYCLE,
    FULFILMENT_LIFECYCLE,
    DeliveryOrderStatus,
    FulfilmentStatus,
    PaymentMethod,
)
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.histories import history_rows
from lattis_app.ui.list_requests import Filter
from lattis_app.ui.records import HistoryRow, PhotoRow, Step, lifecycle_steps
from lattis_app.ui.theme import Tone

D, F = DeliveryOrderStatus, FulfilmentStatus
STATUS: dict[DeliveryOrderStatus, tuple[str, Tone]] = {
    D.DRAFT: ("Draft", "neutral"),
    D.ISSUED: ("Issued", "info"),
    D.PENDING_INVOICE: ("Pending invoice", "warn"),
    D.INVOICED_LINKED: (in_words(D.INVOICED_LINKED), "ok"),
    D.CLOSED: ("Closed", "neutral"),
    D.CANCELLED: ("Cancelled", "bad"),
}
ROAD: dict[FulfilmentStatus, tuple[str, Tone]] = {
    F.ASSIGNED: (in_words(F.ASSIGNED), "neutral"),
    F.STARTED: (in_words(F.STARTED), "info"),
    F.DELIVERED: (in_words(F.DELIVERED), "warn"),
    F.COLLECTED: ("Collected", "info"),
    F.DONE: ("Done", "ok"),
    F.FAILED: ("Failed", "bad"),
}
NEXT_ON_THE_ROAD = {F.ASSIGNED: "start", F.STARTED: "deliver", F.DELIVERED: "collect", F.COLLECTED: "finish"}
OFFICIAL = (D.ISSUED, D.PENDING_INVOICE, D.INVOICED_LINKED)
METHODS = tuple((str(method), payment_method(method)) for method in PaymentMethod)


def choices(table: Mapping[Any, tuple[str, Tone]]) -> tuple[tuple[str, str], ...]:
    """Statuses as a filter offers them."""
    return tuple((str(status), word) for status, (word, _) in table.items())


LIST = ListSpec(
    "delivery-orders",
    (
        Column("number", "Number", sortable=True, note="book"),
        Column("company_name", "Customer", sortable=True, note="site"),
        Column("bin", "Bin", priority=2, note="driver"),
        Column("service_on", "Day", "date", sortable=True, priority=2),
        Column("road", "Delivery", "badge", priority=3),
        Column("status", "Status", "badge"),
        Column("amount", "Amount (RM)", "money", sortable=True),
        Column("payment", "Payment", hidden_by_default=True),
        Column("lorry", "Lorry", hidden_by_default=True),
    ),
    filters=(
        Filter("status", "Status", options=choices(STATUS), several=True),
        Filter("fulfilment_status", "Delivery", options=choices(ROAD), several=True),
        Filter("driver_id", "Driver", several=True),
        Filter("payment_method", "Payment", options=METHODS, several=True),
        Filter("customer_id", "Customer"),
        Filter("bin_id", "Bin"),
        Filter("lorry_id", "Lorry"),
        Filter("late", "Bin is overdue", options=(("true", "Yes"), ("false", "No"))),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(
        ("Waiting for invoice", "status=issued,pending_invoice"),
        ("Bins to collect", "fulfilment_status=delivered"),
        ("Overdue bins", "late=true"),
        ("On the road", "fulfilment_status=started"),
        ("Failed trips", "fulfilment_status=failed"),
    ),
    search="Number, book number or customer",
    export="/v1/delivery-orders",
)
LABELS = {
    "system_do_number": "Number",
    "do_book_number": "Book number",
    "weight_kg": "Weight (kg)",
    "bin_id": "Bin",
    "collected_minor": "Collected by driver",
    "invoiced_linked": "Invoiced",
    "received_by": "Received by",
}


@dataclass(frozen=True)
class Record:
    """One delivery order with all its tabs, ready for display."""

    facts: dict[str, str]
    details: list[dict[str, str]]
    steps: list[Step]
    road: list[Step]
    allowed: list[str]
    lines: list[dict[str, str]]
    photos: list[PhotoRow]
    papers: list[dict[str, str]]
    payments: list[dict[str, str]]
    reminders: list[dict[str, str]]
    events: list[HistoryRow]


def read(session: Any, actor: Actor, delivery_order_id: UUID) -> Record:
    """Everything the record beside the list shows. Raises NotFound."""
    order = delivery_orders.find(session, actor, delivery_order_id)
    kept = attachments.list_for(session, actor, "DO", order.id)
    planned = relocations.planned_for(session, actor, order.id)
    taken = payments.page(session, actor, PaymentFilters(delivery_order_id=order.id), PageRequest(limit=100))
    return Record(
        facts=facts(order) | signature(order, kept) | {"move_id": str(planned.id) if planned else ""},
        details=details(order) + moves(planned),
        steps=steps(order),
        road=[Step(label=ROAD[F(key)][0], state=state) for key, state in _road(order)],
        allowed=allowed(order),
        lines=charges(order),
        photos=[photo(each) for each in kept if each.is_photo],
        papers=[paper(each) for each in kept if not each.thumbnail_url],
        payments=[payment(each) for each in taken.rows],
        reminders=[reminder(each) for each in collection_reminders.list_for(session, actor, order.id)],
        events=history_rows(entries.history_of(session, actor, "rental_delivery_orders", order.id), LABELS),
    )


def row(order: DeliveryOrderRow) -> dict[str, str]:
    """One line of the list."""
    status, road = STATUS[order.status], ROAD[order.fulfilment_status]
    return {
        "id": str(order.id),
        "number": order.system_do_number or say("Draft"),
        "book": order.do_book_number or "",
        "company_name": order.company_name,
        "site": order.area or order.site_address,
        "bin": order.bin_serial_number,
        "driver": order.driver_name or say("Nobody yet"),
        "lorry": order.lorry_registration_no or "–",
        "service_on": moments.day(order.service_on),
        "status": status[0],
        "status_tone": status[1],
        "road": road[0],
        "road_tone": road[1],
        "amount": Money(order.amount, order.currency).figures(),
        "payment": say(payment_method(order.payment_method)),
    }


def facts(order: DeliveryOrderOut) -> dict[str, str]:
    """The order as label and value."""
    invoice = order.invoice
    return row(order) | {
        "is_draft": "true" if order.status is D.DRAFT else "",
        "is_delivered": "true" if order.delivered_at else "",
        "stopped": order.failure_reason or order.cancel_reason,
        "notes": order.notes,
        "to_pay": Money(order.to_pay, order.currency).text(),
        "total": Money(order.amount, order.currency).text(),
        "photos": say(
            "{count} of at least {least} photos", count=order.photo_count, least=order.photos_required
        ),
        "invoice": (invoice.invoice_number or say("Without a number")) if invoice else say("None yet"),
        "invoice_href": f"/rental/invoices?open={invoice.id}" if invoice else "",
        "invoice_status": words(invoice.status) if invoice else "",
        "invoice_total": Money(invoice.total, order.currency).text() if invoice else "–",
        "invoice_paid": Money(invoice.paid, order.currency).text() if invoice else "–",
        "finished": "true" if order.fulfilment_status in (F.DONE, F.FAILED) else "",
    }


def details(order: DeliveryOrderOut) -> list[dict[str, str]]:
    """What is known about the order, as label and value; what is not known is left out."""
    known = {
        "Customer": order.company_name,
        "Site": place(order.site_address, order.area, order.state),
        "Ordered by": " · ".join(each for each in (order.do_by_name, spaced_phone(order.phone)) if each)
        if order.do_by_name
        else "",
        "Phone on site": "" if order.do_by_name else spaced_phone(order.phone),
        "Book number": order.do_book_number,
        say("Customer PO"): order.po_number,
        "Bin": f"{order.bin_serial_number} · {order.bin_size.text}",
        "Takes back": order.exchanged_serial_number or "",
        "Driver · lorry": " · ".join(
            each for each in (order.driver_name, order.lorry_registration_no) if each
        ),
        "Scheduled": moments.moment(order.scheduled_at),
        "Delivered": moments.moment(order.delivered_at) if order.delivered_at else "",
        "Received by": order.received_by,
        "Collected": moments.moment(order.collected_at) if order.collected_at else "",
        say("Back by"): "" if order.collected_at else moments.day(order.expected_return_on),
        "Weight": f"{order.weight_kg:,} kg" if order.weight_kg is not None else say("Not weighed"),
        "Payment": say(payment_method(order.payment_method)),
        "Introducer": order.introducer_name,
    }
    opens = {
        "Customer": f"/rental/customers?open={order.customer_id}",
        "Bin": f"/rental/bins?open={order.inventory_bin_id}",
        "Takes back": f"/rental/delivery-orders?open={order.exchange_of_id}",
        "Driver · lorry": f"/rental/drivers?open={order.driver_id}" if order.driver_id else "",
    }
    return [
        {"label": say(label), "value": value, "href": opens.get(label, "")}
        for label, value in known.items()
        if value
    ]


def moves(planned: RelocationOut | None) -> list[dict[str, str]]:
    """When the bin is to be moved, where to and by whom, beside the board that gives the job."""
    if planned is None:
        return []
    who = planned.driver_name or say("Nobody yet")
    said = " · ".join((moments.moment(planned.scheduled_at), place(planned.site_address, planned.area), who))
    href = f"/rental/assignment?day={planned.scheduled_on}"
    return [{"label": say("Move planned"), "value": said, "href": href}]


def place(*parts: str) -> str:
    """An address with area and state, each said once."""
    said = ""
    for part in parts:
        if part and part.lower() not in said.lower():
            said = f"{said}, {part}" if said else part
    return said


def charges(order: DeliveryOrderOut) -> list[dict[str, str]]:
    """What the order charges, and what the driver has taken of it."""
    rows = [line(each) for each in order.waste_items]
    if not any(each.amount for each in order.waste_items):
        hire = {"text": say("Bin rental {size}", size=order.bin_size.text), "quantity": say("1 bin")}
        rows.append(hire | {"amount": Money(order.amount).figures()})
    if order.collected:
        taken = {
            "text": say("Collected by driver"),
            "quantity": "",
            "amount": Money(-order.collected).figures(),
        }
        rows.append(taken)
    return rows


def steps(order: DeliveryOrderOut) -> list[Step]:
    """Where the order stands commercially; a draft stands before the first step."""
    path = [STATUS[D(step)][0] for step in DELIVERY_ORDER_LIFECYCLE.happy_path]
    if order.status is D.DRAFT:
        return [Step(label="Draft", state="current"), *[Step(label=each, state="todo") for each in path]]
    drawn = lifecycle_steps(DELIVERY_ORDER_LIFECYCLE, order.status)
    if len(drawn) != len(path):
        return drawn
    return [Step(label=label, state=step["state"]) for label, step in zip(path, drawn, strict=True)]


def _road(order: DeliveryOrderOut) -> list[tuple[str, str]]:
    path = list(FULFILMENT_LIFECYCLE.happy_path)
    drawn = lifecycle_steps(FULFILMENT_LIFECYCLE, order.fulfilment_status)
    keys = path if len(drawn) == len(path) else [path[0], F.FAILED]
    return [(key, step["state"]) for key, step in zip(keys, drawn, strict=True)]


def allowed(order: DeliveryOrderOut) -> list[str]:
    """The names of the next steps that may be taken now."""
    if order.status is D.DRAFT:
        return ["issue", "edit", "cancel"]
    if order.status not in OFFICIAL:
        return ["correct"] if order.status is D.CLOSED else []
    named = ["details"]
    if order.status is not D.INVOICED_LINKED:
        named.append("invoice")
        if not order.collected and order.fulfilment_status is not F.DELIVERED:
            named.append("cancel")
    if step := NEXT_ON_THE_ROAD.get(order.fulfilment_status):
        named.append(step)
    if order.fulfilment_status in (F.ASSIGNED, F.STARTED):
        named.append("fail")
    if order.fulfilment_status in (F.ASSIGNED, F.STARTED, F.DELIVERED):
        named.append("remind")
    if order.fulfilment_status is F.DELIVERED:
        named.append("transfer")
    return named


def line(each: LineOut) -> dict[str, str]:
    """One charged line."""
    quantity = f"{each.quantity.normalize():f} {each.unit}".strip()
    return {"text": each.description, "quantity": quantity, "amount": Money(each.amount).figures()}


def photo(kept: AttachmentOut) -> PhotoRow:
    """One photo, with when it was taken or came."""
    when = moments.moment(kept.taken_at or kept.created_at)
    return PhotoRow(small=kept.thumbnail_url or "", large=kept.url, caption=when)


def signature(order: DeliveryOrderOut, kept: Sequence[AttachmentOut]) -> dict[str, str]:
    """Where the receiver's signature is and what to say under it; nothing when nobody signed."""
    signed = next((each for each in kept if each.id == order.signature_id), None)
    if signed is None:
        return {"signature": "", "signed": ""}
    when = moments.moment(signed.taken_at or signed.created_at)
    return {
        "signature": signed.url,
        "signed": say("Signed by {name}, {moment}", name=order.received_by, moment=when),
    }


def paper(kept: AttachmentOut) -> dict[str, str]:
    """One document."""
    return {"name": kept.file_name, "note": f"{kept.size_bytes // 1024 + 1} KB", "href": kept.url}


def payment(taken: PaymentOut) -> dict[str, str]:
    """One payment."""
    return {
        "id": str(taken.id),
        "receipt": taken.receipt_number,
        "receipt_href": f"/rental/payments?open={taken.id}",
        "method": say(payment_method(taken.method)),
        "when": moments.moment(taken.received_at),
        "by": taken.driver_name or taken.received_by,
        "amount": Money(taken.amount, taken.currency).figures(),
    }


def reminder(each: ReminderOut) -> dict[str, str]:
    """One reminder to collect the bin."""
    tones: Mapping[str, Tone] = {"scheduled": "info", "sent": "ok", "cancelled": "neutral"}
    return {
        "when": moments.moment(each.scheduled_at),
        "status": words(each.status),
        "status_tone": tones[each.status],
    }
