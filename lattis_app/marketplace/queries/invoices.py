"""Finding weekly invoices: a seller's own, or everybody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    SQLColumnExpression,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import (
    MarketplaceInvoice,
    MarketplaceInvoiceItem,
    MarketplacePaymentClaim,
    MarketplaceSeller,
)
from lattis_app.marketplace.queries import sellers
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.invoices import (
    ClaimOut,
    InvoiceFilters,
    InvoiceItemOut,
    InvoiceOut,
    InvoiceRow,
    ListedInvoiceOut,
    MyInvoiceFilters,
)
from lattis_app.marketplace.statuses import ClaimStatus, Currency, InvoiceStatus
from lattis_app.parties.models import Party

I, S, P = columns(MarketplaceInvoice), columns(MarketplaceSeller), columns(Party)  # noqa: E741 — one letter per table
L, C = columns(MarketplaceInvoiceItem), columns(MarketplacePaymentClaim)
OPEN = I.status.in_((InvoiceStatus.PENDING, InvoiceStatus.OVERDUE))
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "week_start_date": I.week_starts_on,
    "due_date": I.due_on,
    "total_amount": I.total_minor,
    "invoice_number": I.invoice_number,
}


def _today() -> date:
    return clock.today(ZONE)


TODAY: BindParameter[date] = bindparam("today", callable_=_today, type_=Date)
CLAIMED = exists().where(C.invoice_id == I.id, C.status == ClaimStatus.CLAIMED)
LISTED: Select[Any] = (
    select(
        I.id,
        I.invoice_number,
        I.seller_id,
        S.store_name,
        P.contact_name.label("seller_name"),
        P.email.label("seller_email"),
        S.restricted_at.is_not(None).label("seller_restricted"),
        I.week_starts_on.label("week_start_date"),
        (I.week_starts_on + 6).label("week_end_date"),
        I.due_on.label("due_date"),
        case((OPEN, func.greatest(TODAY - I.due_on, 0)), else_=0).label("days_overdue"),
        case((OPEN, func.greatest(I.due_on - TODAY, 0)), else_=0).label("days_until_due"),
        I.status,
        I.base_currency,
        I.exchange_rate,
        I.total_minor.label("total_amount"),
        (I.platform_mkd_minor + I.affiliate_mkd_minor).label("total_amount_mkd"),
        (I.platform_eur_minor + I.affiliate_eur_minor).label("total_amount_eur"),
        I.order_count,
        I.paid_at,
        I.paid_by,
        I.payment_notes,
        CLAIMED.label("payment_claimed"),
        I.cancelled_at,
        I.cancel_reason,
        I.created_at,
        I.updated_at,
    )
    .join_from(MarketplaceInvoice, MarketplaceSeller, I.seller_id == S.id, isouter=True)
    .join(Party, S.party_id == P.id, isouter=True)
)
ONE = LISTED.add_columns(I.issuer, I.bill_to).where(I.id == bindparam("id"))
AMOUNTS = {
    "product_price": L.price_minor,
    "platform_fee": L.platform_fee_minor,
    "affiliate_fee": L.affiliate_fee_minor,
    "total_owed": L.platform_fee_minor + L.affiliate_fee_minor,
}


def _split(name: str, amount: SQLColumnExpression[Any], currency: Currency) -> SQLColumnExpression[Any]:
    """An amount in one currency; null when the order was in the other, or has no affiliate."""
    used = L.currency == currency
    if name == "affiliate_fee":
        used &= L.affiliate_fee_percent.is_not(None)
    return case((used, amount)).label(f"{name}_{currency.lower()}")


ITEMS = (
    select(
        L.invoice_id,
        L.id,
        L.order_id,
        L.order_number,
        L.delivered_at.label("delivery_date"),
        L.currency,
        L.platform_fee_percent,
        L.affiliate_fee_percent,
        *(amount.label(name) for name, amount in AMOUNTS.items()),
        *(_split(name, amount, currency) for name, amount in AMOUNTS.items() for currency in Currency),
    )
    .where(L.invoice_id == func.any(bindparam("ids")))
    .order_by(L.invoice_id, L.delivered_at, L.order_number)
)
CLAIMS = select(*C).where(C.invoice_id == bindparam("id")).order_by(C.created_at.desc(), C.id)


@requires(Permission.MARKETPLACE_OWN_INVOICES_READ)
def mine(
    session: Session, actor: Actor, filters: MyInvoiceFilters, request: PageRequest
) -> Page[ListedInvoiceOut]:
    """List one's own invoices with their orders, the latest week first.

    Sorts: week_start_date, due_date, total_amount, invoice_number.
    """
    seller_id = sellers.own_id(actor.subject_id)
    wanted = InvoiceFilters(**dict(filters), seller_id=seller_id)
    return _with_items(session, _listed(session, wanted, request))


@requires(Permission.MARKETPLACE_INVOICES_READ)
def of_seller(
    session: Session, actor: Actor, seller_id: UUID, filters: MyInvoiceFilters, request: PageRequest
) -> Page[ListedInvoiceOut]:
    """List a seller's invoices with their orders, the latest week first. NotFound for no such seller.

    Sorts: week_start_date, due_date, total_amount, invoice_number.
    """
    if session.get(MarketplaceSeller, seller_id) is None:
        raise NotFound.record("Seller", seller_id)
    wanted = InvoiceFilters(**dict(filters), seller_id=seller_id)
    return _with_items(session, _listed(session, wanted, request))


@requires(Permission.MARKETPLACE_INVOICES_READ)
def page(session: Session, actor: Actor, filters: InvoiceFilters, request: PageRequest) -> Page[InvoiceRow]:
    """List all invoices, the latest week first. Sorts: week_start_date, due_date, total_amount, invoice_number."""
    return _listed(session, filters, request)


@requires(Permission.MARKETPLACE_OWN_INVOICES_READ)
def rows_of_mine(
    session: Session, actor: Actor, filters: MyInvoiceFilters, request: PageRequest
) -> Page[InvoiceRow]:
    """List one's own invoices without their orders. Sorts: week_start_date, due_date, total_amount, invoice_number."""
    seller_id = sellers.own_id(actor.subject_id)
    return _listed(session, InvoiceFilters(**dict(filters), seller_id=seller_id), request)


@requires(Permission.MARKETPLACE_OWN_INVOICES_READ)
def find_mine(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceOut:
    """One of one's own invoices with its orders, or NotFound; so is another seller's."""
    return _found(session, invoice_id, I.seller_id == sellers.own_id(actor.subject_id))


@requires(Permission.MARKETPLACE_INVOICES_READ)
def find(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceOut:
    """One invoice with its orders, or NotFound."""
    return _found(session, invoice_id)


def _found(session: Session, invoice_id: UUID, *visible: ColumnElement[bool]) -> InvoiceOut:
    row = session.execute(ONE.where(*visible), {"id": invoice_id}).one_or_none()
    if row is None:
        raise NotFound.record("Invoice", invoice_id)
    claims = session.execute(CLAIMS, {"id": invoice_id})
    return InvoiceOut(
        **row._mapping,
        items=_items(session, [invoice_id])[invoice_id],
        claims=[ClaimOut.model_validate(claim) for claim in claims],
    )


def _listed(session: Session, filters: InvoiceFilters, request: PageRequest) -> Page[InvoiceRow]:
    statement = LISTED
    if filters.status:
        statement = statement.where(I.status.in_(filters.status))
    if filters.seller_id is not None:
        statement = statement.where(I.seller_id == filters.seller_id)
    if filters.claimed is not None:
        statement = statement.where(CLAIMED if filters.claimed else ~CLAIMED)
    if filters.q:
        number = I.invoice_number.startswith(filters.q.upper(), autoescape=True)
        statement = statement.where(or_(number, I.seller_id.in_(sellers.named(filters.q))))
    ordered = sorted_by(statement, request.sort, SORTS, "-week_start_date", I.invoice_number)
    found = paginate(session, ordered, request, MarketplaceInvoice)
    return found.map(lambda row: InvoiceRow(**row._mapping))


def _with_items(session: Session, found: Page[InvoiceRow]) -> Page[ListedInvoiceOut]:
    items = _items(session, [row.id for row in found.rows])
    return found.map(lambda row: ListedInvoiceOut(**dict(row), items=items[row.id]))


def _items(session: Session, invoice_ids: Sequence[UUID]) -> dict[UUID, list[InvoiceItemOut]]:
    items: dict[UUID, list[InvoiceItemOut]] = defaultdict(list)
    for row in session.execute(ITEMS, {"ids": list(invoice_ids)}) if invoice_ids else ():
        items[row.invoice_id].append(InvoiceItemOut(**row._mapping))
    return items
