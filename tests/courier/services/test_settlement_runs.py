"""Invoices for every merchant at once: shown first, then made, and a second time nothing is left to do."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Invalid
from lattis_app.courier.jobs import generate_settlements
from lattis_app.courier.models import CourierMerchantInvoice, CourierSettlementRun
from lattis_app.courier.queries import settlement_runs as queries
from lattis_app.courier.schemas.disputes import DisputeEntry
from lattis_app.courier.schemas.runs import RunEntry
from lattis_app.courier.services import disputes, settlement_runs
from tests.factories.courier import make_invoice, make_merchant, make_parcel


@pytest.fixture
def world(session, clock):
    """One merchant with two parcels and an old debt, one with a disputed parcel only, one with nothing."""
    ready, held = make_merchant(session, name="Aroma"), make_merchant(session, name="Batik")
    make_merchant(session, name="Cendol")
    make_parcel(session, ready, "RETURNED")
    make_invoice(session, ready)
    make_parcel(session, ready)
    make_parcel(session, ready, "PARTIAL_DELIVERY", delivered_at=clock.now() - timedelta(days=3))
    make_parcel(session, ready, "IN_TRANSIT")
    disputed = make_parcel(session, held)
    disputes.open_(session, SYSTEM, disputed.id, DisputeEntry(reason="Never delivered"))
    session.flush()
    return ready, held


def shown(run):
    return [
        (line.merchant_name, line.outcome, line.parcels, line.held, line.opening, line.payable, line.reason)
        for line in run.lines
    ]


def invoices(session):
    return session.scalar(select(func.count()).select_from(CourierMerchantInvoice))


def test_a_preview_says_what_a_run_then_does(session, world):
    before = invoices(session)
    planned = queries.preview(session, SYSTEM)
    assert shown(planned) == [
        ("Aroma", "ready", 2, 0, -6000, 763000, ""),
        ("Batik", "held", 0, 1, 0, 0, "1 held: disputed"),
    ]
    assert (planned.invoices, planned.parcels, planned.payable) == (1, 2, 763000)
    assert invoices(session) == before
    done = settlement_runs.run(session, SYSTEM, RunEntry())
    session.flush()
    log = queries.find(session, SYSTEM, done.id)
    assert shown(log) == [
        ("Aroma", "generated", 2, 0, -6000, 763000, ""),
        ("Batik", "held", 0, 1, 0, 0, "1 held: disputed"),
    ]
    assert log.lines[0].invoice_no == "INV-2026-03-0002"
    assert (log.invoices, log.parcels, log.payable) == (1, 2, 763000)


def test_a_second_run_changes_nothing(session, world):
    settlement_runs.run(session, SYSTEM, RunEntry())
    after_first = invoices(session)
    second = settlement_runs.run(session, SYSTEM, RunEntry())
    assert (second.invoices, second.parcels, invoices(session)) == (0, 0, after_first)


def test_only_what_was_delivered_until_the_day_counts(session, world, clock):
    planned = queries.preview(session, SYSTEM, date(2026, 3, 15))
    assert shown(planned)[0][:6] == ("Aroma", "ready", 1, 0, -6000, 278500)
    with pytest.raises(Invalid):
        settlement_runs.run(session, SYSTEM, RunEntry(as_of=date(2026, 3, 17)))
    assert session.scalars(select(CourierSettlementRun)).all() == []
    assert generate_settlements(session, SYSTEM, clock.now())["parcels"] == 1
    assert generate_settlements(session, SYSTEM, clock.now())["parcels"] == 0


def test_what_one_merchant_is_refused_takes_nothing_from_the_others(session, world, monkeypatch):
    ready, _ = world
    other = make_merchant(session, name="Durian")
    make_parcel(session, other)
    generate = settlement_runs.merchant_invoices.generate

    def refusing(session, actor, entry, before):
        if entry.merchant_id == ready.id:
            raise Invalid("Out of order")
        return generate(session, actor, entry, before)

    monkeypatch.setattr(settlement_runs.merchant_invoices, "generate", refusing)
    done = settlement_runs.run(session, SYSTEM, RunEntry())
    session.flush()
    outcomes = {
        line.merchant_name: (line.outcome, line.reason)
        for line in queries.find(session, SYSTEM, done.id).lines
    }
    assert outcomes["Aroma"] == ("failed", "Out of order")
    assert outcomes["Durian"] == ("generated", "")
