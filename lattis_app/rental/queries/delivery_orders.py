"""Finding delivery orders. A driver sees own ones only; another's does not exist for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from lattis_app.attachments.queries.attachments import photos_of
from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import Money
from lattis_app.core.numbering import in_order
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.rental.models import (
    RentalBin,
    RentalBusiness,
    RentalDeliveryOrder,
    RentalDeliveryOrderLine,
    RentalDriver,
    RentalInvoice,
    RentalLorry,
)
from lattis_app.rental.rules.delivery_orders import PHOTOS_REQUIRED
from lattis_app.rental.schemas.delivery_orders import (
    DeliveryOrderFilters,
    DeliveryOrderOut,
    DeliveryOrderRow,
    InvoiceLink,
    LineOut,
    OwnFilters,
)
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.statuses import DeliveryOrderStatus, FulfilmentStatus, InvoiceStatus

KIND = "Delivery order"
D, N, DR, L = columns(RentalDeliveryOrder), columns(RentalBin), columns(RentalDriver), columns(RentalLorry)
LINE, I = columns(RentalDeliveryOrderLine), columns(RentalInvoice)  # noqa: E741 — one letter per table
OFFICIAL = D.status.not_in((DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED))
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "number": in_order(D.system_do_number),
    "service_on": D.service_on,
    "amount": D.amount_minor,
    "created_at": D.created_at,
    "company_name": D.company_name,
}
TIES = (D.system_do_number, D.created_at, D.id)
"""The number; what has none yet comes after every number, by when it was made."""
OWED = (
    select(I.total_minor - I.paid_minor)
    .where(
        I.delivery_order_id == D.id,
        I.status.not_in((InvoiceStatus.DRAFT, InvoiceStatus.VOIDED)),
        ~I.supplementary,
    )
    .scalar_subquery()
)
DRAFTED_RATE = (
    select(I.tax_rate)
    .where(
        I.delivery_order_id == D.id,
        I.status == InvoiceStatus.DRAFT,
        ~I.supplementary,
        D.collected_minor > 0,
    )
    .scalar_subquery()
)
RATE = func.coalesce(DRAFTED_RATE, select(columns(RentalBusiness).sst_rate).scalar_subquery(), 0)
TO_PAY = case(
    (D.status == DeliveryOrderStatus.CANCELLED, 0),
    else_=func.coalesce(OWED, D.amount_minor + func.round(D.amount_minor * RATE) - D.collected_minor),
)
"""What the invoice leaves open or, before it, what it will come to with tax; PostgreSQL rounds half away from zero."""
FULL = RentalDeliveryOrder.__table__.alias("full_order")  # type: ignore[attr-defined]  # a table
TAKEN_BACK = (
    select(N.serial_number)
    .join_from(FULL, RentalBin, FULL.c.bin_id == N.id)
    .where(FULL.c.id == D.exchange_of_id)
    .correlate(RentalDeliveryOrder)
    .scalar_subquery()
)
"""The full bin that an exchange takes back."""
IN_LISTS = (
    D.id,
    D.system_do_number,
    D.do_book_number,
    D.status,
    D.fulfilment_status,
    D.customer_id,
    D.company_name,
    D.driver_id,
    DR.name.label("driver_name"),
    D.lorry_id,
    L.registration_no.label("lorry_registration_no"),
    D.bin_id.label("inventory_bin_id"),
    N.serial_number.label("bin_serial_number"),
    D.exchange_of_id,
    TAKEN_BACK.label("exchanged_serial_number"),
    D.h_ft,
    D.l_ft,
    D.w_ft,
    D.payment_method,
    D.amount_minor.label("amount"),
    D.collected_minor.label("collected"),
    TO_PAY.cast(BigInteger).label("to_pay"),
    D.currency,
    D.site_address,
    D.area,
    D.phone,
    D.scheduled_at,
    D.service_on,
    D.expected_return_on,
    D.created_at,
    D.updated_at,
)
ALONE = (
    D.booking_id,
    D.do_by_name,
    D.po_number,
    D.state,
    D.weight_kg,
    D.introducer_name,
    D.notes,
    D.issued_at,
    D.started_at,
    D.delivered_at,
    D.received_by,
    D.signature_id,
    D.collected_at,
    D.done_at,
    D.failed_at,
    D.failure_reason,
    D.cancelled_at,
    D.cancel_reason,
)
NAMED = (
    RentalDeliveryOrder.__table__.outerjoin(RentalBin.__table__, D.bin_id == N.id)  # type: ignore[attr-defined]  # tables
    .outerjoin(RentalDriver.__table__, D.driver_id == DR.id)  # type: ignore[attr-defined]  # tables
    .outerjoin(RentalLorry.__table__, D.lorry_id == L.id)  # type: ignore[attr-defined]  # tables
)
"""Outer joins on primary keys: PostgreSQL follows them for the shown rows only and drops them when counting."""
LISTED = select(*IN_LISTS).select_from(NAMED)
STANDING = RentalInvoice.__table__.alias("standing")  # type: ignore[attr-defined]  # a table
LINK = {
    "id": STANDING.c.id,
    "invoice_number": STANDING.c.invoice_number,
    "status": STANDING.c.status,
    "total": STANDING.c.total_minor,
    "paid": STANDING.c.paid_minor,
}
ONE = (
    select(
        *IN_LISTS,
        *ALONE,
        photos_of("DO", D.id).label("photo_count"),
        *(column.label(f"invoice_{name}") for name, column in LINK.items()),
    )
    .select_from(
        NAMED.outerjoin(
            STANDING,
            (STANDING.c.delivery_order_id == D.id)
            & (STANDING.c.status != InvoiceStatus.VOIDED)
            & ~STANDING.c.supplementary,
        )
    )
    .where(D.id == bindparam("id"))
)
LINES = (
    select(
        LINE.id,
        LINE.position,
        LINE.waste_item_id,
        LINE.description,
        LINE.quantity,
        LINE.unit,
        LINE.price_minor.label("price"),
        LINE.amount_minor.label("amount"),
    )
    .where(LINE.delivery_order_id == bindparam("id"))
    .order_by(LINE.position)
)


def mine(actor: Actor) -> ColumnElement[bool] | None:
    """What limits this actor to own orders; None for those who see all."""
    if actor.role != Role.DRIVER:
        return None
    return false() if actor.subject_id is None else D.driver_id == actor.subject_id


@requires(Permission.RENTAL_DELIVERY_ORDERS_READ)
def page(
    session: Session, actor: Actor, filters: DeliveryOrderFilters, request: PageRequest
) -> Page[DeliveryOrderRow]:
    """List delivery orders, the latest service day first and in it the highest number, drafts before numbers.

    Sorts: number, service_on, amount, created_at, company_name.
    """
    statement = _scoped(_filtered(LISTED, filters), actor)
    ordered = sorted_by(statement, request.sort, SORTS, "-service_on", *TIES)
    return paginate(session, ordered, request, RentalDeliveryOrder).map(_row)


@requires(Permission.RENTAL_DELIVERY_ORDERS_READ)
def summarise(session: Session, actor: Actor, filters: DeliveryOrderFilters) -> Money:
    """What the orders that match are worth together; cancelled ones are worth nothing."""
    statement = _scoped(_filtered(select(func.coalesce(func.sum(D.amount_minor), 0)), filters), actor)
    total = session.scalar(statement.where(D.status != DeliveryOrderStatus.CANCELLED))
    return Money(int(total or 0))


@requires(Permission.RENTAL_OWN_DAY_READ)
def own(session: Session, actor: Actor, filters: OwnFilters, request: PageRequest) -> Page[DeliveryOrderRow]:
    """List the driver's own official orders, earliest first; `status` is the driver's side of it."""
    statement = _scoped(LISTED.where(OFFICIAL, D.driver_id.is_not(None)), actor)
    if filters.status:
        statement = statement.where(D.fulfilment_status.in_(filters.status))
    statement = _between(statement, filters)
    ordered = sorted_by(
        statement, request.sort, SORTS | {"scheduled_at": D.scheduled_at}, "scheduled_at", *TIES
    )
    return paginate(session, ordered, request).map(_row)


@requires(Permission.RENTAL_DELIVERY_ORDERS_READ)
def find(session: Session, actor: Actor, delivery_order_id: UUID) -> DeliveryOrderOut:
    """One delivery order with its lines, photos and invoice, or NotFound."""
    row = session.execute(_scoped(ONE, actor), {"id": delivery_order_id}).one_or_none()
    if row is None:
        raise NotFound.record(KIND, delivery_order_id)
    values = _values(row)
    link = {name: values.pop(f"invoice_{name}") for name in LINK}
    return DeliveryOrderOut(
        **values,
        waste_items=lines_of(session, delivery_order_id),
        photos_required=PHOTOS_REQUIRED,
        invoice=InvoiceLink(**link) if link["id"] else None,
        history_url=f"/v1/audit?entity=rental_delivery_orders&entity_id={delivery_order_id}",
    )


def require_visible(session: Session, actor: Actor, delivery_order_id: UUID) -> None:
    """Raise NotFound unless the order exists and is the actor's to see."""
    statement = _scoped(select(D.id).where(D.id == delivery_order_id), actor)
    if session.execute(statement).one_or_none() is None:
        raise NotFound.record(KIND, delivery_order_id)


def lines_of(session: Session, delivery_order_id: UUID) -> list[LineOut]:
    """What an order charges, in order."""
    rows = session.execute(LINES, {"id": delivery_order_id})
    return [LineOut(**row._mapping) for row in rows]


def _row(row: Row[Any]) -> DeliveryOrderRow:
    return DeliveryOrderRow(**_values(row))


def _values(row: Row[Any]) -> dict[str, Any]:
    values = dict(row._mapping)
    size = {name: values.pop(name) for name in ("h_ft", "l_ft", "w_ft")}
    return values | {"bin_size": BinSize(**size)}


def _scoped(statement: Select[Any], actor: Actor) -> Select[Any]:
    limit = mine(actor)
    return statement if limit is None else statement.where(limit)


def _filtered(statement: Select[Any], filters: DeliveryOrderFilters) -> Select[Any]:
    for name in (
        "status",
        "fulfilment_status",
        "payment_method",
        "customer_id",
        "driver_id",
        "lorry_id",
        "bin_id",
    ):
        if wanted := getattr(filters, name):
            statement = statement.where(D[name] == wanted[0] if len(wanted) == 1 else D[name].in_(wanted))
    if filters.late is not None:
        statement = statement.where(_late() if filters.late else ~_late())
    if filters.q:
        statement = statement.where(
            or_(
                D.system_do_number.startswith(filters.q.upper(), autoescape=True),
                D.do_book_number.startswith(filters.q, autoescape=True),
                func.lower(D.company_name).startswith(filters.q.lower(), autoescape=True),
            )
        )
    return _between(statement, filters)


def _late() -> ColumnElement[bool]:
    with_customer = D.fulfilment_status == FulfilmentStatus.DELIVERED
    return OFFICIAL & with_customer & (D.expected_return_on < clock.today())


def _between(statement: Select[Any], filters: DeliveryOrderFilters | OwnFilters) -> Select[Any]:
    if filters.from_on is not None:
        statement = statement.where(D.service_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(D.service_on <= filters.to_on)
    return statement
