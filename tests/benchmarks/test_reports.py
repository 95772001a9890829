"""Every report can be timed on the large set, and adds up what is in it."""

from datetime import timedelta

from sqlalchemy import text

from benchmarks.reports import YEARS, Taken, measure
from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import reading
from lattis_app.core.schemas import parse
from lattis_app.rental.queries.reports.catalog import REPORTS, Report

ORDERS = 2_000


def test_every_report_is_timed_over_a_month_and_over_everything(large: int) -> None:
    with reading() as session:
        found = list(measure(session))
    assert [each.report for each in found] == list(REPORTS)
    assert [each.report.path for each in found if not each.is_quick] == []


def test_the_summary_of_everything_is_what_the_tables_hold(large: int) -> None:
    summary = Report.named("summary")
    span = {
        "from": str(clock.today() - YEARS - timedelta(days=7)),
        "to": str(clock.today() + timedelta(days=7)),
    }
    held = "SELECT sum(total_minor) FROM rental_invoices WHERE status NOT IN ('draft', 'voided')"
    booked = "SELECT -sum(amount_minor) FROM ledger_entries WHERE account IN ('sales', 'tax_payable')"
    with reading() as session:
        totals = summary.find(
            session, SYSTEM, parse(summary.filters, span | {"granularity": "monthly"})
        ).totals
        assert totals.sales_total == session.scalar(text(held)) == session.scalar(text(booked)) > 0
        assert totals.payments_total == session.scalar(text("SELECT sum(amount_minor) FROM rental_payments"))
        assert totals.outstanding_total == totals.sales_total - totals.payments_total
        orders = "SELECT count(*) FROM rental_delivery_orders WHERE status <> 'cancelled'"
        assert totals.delivery_orders == session.scalar(text(orders))


def test_a_report_that_takes_a_second_is_too_slow() -> None:
    report = REPORTS[0]
    assert [Taken(report, *each).is_quick for each in ((5, 999.9), (1_000, 5), (5, 1_000))] == [
        True,
        False,
        False,
    ]
