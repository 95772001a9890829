"""Whatever the office and a merchant do in whatever order, the merchant gets what its parcels are worth, once."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import DomainError
from lattis_app.courier.models import CourierMerchant
from lattis_app.courier.schemas.disputes import AcceptEntry, DisputeEntry, RejectEntry
from lattis_app.courier.schemas.invoices import InvoiceEntry, PaymentEntry
from lattis_app.courier.schemas.parcels import ClearanceEntry, ParcelChanges
from lattis_app.courier.schemas.runs import RunEntry
from lattis_app.courier.services import clearances, disputes, merchant_invoices, parcels, settlement_runs
from lattis_app.courier.statuses import FINAL
from lattis_app.ledger.queries import checks
from tests.factories.courier import make_merchant, make_parcel

STEPS, LATEST = 120, 6
WRONG = {
    "an invoice is not the sum of its lines": """
        SELECT i.invoice_no FROM courier_merchant_invoices i WHERE payable_amount_minor <> (
            SELECT coalesce(sum(net_minor), 0) FROM courier_invoice_lines l WHERE l.invoice_id = i.id)""",
    "a parcel was not paid what stands on paid invoices": """
        SELECT p.tracking_number FROM courier_parcels p WHERE coalesce(paid_amount_minor, 0) <> (
            SELECT coalesce(sum(net_minor), 0) FROM courier_invoice_lines l
            JOIN courier_merchant_invoices i ON i.id = l.invoice_id
            WHERE l.parcel_id = p.id AND l.live AND i.invoice_status = 'PAID')""",
    "a settled parcel was not paid what it is worth": """
        SELECT tracking_number FROM courier_parcels WHERE financial_status IN ('PAID', 'SETTLED')
            AND paid_amount_minor <> cod_collected_amount_minor
                - CASE WHEN delivery_charge_applicable THEN total_charge_minor ELSE 0 END
                - CASE WHEN return_charge_applicable THEN return_charge_minor ELSE 0 END""",
    "money that moved is not what parcels were paid": """
        SELECT moved, paid FROM (SELECT
            (SELECT coalesce(sum(payable_amount_minor), 0) FROM courier_merchant_invoices
             WHERE invoice_status = 'PAID' AND settled_by <> 'carried') AS moved,
            (SELECT coalesce(sum(paid_amount_minor), 0) FROM courier_parcels) AS paid) both_sums
        WHERE moved <> paid""",
    "an amount is carried to an invoice that does not stand, or not as its opening": """
        SELECT i.invoice_no FROM courier_merchant_invoices i
        LEFT JOIN courier_merchant_invoices later ON later.id = i.carried_to_invoice_id
        LEFT JOIN courier_invoice_lines l ON l.source_invoice_id = i.id AND l.live
        WHERE i.carried_to_invoice_id IS DISTINCT FROM l.invoice_id
            OR later.invoice_status = 'CANCELLED' OR l.net_minor <> i.payable_amount_minor""",
    "a waiting clearance is not what is still owed": """
        SELECT tracking_number FROM courier_parcels WHERE financial_status = 'CLEARANCE_PENDING'
            AND clearance_amount_minor <> cod_collected_amount_minor
                - CASE WHEN delivery_charge_applicable THEN total_charge_minor ELSE 0 END
                - CASE WHEN return_charge_applicable THEN return_charge_minor ELSE 0 END - paid_amount_minor""",
}


class Walk:
    """One merchant, and what may happen to it."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.chance = session, random.Random(seed)
        self.merchant: CourierMerchant = make_merchant(session)
        self.done = dict.fromkeys(self.ways(), 0)

    def ways(self) -> dict[str, Callable[[], object]]:
        return {
            "parcel": self.parcel,
            "generate": self.generate,
            "pay": lambda: merchant_invoices.pay(*self.on("invoice"), PaymentEntry()),
            "merchant pays": lambda: merchant_invoices.record_merchant_payment(
                *self.on("invoice"), PaymentEntry()
            ),
            "cancel": lambda: merchant_invoices.cancel(*self.on("invoice"), "Wrong parcels"),
            "clear": lambda: clearances.record(
                *self.on("parcel"), ClearanceEntry(reason="Counted again", **self.correction())
            ),
            "dispute": lambda: disputes.open_(*self.on("parcel"), DisputeEntry(reason="Not so")),
            "accept": lambda: disputes.accept(
                *self.on("dispute"), AcceptEntry(answer="It is", **self.correction())
            ),
            "reject": lambda: disputes.reject(*self.on("dispute"), RejectEntry(answer="It is not")),
            "change": lambda: parcels.update(*self.on("parcel"), ParcelChanges(total_charge=self.amount())),
            "run": lambda: settlement_runs.run(self.session, SYSTEM, RunEntry()),
        }

    def amount(self) -> str:
        return self.chance.choice(["0", "0.01", "12.50", "155", "9999999.99", "10000000"])

    def correction(self) -> dict[str, object]:
        given = {
            "cod_collected_amount": self.amount(),
            "delivery_charge": self.amount(),
            "return_charge": self.amount(),
            "status": self.chance.choice(FINAL),
        }
        return {name: given[name] for name in self.chance.sample(sorted(given), self.chance.randint(1, 4))}

    def parcel(self) -> object:
        amounts = {
            "cod_amount": self.amount(),
            "cod_collected_amount": self.amount(),
            "total_charge": self.amount(),
            "return_charge": self.amount(),
        }
        return make_parcel(self.session, self.merchant, self.chance.choice(FINAL), **amounts)

    def generate(self) -> object:
        known = self.ids("courier_parcels")
        ids = tuple(self.chance.sample(known, min(3, len(known)))) if self.chance.random() < 0.4 else ()
        return merchant_invoices.generate(
            self.session, SYSTEM, InvoiceEntry(merchant_id=self.merchant.id, parcel_ids=ids or None)
        )

    def ids(self, table: str) -> list[object]:
        return list(self.session.scalars(text(f"SELECT id FROM {table} ORDER BY created_at, id")))

    def on(self, kind: str) -> tuple[Session, object, object]:
        table = {
            "invoice": "courier_merchant_invoices",
            "parcel": "courier_parcels",
            "dispute": "courier_disputes",
        }
        known = self.ids(table[kind])[-LATEST:] or [self.merchant.id]
        return self.session, SYSTEM, self.chance.choice(known)

    def step(self) -> None:
        ways = self.ways()
        name = self.chance.choice([*sorted(ways), "parcel", "parcel"])
        self.session.flush()
        try:
            with self.session.begin_nested():
                ways[name]()
                self.session.flush()
            self.done[name] += 1
        except DomainError:
            pass
        self.session.expire_all()

    def wrong(self) -> dict[str, object]:
        found = {what: self.session.execute(text(statement)).all() for what, statement in WRONG.items()}
        return {what: rows for what, rows in found.items() if rows}


@pytest.mark.parametrize("seed", range(3))
def test_a_merchant_gets_what_its_parcels_are_worth(session, clock, seed) -> None:
    walk = Walk(session, seed)
    for number in range(STEPS):
        clock.set(clock.now() + timedelta(minutes=1))
        walk.step()
        assert walk.wrong() == {}, number
    assert checks.check(session, SYSTEM).status == "balanced"
    assert sum(1 for times in walk.done.values() if times) >= 9, walk.done
