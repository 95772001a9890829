"""Reports over REST: every path of the seed, for administrators only."""

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.queries.reports.catalog import REPORTS
from lattis_app.rental.services import invoices
from tests.factories.rental_delivery_orders import make_delivery_order, set_business

PATHS = (
    "summary",
    "customers",
    "invoices/by-client-paid",
    "invoices/by-client-pending",
    "customers/ageing",
    "inventory",
    "bins/stock-on-hand",
    "bins/inout-by-sn",
    "bins/area-out",
    "lorries",
    "lorries/trips",
    "rentable-lorries",
    "drivers",
    "bookings",
    "delivery-orders",
    "delivery-orders/daily-totals",
    "delivery-orders/payments-by-method",
    "delivery-orders/cash-vs-pending",
    "delivery-orders/by-driver",
    "invoices",
    "invoices/period-sales",
    "invoices/pending-alerts",
    "invoices/area-wise",
    "invoices/by-method",
    "commissions",
    "refunds",
    "expenses",
)


def test_every_report_of_the_seed_is_there():
    assert sorted(each.path for each in REPORTS) == sorted(PATHS)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "asked", ["from=2026-02-30", "from=2026-03-02&to=2026-03-01", "to=yesterday", "format=doc"]
)
def test_what_no_report_can_answer_is_refused(api, session, path, asked):
    answer = api.as_(Role.ADMIN).get(f"/v1/reports/{path}?{asked}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("path", "asked", "field"),
    [
        ("invoices/by-client-paid", "customer_id=x", "customer_id"),
        ("delivery-orders/by-driver", "driver_id=1", "driver_id"),
        ("lorries/trips", "lorry_id=1", "lorry_id"),
        ("invoices/by-method", "method=GOLD", "method"),
        ("expenses", "category=yachts", "category"),
        ("invoices/period-sales", "granularity=hourly", "granularity"),
        ("invoices/period-sales", "from=2000-01-01&to=2026-03-16&granularity=daily", "from"),
    ],
)
def test_a_bad_filter_is_named(api, session, clock, path, asked, field):
    answer = api.as_(Role.ADMIN).get(f"/v1/reports/{path}?{asked}")
    assert (answer.status_code, answer.json()["error"]["details"]["field"].partition(".")[0]) == (400, field)


@pytest.mark.parametrize("path", PATHS)
def test_only_the_office_reads_reports(api, session, path):
    assert api.anonymous().get(f"/v1/reports/{path}").status_code == 401
    for role in (Role.DRIVER, Role.SUPER_ADMIN, Role.CASHIER):
        assert api.as_(role).get(f"/v1/reports/{path}?format=csv").status_code == 403


def test_the_seed_s_question_is_answered_to_the_byte(api, session, clock):
    set_business(session)
    invoices.make_from_order(session, SYSTEM, make_delivery_order(session).id)
    session.flush()

    asked = "/v1/reports/invoices/period-sales?granularity=daily&from=2026-03-15&to=2026-03-16"

    assert api.as_(Role.ADMIN).get(asked).json() == {
        "data": {
            "from_on": "2026-03-15",
            "to_on": "2026-03-16",
            "totals": {"invoices": 1, "subtotal": 350.0, "tax": 0.0, "total": 350.0},
            "rows": [
                {"period": "2026-03-15", "from_on": "2026-03-15", "to_on": "2026-03-15",
                 "invoices": 0, "subtotal": 0.0, "tax": 0.0, "total": 0.0},
                {"period": "2026-03-16", "from_on": "2026-03-16", "to_on": "2026-03-16",
                 "invoices": 1, "subtotal": 350.0, "tax": 0.0, "total": 350.0},
            ],
            "rows_in_all": 2,
        }
    }  # fmt: skip
    as_csv = api.as_(Role.ADMIN).get(f"{asked}&format=csv")
    assert as_csv.content.decode("utf-8-sig").splitlines() == [
        "period,from_on,to_on,invoices,subtotal,tax,total,currency",
        "2026-03-15,2026-03-15,2026-03-15,0,0.00,0.00,0.00,MYR",
        "2026-03-16,2026-03-16,2026-03-16,1,350.00,0.00,350.00,MYR",
    ]
    assert (
        as_csv.headers["content-disposition"] == 'attachment; filename="invoices-period-sales-2026-03-16.csv"'
    )
