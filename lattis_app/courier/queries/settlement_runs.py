"""What a settlement run would do, and the log of those that were."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid, NotFound
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.courier.models import (
    CourierMerchant,
    CourierMerchantInvoice,
    CourierParcel,
    CourierSettlementRun,
    CourierSettlementRunLine,
)
from lattis_app.courier.queries.merchant_invoices import OWING
from lattis_app.courier.queries.parcels import CLEARED, DELIVERY, NET, RETURN, TO_SETTLE
from lattis_app.courier.schemas.runs import RunFilters, RunLineOut, RunOut, RunRow
from lattis_app.courier.statuses import RunOutcome
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party

C, M, P = columns(CourierParcel), columns(CourierMerchant), columns(Party)
I, R = columns(CourierMerchantInvoice), columns(CourierSettlementRun)  # noqa: E741 — one letter per table
RL = columns(CourierSettlementRunLine)
SORTS: dict[str, SQLColumnExpression[Any]] = {"created_at": R.created_at}
RUNS: Select[Any] = select(
    R.id,
    R.as_of,
    R.started_by,
    R.merchants,
    R.invoices,
    R.parcels,
    R.payable_minor.label("payable"),
    R.currency,
    R.created_at,
)
LINES: Select[Any] = (
    select(
        RL.merchant_id,
        P.name.label("merchant_name"),
        M.code.label("merchant_code"),
        RL.outcome,
        RL.parcels,
        RL.held,
        RL.cod_collected_minor.label("cod_collected"),
        RL.charges_minor.label("charges"),
        RL.clearance_minor.label("clearance"),
        RL.opening_minor.label("opening"),
        RL.payable_minor.label("payable"),
        RL.invoice_id,
        I.invoice_no,
        RL.reason,
        M.currency,
    )
    .join_from(CourierSettlementRunLine, CourierMerchant, RL.merchant_id == M.id)
    .join(Party, M.party_id == P.id)
    .join(CourierMerchantInvoice, RL.invoice_id == I.id, isouter=True)
)


def end_of(as_of: date | None) -> tuple[date, datetime]:
    """The last day of delivery that counts, and the moment it ends. Raises Invalid for a day to come."""
    day = as_of or clock.today()
    if day > clock.today():
        raise Invalid.field("as_of", "must not lie in the future")
    return day, clock.start_of(day + timedelta(days=1))


@requires(Permission.COURIER_INVOICES_MANAGE)
def preview(session: Session, actor: Actor, as_of: date | None = None) -> RunOut:
    """What a run would do now for every merchant with something to settle, by name; nothing is changed."""
    day, before = end_of(as_of)
    lines = [_line(row) for row in session.execute(_waiting(before))]
    ready = [line for line in lines if line.outcome is RunOutcome.READY]
    return RunOut(
        id=None,
        preview=True,
        as_of=day,
        started_by=actor.name,
        merchants=len(lines),
        invoices=len(ready),
        parcels=sum(line.parcels for line in ready),
        payable=sum(line.payable for line in ready),
        currency=DEFAULT_CURRENCY,
        created_at=None,
        lines=lines,
    )


@requires(Permission.COURIER_INVOICES_MANAGE)
def page(session: Session, actor: Actor, filters: RunFilters, request: PageRequest) -> Page[RunRow]:
    """List the runs that generated invoices, the latest first. Sorts: created_at."""
    ordered = sorted_by(RUNS, request.sort, SORTS, "-created_at", R.id)
    return paginate(session, ordered, request).map(lambda row: RunRow(**row._mapping))


@requires(Permission.COURIER_INVOICES_MANAGE)
def find(session: Session, actor: Actor, run_id: UUID) -> RunOut:
    """One run with what it did for every merchant, or NotFound."""
    row = session.execute(RUNS.where(R.id == run_id)).one_or_none()
    if row is None:
        raise NotFound.record("Settlement run", run_id)
    lines = session.execute(LINES.where(RL.run_id == run_id).order_by(P.name, M.code))
    return RunOut(**row._mapping, preview=False, lines=[RunLineOut(**line._mapping) for line in lines])


def _to_settle(before: datetime) -> FromClause:
    """The sums of each merchant's parcels that can be settled, and how many are held."""
    free, new = C.disputed_at.is_(None), ~CLEARED

    def total(amount: SQLColumnExpression[Any], only: SQLColumnExpression[bool]) -> SQLColumnExpression[Any]:
        return func.coalesce(func.sum(amount).filter(free & only), 0)

    return (
        select(
            C.merchant_id,
            func.count().filter(free).label("parcels"),
            func.count().filter(~free).label("held"),
            total(C.cod_collected_amount_minor, new).label("cod_collected"),
            total(DELIVERY + RETURN, new).label("charges"),
            total(C.clearance_amount_minor, CLEARED).label("clearance"),
            total(NET, new).label("net"),
        )
        .where(TO_SETTLE, C.delivered_at < before)
        .group_by(C.merchant_id)
        .subquery()
    )


def _waiting(before: datetime) -> Select[Any]:
    """One row for each merchant that has parcels to settle, held ones among them."""
    sums = _to_settle(before).c
    carried = func.coalesce(func.sum(I.payable_amount_minor), 0)
    opening = select(carried).where(OWING, I.merchant_id == M.id).correlate(M.id.table).scalar_subquery()
    return (
        select(
            M.id.label("merchant_id"),
            P.name.label("merchant_name"),
            M.code.label("merchant_code"),
            M.currency,
            sums.parcels,
            sums.held,
            sums.cod_collected,
            sums.charges,
            sums.clearance,
            opening.label("opening"),
            (sums.net + sums.clearance + opening).label("payable"),
        )
        .join_from(CourierMerchant, sums.merchant_id.table, sums.merchant_id == M.id)
        .join(Party, M.party_id == P.id)
        .order_by(P.name, M.code)
    )


def _line(row: Any) -> RunLineOut:
    values = dict(row._mapping)
    is_ready = values["parcels"] > 0
    if not is_ready:
        values |= {"payable": 0, "opening": 0}
    held = values["held"]
    return RunLineOut(
        **values,
        outcome=RunOutcome.READY if is_ready else RunOutcome.HELD,
        invoice_id=None,
        invoice_no=None,
        reason=f"{held} held: disputed" if held else "",
    )
