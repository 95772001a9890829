"""Real threads, real commits: what the office does to one merchant at the same moment happens once, and the books agree."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import find, unit_of_work
from lattis_app.core.errors import Conflict
from lattis_app.core.files import Upload
from lattis_app.courier.models import CourierMerchant
from lattis_app.courier.schemas.disputes import DisputeEntry
from lattis_app.courier.schemas.invoices import InvoiceEntry, PaymentEntry
from lattis_app.courier.schemas.merchants import MerchantChanges, MerchantEntry
from lattis_app.courier.schemas.parcels import ClearanceEntry, ParcelChanges, ParcelStep
from lattis_app.courier.schemas.remittances import RemittanceEntry
from lattis_app.courier.services import (
    clearances,
    disputes,
    merchant_invoices,
    merchants,
    parcels,
    remittances,
)
from lattis_app.imports.services import batches, imports
from lattis_app.ledger.queries import checks
from lattis_app.parties.schemas.merges import MergeEntry
from lattis_app.parties.schemas.parties import PartyDetails
from lattis_app.parties.services import merges, parties
from tests.factories.courier import make_invoice, make_merchant, make_parcel
from tests.races import await_a_waiter, together

PARCELS = 8
LOOSE = """
SELECT (SELECT count(*) FROM courier_parcels p WHERE invoice_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM courier_invoice_lines l WHERE l.parcel_id = p.id AND l.invoice_id = p.invoice_id AND l.live)) AS loose,
    (SELECT count(*) FROM courier_invoice_lines l WHERE live AND kind = 'parcel' AND NOT EXISTS (
        SELECT FROM courier_parcels p WHERE l.parcel_id = p.id AND l.invoice_id = p.invoice_id)) AS orphans,
    (SELECT count(*) FROM courier_merchant_invoices i WHERE payable_amount_minor <> (
        SELECT coalesce(sum(net_minor), 0) FROM courier_invoice_lines l WHERE l.invoice_id = i.id)) AS wrong_sums,
    (SELECT count(*) FROM courier_invoice_lines l JOIN courier_parcels p ON p.id = l.parcel_id
     WHERE l.live AND l.kind = 'parcel' AND p.financial_status IN ('INVOICED', 'PAID') AND l.net_minor <>
        p.cod_collected_amount_minor - CASE WHEN delivery_charge_applicable THEN p.total_charge_minor ELSE 0 END
        - CASE WHEN return_charge_applicable THEN p.return_charge_minor ELSE 0 END) AS stale
"""
MERCHANTS = """
SELECT count(*), count(DISTINCT code), (SELECT count(*) FROM parties),
    (SELECT count(*) FROM audit_entries WHERE entity = 'courier_merchants' AND action = 'created')
FROM courier_merchants
"""


def read(statement: str, **values: object) -> list[tuple[object, ...]]:
    with unit_of_work() as session:
        return [tuple(row) for row in session.execute(text(statement), values)]


def done(work: Callable[..., Any], *given: object) -> Callable[[], Any]:
    """A service as the system, in a transaction of its own."""

    def run() -> Any:
        with unit_of_work() as session:
            return work(session, SYSTEM, *given)

    return run


def assert_all_agrees() -> None:
    assert read(LOOSE) == [(0, 0, 0, 0)]
    with unit_of_work() as session:
        assert checks.check(session, SYSTEM).status == "balanced"


@pytest.fixture
def merchant_id(committed_database: str, clock: object) -> UUID:
    with unit_of_work() as session:
        return make_merchant(session).id


def fill(merchant_id: UUID, status: str = "DELIVERED", count: int = PARCELS, **values: object) -> list[UUID]:
    with unit_of_work() as session:
        merchant = session.get_one(CourierMerchant, merchant_id)
        return [make_parcel(session, merchant, status, **values).id for _ in range(count)]


def invoiced(merchant_id: UUID) -> UUID:
    with unit_of_work() as session:
        return make_invoice(session, session.get_one(CourierMerchant, merchant_id)).id


def generate(merchant_id: UUID) -> Callable[[], object]:
    return done(merchant_invoices.generate, InvoiceEntry(merchant_id=merchant_id))


def names(outcomes: list[object]) -> list[str]:
    return sorted(type(each).__name__ for each in outcomes)


def parcels_of(invoice_id: UUID) -> list[UUID]:
    found = read(
        "SELECT id FROM courier_parcels WHERE invoice_id = :id ORDER BY tracking_number", id=invoice_id
    )
    return [UUID(str(row[0])) for row in found]


def test_two_merchants_of_one_code_are_one_and_a_refusal(committed_database, clock) -> None:
    create = done(merchants.create, MerchantEntry(name="Batik", code="BATIK"))
    outcomes = together(*[create] * 4)
    assert names(outcomes) == ["Conflict"] * 3 + ["CourierMerchant"]
    refused = next(each for each in outcomes if isinstance(each, Conflict))
    assert refused.details["field"] == "code"
    assert read("SELECT count(*), (SELECT count(*) FROM parties) FROM courier_merchants") == [(1, 1)]


def test_charges_changed_while_an_invoice_is_generated_are_on_it_or_refused(merchant_id) -> None:
    ids = fill(merchant_id)
    change = ParcelChanges(total_charge="99.00")
    *changed, made = together(*[done(parcels.update, each, change) for each in ids], generate(merchant_id))
    assert names([made]) == ["CourierMerchantInvoice"]
    assert set(names(changed)) <= {"CourierParcel", "ParcelInvoiced"}
    late = names(changed).count("ParcelInvoiced")
    (row,) = read("SELECT total_parcels, total_delivery_charges_minor FROM courier_merchant_invoices")
    assert row == (PARCELS, 9_900 * (PARCELS - late) + 15_500 * late)
    assert_all_agrees()


def test_deliveries_reported_while_an_invoice_is_generated_are_on_it_or_wait(merchant_id) -> None:
    fill(merchant_id, count=1)
    ids = fill(merchant_id, "OUT_FOR_DELIVERY")
    step = ParcelStep(status="RETURNED")
    *steps, made = together(*[done(parcels.progress, each, step) for each in ids], generate(merchant_id))
    assert names([*steps, made]) == ["CourierMerchantInvoice"] + ["CourierParcel"] * PARCELS
    billed, waiting = (
        read("SELECT count(*) FROM courier_parcels WHERE financial_status = :status", status=status)[0][0]
        for status in ("INVOICED", "PENDING")
    )
    assert (billed, read("SELECT total_parcels FROM courier_merchant_invoices")) == (
        PARCELS + 1 - int(str(waiting)),
        [(billed,)],
    )
    assert_all_agrees()


def test_a_merchant_taken_off_merged_and_settled_at_once_keeps_its_books(merchant_id) -> None:
    fill(merchant_id)
    with unit_of_work() as session:
        old = session.get_one(CourierMerchant, merchant_id).party_id
        new = parties.create(session, SYSTEM, PartyDetails(name="Melati Holdings")).id
    outcomes = together(
        done(merges.merge, old, MergeEntry(into=new)),
        generate(merchant_id),
        done(merchants.update, merchant_id, MerchantChanges(active=False)),
    )
    assert names(outcomes) == ["CourierMerchant", "CourierMerchantInvoice", "MergeOut"]
    assert read("SELECT party_id, active FROM courier_merchants") == [(new, False)]
    assert_all_agrees()
    pay = done(merchant_invoices.pay, read("SELECT id FROM courier_merchant_invoices")[0][0], PaymentEntry())
    assert names(together(pay)) == ["CourierMerchantInvoice"]
    assert_all_agrees()


def test_disputes_clearances_and_a_payment_at_once_agree(merchant_id) -> None:
    fill(merchant_id)
    invoice_id = invoiced(merchant_id)
    first, second, *_ = parcels_of(invoice_id)
    outcomes = together(
        done(merchant_invoices.pay, invoice_id, PaymentEntry()),
        done(disputes.open_, first, DisputeEntry(reason="Never delivered")),
        done(clearances.record, second, ClearanceEntry(reason="Counted again", cod_collected_amount=4000)),
    )
    assert names(outcomes[:2]) == ["CourierDispute", "CourierMerchantInvoice"]
    cleared = names(outcomes[2:]) == ["CourierParcel"]
    found = dict(read("SELECT financial_status, count(*) FROM courier_parcels GROUP BY 1"))
    assert found == ({"PAID": PARCELS - 1, "CLEARANCE_PENDING": 1} if cleared else {"PAID": PARCELS})
    assert_all_agrees()


@pytest.mark.parametrize("answer", ["cancel", "merchant pays"])
def test_what_a_merchant_owes_is_settled_or_carried_and_never_both(merchant_id, answer) -> None:
    fill(merchant_id, "RETURNED", count=2)
    owing = invoiced(merchant_id)
    fill(merchant_id, count=1)
    end = {
        "cancel": done(merchant_invoices.cancel, owing, "Wrong parcels"),
        "merchant pays": done(merchant_invoices.record_merchant_payment, owing, PaymentEntry()),
    }[answer]
    ended, made = together(end, generate(merchant_id))
    assert names([made]) == ["CourierMerchantInvoice"]
    (later,) = read(
        "SELECT opening_minor, payable_amount_minor, total_parcels FROM courier_merchant_invoices WHERE id <> :id",
        id=owing,
    )
    if names([ended]) == ["CarriedForward"]:
        assert later == (-12_000, 472_500, 1)
    elif answer == "merchant pays":
        assert later == (0, 484_500, 1)
    else:
        assert later in ((0, 484_500, 1), (0, 472_500, 3))
    assert_all_agrees()


def compared(*lines: str) -> UUID:
    """A partner's file of these lines, compared."""
    period = {"partner": "Ninja", "from": "2026-03-01", "to": "2026-03-16"}
    file = Upload("a.csv", "\n".join(["tracking_number,amount", *lines]).encode())
    remittance_id: UUID = done(remittances.compare_file, RemittanceEntry.model_validate(period), file)().id
    return remittance_id


def test_a_partners_file_is_accepted_or_discarded_while_its_parcels_are_paid_out(merchant_id) -> None:
    ids = fill(merchant_id, partner="Ninja")
    invoice_id = invoiced(merchant_id)
    numbers = read("SELECT tracking_number FROM courier_parcels WHERE id = ANY(:ids)", ids=ids)
    remittance_id = compared(*(f"{row[0]},5000" for row in reversed(numbers)))
    outcomes = together(
        done(remittances.accept, remittance_id),
        done(remittances.discard, remittance_id),
        done(merchant_invoices.pay, invoice_id, PaymentEntry()),
    )
    assert names(outcomes) == ["CourierMerchantInvoice", "CourierRemittance", "InvalidTransition"]
    taken = read("SELECT count(remittance_id) FROM courier_parcels")[0][0]
    assert (taken, read("SELECT status FROM courier_remittances")) in (
        (PARCELS, [("ACCEPTED",)]),
        (0, [("DISCARDED",)]),
    )
    assert_all_agrees()


def checked(kind: str, lines: str, times: int) -> list[UUID]:
    """One file, checked so many times."""
    file = Upload("p.csv", lines.encode())
    return [done(imports.check, kind, file)().id for _ in range(times)]


def begun(ids: list[UUID]) -> list[UUID]:
    """Checked files that are about to be run."""
    for each in ids:
        done(imports.run, each)()
    return ids


def imported(session_code: str, times: int = 1) -> list[UUID]:
    """One file of parcels, checked so many times and about to be run."""
    lines = "\n".join(f"IMP{each},{session_code},120,DELIVERED" for each in range(PARCELS))
    return begun(checked("parcels", f"tracking_number,merchant_code,cod_amount,status\n{lines}", times))


def new_merchants(times: int = 1) -> list[UUID]:
    """One file of merchants, checked so many times."""
    lines = "\n".join(f"Kedai {each},NEW{each},accounts{each}@kedai.example" for each in range(PARCELS))
    return checked("merchants", f"name,code,email\n{lines}", times)


def test_one_file_imported_twice_at_once_makes_its_parcels_once(merchant_id) -> None:
    code = str(read("SELECT code FROM courier_merchants")[0][0])
    together(*[partial(batches.run, str(each), "") for each in imported(code, 2)])
    found = read("SELECT created_count, known_count, wrong_count, status FROM import_batches ORDER BY 1")
    assert found == [(0, PARCELS, 0, "done"), (PARCELS, 0, 0, "done")]
    assert read("SELECT count(*), count(DISTINCT tracking_number) FROM courier_parcels") == [
        (PARCELS, PARCELS)
    ]


def test_one_file_of_merchants_imported_twice_at_once_takes_each_on_once(committed_database, clock) -> None:
    together(*[partial(batches.run, str(each), "") for each in begun(new_merchants(2))])
    found = read("SELECT created_count, known_count, wrong_count, status FROM import_batches ORDER BY 1")
    assert found == [(0, PARCELS, 0, "done"), (PARCELS, 0, 0, "done")]
    assert read(MERCHANTS) == [(PARCELS, PARCELS, PARCELS, PARCELS)]


def test_merchants_whose_import_is_begun_and_run_twice_at_once_are_taken_on_once(
    committed_database, clock
) -> None:
    (batch_id,) = new_merchants()
    assert names(together(*[done(imports.run, batch_id)] * 2)) == ["ImportBatch", "InvalidTransition"]
    together(*[lambda: batches.run(str(batch_id), "")] * 3)
    found = read("SELECT created_count, known_count, wrong_count, done, status FROM import_batches")
    assert found == [(PARCELS, 0, 0, PARCELS, "done")]
    assert read(MERCHANTS) == [(PARCELS, PARCELS, PARCELS, PARCELS)]

    assert names(together(*[done(imports.undo, batch_id)] * 2)) == ["ImportBatch", "InvalidTransition"]
    together(*[lambda: batches.undo(str(batch_id), "")] * 3)
    found = read("SELECT created_count, removed_count, kept_count, done, status FROM import_batches")
    assert found == [(0, PARCELS, 0, PARCELS, "undone")]
    assert read(MERCHANTS) == [(0, 0, 0, PARCELS)]


def test_a_merchant_typed_in_while_a_file_brings_it_is_taken_on_once(committed_database, clock) -> None:
    (batch_id,) = begun(new_merchants())
    typed = done(merchants.create, MerchantEntry(name="Kedai 3", code="NEW3"))
    by_hand, _ = together(typed, lambda: batches.run(str(batch_id), ""))
    counted = read("SELECT created_count, known_count + wrong_count, status FROM import_batches")
    kept = int(not isinstance(by_hand, Conflict))
    assert counted == [(PARCELS - kept, kept, "done")]
    assert read(MERCHANTS) == [(PARCELS, PARCELS, PARCELS, PARCELS)]


def test_an_import_taken_back_while_its_parcels_are_settled_keeps_those_on_the_invoice(merchant_id) -> None:
    (batch_id,) = imported(str(read("SELECT code FROM courier_merchants")[0][0]))
    batches.run(str(batch_id), "")
    done(imports.undo, batch_id)()
    _, made = together(lambda: batches.undo(str(batch_id), ""), generate(merchant_id))
    left = read("SELECT count(*) FROM courier_parcels")[0][0]
    on_invoices = read("SELECT coalesce(sum(total_parcels), 0) FROM courier_merchant_invoices")[0][0]
    assert (left, on_invoices) == ((PARCELS, PARCELS) if names([made]) != ["NothingEligible"] else (0, 0))
    counted = read("SELECT kept_count, removed_count, status FROM import_batches")
    assert counted == [(left, PARCELS - int(str(left)), "undone")]
    assert_all_agrees()


@pytest.mark.parametrize("who", ["accepts a partner's file", "takes an import back"])
def test_whoever_touches_parcels_of_many_merchants_waits_for_a_run_without_standing_in_its_way(
    merchant_id, who
) -> None:
    """A run holds the merchants, then their parcels: whoever held a parcel first would wait in a circle with it."""
    if who == "takes an import back":
        (batch_id,) = imported(str(read("SELECT code FROM courier_merchants")[0][0]))
        batches.run(str(batch_id), "")
        done(imports.undo, batch_id)()
        work: Callable[[], object] = lambda: batches.undo(str(batch_id), "")  # noqa: E731 - one of two
    else:
        fill(merchant_id, tracking_number="TRKHELD1", count=1)
        work = done(remittances.accept, compared("TRKHELD1,5000"))
    with ThreadPoolExecutor(1) as threads:
        with unit_of_work() as session:
            merchants.hold(session, [merchant_id])
            other = threads.submit(work)
            await_a_waiter()
            held = session.execute(text("SELECT id FROM courier_parcels FOR UPDATE NOWAIT")).all()
        other.result()
    assert len(held) == (1 if who.startswith("accepts") else PARCELS)
    assert_all_agrees()


def test_a_merchant_that_is_removed_twice_is_removed_once(merchant_id: UUID) -> None:
    removed = done(merchants.remove, merchant_id)
    outcomes = together(removed, removed)
    assert sorted(str(type(each).__name__) for each in outcomes) == ["NoneType", "NotFound"]
    assert read("SELECT count(*) FROM courier_merchants") == [(0,)]


def test_a_merchant_that_gets_a_parcel_while_it_is_removed_keeps_it_or_never_has_it(
    merchant_id: UUID,
) -> None:
    def send() -> object:
        with unit_of_work() as session:
            return make_parcel(session, find(session, CourierMerchant, merchant_id))

    removed, _ = together(done(merchants.remove, merchant_id), send)
    left = read(
        "SELECT (SELECT count(*) FROM courier_merchants), (SELECT count(*) FROM courier_parcels), "
        "(SELECT count(*) FROM audit_entries WHERE entity = 'courier_merchants' AND action = 'deleted')"
    )
    assert left == ([(1, 1, 0)] if removed is not None else [(0, 0, 1)])
