"""Keeping lorries and their papers (contract: rental.md, "Records")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import PreconditionFailed
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalDeliveryOrder, RentalLorry, RentalLorryDocument, RentalLorryTrip
from lattis_app.rental.schemas.lorries import LorryChanges, LorryDocumentEntry, LorryEntry
from lattis_app.rental.statuses import LORRY_LIFECYCLE, FulfilmentStatus, LorryStatus

D, T, O = columns(RentalLorryDocument), columns(RentalLorryTrip), columns(RentalDeliveryOrder)  # noqa: E741 — one letter per table
NOT_DRIVABLE = (LorryStatus.MAINTENANCE, LorryStatus.INACTIVE)


class LorryNotAvailable(PreconditionFailed):
    """The lorry can't drive now."""


class LorryDocumentExpired(PreconditionFailed):
    """A paper of the lorry has run out by the day of the job."""


@requires(Permission.RENTAL_LORRIES_MANAGE)
def create(session: Session, actor: Actor, entry: LorryEntry) -> RentalLorry:
    """Add a lorry with its papers. The registration number is unique: Conflict."""
    lorry = RentalLorry(
        registration_no=entry.registration_no,
        type=entry.type,
        capacity_kg=entry.capacity_kg,
        status=entry.status,
        notes=entry.notes or "",
    )
    session.add(lorry)
    _keep_documents(session, lorry.id, entry.documents)
    return lorry


@requires(Permission.RENTAL_LORRIES_MANAGE)
def update(session: Session, actor: Actor, lorry_id: UUID, changes: LorryChanges) -> RentalLorry:
    """Change a lorry, its status or its papers."""
    lorry = find(session, RentalLorry, lorry_id, lock=True)
    given = changes.given()
    status, documents = given.pop("status", None), given.pop("documents", None)
    for name, value in given.items():
        setattr(lorry, name, value)
    if documents is not None:
        _keep_documents(session, lorry.id, changes.documents or [])
    if status is not None and status != lorry.status:
        move(session, actor, lorry, LORRY_LIFECYCLE, LorryStatus(status))
    return lorry


def _keep_documents(session: Session, lorry_id: UUID, entries: Sequence[LorryDocumentEntry]) -> None:
    found = session.scalars(select(RentalLorryDocument).where(D.lorry_id == lorry_id))
    known = {document.kind: document for document in found}
    for entry in entries:
        if document := known.get(entry.kind):
            if document.expires_on != entry.expires_on:
                document.alerted_step = None
            document.number, document.expires_on = entry.number, entry.expires_on
        else:
            session.add(
                RentalLorryDocument(
                    lorry_id=lorry_id, kind=entry.kind, number=entry.number, expires_on=entry.expires_on
                )
            )


def check_drivable(session: Session, lorry_id: UUID, on: date) -> RentalLorry:
    """The lorry, if it may drive on a day. Raises NotFound, LorryNotAvailable, LorryDocumentExpired."""
    lorry = find(session, RentalLorry, lorry_id)
    if lorry.status in NOT_DRIVABLE:
        raise LorryNotAvailable(
            f"{lorry.registration_no} is {lorry.status}", field="lorry_id", reason=f"is {lorry.status}"
        )
    expired = session.scalars(
        select(RentalLorryDocument)
        .where(D.lorry_id == lorry_id, D.expires_on < on)
        .order_by(D.expires_on)
        .limit(1)
    ).one_or_none()
    if expired is not None:
        paper = expired.kind.replace("_", " ")
        raise LorryDocumentExpired(
            f"The {paper} of {lorry.registration_no} runs out on {expired.expires_on}",
            field="lorry_id",
            reason=f"{paper} runs out on {expired.expires_on}",
            document=expired.kind,
            expires_on=str(expired.expires_on),
        )
    return lorry


def mark_in_use(session: Session, actor: Actor, lorry_id: UUID) -> None:
    """The lorry is on the road; it may already be."""
    lorry = find(session, RentalLorry, lorry_id, lock=True)
    if lorry.status == LorryStatus.AVAILABLE:
        move(session, actor, lorry, LORRY_LIFECYCLE, LorryStatus.IN_USE)


def mark_available(session: Session, actor: Actor, lorry_id: UUID) -> None:
    """The lorry is back, unless another job has it on the road or somebody sent it to the workshop meanwhile."""
    lorry = find(session, RentalLorry, lorry_id, lock=True)
    if lorry.status == LorryStatus.IN_USE and not _is_on_the_road(session, lorry_id):
        move(session, actor, lorry, LORRY_LIFECYCLE, LorryStatus.AVAILABLE)


def _is_on_the_road(session: Session, lorry_id: UUID) -> bool:
    """Whether a started job drives the lorry; a drive somebody wrote down for a job of another lorry doesn't count."""
    session.flush()
    driving = select(T.id).join_from(RentalLorryTrip, RentalDeliveryOrder, T.delivery_order_id == O.id)
    driving = driving.where(
        T.lorry_id == lorry_id,
        O.lorry_id == lorry_id,
        T.arrived_at.is_(None),
        O.fulfilment_status == FulfilmentStatus.STARTED,
    )
    return session.scalar(driving.limit(1)) is not None
