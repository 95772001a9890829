"""Reminders to collect bins over REST."""

from datetime import UTC, datetime

import pytest

from lattis_app.identity.permissions import Role
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_masters import make_reminder


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "late early"),
        ("sort=scheduled_at", "early late"),
        ("status=cancelled", "late"),
        ("status=scheduled,sent", "early"),
        ("reminder_type=term_based", "late"),
        ("from=2026-03-18", "late"),
        ("to=2026-03-17", "early"),
        ("q=setia", "late"),
        ("q={number}", "early"),
    ],
)
def test_reminders_are_found_by_what_is_known_of_them(api, session, clock, query, found):
    office, order = api.as_(Role.ADMIN), make_delivery_order(session)
    other = make_delivery_order(session, company_name="Setia Build")
    early = make_reminder(session, order, scheduled_date=datetime(2026, 3, 17, 15, 59, tzinfo=UTC))
    late = make_reminder(
        session, other, scheduled_date=datetime(2026, 3, 17, 16, 0, tzinfo=UTC), reminder_type="term_based"
    )
    assert office.post(f"/v1/collection-reminders/{late.id}/cancel").json()["data"]["status"] == "cancelled"

    rows = office.get(f"/v1/collection-reminders?{query.format(number=order.system_do_number)}").json()[
        "data"
    ]

    names = {str(early.id): "early", str(late.id): "late"}
    assert " ".join(names[row["id"]] for row in rows) == found


def test_a_reminder_is_sent_once(api, session, clock):
    office, reminder = api.as_(Role.ADMIN), make_reminder(session, make_delivery_order(session))
    sent = office.post(f"/v1/collection-reminders/{reminder.id}/send")
    again = office.post(f"/v1/collection-reminders/{reminder.id}/send")
    assert (sent.status_code, again.status_code) == (200, 412)
    shown = office.get(f"/v1/collection-reminders/{reminder.id}").json()["data"]
    assert (shown["status"], shown["sent_at"]) == ("sent", "2026-03-16T02:00:00Z")
