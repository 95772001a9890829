"""The outbox and one's own choices, event by event."""

import pytest
from sqlalchemy import select, text

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Role
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.models import Message
from lattis_app.notifications.pages.outbox import Outbox
from lattis_app.notifications.pages.preferences import Preferences
from lattis_app.notifications.services import messages
from tests.ui.visits import everything, signed_in, visit


@pytest.fixture
def office(session, clock):
    return signed_in(session, name="Zoe", email="zoe@example.com", phone="+60123456789")


@pytest.fixture
def failed(session, clock) -> Message:
    written = messages.write(
        session, SYSTEM, channel=Channel.SMS, address="+60198765432", kind="receipt", subject="Receipt RCPT-1",
        body="Thank you\nAda", name="Ada", link="/rental/payments",
    )  # fmt: skip
    session.execute(text("UPDATE messages SET state = 'failed', error = 'Twilio: 400 not a number'"))
    return session.get_one(Message, written)


def opened(message):
    return ("open_record", {"record_id": str(message.id)})


def state(session, message) -> str:
    session.expire_all()
    return str(message.state)


def test_the_outbox_says_what_did_not_get_through_and_sends_it_again(session, office, failed) -> None:
    seen = visit(Outbox, office, opened(failed))
    assert [(row["to"], row["address"], row["channel"], row["status"]) for row in seen["rows"]] == [
        ("Ada", "+60 19-876 5432", "SMS", "Failed")
    ]
    assert (seen["record"]["error"], seen["record"]["body"]) == ("Twilio: 400 not a number", "Thank you\nAda")

    again = visit(Outbox, office, opened(failed), ("retry", {}))
    assert (again["record"]["status"], state(session, failed)) == ("Waiting", "waiting")
    assert again["events"][0]["who"] == "Zoe"


@pytest.mark.parametrize(("typed", "found"), [("019-876", 1), ("+60198", 1), ("ada@", 0), ("' OR 1=1", 0)])
def test_messages_are_found_by_the_address_as_people_type_it(session, office, failed, typed, found) -> None:
    assert len(visit(Outbox, office, ("search", {"words": typed}))["rows"]) == found


def test_what_waits_for_settings_is_sent_once_they_are_there(session, office, failed, configure) -> None:
    session.execute(text("UPDATE messages SET state = 'not_configured'"))
    seen = visit(Outbox, office, ("send_waiting", {}))
    assert (seen["held"], "still missing" in seen.said) == (1, True)
    configure(twilio_account_sid="AC1", twilio_auth_token="t", twilio_sms_from="+1")
    seen = visit(Outbox, office, ("send_waiting", {}))
    assert (seen["held"], state(session, failed)) == (0, "waiting")


def test_the_outbox_is_nobody_elses(session, clock, failed) -> None:
    driver = signed_in(session, Role.DRIVER)
    before = everything(session)
    for event in (opened(failed), ("retry", {}), ("send_waiting", {})):
        visit(Outbox, driver, event)
    assert everything(session) == before


def chosen(session) -> dict[str, list[str]]:
    session.expire_all()
    return session.scalars(select(User).where(User.name == "Zoe")).one().notification_channels


def test_choices_are_kept_for_what_was_changed_only(session, office) -> None:
    shown = visit(Preferences, office)
    assert shown["values"]["invoice.paid/in_app"] == "true"
    assert "invoice.paid/email" not in shown["values"]
    assert shown["reach"] == {
        "in_app": "–", "email": "zoe@example.com", "sms": "+60 12-345 6789", "whatsapp": "+60 12-345 6789",
    }  # fmt: skip
    assert shown["missing"] == "E-mail, SMS, WhatsApp"

    form = shown["values"] | {"invoice.paid/email": "true"}
    del form["do.failed/in_app"]
    seen = visit(Preferences, office, ("save", {"form": form}))
    assert chosen(session) == {"invoice.paid": ["in_app", "email"], "do.failed": []}
    assert seen["values"]["invoice.paid/email"] == "true"

    visit(Preferences, office, ("back_to_usual", {}))
    assert chosen(session) == {}


def test_made_up_kinds_and_channels_of_a_form_are_ignored(session, office) -> None:
    form = visit(Preferences, office)["values"] | {"do.assigned/email": "true", "invoice.paid/pigeon": "true"}
    visit(Preferences, office, ("save", {"form": form}))
    assert chosen(session) == {}
