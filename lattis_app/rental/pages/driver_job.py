"""One job on the driver's phone, step by step: start, photos, delivered, money and receipt, bin back, closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx
import segno

from lattis_app.attachments.queries import attachments
from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.errors import NotFound
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Permission
from lattis_app.rental.documents.wording import payment_method
from lattis_app.rental.pages.delivery_order_rows import line, photo
from lattis_app.rental.pages.driver_job_views import (
    cant_deliver,
    facts,
    lorry_choice,
    money_step,
    photo_step,
    receipts_given,
)
from lattis_app.rental.pages.driver_parts import driver_frame, job_facts, step, ways
from lattis_app.rental.queries import delivery_orders, lorries, receipts
from lattis_app.rental.rules.delivery_orders import PHOTOS_REQUIRED
from lattis_app.rental.schemas.delivery_orders import ReceiptSlip
from lattis_app.rental.schemas.lorries import LorryFilters
from lattis_app.rental.statuses import FulfilmentStatus, LorryStatus
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, notice
from lattis_app.ui.list_requests import Option
from lattis_app.ui.pages import page
from lattis_app.ui.records import PhotoRow, photos
from lattis_app.ui.states import empty, skeleton_block
from lattis_app.ui.values import dash

F = FulfilmentStatus
TITLES_IN_WORDS = {
    F.ASSIGNED: "Start the trip",
    F.STARTED: "Photos of the placed bin",
    F.DELIVERED: "Collect the bin",
    F.COLLECTED: "Close the job",
    F.DONE: "Job done",
    F.FAILED: "Could not be delivered",
}


def read_job(session: Any, actor: Actor, delivery_order_id: UUID) -> dict[str, Any]:
    """Everything one job shows, ready for display. Raises NotFound for another driver's."""
    order = delivery_orders.find(session, actor, delivery_order_id)
    kept = attachments.list_for(session, actor, "DO", order.id)
    owed = job_facts(order, clock.today())
    title = say(TITLES_IN_WORDS[order.fulfilment_status])
    more = {
        "notes": order.notes,
        "ordered_by": dash(order.do_by_name),
        "scheduled": moments.moment(order.scheduled_at),
        "fetch_by": moments.day(order.expected_return_on),
        "reason": say(order.failure_reason),
        "photo_count": str(order.photo_count),
        "photo_words": say(
            "{count} of at least {least} photos", count=order.photo_count, least=PHOTOS_REQUIRED
        ),
        "heading": say("Collect payment")
        if order.fulfilment_status is F.DELIVERED and owed["owes"]
        else title,
    }
    fleet: list[Option] = []
    if order.fulfilment_status is F.ASSIGNED and order.lorry_id is None:
        free = lorries.page(
            session, SYSTEM, LorryFilters(status=LorryStatus.AVAILABLE), PageRequest(limit=100)
        )
        fleet = [Option(value=str(each.id), label=each.registration_no, note=each.type) for each in free.rows]
    return {
        "who": str(actor.subject_id),
        "job": owed | more,
        "lines": [line(each) for each in order.waste_items],
        "photos": [photo(each) for each in kept if each.is_photo],
        "receipts": [slip(each) for each in receipts.of_order(session, actor, order.id)],
        "fleet": fleet,
    }


def slip(given: ReceiptSlip) -> dict[str, str]:
    """A receipt as it is shown to the customer, with its check link as a QR code."""
    code = segno.make(given.check_url, error="m", micro=False)
    return {
        "id": str(given.payment_id),
        "number": given.receipt_number,
        "amount": Money(given.amount, given.currency).text(),
        "method": say(payment_method(given.method)),
        "when": moments.moment(given.received_at),
        "code": code.svg_data_uri(scale=4, border=2, dark="#11181c", light="#ffffff"),
        "paper": f"/v1/print/receipt/{given.payment_id}?a4=false",
    }


class DriverJob(rx.State):
    """The job whose id is in the address."""

    who: str = ""
    turn: int = 0
    ready: bool = False
    missing: bool = False
    job: dict[str, str] = {}
    lines: list[dict[str, str]] = []
    photos: list[PhotoRow] = []
    receipts: list[dict[str, str]] = []
    fleet: list[Option] = []

    @handler
    async def refresh(self) -> None:
        """Read the job; also after every action and when something happens to it."""
        wanted = str(self.router.url.path).rstrip("/").rpartition("/")[2]
        if self.job.get("id") != wanted:
            self.ready, self.job = False, {}
        try:
            shown = await run(self, read_job, UUID(wanted))
        except (NotFound, ValueError):
            self.missing, self.ready = True, True
            self.turn += 1
            return
        self.job, self.lines, self.photos = shown["job"], shown["lines"], shown["photos"]
        self.receipts, self.fleet, self.who = shown["receipts"], shown["fleet"], shown["who"]
        self.missing, self.ready = False, True
        self.turn += 1


@page(
    "/driver/job/[delivery_order_id]",
    "Job",
    Permission.RENTAL_OWN_DAY_READ,
    on_load=DriverJob.refresh,
    frame="none",
)
def driver_job() -> rx.Component:
    """The step that is next, with one big button."""
    state = DriverJob
    gone = empty(
        "This job is not yours any more",
        "The office has given it to somebody else, or called it off. Your day shows what is left.",
        glyph="truck",
    )
    return driver_frame(
        state,
        rx.cond(
            state.ready,
            rx.cond(state.missing, gone, _steps(state)),
            rx.fragment(skeleton_block("220px"), skeleton_block("90px")),
        ),
        path="/driver",
        title=rx.cond(state.job["id"], state.job["heading"], "Job"),
        subtitle=rx.cond(
            state.job["id"], state.job["number"].to(str) + " · " + state.job["company"].to(str), " "
        ),
        back="/driver",
    )


def _steps(state: Any) -> rx.Component:
    job = state.job
    return rx.match(
        job["status"],
        (str(F.ASSIGNED), _assigned(state)),
        (str(F.STARTED), photo_step(state)),
        (str(F.DELIVERED), _delivered(state)),
        (str(F.COLLECTED), _collected(state)),
        (
            str(F.FAILED),
            rx.fragment(
                notice("Could not be delivered", job["reason"], tone="bad"), facts(state), _gallery(state)
            ),
        ),
        rx.fragment(
            notice("Job done", "Everything about this job is finished.", tone="ok"),
            facts(state),
            receipts_given(state),
            _gallery(state),
        ),
    )


def _assigned(state: Any) -> rx.Component:
    job = state.job
    return rx.fragment(
        card(
            badge(job["when"], job["tone"]),
            rx.el.h2(job["company"], class_name="job-title"),
            rx.el.p(job["what"], class_name="muted"),
            ways(job),
            class_name="card-now",
        ),
        facts(state),
        rx.cond(job["lorry"] == "", lorry_choice(state), rx.fragment()),
        rx.el.div(
            rx.cond(job["lorry"] != "", step("Start trip", job, F.STARTED), rx.fragment()),
            cant_deliver(state),
            class_name="phone-foot",
        ),
    )


def _delivered(state: Any) -> rx.Component:
    job = state.job
    settled = rx.fragment(
        receipts_given(state),
        rx.cond(
            job["on_terms"] != "",
            notice("On terms", "The office sends an invoice; there is nothing to collect.", tone="info"),
            rx.fragment(),
        ),
        facts(state),
        rx.el.div(step("Bin collected", job, F.COLLECTED), class_name="phone-foot"),
    )
    owing = rx.fragment(
        money_step(state),
        receipts_given(state),
        rx.el.div(step("Bin collected", job, F.COLLECTED, primary=False), class_name="job-steps"),
    )
    return rx.cond(job["owes"] != "", owing, settled)


def _collected(state: Any) -> rx.Component:
    job = state.job
    return rx.fragment(
        rx.cond(job["owes"] != "", money_step(state), rx.fragment()),
        receipts_given(state),
        facts(state),
        rx.el.div(step("Close job", job, F.DONE), class_name="phone-foot"),
    )


def _gallery(state: Any) -> rx.Component:
    return rx.cond(state.photos.length() > 0, photos(state.photos), rx.fragment())
