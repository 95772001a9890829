"""Half a year of jobs: booked, driven, invoiced and paid on the days they would have been."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.db import unit_of_work
from lattis_app.rental.demo.masters import INTRODUCERS, WASTE, Company, Customer, DemoBin
from lattis_app.rental.demo.photos import photos
from lattis_app.rental.demo.signatures import signed_by
from lattis_app.rental.models import RentalDeliveryOrder
from lattis_app.rental.schemas.bins import MovementEntry
from lattis_app.rental.schemas.bookings import AssignmentEntry, BookingEntry
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderEntry, ReceiverEntry, StepEntry
from lattis_app.rental.schemas.invoices import (
    CollectionEntry,
    CommissionApproval,
    CommissionPayout,
    PaymentEntry,
)
from lattis_app.rental.services import (
    bins,
    bookings,
    commissions,
    delivery_order_photos,
    delivery_order_receivers,
    delivery_orders,
    fulfilments,
    invoices,
    payments,
)

DAYS, HOURS = 182, (9, 10, 11, 13, 14, 15, 16)
SINCE = timedelta(days=60)
"""How long drivers have asked who receives a bin."""
DRIVABLE = slice(3, None)
Scene = Callable[[Session], None]


@dataclass
class Story:
    """What is planned for which day, and which bins are at home."""

    company: Company
    first: date
    last: date
    now: datetime
    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311 — a demo, not a secret
    scenes: dict[date, list[tuple[datetime, Scene]]] = field(default_factory=dict)
    free: list[DemoBin] = field(default_factory=list)
    told: int = 0

    def plan(self, day: date, hour: int, scene: Scene, minute: int = 0) -> None:
        """Let something happen at a time, unless that is still to come."""
        at = datetime.combine(day, time(hour, minute), clock.business_zone())
        if at <= self.now:
            self.scenes.setdefault(day, []).append((at, scene))


def begin(company: Company) -> Story:
    """A half year that ends today, with all bins at home."""
    today = clock.today()
    return Story(company, today - timedelta(days=DAYS), today, clock.now(), free=list(company.bins))


def tell(story: Story) -> None:
    """Live through the half year, one transaction a day."""
    for offset in range(DAYS + 1):
        day = story.first + timedelta(days=offset)
        if day.weekday() < 6 or day == story.last:
            _plan_deliveries(story, day)
        with unit_of_work() as session:
            while waiting := story.scenes.get(day):
                waiting.sort(key=lambda planned: planned[0])
                at, scene = waiting.pop(0)
                with clock.freeze(at):
                    scene(session)
                    session.flush()
    _plan_the_days_ahead(story)


def _plan_deliveries(story: Story, day: date) -> None:
    months = (day - story.first).days // 61
    jobs = 2 + months if day < story.last else 9
    if story.chance.random() < 0.2:
        jobs += 1
    for turn in range(jobs):
        if len(story.free) <= 6:
            return
        hire = _Hire(story, story.free.pop(story.chance.randrange(len(story.free))), day)
        if day == story.last:
            hire.give_to(turn)
        hire.begin()


class _Hire:
    """One bin brought to one customer, and all that follows."""

    def __init__(self, story: Story, taken: DemoBin, day: date) -> None:
        self.story, self.taken, self.day = story, taken, day
        chance = story.chance
        self.customer: Customer = chance.choice(story.company.customers)
        self.office = story.company.office
        self.give_to(chance.randrange(len(story.company.drivers)))
        self.hour = chance.choice(HOURS)
        self.fate = chance.random()
        self.method = (
            "TERM"
            if self.customer.on_terms
            else chance.choice(("CASH", "CASH", "ONLINE", "EWALLET", "CHEQUE"))
        )
        self.stay = chance.randrange(3, 12)
        self.introducer = chance.choice(INTRODUCERS) if chance.random() < 0.12 else None
        self.order: RentalDeliveryOrder | None = None
        self.invoice_id: UUID | None = None
        self.number = 0

    def give_to(self, turn: int) -> None:
        """Let the driver whose turn it is drive it."""
        company = self.story.company
        index = turn % len(company.drivers)
        self.driver_id = company.drivers[index]
        self.driver, self.lorry_id = company.crew[self.driver_id], company.lorries[DRIVABLE][index % 7]

    def begin(self) -> None:
        """Plan the whole hire: issue in the morning, everything else in its time."""
        if self.day == self.story.last:
            at = datetime.combine(self.day, time(7, 30), clock.business_zone())
            self.story.scenes.setdefault(self.day, []).append((min(at, self.story.now), self._issue))
        else:
            self.story.plan(self.day, 7, self._issue, minute=30)

    def _issue(self, session: Session) -> None:
        customer, story = self.customer, self.story
        story.told += 1
        self.number = story.told
        waste = story.chance.choice(WASTE)[0]
        price = str(Decimal(self.taken.price_minor) / 100)
        entry: dict[str, Any] = {
            "customer_id": customer.id,
            "driver_id": self.driver_id,
            "lorry_id": self.lorry_id,
            "inventory_bin_id": self.taken.id,
            "bin_size": dict(zip(("h_ft", "l_ft", "w_ft"), self.taken.size, strict=True)),
            "payment_method": self.method,
            "amount": price,
            "do_by_name": customer.contact,
            "do_book_number": f"AS-{self.day.year}-{story.told:05}",
            "weight_kg": story.chance.randrange(600, 2600, 50),
            "waste_items": [{"waste_item_id": story.company.waste[waste], "quantity": 1, "price": price}],
            "scheduled_at": datetime.combine(self.day, time(self.hour), clock.business_zone()),
            "site_address": customer.site,
            "area": customer.area,
            "state": customer.state,
            "introducer_name": self.introducer,
            "draft": self.fate < 0.02,
        }
        self.order = delivery_orders.create(session, self.office, DeliveryOrderEntry.model_validate(entry))
        session.flush()
        if self.fate < 0.02:
            self.story.free.append(self.taken)
        elif self.fate < 0.05:
            story.plan(self.day, 8, self._cancel)
        elif self.fate < 0.08:
            story.plan(self.day, self.hour, self._start)
            story.plan(self.day, self.hour, self._fail, minute=40)
        else:
            self._plan_success()

    def _plan_success(self) -> None:
        story, back = self.story, self.day + timedelta(days=self.stay)
        story.plan(self.day, self.hour, self._start)
        story.plan(self.day, self.hour, self._deliver, minute=42)
        if self.method == "CASH":
            story.plan(self.day, self.hour, self._take_cash, minute=50)
        if self.fate < 0.94 and self.day < story.last:
            story.plan(self.day, 18, self._invoice)
        else:
            story.plan(self.day, 7, self._draft, minute=35)
        if self.method not in ("CASH",) and self.fate < 0.86:
            story.plan(self.day + timedelta(days=story.chance.randrange(1, 34)), 11, self._pay)
        if self.fate < 0.98:
            story.plan(back, 12, self._collect)
            story.plan(back, 17, self._come_home)

    def _id(self) -> UUID:
        assert self.order is not None
        return self.order.id

    def _step(self, session: Session, status: str, reason: str | None = None) -> None:
        entry = StepEntry.model_validate({"status": status, "reason": reason})
        fulfilments.step(session, self.driver, self._id(), entry)

    def _start(self, session: Session) -> None:
        self._step(session, "started")

    def _deliver(self, session: Session) -> None:
        delivery_order_photos.attach(session, self.driver, self._id(), photos())
        session.flush()
        self._receive(session)
        self._step(session, "delivered")

    def _receive(self, session: Session) -> None:
        """Since receivers are asked for, two of three times somebody is there, and nearly always signs."""
        if self.number % 3 == 0 or self.story.last - self.day > SINCE:
            return
        name = self.customer.contact
        drawn = signed_by(name) if self.number % 7 else None
        entry = ReceiverEntry(received_by=name)
        delivery_order_receivers.note(session, self.driver, self._id(), entry, drawn)

    def _fail(self, session: Session) -> None:
        delivery_order_photos.attach(session, self.driver, self._id(), photos()[:1])
        session.flush()
        self._step(session, "failed", "Gate locked, nobody on site")
        self.story.free.append(self.taken)

    def _cancel(self, session: Session) -> None:
        delivery_orders.cancel(session, self.office, self._id(), "Customer postponed the works")
        self.story.free.append(self.taken)

    def _take_cash(self, session: Session) -> None:
        amount = Decimal(self.taken.price_minor) / 100
        entry = CollectionEntry(payment_method="CASH", amount=amount, reference="Cash collected on site")
        payments.collect(session, self.driver, self._id(), entry)

    def _draft(self, session: Session) -> None:
        invoices.draft_for(session, self.office, self._id())

    def _invoice(self, session: Session) -> None:
        self.invoice_id = invoices.make_from_order(session, self.office, self._id()).id
        session.flush()
        self._earn_commission(session)

    def _pay(self, session: Session) -> None:
        if self.invoice_id is None:
            return
        whole = Decimal(self.taken.price_minor) / 100
        amount = whole if self.fate < 0.8 else (whole / 2).quantize(Decimal("0.01"))
        method = "ONLINE" if self.method == "TERM" else self.method
        entry = PaymentEntry(method=method, amount=amount, reference=f"TXN{self.story.told:06}")
        payments.record(session, self.office, self.invoice_id, entry)
        session.flush()
        self._earn_commission(session)

    def _earn_commission(self, session: Session) -> None:
        if self.introducer is None or commissions.mark_eligible(session, self.office, self._id()) is None:
            return
        if self.fate < 0.6:
            approval = CommissionApproval(amount="35.00", introducer_name=self.introducer)
            commission = commissions.approve(session, self.office, self._id(), approval)
            session.flush()
            if self.fate < 0.4:
                payout = CommissionPayout(payment_method="BANK_TRANSFER", reference="Monthly commissions")
                commissions.pay(session, self.office, commission.id, payout)

    def _collect(self, session: Session) -> None:
        self._step(session, "collected")
        session.flush()
        self._step(session, "done")

    def _come_home(self, session: Session) -> None:
        entry = MovementEntry.model_validate({"movement_type": "IN"})
        bins.move(session, self.office, self.taken.id, entry)
        self.story.free.append(self.taken)


def _plan_the_days_ahead(story: Story) -> None:
    """Bookings of today and the coming days: some waiting, some assigned."""
    customers, chance, office = story.company.customers, story.chance, story.company.office
    with unit_of_work() as session:
        for number in range(14):
            day = story.last + timedelta(days=number // 4)
            customer = chance.choice(customers)
            entry = BookingEntry(
                customer_id=customer.id,
                requested_bin_size={"h_ft": 4, "l_ft": 12, "w_ft": 6},
                scheduled_at=datetime.combine(day, time(HOURS[number % 7]), clock.business_zone()),
                area=customer.area,
                state=customer.state,
                site_address=customer.site,
                notes="Call before arrival" if number % 3 == 0 else "",
                hire_days=2,
            )
            booking = bookings.create(session, office, entry)
            session.flush()
            if number % 3:
                bookings.confirm(session, office, booking.id)
            if number in (5, 9):
                driver = story.company.drivers[number % 8]
                choice = AssignmentEntry(driver_id=driver, lorry_id=story.company.lorries[number % 6 + 3])
                bookings.assign(session, office, booking.id, choice)
                session.flush()
