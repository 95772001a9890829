"""Who is told what when something happens in rental: through the queue, once, and only those concerned."""

from uuid import UUID

import pytest
from sqlalchemy import text

from lattis_app.core import db, events
from lattis_app.core.events import Event, record
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Role
from lattis_app.rental.events import (
    CommissionBecameEligible,
    DoAssigned,
    DoProgressed,
    DoUnassigned,
    InvoicePaid,
    PaymentReceived,
    RefundApproved,
    RefundProcessed,
    RefundRequested,
)
from lattis_app.rental.models import RentalDriver
from lattis_app.rental.subscribers import notifications, refunds
from tests.core.worker import work_off
from tests.factories.identity import make_user

TELLING = {notifications.__name__, refunds.__name__}
RECORD, DRIVER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.fixture
def people(committed_database: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, User]:
    own = {
        name: {key: function for key, function in known.items() if function.__module__ in TELLING}
        for name, known in events._subscribers.items()
    }
    monkeypatch.setattr(events, "_subscribers", own)
    with db.unit_of_work() as session:
        session.add(
            RentalDriver(id=DRIVER, name="Ahmad Rahman", ic_number="920815145678", phone="+60123456789")
        )
        return {
            "admin": make_user(session, Role.ADMIN),
            "driver": make_user(session, Role.DRIVER, subject_id=DRIVER),
            "other driver": make_user(session, Role.DRIVER, subject_id=OTHER),
            "viewer": make_user(session, Role.VIEWER),
        }


def told(people: dict[str, User]) -> dict[str, list[tuple[str, str, str, str]]]:
    shown = {}
    for who, user in people.items():
        with db.unit_of_work() as session:
            session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(user.id)})
            found = session.execute(text("SELECT title, body, link, tone FROM notifications ORDER BY title"))
            if rows := [(row.title, row.body, row.link, row.tone) for row in found]:
                shown[who] = rows
    return shown


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        (
            DoAssigned(RECORD, DRIVER, "DO-2026-00001", "ABC Construction"),
            {"driver": [("New job DO-2026-00001", "ABC Construction", "/driver", "info")]},
        ),
        (
            DoUnassigned(RECORD, DRIVER, "DO-2026-00001", "ABC Construction"),
            {"driver": [("No longer your job: DO-2026-00001", "ABC Construction", "/driver", "info")]},
        ),
        (
            DoProgressed(RECORD, "DO-2026-00001", "failed", DRIVER),
            {
                "admin": [
                    (
                        "DO-2026-00001 failed",
                        "The driver could not do the job; the failed-trip fee has been added.",
                        f"/rental/delivery-orders?open={RECORD}",
                        "bad",
                    )
                ]
            },
        ),
        (DoProgressed(RECORD, "DO-2026-00001", "delivered", DRIVER), {}),
        (
            InvoicePaid(RECORD, "INV-2026-00001", OTHER),
            {"admin": [("INV-2026-00001 is paid", "", f"/rental/invoices?open={RECORD}", "ok")]},
        ),
        (
            PaymentReceived(RECORD, "RCPT-2026-00001", 35000, "CASH", driver_id=DRIVER),
            {
                "admin": [
                    (
                        "Ahmad Rahman took RM 350.00",
                        "Receipt RCPT-2026-00001, cash",
                        f"/rental/payments?open={RECORD}",
                        "ok",
                    )
                ]
            },
        ),
        (PaymentReceived(RECORD, "RCPT-2026-00001", 35000, "CASH"), {}),
        (
            CommissionBecameEligible(RECORD, "John"),
            {
                "admin": [
                    ("Commission for John can be approved", "", f"/rental/commissions?open={RECORD}", "info")
                ]
            },
        ),
        (
            RefundRequested(RECORD, "RFND-2026-00001", 5000, "Wrong size"),
            {
                "admin": [
                    (
                        "RFND-2026-00001: RM 50.00 to decide",
                        "Wrong size",
                        f"/rental/refunds?open={RECORD}",
                        "warn",
                    )
                ]
            },
        ),
        (
            RefundApproved(RECORD, "RFND-2026-00001", 5000),
            {
                "admin": [
                    ("RFND-2026-00001: RM 50.00 to pay out", "", f"/rental/refunds?open={RECORD}", "info")
                ]
            },
        ),
        (
            RefundProcessed(RECORD, "RFND-2026-00001", 5000, OTHER, None, (DRIVER,)),
            {
                "admin": [
                    ("RFND-2026-00001: RM 50.00 given back", "", f"/rental/refunds?open={RECORD}", "ok")
                ],
                "driver": [
                    (
                        "Cash you hold was used for a refund",
                        "RFND-2026-00001: RM 50.00 out of your cash",
                        "/driver/cash",
                        "info",
                    )
                ],
            },
        ),
    ],
)
def test_those_concerned_are_told_once(people: dict[str, User], happened: Event, expected: object) -> None:
    with db.unit_of_work() as session:
        record(session, happened)
    work_off()
    with db.unit_of_work() as session:
        event_ids = [str(id_) for id_ in session.scalars(text("SELECT id FROM events ORDER BY seq"))]
    events.deliver(event_ids)
    assert told(people) == expected
