"""Delivery orders over REST."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, File, Form, Header, Query, UploadFile
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.attachments.api.attachments import OpenedFiles, acceptable_in_size
from lattis_app.attachments.api.openings import open_each
from lattis_app.attachments.opening import signature
from lattis_app.attachments.schemas.attachments import Slot
from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.files import Upload
from lattis_app.core.pagination import Page
from lattis_app.core.pdf import Paper
from lattis_app.core.schemas import Name, parse
from lattis_app.rental.queries import collection_reminders as reminder_queries
from lattis_app.rental.queries import delivery_order_prints as prints
from lattis_app.rental.queries import delivery_orders as queries
from lattis_app.rental.schemas.delivery_orders import (
    AttachResult,
    CancelEntry,
    DeliveryOrderChanges,
    DeliveryOrderEntry,
    DeliveryOrderFilters,
    DeliveryOrderOut,
    DeliveryOrderRow,
    LorryChoice,
    OwnFilters,
    ReceiverEntry,
    ReminderEntry,
    ReminderOut,
    StepEntry,
)
from lattis_app.rental.schemas.transfers import ExchangeEntry, RelocationEntry
from lattis_app.rental.services import (
    collection_reminders,
    delivery_order_photos,
    delivery_order_receivers,
    delivery_orders,
    fulfilments,
    transfers,
)
from lattis_app.web.callers import CallerDep
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Delivery orders")
DoneAgo = Annotated[
    int,
    Header(
        alias="Done-Ago",
        description="How many seconds ago this was done, by the clock of a phone that could not send it at once",
    ),
]
A_WEEK = timedelta(days=7).total_seconds()


@routes.get("/delivery-orders", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[DeliveryOrderFilters, Query()], request: PageParams
) -> Page[DeliveryOrderRow]:
    return queries.page(session, actor, filters, request)


@routes.get("/me/delivery-orders", queries.own)
def own(
    session: Session, actor: Actor, filters: Annotated[OwnFilters, Query()], request: PageParams
) -> Page[DeliveryOrderRow]:
    return queries.own(session, actor, filters, request)


@routes.post("/delivery-orders", delivery_orders.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: DeliveryOrderEntry) -> DeliveryOrderOut:
    order = delivery_orders.create(session, actor, entry)
    return _shown(session, actor, order.id)


@routes.get("/delivery-orders/{delivery_order_id}", queries.find)
def find(session: Session, actor: Actor, delivery_order_id: UUID) -> DeliveryOrderOut:
    return queries.find(session, actor, delivery_order_id)


@routes.patch("/delivery-orders/{delivery_order_id}", delivery_orders.update)
def update(
    session: Session, actor: Actor, delivery_order_id: UUID, changes: DeliveryOrderChanges
) -> DeliveryOrderOut:
    delivery_orders.update(session, actor, delivery_order_id, changes)
    return _shown(session, actor, delivery_order_id)


@routes.post("/delivery-orders/{delivery_order_id}/issue", delivery_orders.issue, idempotent=True)
def issue(session: Session, actor: Actor, delivery_order_id: UUID) -> DeliveryOrderOut:
    delivery_orders.issue(session, actor, delivery_order_id)
    return _shown(session, actor, delivery_order_id)


@routes.post("/delivery-orders/{delivery_order_id}/cancel", delivery_orders.cancel, idempotent=True)
def cancel(session: Session, actor: Actor, delivery_order_id: UUID, entry: CancelEntry) -> DeliveryOrderOut:
    delivery_orders.cancel(session, actor, delivery_order_id, entry.reason)
    return _shown(session, actor, delivery_order_id)


@routes.patch("/delivery-orders/{delivery_order_id}/status", fulfilments.step, idempotent=True)
def step(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: StepEntry, done_ago: DoneAgo = 0
) -> DeliveryOrderOut:
    fulfilments.step(session, actor, delivery_order_id, entry, done_at(done_ago))
    return _shown(session, actor, delivery_order_id)


@routes.patch(
    "/delivery-orders/{delivery_order_id}/assign-lorry", delivery_orders.assign_lorry, idempotent=True
)
def assign_lorry(
    session: Session, actor: Actor, delivery_order_id: UUID, choice: LorryChoice
) -> DeliveryOrderOut:
    delivery_orders.assign_lorry(session, actor, delivery_order_id, choice.lorry_id)
    return _shown(session, actor, delivery_order_id)


@routes.post(
    "/delivery-orders/{delivery_order_id}/attach", delivery_order_photos.attach, status=201, idempotent=True
)
def attach(
    session: Session,
    actor: Actor,
    delivery_order_id: UUID,
    uploads: OpenedFiles,
    slot: Annotated[Slot, Form()] = "other",
    done_ago: DoneAgo = 0,
) -> AttachResult:
    when = done_at(done_ago)
    return delivery_order_photos.attach(session, actor, delivery_order_id, uploads, slot, when)


async def opened_signature(
    caller: CallerDep,
    drawn: Annotated[
        UploadFile | None, File(alias="signature", description="What they drew with a finger")
    ] = None,
) -> Upload | None:
    """The signature, opened before the transaction that keeps it."""
    if drawn is None:
        return None

    def receive() -> list[UploadFile]:
        return acceptable_in_size([drawn])

    (opened,) = await open_each(caller, delivery_order_receivers.note, receive, signature)
    return opened


@routes.post("/delivery-orders/{delivery_order_id}/receiver", delivery_order_receivers.note, idempotent=True)
def receive(
    session: Session,
    actor: Actor,
    delivery_order_id: UUID,
    drawn: Annotated[Upload | None, Depends(opened_signature)],
    received_by: Annotated[Name, Form(description="Who received the bin")],
    done_ago: DoneAgo = 0,
) -> DeliveryOrderOut:
    entry = parse(ReceiverEntry, {"received_by": received_by})
    delivery_order_receivers.note(session, actor, delivery_order_id, entry, drawn, done_at(done_ago))
    return _shown(session, actor, delivery_order_id)


@routes.post(
    "/delivery-orders/{delivery_order_id}/collection-reminder",
    collection_reminders.schedule,
    status=201,
    idempotent=True,
)
def remind(session: Session, actor: Actor, delivery_order_id: UUID, entry: ReminderEntry) -> ReminderOut:
    reminder = collection_reminders.schedule(session, actor, delivery_order_id, entry)
    session.flush()
    return reminder_queries.find(session, actor, reminder.id)


@routes.post("/delivery-orders/{delivery_order_id}/relocate", transfers.relocate, idempotent=True)
def relocate(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: RelocationEntry
) -> DeliveryOrderOut:
    transfers.relocate(session, actor, delivery_order_id, entry)
    return _shown(session, actor, delivery_order_id)


@routes.post("/delivery-orders/{delivery_order_id}/exchange", transfers.exchange, status=201, idempotent=True)
def exchange(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: ExchangeEntry
) -> DeliveryOrderOut:
    made = transfers.exchange(session, actor, delivery_order_id, entry)
    return _shown(session, actor, made.id)


@routes.get("/print/do/{delivery_order_id}", prints.render, content="application/pdf")
def print_(
    session: Session,
    actor: Actor,
    delivery_order_id: UUID,
    a4: Annotated[bool, Query(description="A4, or an 80 mm roll")] = True,
) -> Response:
    paper = Paper.A4 if a4 else Paper.THERMAL
    printout = prints.render(session, actor, delivery_order_id, paper)
    headers = {"Content-Disposition": f'inline; filename="{printout.file_name}"'}
    return Response(printout.data, 200, headers, "application/pdf")


@routes.get("/print/do/{delivery_order_id}/proof", prints.proof, content="application/pdf")
def print_proof(session: Session, actor: Actor, delivery_order_id: UUID) -> Response:
    printout = prints.proof(session, actor, delivery_order_id)
    headers = {"Content-Disposition": f'inline; filename="{printout.file_name}"'}
    return Response(printout.data, 200, headers, "application/pdf")


def done_at(seconds_ago: int) -> datetime | None:
    """When something was done that a phone could not send at once; None for what it could."""
    if not seconds_ago:
        return None
    return clock.now() - timedelta(seconds=max(-A_WEEK, min(seconds_ago, A_WEEK)))


def _shown(session: Session, actor: Actor, delivery_order_id: UUID) -> DeliveryOrderOut:
    session.flush()
    return queries.find(session, actor, delivery_order_id)
