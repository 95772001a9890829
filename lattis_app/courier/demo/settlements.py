"""Settlements of half a year, on the days they would have been: run, paid, corrected, disputed and remitted."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import unit_of_work
from lattis_app.core.files import Upload
from lattis_app.core.money import Money
from lattis_app.core.pagination import PageRequest
from lattis_app.courier.queries import merchant_invoices as invoices
from lattis_app.courier.queries import parcels
from lattis_app.courier.schemas.disputes import AcceptEntry, DisputeEntry, RejectEntry
from lattis_app.courier.schemas.invoices import MerchantInvoiceFilters, PaymentEntry
from lattis_app.courier.schemas.parcels import ClearanceEntry, ParcelFilters, ParcelRow
from lattis_app.courier.schemas.remittances import RemittanceEntry
from lattis_app.courier.schemas.runs import RunEntry
from lattis_app.courier.services import (
    clearances,
    disputes,
    merchant_invoices,
    remittances,
    settlement_runs,
)
from lattis_app.courier.statuses import FinancialStatus, MerchantInvoiceStatus, ParcelStatus
from lattis_app.identity.permissions import Role
from lattis_app.identity.queries import users
from lattis_app.identity.schemas.users import UserFilters

RUNS = (125, 80, 35)
"""So many days ago invoices were generated, and paid three days later; the last time on Monday, as the job does."""
AT_NIGHT = timedelta(hours=3)
LAST_JOB = text("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
FORGET_DONE_WORK = text(
    "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'lattis.deliver_events' AND id > :last"
)
OPEN, MOST = (MerchantInvoiceStatus.GENERATED,), 100
PAID, DELIVERED = (FinancialStatus.PAID,), (ParcelStatus.DELIVERED,)
CLEARED_AFTER = {125: 6, 80: 6, 35: 9}
OBJECTIONS = (
    "Our customer says that only half was collected",
    "We were charged for a return that never came back",
    "The customer never received the parcel",
    "The amount on the receipt is another one",
)


def settle(merchants: Sequence[UUID]) -> None:
    """Run, pay and correct month by month, so that a clearance rides on the run after it; news of old days is forgotten."""
    now = clock.now()
    office, last = _office()
    for days_ago in RUNS:
        with clock.freeze(now - timedelta(days=days_ago)), unit_of_work() as session:
            settlement_runs.run(session, office, RunEntry(as_of=clock.today() - timedelta(days=1)))
        with clock.freeze(now - timedelta(days=days_ago - 3)), unit_of_work() as session:
            _pay_all(session, office)
            _clear(session, office, CLEARED_AFTER[days_ago])
    monday = _last_monday(now)
    with clock.freeze(monday), unit_of_work() as session:
        settlement_runs.run(session, office, RunEntry(as_of=clock.today() - timedelta(days=1)))
    with clock.freeze(monday + (now - monday) / 2), unit_of_work() as session:
        _pay_all(session, office, keep=12)
    with clock.freeze(now - timedelta(days=1, hours=3)), unit_of_work() as session:
        _remit(session, office)
        session.execute(FORGET_DONE_WORK, {"last": last})
    with clock.freeze(now - timedelta(hours=5)), unit_of_work() as session:
        _dispute(session, office, merchants)


def _last_monday(now: datetime) -> datetime:
    """When the weekly job ran last: what it would catch up is settled already."""
    today = clock.date_of(now)
    night = clock.start_of(today - timedelta(days=today.weekday())) + AT_NIGHT
    return night if night <= now else night - timedelta(days=7)


def _office() -> tuple[Actor, int]:
    """The administrator, and the last job that others queued."""
    with unit_of_work() as session:
        found = users.page(session, SYSTEM, UserFilters(role=Role.ADMIN), PageRequest()).rows[0]
        actor = Actor(found.id, found.name, found.role, frozenset(found.permissions))
        return actor, int(session.execute(LAST_JOB).scalar_one())


def _pay_all(session: Session, office: Actor, keep: int = 0) -> None:
    """Pay what waits, but for the invoices `keep`t open; who owes is carried on."""
    found = invoices.page(session, office, MerchantInvoiceFilters(status=OPEN), PageRequest(limit=MOST))
    due = [row for row in found.rows if row.payable_amount >= 0]
    for number, row in enumerate(due[keep:]):
        reference = f"IBG-{clock.today():%y%m%d}-{number + 1:03}"
        merchant_invoices.pay(session, office, row.id, PaymentEntry(payment_reference=reference))


def _some(session: Session, office: Actor, count: int, **asked: object) -> Sequence[ParcelRow]:
    filters = ParcelFilters(status=DELIVERED, **asked)
    found = parcels.page(session, office, filters, PageRequest(limit=MOST, sort="-delivered_at"))
    return found.rows[:: max(1, len(found.rows) // count)][:count] if count else ()


def _clear(session: Session, office: Actor, count: int) -> None:
    for number, row in enumerate(_some(session, office, count, financial_status=PAID)):
        wrong = Money(row.cod_collected_amount - 1_000 * (1 + number % 3), row.currency)
        entry = (
            ClearanceEntry(
                reason="Counted again: less was collected", cod_collected_amount=max(0, wrong.decimal)
            )
            if number % 3
            else ClearanceEntry(reason="Charged for a heavier parcel", delivery_charge="5.00")
        )
        clearances.record(session, office, row.id, entry)


def _dispute(session: Session, office: Actor, merchants: Sequence[UUID]) -> None:
    """Merchants object to a dozen parcels; half of them wait for an answer, two of the merchant with the account."""
    mine = _some(session, office, 3, merchant_id=merchants[0], financial_status=PAID)
    others = _some(session, office, 5, financial_status=PAID)
    fresh = _some(session, office, 4, eligible=True)
    chosen = {row.id: row for row in (*mine, *others, *fresh)}
    for number, row in enumerate(chosen.values()):
        raised = disputes.open_(
            session, office, row.id, DisputeEntry(reason=OBJECTIONS[number % len(OBJECTIONS)])
        )
        session.flush()
        if number % 4 == 0:
            half = Money(row.cod_collected_amount // 2, row.currency).decimal
            accept = AcceptEntry(answer="The rider confirmed it", cod_collected_amount=half)
            disputes.accept(session, office, raised.id, accept)
        elif number % 4 == 1:
            disputes.reject(
                session, office, raised.id, RejectEntry(answer="The signed receipt says otherwise")
            )


def _remit(session: Session, office: Actor) -> None:
    """Two partners pay over a fortnight: one file is in the books, the other waits with what does not match."""
    to = clock.today() - timedelta(days=2)
    since = to - timedelta(days=13)
    for partner, reference in (("Ninja Van", "NV-2207"), ("J&T Express", "JT-90114")):
        entry = RemittanceEntry.model_validate(
            {"partner": partner, "from": since, "to": to, "reference": reference}
        )
        upload = Upload(f"{reference}.csv", _file_of(session, entry))
        compared = remittances.compare_file(session, office, entry, upload)
        session.flush()
        if partner == "Ninja Van":
            remittances.accept(session, office, compared.id)


def _file_of(session: Session, entry: RemittanceEntry) -> bytes:
    """What a partner sends: most is right, a few amounts are not, some parcels are missing and one is nobody's."""
    rows = session.execute(
        text(
            "SELECT tracking_number, cod_collected_amount_minor AS minor FROM courier_parcels "
            "WHERE partner = :partner AND cod_collected_amount_minor > 0 AND delivered_at >= :since "
            "AND delivered_at < :until ORDER BY tracking_number"
        ),
        {
            "partner": entry.partner,
            "since": clock.start_of(entry.delivered_from),
            "until": clock.start_of(entry.delivered_to + timedelta(days=1)),
        },
    ).all()
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["tracking_number", "amount"])
    for number, row in enumerate(rows):
        if number % 41 != 40:
            off = {17: -1_000, 29: 500}.get(number % 43, 0)
            writer.writerow([row.tracking_number, Money(max(0, row.minor + off)).decimal])
    writer.writerow(["TRKUNKNOWN1", "45.00"])
    return file.getvalue().encode()
