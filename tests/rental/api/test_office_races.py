"""Several people of the office at the same moment, over REST: each thing is done once, and nobody meets a crash."""

import pytest
from sqlalchemy import func, select

from lattis_app.core import db
from lattis_app.core.actors import SYSTEM
from lattis_app.imports.services import batches
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.models import Message
from lattis_app.notifications.services import messages
from lattis_app.rental.models import RentalBin, RentalCustomer, RentalReportSchedule
from lattis_app.rental.schemas.report_schedules import ReportScheduleEntry
from lattis_app.rental.services import report_schedules
from tests.factories.rental import make_customer
from tests.factories.rental_world import SCHEDULE
from tests.races import at_once, caller, statuses

AT_ONCE = 4
BINS = b"serial_number,size.h_ft,size.l_ft,size.w_ft\nA-1,4,12,6\nA-2,4,12,6\n"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def offices(committed_database, rest_api):
    """As many administrators, each signed in on their own."""
    return [caller(rest_api) for _ in range(AT_ONCE)]


def each(offices, method, path, **sent):
    """What everybody was answered who asked the same at once."""
    return at_once([(office, lambda client: client.request(method, path, **sent)) for office in offices])


def count(model):
    """How many records there are."""
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_file_is_run_once_and_taken_back_once(offices):
    checked = offices[0].post("/v1/imports/bins", files={"file": ("bins.csv", BINS)}).json()["data"]
    path, by = f"/v1/imports/{checked['id']}", offices[0].get("/v1/me").json()["data"]["id"]

    assert statuses(each(offices, "POST", f"{path}/run")) == [200] + [412] * (AT_ONCE - 1)
    batches.run(checked["id"], by)
    batches.run(checked["id"], by)
    assert count(RentalBin) == 2

    assert statuses(each(offices, "POST", f"{path}/undo")) == [200] + [412] * (AT_ONCE - 1)
    batches.undo(checked["id"], by)
    batches.undo(checked["id"], by)
    assert count(RentalBin) == 0
    assert offices[0].get(path).json()["data"]["status"] == "undone"


def test_one_key_checks_one_file_once(offices):
    sent = {"files": {"file": ("bins.csv", BINS)}, "headers": {"Idempotency-Key": "one click"}}
    answers = each([offices[0]] * AT_ONCE, "POST", "/v1/imports/bins", **sent)
    assert set(statuses(answers)) <= {201, 409}
    assert len({answer.json()["data"]["id"] for answer in answers if answer.status_code == 201}) == 1
    assert offices[0].get("/v1/imports").json()["meta"]["total"] == 1


@pytest.fixture
def schedule(committed_database):
    with db.unit_of_work() as session:
        made = report_schedules.create(session, SYSTEM, ReportScheduleEntry.model_validate(SCHEDULE))
        session.flush()
        return f"/v1/report-schedules/{made.id}"


def test_a_report_sent_by_several_at_one_moment_reaches_an_address_once(offices, schedule):
    answers = each(offices, "POST", f"{schedule}/send")
    assert statuses(answers) == [200] * AT_ONCE
    assert count(Message) == 1


def test_a_report_that_is_removed_while_it_is_sent_and_changed_is_gone_and_nothing_crashes(offices, schedule):
    sender, changer, *removers = offices
    asked = [
        (sender, lambda client: client.post(f"{schedule}/send")),
        (changer, lambda client: client.patch(schedule, json={"hour": 7})),
        *((remover, lambda client: client.delete(schedule)) for remover in removers),
    ]
    sent, changed, *removed = at_once(asked)
    assert statuses(removed) == [200, 404]
    assert {sent.status_code, changed.status_code} <= {200, 404}
    assert (count(RentalReportSchedule), count(Message)) == (0, 1 if sent.status_code == 200 else 0)


def test_what_customers_want_to_hear_and_how_is_kept_from_both_who_change_it(offices):
    with db.unit_of_work() as session:
        customer_id = make_customer(session).id
    wishes = [{"email_messages": False}, {"message_channel": "whatsapp"}]
    asked = [
        (office, lambda client, wish=wish: client.patch(f"/v1/customers/{customer_id}", json=wish))
        for office, wish in zip(offices, wishes * 2, strict=True)
    ]
    assert statuses(at_once(asked)) == [200] * AT_ONCE
    with db.reading() as session:
        customer = session.get_one(RentalCustomer, customer_id)
        assert (customer.email_messages, customer.message_channel) == (False, "whatsapp")


def test_a_message_that_failed_is_sent_again_once(offices, monkeypatch):
    monkeypatch.setattr(messages, "is_configured", lambda channel: True)
    with db.unit_of_work() as session:
        written = messages.write(
            session,
            SYSTEM,
            channel=Channel.EMAIL,
            address="a@example.com",
            kind="receipt",
            subject="R",
            body="B",
        )
        session.get_one(Message, written).state = "failed"
    assert statuses(each(offices, "POST", f"/v1/messages/{written}/retry")) == [200] + [412] * (AT_ONCE - 1)
    assert [
        answer.json()["data"]["sent"] for answer in each(offices, "POST", "/v1/messages/send-waiting")
    ] == [0] * AT_ONCE
