"""Generating invoices for every merchant who has something to settle (contract: courier.md, "Endpoints")."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lattis_app.core import events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import acting
from lattis_app.core.db import advisory_lock
from lattis_app.core.errors import DomainError
from lattis_app.courier.events import SettlementRunFinished
from lattis_app.courier.models import (
    CourierMerchantInvoice,
    CourierSettlementRun,
    CourierSettlementRunLine,
)
from lattis_app.courier.queries import settlement_runs as queries
from lattis_app.courier.schemas.invoices import InvoiceEntry
from lattis_app.courier.schemas.runs import RunEntry, RunLineOut
from lattis_app.courier.services import merchant_invoices, merchants
from lattis_app.courier.statuses import RunOutcome
from lattis_app.identity.permissions import Permission, requires


@requires(Permission.COURIER_INVOICES_MANAGE)
def run(session: Session, actor: Actor, entry: RunEntry) -> CourierSettlementRun:
    """Generate an invoice for every merchant with eligible parcels, and log what became of each.

    A merchant whose invoice is refused gets a line that says why, and takes nothing from the others. A second run
    finds nothing left to do. Raises Invalid for a day to come.
    """
    _, before = queries.end_of(entry.as_of)
    advisory_lock(session, "courier settlement run")
    planned = queries.preview(session, SYSTEM, entry.as_of)
    merchants.hold(session, [line.merchant_id for line in planned.lines])
    done = CourierSettlementRun(
        as_of=planned.as_of, started_by=acting(session).name, merchants=len(planned.lines)
    )
    lines = [_settled(session, actor, line, before) for line in planned.lines]
    for made, _ in lines:
        if made is not None:
            done.invoices += 1
            done.parcels += made.total_parcels + made.clearance_count
            done.payable_minor += made.payable_amount_minor
    session.add(done)
    session.flush()
    session.add_all(
        _logged(done, line, made, why) for line, (made, why) in zip(planned.lines, lines, strict=True)
    )
    failed = sum(1 for _, why in lines if why)
    events.record(
        session, SettlementRunFinished(done.id, done.invoices, done.parcels, done.payable_minor, failed)
    )
    return done


def _settled(
    session: Session, actor: Actor, line: RunLineOut, before: datetime
) -> tuple[CourierMerchantInvoice | None, str]:
    """The invoice of one merchant, or why there is none."""
    if line.outcome is not RunOutcome.READY:
        return None, ""
    try:
        with session.begin_nested():
            entry = InvoiceEntry(merchant_id=line.merchant_id)
            return merchant_invoices.generate(session, actor, entry, before), ""
    except DomainError as refused:
        return None, refused.message


def _logged(
    done: CourierSettlementRun, line: RunLineOut, made: CourierMerchantInvoice | None, why: str
) -> CourierSettlementRunLine:
    outcome = RunOutcome.GENERATED if made else RunOutcome.FAILED if why else RunOutcome.HELD
    return CourierSettlementRunLine(
        run_id=done.id,
        merchant_id=line.merchant_id,
        outcome=outcome,
        invoice_id=made.id if made else None,
        parcels=line.parcels,
        held=line.held,
        cod_collected_minor=line.cod_collected,
        charges_minor=line.charges,
        clearance_minor=line.clearance,
        opening_minor=line.opening,
        payable_minor=made.payable_amount_minor if made else 0,
        reason=(why or line.reason)[:500],
    )
