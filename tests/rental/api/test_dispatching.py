"""Passing jobs on and taking them back over REST (docs/domains/rental.md, "Dispatch board")."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.schemas.bookings import AssignmentEntry
from lattis_app.rental.services import bookings
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry
from tests.ui.visits import everything

MORNING = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
PATHS = {"booking": "/v1/orders", "order": "/v1/delivery-orders"}
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def office(api):
    return api.as_(Role.ADMIN)


@pytest.fixture
def booking(session, lim, lorry):
    make_bin(session)
    booked = make_booking(session, scheduled_at=MORNING)
    crew = AssignmentEntry(driver_id=lim.id, lorry_id=lorry.id)
    bookings.assign(session, SYSTEM, booked.id, crew)
    session.flush()
    return booked


@pytest.fixture
def order(session, lim, lorry):
    return make_delivery_order(session, scheduled_at=MORNING, driver_id=lim.id, lorry_id=lorry.id)


@pytest.fixture(params=PATHS)
def job(request):
    """The path of a job that Lim Wei has."""
    return f"{PATHS[request.param]}/{request.getfixturevalue(request.param).id}"


def refused(session, answer, before):
    """The refusal, after it has changed nothing."""
    session.expire_all()
    assert everything(session) == before
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"], error["details"].get("field")


def test_a_job_is_passed_on_with_the_lorry_that_is_clear(office, job, lim, siva, lorry) -> None:
    answer = office.post(f"{job}/pass-on", json={"driver_id": str(siva.id), "from_driver_id": str(lim.id)})
    assert answer.status_code == 200, answer.text
    shown = answer.json()["data"]
    assert (shown["driver_name"], shown["lorry_registration_no"]) == ("Siva Kumar", "WXY 1")
    assert shown["status"] == ("issued" if "delivery" in job else "assigned")


def test_a_job_is_taken_back_and_waits_for_another_driver(office, job, lim) -> None:
    answer = office.post(f"{job}/take-back", json={"from_driver_id": str(lim.id)})
    assert answer.status_code == 200, answer.text
    shown = answer.json()["data"]
    assert (shown["driver_id"], shown["lorry_id"]) == (None, None)
    assert shown["status"] == ("issued" if "delivery" in job else "confirmed")


def test_a_booking_taken_back_may_be_assigned_again(office, booking, lim, siva, lorry) -> None:
    path = f"/v1/orders/{booking.id}"
    office.post(f"{path}/take-back", json={"from_driver_id": str(lim.id)})
    again = office.post(f"{path}/assign", json={"driver_id": str(siva.id), "lorry_id": str(lorry.id)})
    assert (again.status_code, again.json()["data"]["driver_name"]) == (200, "Siva Kumar")


def test_whoever_was_slower_overwrites_nothing_and_learns_who_was_faster(
    session, office, job, lim, siva
) -> None:
    known = office.get(job.replace("/orders/", "/bookings/") if "delivery" not in job else job).json()["data"]
    number = known.get("system_do_number") or known["number"]
    third, lorry = make_driver(session, name="Tan Mei"), make_lorry(session)
    taken = {"lorry_id": str(lorry.id), "from_driver_id": str(lim.id)}
    assert office.post(f"{job}/pass-on", json=taken | {"driver_id": str(siva.id)}).status_code == 200
    before = everything(session)
    for slower in (
        office.post(f"{job}/pass-on", json=taken | {"driver_id": str(third.id)}),
        office.post(f"{job}/take-back", json={"from_driver_id": str(lim.id)}),
    ):
        status, code, message, field = refused(session, slower, before)
        assert (status, code, field) == (409, "CONFLICT", "driver_id")
        assert message.startswith(f"{number} is with Siva Kumar now: given by ")


@pytest.mark.parametrize("kind", PATHS)
def test_who_had_the_job_must_be_said(session, request, office, kind, siva) -> None:
    path = f"{PATHS[kind]}/{request.getfixturevalue(kind).id}"
    before = everything(session)
    for act, given in (("pass-on", {"driver_id": str(siva.id)}), ("take-back", {})):
        answer = refused(session, office.post(f"{path}/{act}", json=given), before)
        assert answer == (400, "VALIDATION_ERROR", "from_driver_id: is required", "from_driver_id")


def test_refusals_name_the_field(session, office, booking, lim, siva, lorry) -> None:
    path, had = f"/v1/orders/{booking.id}/pass-on", {"from_driver_id": str(lim.id)}
    make_lorry(session)
    other = make_delivery_order(session, scheduled_at=MORNING, driver_id=siva.id, lorry_id=None)
    left = make_driver(session, status="inactive")
    expired = make_lorry(session, documents=[{"kind": "permit", "expires_on": "2026-03-16"}])
    free = make_driver(session)
    before = everything(session)

    def ask(**given):
        return refused(
            session, office.post(path, json=had | {name: str(value) for name, value in given.items()}), before
        )

    assert ask(driver_id=siva.id, lorry_id=lorry.id) == (
        412,
        "PRECONDITION_FAILED",
        f"Siva Kumar has {other.system_do_number} within 60 minutes of that time",
        "driver_id",
    )
    assert ask(driver_id=left.id, lorry_id=lorry.id)[::3] == (412, "driver_id")
    assert ask(driver_id=free.id) == (412, "PRECONDITION_FAILED", "Choose a lorry", "lorry_id")
    assert ask(driver_id=free.id, lorry_id=expired.id)[::3] == (412, "lorry_id")
    assert ask(driver_id=free.id, lorry_id="WXY 1")[::3] == (400, "lorry_id")
    assert ask(driver_id=uuid4(), lorry_id=lorry.id)[:2] == (404, "NOT_FOUND")


def test_an_order_on_the_way_stays_with_its_driver(session, office, order, lim, siva) -> None:
    path = f"/v1/delivery-orders/{drive(session, order, 'started').id}"
    before = everything(session)
    given = {"driver_id": str(siva.id), "from_driver_id": str(lim.id)}
    assert refused(session, office.post(f"{path}/pass-on", json=given), before)[::3] == (412, "driver_id")
    taken = office.post(f"{path}/take-back", json={"from_driver_id": str(lim.id)})
    assert refused(session, taken, before)[::3] == (412, "driver_id")


def test_a_booking_that_was_fulfilled_is_not_taken_back(session, office, booking, lim) -> None:
    booking.status = "fulfilled"
    session.flush()
    before = everything(session)
    answer = office.post(f"/v1/orders/{booking.id}/take-back", json={"from_driver_id": str(lim.id)})
    assert refused(session, answer, before) == (
        412,
        "PRECONDITION_FAILED",
        "Booking is fulfilled and cannot become confirmed; allowed: nothing more",
        "status",
    )


def test_only_the_office_moves_jobs(session, api, job, lim, siva) -> None:
    driver, before = api.as_(Role.DRIVER, subject_id=lim.id), everything(session)
    for act, given in (
        ("pass-on", {"driver_id": str(siva.id), "from_driver_id": str(lim.id)}),
        ("take-back", {"from_driver_id": str(lim.id)}),
    ):
        assert refused(session, driver.post(f"{job}/{act}", json=given), before)[:2] == (403, "FORBIDDEN")
        assert api.anonymous().post(f"{job}/{act}", json=given).status_code == 401


@pytest.mark.parametrize("path", PATHS.values())
def test_a_job_that_does_not_exist_is_not_found(office, lim, siva, path) -> None:
    given = {"driver_id": str(siva.id), "from_driver_id": str(lim.id)}
    assert office.post(f"{path}/{uuid4()}/pass-on", json=given).status_code == 404
    taken = office.post(f"{path}/{uuid4()}/take-back", json={"from_driver_id": str(lim.id)})
    assert taken.status_code == 404
