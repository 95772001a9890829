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

    assert (sent.count, more.count, len(found.jobs)) == (2, 2, 3)


def test_a_bin_to_be_moved_is_in_the_day_of_who_moves_it(api, session, clock):
    order = drive(session, make_delivery_order(session, site_address="1 Jalan Satu"), "delivered")
    driver, lorry = make_driver(session), make_lorry(session, registration_no="WXY 1")
    office, order_path = api.as_(Role.ADMIN), f"/v1/delivery-orders/{order.id}"
    plan = {"site_address": "9 Jalan Dua", "area": "Seremban", "reason": "Next site"}
    planned = office.post(f"{order_path}/relocations", json=plan | {"scheduled_at": "2026-03-16T06:00:00Z"})
    path = f"/v1/relocations/{planned.json()['data']['id']}"
    crew = {"driver_id": str(driver.id), "lorry_id": str(lorry.id)}
    assert office.post(f"{path}/assign", json=crew).json()["data"]["driver_name"] == driver.name

    (move,) = day_of(api, driver.id)["moves"]
    assert (move["number"], move["from_address"]) == (order.system_do_number, "1 Jalan Satu")
    assert (move["site_address"], move["area"], move["notes"]) == ("9 Jalan Dua", "Seremban", "Next site")
    assert (move["lorry_registration_no"], move["scheduled_on"]) == ("WXY 1", "2026-03-16")
    assert day_of(api, order.driver_id)["moves"] == []

    client = api.as_(Role.DRIVER, subject_id=driver.id)
    done = client.post(f"{path}/finish", headers={"Done-Ago": "600"}, json={})
    again = client.post(f"{path}/finish", json={})
    assert (done.status_code, done.json()["data"]["status"], again.status_code) == (200, "done", 412)
    assert done.json()["data"]["done_at"] == "2026-03-16T02:00:00Z"
    assert day_of(api, driver.id)["moves"] == []
    assert office.get(order_path).json()["data"]["site_address"] == "9 Jalan Dua"
