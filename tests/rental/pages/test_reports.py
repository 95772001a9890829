"""The reports' pages: what they show and ask, and that every figure leads to exactly the records behind it."""

import asyncio
from urllib.parse import parse_qsl, urlsplit

import pytest

from lattis_app.rental.pages import (
    bins,
    bookings,
    commissions,
    customers,
    delivery_orders,
    drivers,
    expenses,
    invoices,
    lorries,
    lorry_trips,
    payments,
    refunds,
    rentable_lorries,
)
from lattis_app.rental.pages.report import ReportPage
from lattis_app.rental.queries.reports.catalog import REPORTS, Report
from lattis_app.ui.failures import PageFailure
from lattis_app.ui.pages import PAGES
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_booking
from tests.factories.rental_world import make_world
from tests.ui.pipeline import Told, pipeline
from tests.ui.visits import signed_in, visit
from tests.worlds import standing, visited

LISTS = {
    "bins": bins.Bins,
    "bookings": bookings.Bookings,
    "commissions": commissions.Commissions,
    "customers": customers.Customers,
    "delivery-orders": delivery_orders.DeliveryOrders,
    "drivers": drivers.Drivers,
    "expenses": expenses.Expenses,
    "invoices": invoices.Invoices,
    "lorries": lorries.Lorries,
    "payments": payments.Payments,
    "refunds": refunds.Refunds,
    "rentable-lorries": rentable_lorries.RentableLorries,
    "trips": lorry_trips.LorryTrips,
}


def furnish(session):
    """A world with something in it for every report."""
    make_world(session)
    make_booking(session)
    drive(session, make_delivery_order(session, area="Klang Valley", state="Selangor"), "delivered")


@pytest.fixture(scope="module")
def furnished(database):
    with standing(furnish) as (connection, _):
        yield connection


@pytest.fixture
def session(furnished, clock, monkeypatch):
    with visited(furnished, monkeypatch) as opened:
        yield opened


@pytest.fixture
def office(session):
    return signed_in(session)


def links(seen):
    """Every address that a report leads to."""
    shown = [total["href"] for total in seen["totals"]]
    shown += [cell["href"] for line in seen["lines"] for cell in line["cells"]]
    shown += [href for series in seen["chart_hrefs"] for href in series]
    return {href for href in shown if href}


@pytest.mark.parametrize("each", REPORTS, ids=lambda each: each.slug)
def test_every_figure_leads_to_a_page_that_understands_the_question(session, office, each):
    seen = visit(ReportPage, office, address=f"/rental/reports/{each.slug}")
    assert (seen["ready"], seen["problem"], seen["title"]) == (True, "", each.title)
    assert all(cell["label"] for line in seen["lines"] for cell in line["cells"])
    routes = {page.route for page in PAGES}
    for href in links(seen):
        parts = urlsplit(href)
        asked = {name for name, _ in parse_qsl(parts.query)}
        name = parts.path.removeprefix("/rental/")
        if name.startswith("reports/"):
            fields = Report.named(name.removeprefix("reports/")).filters.model_fields
            assert asked <= {field.alias or key for key, field in fields.items()}, href
        elif name in LISTS:
            spec = LISTS[name]._spec(LISTS[name])
            assert asked <= {filter_.key for filter_ in spec.filters} | {"open", "q"}, href
        else:
            assert parts.path in routes, href


COUNTED = [
    ("summary", "Bookings"),
    ("summary", "Delivery orders"),
    ("summary", "Invoices"),
    ("invoices", "Invoices"),
    ("invoices-by-method", "Invoices"),
    ("invoices-area-wise", "Invoices"),
    ("invoices-by-client-pending", "Invoices"),
    ("invoices-by-client-paid", "Payments"),
    ("delivery-orders-payments-by-method", "Number"),
    ("delivery-orders-daily-totals", "Number"),
    ("delivery-orders", "Drafts"),
    ("customers", "Delivery orders"),
    ("bookings", "Open"),
    ("drivers", "Delivery orders"),
    ("lorries", "Delivery orders"),
    ("drivers", "Trips"),
    ("lorries", "Trips"),
    ("lorries-trips", "Trips"),
    ("rentable-lorries", "Rentable lorries"),
    ("refunds", "Refunds"),
    ("expenses", "Expenses"),
    ("commissions", "Waiting"),
    ("inventory", "Bins"),
    ("inventory", "With customer"),
    ("bins-stock-on-hand", "On hand"),
    ("bins-area-out", "Bins out"),
]


@pytest.mark.parametrize(("slug", "figure"), COUNTED)
def test_the_list_behind_a_figure_has_as_many_records(session, office, slug, figure):
    """Totals and, where they name the same figure, each row."""
    seen = visit(ReportPage, office, address=f"/rental/reports/{slug}")
    shown = [(each["value"], each["href"]) for each in seen["totals"] if each["label"] == figure]
    shown += [
        (cell["text"], cell["href"])
        for line in seen["lines"]
        for cell in line["cells"]
        if cell["label"] == figure
    ]
    assert shown
    for number, href in shown[-3:]:
        if href:
            name = urlsplit(href).path.removeprefix("/rental/")
            assert (str(visit(LISTS[name], office, address=href)["total"]), href) == (number, href)


def test_a_report_is_asked_by_its_form_and_keeps_the_answer_in_the_address(session, office):
    seen = visit(
        ReportPage,
        office,
        ("ask", {"form": {"from": "2026-03-01", "to": "2026-03-31", "granularity": "weekly", "secret": "x"}}),
        address="/rental/reports/invoices-period-sales",
    )
    assert "from=2026-03-01&to=2026-03-31&granularity=weekly" in seen.said
    assert "secret" not in seen.said
    assert seen["chart_title"] == "Total by period"
    assert [line["cells"][0]["text"] for line in seen["lines"]] == [
        "2026-W09", "2026-W10", "2026-W11", "2026-W12", "2026-W13", "2026-W14",
    ]  # fmt: skip
    assert seen["span"] == "1 Mar 2026 – 31 Mar 2026"
    assert seen["files"].startswith("/v1/reports/invoices/period-sales?from=2026-03-01&to=2026-03-31")


def test_spans_are_counted_from_the_business_s_today(session, office, clock):
    page = "/rental/reports/delivery-orders-daily-totals"
    shown = {
        name: visit(ReportPage, office, ("choose_span", {"name": name}), address=page)
        for name in ("month", "last", "30", "year", "for ever")
    }
    assert {name: (seen["span"], seen["current"]) for name, seen in shown.items()} == {
        "month": ("1 Mar 2026 – 16 Mar 2026", "month"),
        "last": ("1 Feb 2026 – 28 Feb 2026", "last"),
        "30": ("15 Feb 2026 – 16 Mar 2026", "30"),
        "year": ("1 Jan 2026 – 16 Mar 2026", "year"),
        "for ever": ("15 Feb 2026 – 16 Mar 2026", "30"),
    }
    assert (shown["last"]["lines"], shown["last"]["chart_rows"]) == ([], [])


def test_a_question_that_makes_no_sense_is_answered_in_words(session, office):
    page = "/rental/reports/invoices-period-sales?from=2026-03-02&to=2026-03-01"
    seen = visit(ReportPage, office, address=page)
    assert (seen["problem"], seen["lines"], seen["totals"]) == ("To: must not be before from", [], [])
    assert seen["errors"] == {"to": "Must not be before from"}
    mended = visit(ReportPage, office, ("choose_span", {"name": "30"}), address=page)
    assert (mended["problem"], mended["totals"][0]["label"]) == ("", "Invoices")


def test_a_point_of_the_chart_opens_its_records(session, office):
    def press(series: int, point: int):
        points = [{"curveNumber": series, "pointIndex": point}]
        return visit(
            ReportPage, office, ("open_point", {"points": points}), address="/rental/reports/summary"
        ).said

    assert "/rental/payments?from=2026-03-16&to=2026-03-16" in press(1, 29)
    assert "/rental/invoices" in press(0, 29)
    assert "redirect" not in press(7, 0) + press(0, 400) + press(-1, -1)


def test_a_report_of_one_customer_names_them(session, office):
    page = "/rental/reports/customers"
    whole = visit(ReportPage, office, address=page)
    customer = whole["lines"][0]["cells"][0]
    identity = customer["href"].partition("open=")[2]
    for seen in (
        visit(ReportPage, office, address=f"{page}?customer_id={identity}"),
        visit(ReportPage, office, ("ask", {"form": {"customer_id": identity}}), address=page),
    ):
        assert (seen["values"]["customer_id_label"], len(seen["lines"])) == (customer["text"], 1)


def test_a_report_that_nobody_knows_is_not_found(session, office):
    async def ask() -> Told:
        async with pipeline() as tab:
            load = f"{ReportPage.get_full_name()}.load"
            return await tab.send(load, cookie=office, address="/rental/reports/secrets")

    told = asyncio.run(ask())
    assert told.of(PageFailure)["text"] == "Report not found"
    assert told.said == ""
