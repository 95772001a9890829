"""The seed's critical metrics, one by one: on the health endpoint, and as Prometheus reads them."""

import pytest
from sqlalchemy import update

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.courier.models import CourierInvoiceLine
from lattis_app.courier.pages.health import figures
from lattis_app.courier.queries import metrics
from lattis_app.courier.schemas.parcels import ClearanceEntry
from lattis_app.courier.services import clearances
from lattis_app.identity.permissions import Role
from tests.factories.courier import again, make_invoice, make_merchant, make_parcel, pay_invoice

L = columns(CourierInvoiceLine)
TOKEN = "t" * 40
SEED = {
    "Invoices per day/week/month": (
        {"invoices_today": 2, "invoices_this_week": 2, "invoices_this_month": 2},
        ("lattis_merchant_invoices_generated{period=\"day\"}",
         "lattis_merchant_invoices_generated{period=\"week\"}",
         "lattis_merchant_invoices_generated{period=\"month\"}"),
    ),
    "Average parcels per invoice": (
        {"parcels_per_invoice": 1.5},
        ("lattis_merchant_invoice_parcels{measure=\"average\"}",),
    ),
    "Time from generation to payment": (
        {"hours_to_payment": 0.0},
        ("lattis_merchant_payment_hours{measure=\"average\"}",),
    ),
    "Pending invoice count": (
        {"pending_invoices": 1},
        ("lattis_merchant_invoices{status=\"GENERATED\"} 1.0",),
    ),
    "Total payable amounts": (
        {"payable": 9690.0, "owed_by_merchants": 0.0},
        ("lattis_merchant_payable_minor{owed_to=\"merchant\"} 969000.0",),
    ),
    "Charge calculation accuracy": (
        {"charge_accuracy": 1.0, "checked_invoices": 2, "wrong_invoices": 0},
        ("lattis_merchant_invoice_accuracy{measure=\"right\"}",
         "lattis_merchant_invoice_accuracy{measure=\"checked\"}"),
    ),
    "Discrepancy rates": (
        {"discrepancy_rate": 1.0, "open_clearances": 1, "open_disputes": 0},
        ("lattis_parcel_discrepancy_rate{kind=\"clearance\"} 1.0",
         "lattis_parcel_discrepancies{kind=\"clearance\"} 1.0"),
    ),
    "Query execution times": ({}, ("lattis_statement_seconds_count", "lattis_statement_seconds_sum")),
    "Index usage": ({}, ("lattis_courier_index_share{table=\"courier_parcels\"}",)),
    "Connection pool utilization": (
        {},
        ("lattis_database_connections",),
    ),
    "Average response time per endpoint": (
        {},
        ("lattis_request_seconds_sum{method=\"GET\",route=\"/v1/merchant-invoices\"}",
         "lattis_request_seconds_count{method=\"GET\",route=\"/v1/merchant-invoices\"}"),
    ),
    "95th percentile response times": (
        {},
        ("lattis_request_seconds_bucket{le=\"0.05\",method=\"GET\",route=\"/v1/merchant-invoices\"}",),
    ),
    "Error rates": (
        {},
        ("lattis_requests_total{method=\"GET\",route=\"/v1/merchant-invoices\",status=\"200\"}",),
    ),
}  # fmt: skip
"""Each critical metric of the seed: what the endpoint answers, and what stands in the metrics."""


@pytest.fixture
def settled(session, clock):
    """A paid invoice of one parcel that was corrected, and an open one of two."""
    merchant = make_merchant(session)
    parcel = make_parcel(session, merchant)
    pay_invoice(session, make_invoice(session, merchant, parcel))
    correction = ClearanceEntry(cod_collected_amount="4900.00", reason="Counted again")
    clearances.record(session, SYSTEM, again(session, parcel).id, correction)
    two = make_parcel(session, merchant), make_parcel(session, merchant)
    session.flush()
    return make_invoice(session, merchant, *two)


@pytest.fixture
def office(api, settled):
    return api.as_(Role.ADMIN)


@pytest.mark.parametrize("metric", SEED)
def test_each_critical_metric_is_answered_and_measured(office, api, configure, metric):
    expected, names = SEED[metric]
    assert office.get("/v1/merchant-invoices").status_code == 200
    health = office.get("/v1/merchant-invoices/health").json()["data"]
    assert {name: health[name] for name in expected} == expected

    configure(metrics_token=TOKEN)
    measured = api.anonymous().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert measured.status_code == 200
    for name in names:
        assert name in measured.text


def test_database_and_answers_are_on_the_health_endpoint_too(office):
    office.get("/v1/merchant-invoices")
    health = office.get("/v1/merchant-invoices/health").json()["data"]
    tables = {each["table"]: each for each in health["tables"]}
    assert {"courier_parcels", "courier_merchant_invoices", "courier_invoice_lines"} <= set(tables)
    assert set(tables["courier_parcels"]) == {"table", "rows", "index_reads", "whole_reads", "index_share"}
    assert {"connections_in_use", "connections_idle", "statement_ms"} <= set(health)
    listed = next(each for each in health["endpoints"] if each["endpoint"] == "GET /v1/merchant-invoices")
    assert set(listed) == {"endpoint", "requests", "average_ms", "p95_ms", "error_rate"}


def test_a_charge_that_the_status_does_not_allow_is_found(session, settled, office):
    line = L.invoice_id == settled.id
    session.execute(
        update(CourierInvoiceLine).where(line).values(parcel_status="PAID_RETURN"),
        execution_options={"synchronize_session": False},
    )
    found = metrics.find(session, SYSTEM)
    assert (found.checked_invoices, found.wrong_invoices, str(found.charge_accuracy)) == (2, 1, "0.5000")
    assert figures(found)["is_wrong"] == "true"


def test_nobody_but_the_office_sees_them(api, session):
    merchant = make_merchant(session)
    for who, status in ((api.anonymous(), 401), (api.as_(Role.MERCHANT, merchant.id), 403)):
        assert who.get("/v1/merchant-invoices/health").status_code == status
