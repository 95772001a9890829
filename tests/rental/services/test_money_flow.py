"""A random walk through everything that moves money; after every step the books are exactly what a ledger kept by hand says.

The hand-kept books know nothing of the product's rules for posting: they count what people owe, hold and earn.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import DomainError
from lattis_app.ledger.queries import checks
from lattis_app.rental.models import (
    RentalBusiness,
    RentalCommission,
    RentalHandOver,
    RentalInvoice,
    RentalRefund,
)
from lattis_app.rental.schemas.hand_overs import HandOverEntry
from lattis_app.rental.schemas.invoices import (
    CollectionEntry,
    CommissionApproval,
    CommissionPayout,
    PaymentEntry,
)
from lattis_app.rental.schemas.refunds import RefundEntry, RefundPayout
from lattis_app.rental.services import (
    commissions,
    delivery_orders,
    hand_overs,
    invoices,
    payments,
    refunds,
)
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order, set_business
from tests.factories.rental_operations import make_driver, make_lorry

STEPS = 100
METHODS = ("CASH", "ONLINE", "CDM", "EWALLET", "CHEQUE", "TERM")
PLACES = {"CASH": "office_cash", "EWALLET": "ewallet", "CHEQUE": "cheques"}
PAYOUTS = {"BANK_TRANSFER": "bank", "CASH": "office_cash", "CHEQUE": "cheques", "EWALLET": "ewallet"}
RATES = (Decimal(0), Decimal("0.06"), Decimal("0.08"))
EVERYTHING = {"collect", "issue", "pay", "void", "cancel", "approve", "pay_out", "refund", "hand_over"}


@dataclass
class Job:
    """An order as somebody with a pencil knows it."""

    id: UUID
    party_id: UUID
    driver_id: UUID
    amount: int
    introduced: bool
    rate: Decimal | None = None
    collected: int = 0
    invoice_id: UUID | None = None
    total: int = 0
    paid: int = 0
    cancelled: bool = False
    commission: str = ""
    agreed: list[UUID] = field(default_factory=list)
    refunded: int = 0
    payments: list[list[Any]] = field(default_factory=list)

    @property
    def is_paid(self) -> bool:
        return self.invoice_id is not None and self.paid == self.total


@dataclass
class Walk:
    """One business, and its books kept by hand: account and owner → minor units, debit positive."""

    session: Session
    chance: Random
    business: RentalBusiness
    customers: list[tuple[UUID, UUID]]
    drivers: list[UUID]
    lorry_id: UUID
    jobs: list[Job] = field(default_factory=list)
    books: Counter[tuple[str, UUID | None]] = field(default_factory=Counter)
    commissions: dict[UUID, int] = field(default_factory=dict)
    settled: set[UUID] = field(default_factory=set)
    receipts: int = 0
    issued: int = 0
    done: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def move(self, minor: int, to: tuple[str, UUID | None], *origins: tuple[str, UUID | None]) -> None:
        """Write an amount by hand."""
        self.books[to] += minor
        for origin in origins:
            self.books[origin] -= minor

    def order(self) -> None:
        """A customer orders a bin."""
        (customer_id, party_id), driver_id = (
            self.chance.choice(self.customers),
            self.chance.choice(self.drivers),
        )
        amount, introduced = self.chance.randrange(1, 100_000), self.chance.random() < 0.8
        made = make_delivery_order(
            self.session,
            customer_id=customer_id,
            driver_id=driver_id,
            lorry_id=self.lorry_id,
            amount=str(Decimal(amount) / 100),
            payment_method=self.chance.choice(METHODS),
            introducer_name="Lim" if introduced else None,
            waste_items=[],
        )
        self.jobs.append(Job(made.id, party_id, driver_id, amount, introduced))

    def collect(self) -> None:
        """A driver takes money on site."""
        job, method = (
            self._job(lambda job: not job.is_paid and not job.cancelled),
            self.chance.choice(METHODS),
        )
        rate = job.rate if job.collected else self.business.sst_rate
        total = job.total if job.invoice_id else _total(job.amount, rate)
        amount = self._amount(total - (job.paid if job.invoice_id else job.collected))
        entry = CollectionEntry(payment_method=method, amount=str(Decimal(amount) / 100))
        allowed = (
            0 < amount <= total - max(job.paid, job.collected) and method != "TERM" and not job.cancelled
        )
        if self._happens(lambda: payments.collect(self.session, SYSTEM, job.id, entry), allowed):
            holds = ("driver_cash", job.driver_id) if method == "CASH" else (PLACES.get(method, "bank"), None)
            owed = "receivable" if job.invoice_id else "customer_credit"
            self.move(amount, holds, (owed, job.party_id))
            job.rate, job.collected, self.receipts = rate, job.collected + amount, self.receipts + 1
            job.payments.append([amount, method, job.driver_id])
            job.paid += amount if job.invoice_id else 0

    def issue(self) -> None:
        """The office invoices an order."""
        job = self._job(lambda job: job.invoice_id is None and not job.cancelled)
        rate = job.rate if job.collected else self.business.sst_rate
        allowed = job.invoice_id is None and not job.cancelled
        made = self._happens(lambda: invoices.make_from_order(self.session, SYSTEM, job.id), allowed)
        if isinstance(made, RentalInvoice):
            job.invoice_id, job.total, job.paid, job.rate = (
                made.id,
                _total(job.amount, rate),
                job.collected,
                rate,
            )
            self.issued += 1
            self.move(job.amount, ("receivable", job.party_id), ("sales", None))
            self.move(job.total - job.amount, ("receivable", job.party_id), ("tax_payable", None))
            self.move(job.collected, ("customer_credit", job.party_id), ("receivable", job.party_id))

    def pay(self) -> None:
        """The office receives money on an invoice."""
        job, method = (
            self._job(lambda job: job.invoice_id is not None and not job.is_paid),
            self.chance.choice(METHODS),
        )
        if job.invoice_id is None:
            return
        amount = self._amount(job.total - job.paid)
        entry = PaymentEntry(method=method, amount=str(Decimal(amount) / 100))
        invoice_id, allowed = job.invoice_id, amount <= job.total - job.paid
        if self._happens(lambda: payments.record(self.session, SYSTEM, invoice_id, entry), allowed):
            self.move(amount, (PLACES.get(method, "bank"), None), ("receivable", job.party_id))
            job.paid, self.receipts = job.paid + amount, self.receipts + 1
            job.payments.append([amount, method, None])

    def void(self) -> None:
        """The office takes an invoice back."""
        job = self._job(lambda job: job.invoice_id is not None and not job.paid)
        if job.invoice_id is None:
            return
        invoice_id = job.invoice_id
        if self._happens(lambda: invoices.void(self.session, SYSTEM, invoice_id, "Wrong bin"), not job.paid):
            self.move(-job.amount, ("receivable", job.party_id), ("sales", None))
            self.move(job.amount - job.total, ("receivable", job.party_id), ("tax_payable", None))
            job.invoice_id, job.total = None, 0

    def cancel(self) -> None:
        """A customer calls an order off."""
        job = self._job(lambda job: job.invoice_id is None)
        allowed = not job.cancelled and not job.collected and job.invoice_id is None
        if self._happens(lambda: delivery_orders.cancel(self.session, SYSTEM, job.id, "Postponed"), allowed):
            job.cancelled = True

    def approve(self) -> None:
        """The office agrees to what an introducer earns."""
        job, amount = (
            self._job(lambda job: job.is_paid and not job.commission),
            self.chance.randrange(1, 5_000),
        )
        entry = CommissionApproval(amount=str(Decimal(amount) / 100))
        allowed = job.is_paid and job.introduced and not job.commission
        made = self._happens(lambda: commissions.approve(self.session, SYSTEM, job.id, entry), allowed)
        if isinstance(made, RentalCommission):
            job.commission = "approved"
            self.commissions[made.id] = amount
            job.agreed.append(made.id)
            self.move(amount, ("commission_expense", None), ("commission_payable", made.id))

    def pay_out(self) -> None:
        """An introducer gets the money."""
        if not self.commissions:
            return
        commission_id, method = (
            self.chance.choice(list(self.commissions)),
            self.chance.choice(sorted(PAYOUTS)),
        )
        owed = -self.books["commission_payable", commission_id]
        entry = CommissionPayout(payment_method=method)
        if self._happens(lambda: commissions.pay(self.session, SYSTEM, commission_id, entry), owed != 0):
            self.settled.add(commission_id)
            self.move(owed, ("commission_payable", commission_id), (PAYOUTS[method], None))

    def refund(self) -> None:
        """The office gives money back on an invoice."""
        job = self._job(lambda job: job.paid > job.refunded)
        if job.invoice_id is None:
            return
        amount = self._amount(job.paid - job.refunded)
        entry = RefundEntry(
            target_type="INVOICE", target_id=job.invoice_id, reason="Wrong bin", amount=Decimal(amount) / 100
        )
        if made := self._happens(lambda: self._give_back(entry), amount <= job.paid - job.refunded):
            tax, before = job.total - job.amount, job.refunded
            tax = _share(tax, before + amount, job.total) - _share(tax, before, job.total)
            self.books["tax_payable", None] += tax
            self.books["sales_returns", None] += amount - tax
            self._claw_back(job, made, amount)
            self._pay_back(job, amount)
            job.refunded += amount

    def _give_back(self, entry: RefundEntry) -> RentalRefund:
        asked = refunds.request(self.session, SYSTEM, entry)
        self.session.flush()
        refunds.approve(self.session, SYSTEM, asked.id)
        self.session.flush()
        return refunds.process(self.session, SYSTEM, asked.id, RefundPayout())

    def _pay_back(self, job: Job, amount: int) -> None:
        for payment in reversed(job.payments):
            left, method, driver_id = payment
            part = min(left, amount)
            payment[0], amount = left - part, amount - part
            if method == "CASH" and driver_id is not None:
                of_driver = min(part, self.books["driver_cash", driver_id])
                self.books["driver_cash", driver_id] -= of_driver
                part -= of_driver
            self.books[PLACES.get(method, "bank"), None] -= part

    def _claw_back(self, job: Job, made: object, amount: int) -> None:
        assert isinstance(made, RentalRefund)
        if not job.agreed:
            whole = job.introduced and job.refunded + amount == job.total
            job.commission = "cancelled" if whole else job.commission
            return
        share = _share(sum(self.commissions[each] for each in job.agreed), amount, job.total - job.refunded)
        owner = job.agreed[0]
        if owner in self.settled and share:
            lines = select(RentalCommission.id).where(col(RentalCommission.refund_id) == made.id)
            owner = self.session.scalars(lines).one()
            job.agreed.append(owner)
        self.commissions[owner] = self.commissions.get(owner, 0) - share
        self.move(share, ("commission_payable", owner), ("commission_expense", None))

    def hand_over(self) -> None:
        """A driver brings the cash, of which a sen may be missing."""
        driver_id = self.chance.choice(self.drivers)
        held, missing = self.books["driver_cash", driver_id], self.chance.choice((0, 0, 1))
        entry = HandOverEntry(counted=Decimal(max(held - missing, 0)) / 100, note="Rolled under the seat")
        made = self._happens(lambda: hand_overs.count(self.session, SYSTEM, driver_id, entry), held > 0)
        if isinstance(made, RentalHandOver):
            hand_overs.sign_off(self.session, SYSTEM, made.id)
            self.move(held - missing, ("office_cash", None), ("driver_cash", driver_id))
            self.move(missing, ("cash_over_short", None), ("driver_cash", driver_id))

    def change_tax(self) -> None:
        """The state changes its mind."""
        self.business.sst_rate = self.chance.choice(RATES)

    def _job(self, likely: Callable[[Job], bool]) -> Job:
        """Any order, but mostly one for which the step makes sense."""
        sensible = [job for job in self.jobs if likely(job)]
        return self.chance.choice(sensible if sensible and self.chance.random() < 0.75 else self.jobs)

    def _amount(self, balance: int) -> int:
        """A part of a balance, all of it, or a sen too much."""
        part = self.chance.randrange(1, max(balance, 1) + 1)
        return max(1, self.chance.choice((part, part, balance, balance, balance + 1)))

    def _happens(self, act: Callable[[], object], allowed: bool) -> object:
        """Do it if the hand-kept books allow it; what they don't allow must be refused."""
        try:
            with self.session.begin_nested():
                result = act()
                self.session.flush()
        except DomainError:
            assert not allowed, f"refused: {self.done[-1]}"
            self.refused[self.done[-1]] += 1
            return None
        assert allowed, f"not refused: {self.done[-1]}"
        self.happened[self.done[-1]] += 1
        return result


def _share(whole: int, part: int, of: int) -> int:
    return int((Decimal(whole * part) / of).quantize(Decimal(1), ROUND_HALF_UP))


def _total(amount: int, rate: Decimal | None) -> int:
    return amount + int((amount * (rate or Decimal(0))).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.fixture
def walk(session: Session, clock) -> Callable[[int], Walk]:
    """A business with three customers, two drivers and a first order, on a way of its own."""

    def start(seed: int) -> Walk:
        known = [make_customer(session) for _ in range(3)]
        started = Walk(
            session,
            Random(seed),
            set_business(session),
            [(customer.id, customer.party_id) for customer in known],
            [make_driver(session).id for _ in range(2)],
            make_lorry(session).id,
        )
        started.order()
        return started

    return start


def assert_the_books_are_as_kept_by_hand(walk: Walk) -> None:
    rows = walk.session.execute(
        text(
            "SELECT account, coalesce(party_id, holder_id), sum(amount_minor)::bigint FROM ledger_entries GROUP BY 1, 2"
        )
    )
    kept = {(account, owner): minor for account, owner, minor in rows if minor}
    assert kept == {place: minor for place, minor in walk.books.items() if minor}, walk.done
    assert sum(kept.values()) == 0
    assert all(minor >= 0 for (account, _), minor in kept.items() if account in ("receivable", "driver_cash"))
    payable = {owner: minor for (account, owner), minor in kept.items() if account == "commission_payable"}
    assert all((minor > 0) == (walk.commissions[owner] < 0) for owner, minor in payable.items())


def assert_modules_and_numbers_agree(walk: Walk) -> None:
    found = checks.check(walk.session, SYSTEM)
    assert (found.status, found.uncompared) == ("balanced", []), (found, walk.done)
    for numbers, expected in (
        ("SELECT substr(receipt_number, 11)::int FROM rental_payments ORDER BY 1", walk.receipts),
        ("SELECT substr(invoice_number, 10)::int FROM rental_invoices WHERE invoice_number IS NOT NULL ORDER BY 1", walk.issued),
        ("SELECT substr(system_do_number, 9)::int FROM rental_delivery_orders ORDER BY 1", len(walk.jobs)),
    ):  # fmt: skip
        assert list(walk.session.scalars(text(numbers))) == list(range(1, expected + 1)), walk.done
    balances = "SELECT count(*) FROM rental_invoices WHERE paid_minor > total_minor OR paid_minor < 0"
    assert walk.session.scalar(text(balances)) == 0


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_after_every_step_the_books_are_what_people_owe_hold_and_earn(
    walk: Callable[[int], Walk], seed: int
) -> None:
    walked = walk(seed)
    often = (walked.order, walked.collect, walked.issue, walked.pay)
    rarely = (walked.void, walked.cancel, walked.change_tax, walked.hand_over)
    steps = [*often * 4, *rarely, *(walked.approve, walked.pay_out, walked.refund) * 2]
    for _ in range(STEPS):
        step = walked.chance.choice(steps)
        walked.done.append(step.__name__)
        step()
        walked.session.flush()
        assert_the_books_are_as_kept_by_hand(walked)
        assert_modules_and_numbers_agree(walked)
    assert set(walked.happened) == EVERYTHING
    assert walked.refused.total() > 10
