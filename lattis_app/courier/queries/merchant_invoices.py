"""Finding merchant invoices, their breakdown, and what to tell the bank."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, case, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.core.numbering import in_order
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.courier.models import CourierInvoiceLine, CourierMerchant, CourierMerchantInvoice
from lattis_app.courier.queries.merchants import named
from lattis_app.courier.queries.scopes import scoped
from lattis_app.courier.schemas.invoices import (
    InvoiceLineOut,
    InvoiceTotals,
    LineFilters,
    MerchantInvoiceFilters,
    MerchantInvoiceOut,
    MerchantInvoiceRow,
    MetaOut,
    TransferRow,
)
from lattis_app.courier.statuses import MerchantInvoiceStatus
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party

I, L = columns(CourierMerchantInvoice), columns(CourierInvoiceLine)  # noqa: E741 — one letter per table
M, P, U = columns(CourierMerchant), columns(Party), columns(User)
LATER = I.id.table.alias("carried_to").c
NUMBER = in_order(I.invoice_no)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "created_at": I.created_at,
    "number": NUMBER,
    "payable_amount": I.payable_amount_minor,
}
CLEARANCE = I.clearance_cod_minor - I.clearance_charges_minor
IN_LISTS = (
    I.id,
    I.invoice_no,
    I.merchant_id,
    P.name.label("merchant_name"),
    I.invoice_status,
    I.currency,
    I.total_parcels,
    I.delivered_count,
    I.returned_count,
    I.clearance_count,
    I.total_cod_collected_minor.label("total_cod_collected"),
    I.total_delivery_charges_minor.label("total_delivery_charges"),
    I.total_return_charges_minor.label("total_return_charges"),
    CLEARANCE.label("clearance"),
    I.opening_minor.label("opening"),
    I.payable_amount_minor.label("payable_amount"),
    I.generated_on,
    I.settled_by,
    I.paid_at,
    I.payment_reference,
    I.carried_to_invoice_id,
    LATER.invoice_no.label("carried_to_invoice_no"),
    I.created_at,
    I.updated_at,
)
ALONE = (I.issuer, I.bill_to, I.generated_by, I.paid_by, U.name.label("paid_by_name"), I.notes, I.cancelled_at, I.cancel_reason)  # fmt: skip
LINES: Select[Any] = select(
    L.kind,
    L.parcel_id,
    L.source_invoice_id,
    L.tracking_number,
    L.parcel_status,
    L.cod_collected_minor.label("cod_collected"),
    L.delivery_charge_minor.label("delivery_charge"),
    L.return_charge_minor.label("return_charge"),
    L.parcel_status.in_(("DELIVERED", "PARTIAL_DELIVERY")).label("delivery_charge_applicable"),
    (L.parcel_status == "RETURNED").label("return_charge_applicable"),
    L.net_minor.label("net_payable"),
    I.currency,
).join_from(CourierInvoiceLine, CourierMerchantInvoice, L.invoice_id == I.id)
LINE_SORTS: dict[str, SQLColumnExpression[Any]] = {"kind": L.kind}
MOST_PRINTED = 2_000
UNPAID = I.invoice_status == MerchantInvoiceStatus.GENERATED
OWING = UNPAID & (I.payable_amount_minor < 0) & I.carried_to_invoice_id.is_(None)


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.join_from(CourierMerchantInvoice, CourierMerchant, I.merchant_id == M.id, isouter=True)
        .join(Party, M.party_id == P.id, isouter=True)
        .join(LATER.id.table, I.carried_to_invoice_id == LATER.id, isouter=True)
    )


LISTED = _joined(select(*IN_LISTS))
ONE = _joined(select(*IN_LISTS, *ALONE)).join(User, I.paid_by == U.id, isouter=True)


@requires(Permission.COURIER_INVOICES_READ)
def page(
    session: Session, actor: Actor, filters: MerchantInvoiceFilters, request: PageRequest
) -> Page[MerchantInvoiceRow]:
    """List merchant invoices, the latest first; a merchant sees its own. Sorts: created_at, number, payable_amount."""
    statement = scoped(_filtered(LISTED, filters), actor, I.merchant_id)
    ties = (I.id,) if request.sort in ("", "created_at", "-created_at") else (I.created_at, I.id)
    ordered = sorted_by(statement, request.sort, SORTS, "-created_at", *ties)
    found = paginate(session, ordered, request, CourierMerchantInvoice)
    return found.map(lambda row: MerchantInvoiceRow(**row._mapping))


@requires(Permission.COURIER_INVOICES_READ)
def summarise(session: Session, actor: Actor, filters: MerchantInvoiceFilters) -> InvoiceTotals:
    """What the invoices that match come to; what was carried forward counts on the later invoice only."""
    amount = I.payable_amount_minor
    paid = (I.invoice_status == MerchantInvoiceStatus.PAID) & I.carried_to_invoice_id.is_(None)
    sums = select(
        func.coalesce(func.sum(amount).filter(UNPAID & (amount > 0)), 0).label("to_pay"),
        func.coalesce(func.sum(-amount).filter(OWING), 0).label("owed"),
        func.coalesce(func.sum(amount).filter(paid), 0).label("settled"),
    ).select_from(CourierMerchantInvoice)
    row = session.execute(scoped(_filtered(sums, filters), actor, I.merchant_id)).one()
    return InvoiceTotals(
        **{name: int(value) for name, value in row._mapping.items()}, currency=DEFAULT_CURRENCY
    )


@requires(Permission.COURIER_INVOICES_READ)
def find(
    session: Session, actor: Actor, invoice_id: UUID, request: PageRequest | None = None
) -> MerchantInvoiceOut:
    """One merchant invoice with its totals and one page of its breakdown, or NotFound.

    An invoice may hold 100,000 parcels: `page` and `limit` say which of them to show.
    """
    row = session.execute(scoped(ONE.where(I.id == invoice_id), actor, I.merchant_id)).one_or_none()
    if row is None:
        raise NotFound.record("Merchant invoice", invoice_id)
    breakdown = _lines(session, invoice_id, LineFilters(), request or PageRequest())
    return MerchantInvoiceOut(
        **row._mapping,
        breakdown=list(breakdown.rows),
        breakdown_meta=MetaOut(page=breakdown.page, limit=breakdown.limit, total=breakdown.total),
    )


@requires(Permission.COURIER_INVOICES_READ)
def lines(
    session: Session, actor: Actor, invoice_id: UUID, filters: LineFilters, request: PageRequest
) -> Page[InvoiceLineOut]:
    """List the breakdown of an invoice: clearances, openings, then parcels, by number. Sorts: kind."""
    known = scoped(select(I.id).where(I.id == invoice_id), actor, I.merchant_id)
    if session.scalar(known) is None:
        raise NotFound.record("Merchant invoice", invoice_id)
    return _lines(session, invoice_id, filters, request)


@requires(Permission.COURIER_INVOICES_READ)
def printed_lines(session: Session, actor: Actor, invoice_id: UUID) -> list[InvoiceLineOut]:
    """The lines of an invoice that paper has room for, in the order of the breakdown."""
    known = scoped(LINES.where(L.invoice_id == invoice_id), actor, I.merchant_id)
    rows = session.execute(known.order_by(L.kind, L.tracking_number).limit(MOST_PRINTED))
    return [InvoiceLineOut(**row._mapping) for row in rows]


@requires(Permission.COURIER_INVOICES_MANAGE)
def transfers(
    session: Session, actor: Actor, filters: MerchantInvoiceFilters, request: PageRequest
) -> Page[TransferRow]:
    """List the payments that are due as a bank takes them: positive invoices not paid yet, by number. Sorts: number."""
    frozen = {name: func.coalesce(I.bill_to[name].astext, "") for name in
              ("code", "name", "bank_name", "bank_account_number", "bank_account_holder")}  # fmt: skip
    shown = select(
        frozen["code"].label("merchant_code"),
        case(
            (frozen["bank_account_holder"] == "", frozen["name"]), else_=frozen["bank_account_holder"]
        ).label("beneficiary_name"),
        frozen["bank_name"].label("bank_name"),
        frozen["bank_account_number"].label("account_number"),
        I.payable_amount_minor.label("amount"),
        I.currency,
        I.invoice_no.label("reference"),
    ).where(UNPAID, I.payable_amount_minor > 0)
    ordered = sorted_by(_filtered(shown, filters), request.sort, {"number": NUMBER}, "number", I.id)
    return paginate(session, ordered, request).map(lambda row: TransferRow(**row._mapping))


def _lines(
    session: Session, invoice_id: UUID, filters: LineFilters, request: PageRequest
) -> Page[InvoiceLineOut]:
    statement = LINES.where(L.invoice_id == invoice_id)
    if filters.kind is not None:
        statement = statement.where(L.kind == filters.kind)
    if filters.q:
        statement = statement.where(L.tracking_number.startswith(filters.q.upper(), autoescape=True))
    ordered = sorted_by(statement, request.sort, LINE_SORTS, "kind", L.tracking_number)
    found = paginate(session, ordered, request, CourierInvoiceLine)
    return found.map(lambda row: InvoiceLineOut(**row._mapping))


def _filtered(statement: Select[Any], filters: MerchantInvoiceFilters) -> Select[Any]:
    if filters.status:
        statement = statement.where(I.invoice_status.in_(filters.status))
    if filters.merchant_id is not None:
        statement = statement.where(I.merchant_id == filters.merchant_id)
    if filters.owing is not None:
        statement = statement.where(OWING if filters.owing else ~OWING)
    if filters.from_on is not None:
        statement = statement.where(I.generated_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(I.generated_on <= filters.to_on)
    if filters.q:
        begun = I.invoice_no.startswith(filters.q.upper(), autoescape=True)
        statement = statement.where(or_(begun, I.merchant_id.in_(named(filters.q))))
    return statement
