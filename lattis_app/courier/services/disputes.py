"""Merchants' objections and the answers to them (contract: courier.md, "Rules")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import Actor
from lattis_app.core.audit import acting
from lattis_app.core.db import find
from lattis_app.core.errors import Conflict, NotFound, PreconditionFailed
from lattis_app.core.transitions import move
from lattis_app.courier.events import ParcelDisputed, ParcelDisputeResolved
from lattis_app.courier.models import CourierDispute, CourierParcel
from lattis_app.courier.rules.settlements import NothingToCorrect
from lattis_app.courier.schemas.disputes import AcceptEntry, DisputeEntry, RejectEntry
from lattis_app.courier.services import clearances, parcels
from lattis_app.courier.statuses import DISPUTE_LIFECYCLE, FINAL, DisputeStatus, FinancialStatus
from lattis_app.identity.permissions import Permission, Role, requires

ON_INVOICE = (FinancialStatus.INVOICED, FinancialStatus.CLEARANCE_INVOICED)


class DisputeOpen(Conflict):
    """The parcel is disputed already."""


class NotDisputable(PreconditionFailed):
    """A parcel can be disputed once it is delivered or returned, and until it is settled for good."""


class OnInvoice(PreconditionFailed):
    """A parcel on an open invoice is corrected once that is paid or cancelled."""


@requires(Permission.COURIER_DISPUTES_RAISE)
def open_(session: Session, actor: Actor, parcel_id: UUID, entry: DisputeEntry) -> CourierDispute:
    """Object to what is said of a parcel: it is held out of settlements until somebody answers.

    A merchant objects to its own parcels only. Raises DisputeOpen, NotDisputable.
    """
    parcel = find(session, CourierParcel, parcel_id, lock=True)
    if actor.role == Role.MERCHANT and parcel.merchant_id != actor.subject_id:
        raise NotFound.record("Parcel", parcel_id)
    if parcel.disputed_at is not None:
        raise DisputeOpen("The parcel is disputed already", field="parcel_id", reason="is disputed already")
    if parcel.status not in FINAL or parcel.financial_status == FinancialStatus.SETTLED:
        state = parcel.status if parcel.status not in FINAL else parcel.financial_status
        raise NotDisputable(
            f"The parcel is {state}: there is nothing to dispute", field="status", reason=f"is {state}"
        )
    parcel.disputed_at = clock.now()
    dispute = CourierDispute(
        parcel_id=parcel.id,
        merchant_id=parcel.merchant_id,
        reason=entry.reason,
        raised_by=acting(session).name,
        created_at=parcel.disputed_at,
    )
    session.add(dispute)
    events.record(
        session,
        ParcelDisputed(parcel.id, dispute.id, parcel.tracking_number, parcel.merchant_id, entry.reason),
    )
    return dispute


@requires(Permission.COURIER_DISPUTES_RESOLVE)
def accept(session: Session, actor: Actor, dispute_id: UUID, entry: AcceptEntry) -> CourierDispute:
    """Agree with a merchant: a paid parcel gets a clearance, one that wasn't is corrected before it is settled.

    Raises NothingToCorrect without a correction, OnInvoice while the parcel is on an open invoice.
    """
    parcel, dispute = _both_held(session, dispute_id)
    DISPUTE_LIFECYCLE.check(DisputeStatus(dispute.status), DisputeStatus.ACCEPTED)
    if parcel.financial_status in ON_INVOICE:
        raise OnInvoice(
            "The parcel is on an open invoice: pay or cancel that first",
            field="financial_status",
            reason=f"is {parcel.financial_status}",
        )
    before = parcels.break_down(parcel)
    if entry.is_empty or parcels.corrected(parcel, entry) == before:
        reason = "say what was wrong: nothing would change"
        raise NothingToCorrect(f"correction: {reason}", field="correction", reason=reason)
    match parcel.financial_status:
        case FinancialStatus.PENDING:
            parcels.correct(session, actor, parcel, entry, dispute.reason)
        case FinancialStatus.CLEARANCE_PENDING:
            clearances.correct_again(session, actor, parcel, entry, dispute.reason)
        case _:
            clearances.clear(session, actor, parcel, entry, dispute.reason)
    return _resolve(session, actor, parcel, dispute, DisputeStatus.ACCEPTED, entry.answer)


@requires(Permission.COURIER_DISPUTES_RESOLVE)
def reject(session: Session, actor: Actor, dispute_id: UUID, entry: RejectEntry) -> CourierDispute:
    """Answer a merchant that nothing changes: the parcel can be settled as it is."""
    parcel, dispute = _both_held(session, dispute_id)
    return _resolve(session, actor, parcel, dispute, DisputeStatus.REJECTED, entry.answer)


def _both_held(session: Session, dispute_id: UUID) -> tuple[CourierParcel, CourierDispute]:
    """The parcel first, as everybody holds it."""
    known = find(session, CourierDispute, dispute_id)
    parcel = find(session, CourierParcel, known.parcel_id, lock=True)
    return parcel, find(session, CourierDispute, dispute_id, lock=True)


def _resolve(
    session: Session,
    actor: Actor,
    parcel: CourierParcel,
    dispute: CourierDispute,
    outcome: DisputeStatus,
    answer: str,
) -> CourierDispute:
    happened = ParcelDisputeResolved(
        parcel.id, dispute.id, parcel.tracking_number, parcel.merchant_id, outcome, answer
    )
    with session.no_autoflush:
        move(session, actor, dispute, DISPUTE_LIFECYCLE, outcome, reason=answer, event=happened)
        dispute.answer, dispute.resolved_at = answer, clock.now()
        dispute.resolved_by, parcel.disputed_at = acting(session).name, None
    return dispute
