"""Finding parcels, and those that would be settled now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, case, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.clock import start_of
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.courier.models import CourierMerchant, CourierMerchantInvoice, CourierParcel
from lattis_app.courier.queries.scopes import merchant_of, scoped
from lattis_app.courier.schemas.parcels import (
    EligibleFilters,
    ParcelFilters,
    ParcelOut,
    ParcelRow,
    ParcelSums,
)
from lattis_app.courier.statuses import FINAL, FinancialStatus, ParcelStatus
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.parties.models import Party

C, M, P = columns(CourierParcel), columns(CourierMerchant), columns(Party)
I = columns(CourierMerchantInvoice)  # noqa: E741 — one letter per table
CI = I.id.table.alias("clearance_invoice").c
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "created_at": C.created_at,
    "delivered_at": C.delivered_at,
}
DELIVERY = case((C.delivery_charge_applicable, C.total_charge_minor), else_=0)
RETURN = case((C.return_charge_applicable, C.return_charge_minor), else_=0)
NET = C.cod_collected_amount_minor - DELIVERY - RETURN
CLEARED = C.financial_status == FinancialStatus.CLEARANCE_PENDING
TO_SETTLE = C.financial_status.in_(
    (FinancialStatus.PENDING, FinancialStatus.CLEARANCE_PENDING)
) & C.status.in_(FINAL)
ELIGIBLE = TO_SETTLE & C.disputed_at.is_(None)
"""As `services.moves` says it in SQL."""
IN_LISTS = (
    C.id,
    C.tracking_number,
    C.merchant_id,
    P.name.label("merchant_name"),
    C.order_reference,
    C.recipient_name,
    C.partner,
    C.status,
    C.financial_status,
    C.currency,
    C.cod_amount_minor.label("cod_amount"),
    C.cod_collected_amount_minor.label("cod_collected_amount"),
    C.total_charge_minor.label("total_charge"),
    C.return_charge_minor.label("return_charge"),
    C.delivery_charge_applicable,
    C.return_charge_applicable,
    NET.label("net_payable"),
    C.delivered_at,
    C.invoice_id,
    I.invoice_no,
    C.paid_to_merchant,
    C.paid_to_merchant_at,
    C.paid_amount_minor.label("paid_amount"),
    C.clearance_required,
    C.clearance_done,
    C.clearance_invoice_id,
    CI.invoice_no.label("clearance_invoice_no"),
    C.clearance_amount_minor.label("clearance_amount"),
    C.disputed_at,
    C.created_at,
    C.updated_at,
)
ALONE = (
    C.recipient_phone,
    C.recipient_address,
    C.clearance_reason,
    C.remittance_id,
    C.remitted_amount_minor.label("remitted_amount"),
)


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.join_from(CourierParcel, CourierMerchant, C.merchant_id == M.id, isouter=True)
        .join(Party, M.party_id == P.id, isouter=True)
        .join(CourierMerchantInvoice, C.invoice_id == I.id, isouter=True)
        .join(CI.id.table, C.clearance_invoice_id == CI.id, isouter=True)
    )


LISTED = _joined(select(*IN_LISTS))
ONE = _joined(select(*IN_LISTS, *ALONE))


@requires(Permission.COURIER_PARCELS_READ)
def page(session: Session, actor: Actor, filters: ParcelFilters, request: PageRequest) -> Page[ParcelRow]:
    """List parcels, the newest first; a merchant sees its own. Sorts: created_at, delivered_at."""
    statement = _asked(LISTED, actor, filters)
    ties = (C.id,) if request.sort.endswith("created_at") else (C.created_at, C.id)
    ordered = sorted_by(statement, request.sort, SORTS, "-created_at", *ties)
    return paginate(session, ordered, request, CourierParcel).map(lambda row: ParcelRow(**row._mapping))


@requires(Permission.COURIER_PARCELS_READ)
def find(session: Session, actor: Actor, parcel_id: UUID) -> ParcelOut:
    """One parcel, or NotFound."""
    row = session.execute(scoped(ONE.where(C.id == parcel_id), actor, C.merchant_id)).one_or_none()
    if row is None:
        raise NotFound.record("Parcel", parcel_id)
    return ParcelOut(**row._mapping)


@requires(Permission.COURIER_PARCELS_READ)
def summarise(session: Session, actor: Actor, filters: ParcelFilters) -> ParcelSums:
    """What the parcels that match come to."""
    return _summed(session, _asked(_sums(), actor, filters))


@requires(Permission.COURIER_INVOICES_READ)
def eligible(
    session: Session, actor: Actor, filters: EligibleFilters, request: PageRequest
) -> Page[ParcelRow]:
    """List the parcels of one merchant that would be settled now, the first delivered first.

    Sorts: created_at, delivered_at.
    """
    statement = LISTED.where(*_eligible(actor, filters))
    ordered = sorted_by(statement, request.sort, SORTS, "delivered_at", C.created_at, C.id)
    return paginate(session, ordered, request, CourierParcel).map(lambda row: ParcelRow(**row._mapping))


@requires(Permission.COURIER_INVOICES_READ)
def sum_eligible(session: Session, actor: Actor, filters: EligibleFilters) -> ParcelSums:
    """What an invoice for the eligible parcels would come to, without what is carried forward."""
    return _summed(session, _sums().where(*_eligible(actor, filters)))


@requires(Permission.COURIER_INVOICES_MANAGE)
def eligible_ids(session: Session, actor: Actor, filters: EligibleFilters) -> list[UUID]:
    """The ids of the eligible parcels that match, for an invoice of some of them."""
    return list(session.scalars(select(C.id).where(*_eligible(actor, filters)).order_by(C.id)))


@requires(Permission.COURIER_PARCELS_READ)
def unknown(session: Session, actor: Actor, numbers: Sequence[str]) -> list[str]:
    """Which of these tracking numbers are none of the parcels that the actor may see."""
    statement = select(C.tracking_number).where(C.tracking_number.in_(numbers))
    known = set(session.scalars(scoped(statement, actor, C.merchant_id)))
    return [number for number in numbers if number not in known]


def _eligible(actor: Actor, filters: EligibleFilters) -> list[Any]:
    found = [C.merchant_id == merchant_of(actor, filters.merchant_id), ELIGIBLE]
    if filters.q:
        found.append(C.tracking_number.startswith(filters.q.upper(), autoescape=True))
    if filters.from_on is not None:
        found.append(C.delivered_at >= start_of(filters.from_on))
    if filters.to_on is not None:
        found.append(C.delivered_at < start_of(filters.to_on + timedelta(days=1)))
    return found


def _sums() -> Select[Any]:
    """New parcels count with all that they are worth, clearances with what they change."""
    new = ~C.clearance_required
    delivered = C.status.in_((ParcelStatus.DELIVERED, ParcelStatus.PARTIAL_DELIVERY))
    returned = C.status.in_((ParcelStatus.RETURNED, ParcelStatus.PAID_RETURN))

    def total(amount: SQLColumnExpression[Any], only: SQLColumnExpression[bool]) -> SQLColumnExpression[Any]:
        return func.coalesce(func.sum(amount).filter(only), 0)

    clearance = total(C.clearance_amount_minor, CLEARED)
    return select(
        func.count().filter(new).label("parcels"),
        func.count().filter(new & delivered).label("delivered"),
        func.count().filter(new & returned).label("returned"),
        func.count().filter(CLEARED).label("clearances"),
        total(C.cod_collected_amount_minor, new).label("cod_collected"),
        total(DELIVERY, new).label("delivery_charges"),
        total(RETURN, new).label("return_charges"),
        clearance.label("clearance"),
        (total(NET, new) + clearance).label("payable"),
    ).select_from(CourierParcel)


def _summed(session: Session, statement: Select[Any]) -> ParcelSums:
    row = session.execute(statement).one()
    return ParcelSums(**{name: int(value) for name, value in row._mapping.items()}, currency=DEFAULT_CURRENCY)


def _asked(statement: Select[Any], actor: Actor, filters: ParcelFilters) -> Select[Any]:
    """What is asked for of what an actor sees; order references are looked for among one merchant's parcels only."""
    of_one_merchant = actor.role == Role.MERCHANT or filters.merchant_id is not None
    return scoped(_filtered(statement, filters, of_one_merchant), actor, C.merchant_id)


def _filtered(statement: Select[Any], filters: ParcelFilters, of_one_merchant: bool) -> Select[Any]:
    if filters.status:
        statement = statement.where(C.status.in_(filters.status))
    if filters.financial_status:
        statement = statement.where(C.financial_status.in_(filters.financial_status))
    if filters.merchant_id is not None:
        statement = statement.where(C.merchant_id == filters.merchant_id)
    if filters.invoice_id is not None:
        statement = statement.where(
            or_(C.invoice_id == filters.invoice_id, C.clearance_invoice_id == filters.invoice_id)
        )
    if filters.tracking:
        statement = statement.where(C.tracking_number.in_(filters.tracking))
    if filters.eligible is not None:
        statement = statement.where(ELIGIBLE if filters.eligible else ~ELIGIBLE)
    if filters.disputed is not None:
        disputed = C.disputed_at.is_not(None)
        statement = statement.where(disputed if filters.disputed else ~disputed)
    if filters.clearance_required is not None:
        statement = statement.where(C.clearance_required == filters.clearance_required)
    if filters.from_on is not None:
        statement = statement.where(C.delivered_at >= start_of(filters.from_on))
    if filters.to_on is not None:
        statement = statement.where(C.delivered_at < start_of(filters.to_on + timedelta(days=1)))
    if filters.q:
        begun = C.tracking_number.startswith(filters.q.upper(), autoescape=True)
        statement = statement.where(begun | (C.order_reference == filters.q) if of_one_merchant else begun)
    return statement
