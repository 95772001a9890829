"""Papers of lorries are warned of once per step (contract: rental.md, "Jobs")."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import jobs
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.events import EventRow
from lattis_app.core.names import JobName
from lattis_app.identity.permissions import Role
from lattis_app.notifications.models import Notification
from lattis_app.rental.events import LorryAlert
from lattis_app.rental.jobs import scan_document_expiry
from lattis_app.rental.models import RentalLorry, RentalLorryDocument
from lattis_app.rental.schemas.lorries import LorryChanges
from lattis_app.rental.services import lorries
from lattis_app.rental.subscribers.lorries import tell_of_paper
from tests.factories.identity import make_user
from tests.factories.rental_operations import make_lorry

E = columns(EventRow)


@pytest.fixture
def lorry(session: Session, clock) -> RentalLorry:
    """Its road tax has its last day forty days from Monday 16 March: 25 April."""
    return make_lorry(session, registration_no="WXY 1234", documents=[paper(clock, 40)])


def paper(clock, days: int, kind: str = "road_tax") -> dict[str, str]:
    return {
        "kind": kind,
        "number": "RT-1",
        "expires_on": (clock.now() + timedelta(days=days)).date().isoformat(),
    }


def scan(session: Session, clock) -> int:
    return scan_document_expiry(session, SYSTEM, clock.now())["alerts"]


def alerts(session: Session) -> list[dict[str, object]]:
    return list(session.scalars(select(E.payload).where(E.name == "lorry.alert").order_by(E.seq)))


def test_every_step_is_warned_of_once_and_on_its_day(session, clock, lorry) -> None:
    warned = []
    for day in range(60):
        warned += [40 - day] * scan(session, clock)
        assert scan(session, clock) == 0
        clock.advance(days=1)
    assert warned == [30, 14, 7, 1, -1]
    first, *_, last = alerts(session)
    assert first == {
        "entity_id": str(lorry.id),
        "registration_no": "WXY 1234",
        "document": "road_tax",
        "expires_on": "2026-04-25",
        "days_before": 30,
        "alert": "expiring_document",
    }
    assert last["days_before"] == -1


def test_a_missed_night_is_caught_up_by_the_step_that_counts_now(session, clock, lorry) -> None:
    clock.advance(days=34)
    assert (scan(session, clock), scan(session, clock)) == (1, 0)
    assert [alert["days_before"] for alert in alerts(session)] == [7]


def test_a_renewed_paper_is_warned_of_again(session, clock, lorry) -> None:
    clock.advance(days=41)
    assert scan(session, clock) == 1
    renewed = LorryChanges.model_validate({"documents": [paper(clock, 25)]})
    lorries.update(session, SYSTEM, lorry.id, renewed)
    session.flush()
    assert scan(session, clock) == 1
    assert [alert["days_before"] for alert in alerts(session)] == [-1, 30]


def test_each_paper_counts_for_itself_and_a_retired_lorry_for_nothing(session, clock) -> None:
    make_lorry(session, documents=[paper(clock, 5), paper(clock, -3, "insurance")])
    make_lorry(session, documents=[paper(clock, 5)], status="inactive")
    assert scan(session, clock) == 2
    assert [(alert["document"], alert["days_before"]) for alert in alerts(session)] == [
        ("insurance", -1), ("road_tax", 7),
    ]  # fmt: skip


def test_a_look_at_what_would_be_warned_of_warns_of_nothing(session, clock, admin, lorry) -> None:
    clock.advance(days=10)
    name = JobName.RENTAL_SCAN_DOCUMENT_EXPIRY
    looked = jobs.run_now(session, admin, name, preview=True)
    assert (jobs.JOBS[name].cron, looked.result, alerts(session)) == ("0 6 * * *", {"alerts": 1}, [])
    assert session.scalars(select(columns(RentalLorryDocument).alerted_step)).all() == [None]
    assert jobs.run_now(session, admin, name).result == {"alerts": 1}


@pytest.mark.parametrize(
    ("days_before", "title", "tone"),
    [
        (7, "WXY 1234: Puspakom inspection runs out on 25 Apr 2026", "warn"),
        (-1, "WXY 1234: Puspakom inspection ran out on 25 Apr 2026", "bad"),
    ],
)
def test_the_office_is_told(session, lorry, days_before: int, title: str, tone: str) -> None:
    office, _driver = make_user(session, Role.ADMIN), make_user(session, Role.DRIVER)
    happened = LorryAlert(lorry.id, "WXY 1234", "puspakom", "2026-04-25", days_before)
    tell_of_paper(session, SYSTEM, happened)
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(office.id)})
    told = session.scalars(select(Notification)).one()
    assert (told.user_id, told.kind, told.title, told.link, told.tone) == (
        office.id, "lorry.alert", title, f"/rental/lorries?open={lorry.id}", tone,
    )  # fmt: skip
