"""Delivery orders on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.attachments.queries import attachments
from lattis_app.attachments.schemas.attachments import AttachmentOut
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.checks import link
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.pdf import Addressee, Letterhead, Paper
from lattis_app.core.pdf_pictures import shrunk
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.documents import deliveries
from lattis_app.rental.documents import delivery_orders as documents
from lattis_app.rental.documents.deliveries import Photo, ProofOfDelivery, Receiver
from lattis_app.rental.documents.delivery_orders import DeliveryOrderDocument, WasteLine
from lattis_app.rental.models import RentalDeliveryOrder
from lattis_app.rental.queries import business, customers, delivery_orders
from lattis_app.rental.schemas.customers import CustomerOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderOut, LineOut

D = columns(RentalDeliveryOrder)


MOST_PHOTOS = 24


class NotDelivered(PreconditionFailed):
    """The bin has not come yet."""


@dataclass(frozen=True, slots=True)
class Printout:
    """A document ready for the printer."""

    file_name: str
    data: bytes


@requires(Permission.RENTAL_DELIVERY_ORDERS_READ)
def render(session: Session, actor: Actor, delivery_order_id: UUID, paper: Paper) -> Printout:
    """The delivery order as PDF, or NotFound."""
    order = delivery_orders.find(session, actor, delivery_order_id)
    customer = customers.find(session, SYSTEM, order.customer_id)
    token = session.execute(select(D.check_token).where(D.id == delivery_order_id)).scalar_one()
    document = _document(order, customer, _letterhead(session), link(token))
    number = order.system_do_number or "draft"
    return Printout(f"{number}.pdf", documents.render(document, paper))


@requires(Permission.RENTAL_DELIVERY_ORDERS_READ)
def proof(session: Session, actor: Actor, delivery_order_id: UUID) -> Printout:
    """The proof that an order was delivered, with its photographs, as PDF. Raises NotFound, NotDelivered."""
    order = delivery_orders.find(session, actor, delivery_order_id)
    if order.delivered_at is None:
        raise NotDelivered(
            f"The order is {order.fulfilment_status}: there is no delivery to prove",
            field="fulfilment_status",
            reason=f"is {order.fulfilment_status}",
        )
    customer = customers.find(session, SYSTEM, order.customer_id)
    token = session.execute(select(D.check_token).where(D.id == delivery_order_id)).scalar_one()
    files = attachments.list_for(session, SYSTEM, "DO", delivery_order_id)
    kept = [each for each in files if each.is_photo]
    document = ProofOfDelivery(
        business=_letterhead(session),
        customer=Addressee(order.company_name, "", customer.address, order.phone),
        number=order.system_do_number or "",
        delivered_at=order.delivered_at,
        bin_serial=order.bin_serial_number,
        bin_size=order.bin_size.text,
        driver_name=order.driver_name or "",
        lorry_registration=order.lorry_registration_no or "",
        site_address=order.site_address or customer.address,
        check_url=link(token),
        photos=tuple(_photo(session, each) for each in kept[:MOST_PHOTOS]),
        photos_in_all=len(kept),
        started_at=order.started_at,
        collected_at=order.collected_at,
        book_number=order.do_book_number or "",
        purchase_order_number=order.po_number,
        ordered_by=order.do_by_name,
        notes=order.notes,
        receiver=_receiver(session, order, files),
    )
    return Printout(f"{order.system_do_number}-proof.pdf", deliveries.render(document))


def _receiver(session: Session, order: DeliveryOrderOut, files: Sequence[AttachmentOut]) -> Receiver | None:
    if not order.received_by:
        return None
    signed = next((each for each in files if each.id == order.signature_id), None)
    if signed is None:
        return Receiver(order.received_by)
    return Receiver(order.received_by, _paper_size(session, signed), signed.taken_at or signed.created_at)


def _paper_size(session: Session, kept: AttachmentOut) -> bytes:
    try:
        return shrunk(attachments.content(session, SYSTEM, kept.id).data)
    except NotFound:
        return b""


def _photo(session: Session, kept: AttachmentOut) -> Photo:
    return Photo(_paper_size(session, kept), kept.taken_at or kept.created_at, kept.latitude, kept.longitude)


def _letterhead(session: Session) -> Letterhead:
    profile = business.find(session, SYSTEM)
    return Letterhead(
        name=profile.name,
        roc_number=profile.roc_number,
        sst_no=profile.sst_no,
        address=profile.address,
        email=profile.email,
        phone=profile.phone,
        time_zone=settings().business_timezone,
    )


def _document(
    order: DeliveryOrderOut, customer: CustomerOut, letterhead: Letterhead, check_url: str
) -> DeliveryOrderDocument:
    amount, collected = Money(order.amount, order.currency), Money(order.collected, order.currency)
    addressee = Addressee(order.company_name, "", customer.address, order.phone, "", customer.sst_no)
    return DeliveryOrderDocument(
        business=letterhead,
        customer=addressee,
        number=order.system_do_number or "",
        status=order.status,
        dated_at=order.issued_at or order.created_at,
        bin_serial=order.bin_serial_number,
        bin_size=order.bin_size.text,
        driver_name=order.driver_name or "",
        lorry_registration=order.lorry_registration_no or "",
        lines=tuple(_line(line, order.currency) for line in order.waste_items),
        total=amount,
        payment_method=order.payment_method,
        check_url=check_url,
        book_number=order.do_book_number or "",
        site_address=order.site_address,
        ordered_by=order.do_by_name,
        scheduled_at=order.scheduled_at,
        delivered_at=order.delivered_at,
        collected_at=order.collected_at,
        weight_kg=None if order.weight_kg is None else Decimal(order.weight_kg),
        photo_count=order.photo_count,
        collected=collected,
        to_collect=amount - collected if order.payment_method != "TERM" else None,
        notes=order.notes,
    )


def _line(line: LineOut, currency: str) -> WasteLine:
    price, amount = Money(line.price, currency), Money(line.amount, currency)
    return WasteLine(line.description, line.quantity, line.unit, price, amount)
