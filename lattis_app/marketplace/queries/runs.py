"""Runs of the weekly billing: what the next would make, and what earlier ones made."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Date,
    Numeric,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import (
    MarketplaceInvoice,
    MarketplaceOrder,
    MarketplaceRun,
    MarketplaceSeller,
)
from lattis_app.marketplace.models.orders import BILLABLE
from lattis_app.marketplace.queries import settings
from lattis_app.marketplace.rules.numbers import invoice_number
from lattis_app.marketplace.rules.weeks import Week, last_ended, parse_week, week_at
from lattis_app.marketplace.schemas.runs import DueOut, LoggedRunOut, PreviewRow, RunOut
from lattis_app.marketplace.statuses import Currency, InvoiceStatus

O, S, R = columns(MarketplaceOrder), columns(MarketplaceSeller), columns(MarketplaceRun)  # noqa: E741 — one letter per table
I = columns(MarketplaceInvoice)  # noqa: E741 — one letter per table
WEEK: BindParameter[date] = bindparam("week", type_=Date)
BEFORE: BindParameter[date] = bindparam("before", type_=Date)
RATE: BindParameter[Decimal] = bindparam("rate", type_=Numeric)
STANDING = I.status != InvoiceStatus.CANCELLED


def _sum(currency: Currency) -> SQLColumnExpression[Any]:
    owed = func.round(O.price_minor * O.platform_fee_percent / 100) + func.coalesce(
        func.round(O.price_minor * O.affiliate_fee_percent / 100), 0
    )
    return func.coalesce(func.sum(owed).filter(O.currency == currency), 0)


BILLED_ALREADY = exists().where(I.seller_id == O.seller_id, I.week_starts_on == O.delivered_week, STANDING)
HAS_INVOICE = exists().where(I.seller_id == O.seller_id, I.week_starts_on == WEEK, STANDING)
SUMS = (
    select(
        O.seller_id,
        func.count().label("order_count"),
        cast(_sum(Currency.MKD), BigInteger).label("mkd"),
        cast(_sum(Currency.EUR), BigInteger).label("eur"),
    )
    .where(
        text(BILLABLE),
        or_(O.delivered_week == WEEK, and_(O.delivered_week < WEEK, BILLED_ALREADY)),
        ~HAS_INVOICE,
    )
    .group_by(O.seller_id)
    .subquery("sums")
)


def _together(
    mkd: SQLColumnExpression[Any], eur: SQLColumnExpression[Any], rate: SQLColumnExpression[Any]
) -> SQLColumnExpression[Any]:
    """Both currencies in the one that the seller counts in now."""
    in_denars, in_euros = mkd + func.round(eur * rate), eur + func.round(mkd / rate)
    return cast(case((S.base_currency == Currency.MKD, in_denars), else_=in_euros), BigInteger)


TOTAL = _together(SUMS.c.mkd, SUMS.c.eur, RATE)
BILLED_BEFORE = _together(
    I.platform_mkd_minor + I.affiliate_mkd_minor,
    I.platform_eur_minor + I.affiliate_eur_minor,
    I.exchange_rate,
)
LAST_WEEK = func.coalesce(
    select(BILLED_BEFORE)
    .where(I.seller_id == S.id, I.week_starts_on == BEFORE, STANDING)
    .correlate(S.id.table)
    .scalar_subquery(),
    0,
)
REVISIONS = select(func.count()).where(I.seller_id == S.id, I.week_starts_on == WEEK).scalar_subquery()
PREVIEW: Select[Any] = select(
    S.id.label("seller_id"),
    S.store_name,
    S.code,
    S.base_currency,
    REVISIONS.label("revisions"),
    SUMS.c.order_count,
    TOTAL.label("total_amount"),
    SUMS.c.mkd.label("total_amount_mkd"),
    SUMS.c.eur.label("total_amount_eur"),
    LAST_WEEK.label("last_week_total_amount"),
    (TOTAL - LAST_WEEK).label("difference"),
).join_from(SUMS, MarketplaceSeller, S.id == SUMS.c.seller_id)
SORTS: dict[str, SQLColumnExpression[Any]] = {"store_name": S.store_name, "total_amount": TOTAL}
LOGGED: Select[Any] = select(
    R.run_id.label("id"),
    R.week_starts_on,
    R.due_on.label("due_date"),
    R.requested_by,
    func.min(R.finished_at).label("started_at"),
    func.max(R.finished_at).label("finished_at"),
    func.count().label("steps"),
    func.sum(R.invoices).label("invoices"),
    func.sum(R.orders).label("orders"),
    func.sum(R.total_mkd_minor).label("total_amount_mkd"),
    func.sum(R.total_eur_minor).label("total_amount_eur"),
).group_by(R.run_id, R.week_starts_on, R.due_on, R.requested_by)


@requires(Permission.MARKETPLACE_INVOICES_READ)
def preview(session: Session, actor: Actor, week: str | None, request: PageRequest) -> Page[PreviewRow]:
    """List what each seller would be billed for a week, the one under way by default. Sorts: store_name, total_amount."""
    wanted = _week(week)
    statement = PREVIEW.params(**_values(session, wanted))
    ordered = sorted_by(statement, request.sort, SORTS, "store_name", S.id)
    return paginate(session, ordered, request).map(lambda row: _previewed(row._mapping, wanted))


@requires(Permission.MARKETPLACE_INVOICES_READ)
def summarise(session: Session, actor: Actor, week: str | None, seller_id: UUID | None = None) -> RunOut:
    """What billing a week would make, in all."""
    wanted = _week(week)
    whole = select(
        func.count(),
        func.coalesce(func.sum(SUMS.c.order_count), 0),
        func.coalesce(func.sum(SUMS.c.mkd), 0),
        func.coalesce(func.sum(SUMS.c.eur), 0),
    )
    if seller_id is not None:
        whole = whole.where(SUMS.c.seller_id == seller_id)
    invoices, orders, mkd, eur = session.execute(whole, {"week": wanted.starts_on}).one()
    return run_out(wanted, True, invoices, orders, mkd, eur)


@requires(Permission.MARKETPLACE_INVOICES_READ)
def log(session: Session, actor: Actor, request: PageRequest) -> Page[LoggedRunOut]:
    """List the runs that billed anything, the latest first. Sorts: finished_at."""
    sorts = {"finished_at": func.max(R.finished_at)}
    ordered = sorted_by(LOGGED, request.sort, sorts, "-finished_at", R.week_starts_on, R.run_id)
    return paginate(session, ordered, request).map(_logged)


@requires(Permission.MARKETPLACE_INVOICES_READ)
def count_due(session: Session, actor: Actor, as_of: datetime) -> DueOut:
    """How much a run of all weeks that have ended would bill; orders of a week that has its invoice are left out."""
    ended = select(O.delivered_week, func.count(O.seller_id.distinct()), func.count()).where(
        text(BILLABLE), O.delivered_week <= last_ended(as_of).starts_on, ~_has_any_invoice()
    )
    rows = session.execute(ended.group_by(O.delivered_week).order_by(O.delivered_week)).all()
    return DueOut(
        weeks=[Week(week).text for week, _, _ in rows],
        invoices=sum(sellers for _, sellers, _ in rows),
        orders=sum(orders for _, _, orders in rows),
    )


def run_out(week: Week, is_preview: bool, invoices: int, orders: int, mkd: int, eur: int) -> RunOut:
    """What a run made, or would make, in words of its week."""
    return RunOut(
        week=week.text,
        week_start_date=week.starts_on,
        week_end_date=week.ends_on,
        preview=is_preview,
        invoices=invoices,
        orders=orders,
        total_amount_mkd=mkd,
        total_amount_eur=eur,
    )


def _has_any_invoice() -> SQLColumnExpression[bool]:
    return exists().where(I.seller_id == O.seller_id, I.week_starts_on == O.delivered_week)


def _week(given: str | None) -> Week:
    return parse_week(given) if given else week_at(clock.now())


def _values(session: Session, week: Week) -> dict[str, Any]:
    rate = settings.current(session).exchange_rate
    return {"week": week.starts_on, "before": week.before.starts_on, "rate": rate}


def _previewed(row: Any, week: Week) -> PreviewRow:
    values = dict(row)
    number = invoice_number(week, values.pop("code"), values.pop("revisions") + 1)
    return PreviewRow(**values, invoice_number=number)


def _logged(row: Any) -> LoggedRunOut:
    values = dict(row._mapping)
    starts_on = values.pop("week_starts_on")
    return LoggedRunOut(**values, week=Week(starts_on).text, week_start_date=starts_on)
