"""A driver's day as the phone keeps it."""

from datetime import timedelta

from lattis_app.identity.permissions import Role
from lattis_app.rental.queries import driver_days
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import add_photos, drive, make_delivery_order
from tests.factories.rental_operations import make_driver, make_lorry


def day_of(api, driver_id):
    return api.as_(Role.DRIVER, subject_id=driver_id).get("/v1/me/day").json()["data"]


def test_the_day_has_every_open_job_with_what_it_takes_to_do_it(api, session, clock):
    order = make_delivery_order(session)
    drive(session, order, "started")
    add_photos(session, order, 2)

    day = day_of(api, order.driver_id)

    (job,) = day["jobs"]
    assert (day["driver_id"], day["photos_required"], day["lorries"]) == (str(order.driver_id), 3, [])
    assert (day["today"], day["time_zone"]) == ("2026-03-16", "Asia/Kuala_Lumpur")
    assert (job["id"], job["fulfilment_status"], job["photo_count"]) == (str(order.id), "started", 2)
    assert (job["number"], job["to_pay"]) == (order.system_do_number, 350.0)


def test_finished_failed_draft_and_others_jobs_are_not_in_it(api, session, clock):
    order = make_delivery_order(session)
    drive(session, order, "done")
    make_delivery_order(session)
    make_delivery_order(session, draft=True, driver_id=order.driver_id)

    assert day_of(api, order.driver_id)["jobs"] == []


def test_lorries_are_offered_only_while_a_job_has_none(api, session, clock):
    driver = make_driver(session)
    free = make_lorry(session)
    make_lorry(session, status="maintenance")
    make_delivery_order(session, driver_id=driver.id, lorry_id=None)

    day = day_of(api, driver.id)

    assert [job["lorry_registration_no"] for job in day["jobs"]] == [""]
    assert day["lorries"] == [{"id": str(free.id), "registration_no": free.registration_no}]


def test_the_office_has_no_such_day(api):
    assert api.as_(Role.ADMIN).get("/v1/me/day").status_code == 403


def test_a_day_costs_as_much_however_many_jobs(session, clock, queries):
    order = make_delivery_order(session)
    driver = make_actor(session, Role.DRIVER, subject_id=order.driver_id)
    session.commit()
    with queries() as sent:
        driver_days.own(session, driver)
    for days in (1, 2):
        later = clock.now() + timedelta(days=days)
        make_delivery_order(session, driver_id=order.driver_id, scheduled_at=later)
    session.commit()
    with queries() as more:
        found = driver_days.own(session, driver)

    assert (sent.count, more.count, len(found.jobs)) == (1, 1, 3)
