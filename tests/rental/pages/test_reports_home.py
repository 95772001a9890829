"""The home of the reports, and who may not see them."""

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.pages.report import ReportPage
from lattis_app.rental.pages.report_looks import LOOKS
from lattis_app.rental.pages.reports import ReportsHome
from lattis_app.rental.queries.reports.catalog import REPORTS
from lattis_app.rental.schemas.invoices import PaymentEntry
from lattis_app.rental.services.invoices import make_from_order
from lattis_app.rental.services.payments import record
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.ui.visits import signed_in, visit


def test_the_home_shows_the_last_thirty_days_and_leads_to_every_report(session, clock):
    invoice = make_from_order(session, SYSTEM, make_delivery_order(session).id)
    record(session, SYSTEM, invoice.id, PaymentEntry(method="CASH", amount="100.00"))
    session.flush()
    seen = visit(ReportsHome, signed_in(session))
    assert [(each["label"], each["value"]) for each in seen["figures"]] == [
        ("Sales", "RM 350.00"),
        ("Payments", "RM 100.00"),
        ("Outstanding", "RM 250.00"),
        ("Net cash", "RM 100.00"),
    ]
    assert {each.slug for each in REPORTS} == set(LOOKS)


@pytest.mark.parametrize("state", [ReportPage, ReportsHome])
def test_a_driver_sees_no_report(session, clock, state):
    seen = visit(state, signed_in(session, Role.DRIVER), address="/rental/reports/summary")
    assert "not allowed" in seen.said
    assert not seen.values.get("totals")
    assert not seen.values.get("figures")
