"""Everybody chooses by which channels they hear of what."""

import ast
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.audit import AuditEntry
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Permission, Role
from lattis_app.notifications.kinds import KINDS
from lattis_app.notifications.models import Message
from lattis_app.notifications.services import notifications
from tests.architecture.sources import modules, tree_of
from tests.factories.identity import make_user

URL = "/v1/me/notification-preferences"
KIND = "invoice.paid"


@pytest.fixture
def ada(session: Session) -> User:
    return make_user(session, email="ada@example.com", phone="+60123456789")


def tell(session: Session, kind: str = KIND, **options) -> int:
    given = {"title": "INV-1 is paid", "body": "RM 350.00", "link": "/rental/invoices?open=1", **options}
    return notifications.notify(session, SYSTEM, users=Permission.RENTAL_INVOICES_MANAGE, kind=kind, **given)


def inbox(session: Session, user: User) -> list[str]:
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(user.id)})
    return [row.title for row in session.execute(text("SELECT title FROM notifications ORDER BY title"))]


def outbox(session: Session) -> list[tuple[str, str, str, str]]:
    rows = session.scalars(select(Message).order_by(text("channel")))
    return [(row.channel, row.address, row.subject, row.body) for row in rows]


def test_who_has_not_chosen_is_told_in_the_app_only(session, ada, queries) -> None:
    with queries() as sent:
        assert tell(session) == 1
    assert (inbox(session, ada), outbox(session), sent.count) == (["INV-1 is paid"], [], 1)


def test_messages_go_out_by_the_channels_chosen(api, session, ada) -> None:
    answer = api.as_(ada).patch(URL, json={"kinds": {KIND: ["whatsapp", "email", "sms", "email"]}})
    assert answer.status_code == 200, answer.text
    assert tell(session) == 1
    link = "http://localhost:3000/rental/invoices?open=1"
    short = f"INV-1 is paid · RM 350.00 · {link}"
    assert inbox(session, ada) == []
    assert outbox(session) == [
        ("email", "ada@example.com", "INV-1 is paid", f"INV-1 is paid\n\nRM 350.00\n\n{link}\n"),
        ("sms", "+60123456789", "INV-1 is paid", short),
        ("whatsapp", "+60123456789", "INV-1 is paid", short),
    ]


def test_a_channel_without_an_address_is_left_out(api, session) -> None:
    bob = make_user(session, email="bob@example.com", phone=None)
    api.as_(bob).patch(URL, json={"kinds": {KIND: ["in_app", "email", "sms"]}})
    tell(session)
    assert inbox(session, bob) == ["INV-1 is paid"]
    assert [row[:2] for row in outbox(session)] == [("email", "bob@example.com")]


def test_no_channel_at_all_is_silence_and_concerns_that_kind_only(api, session, ada) -> None:
    api.as_(ada).patch(URL, json={"kinds": {KIND: []}})
    tell(session)
    tell(session, "do.failed", title="DO-1 failed")
    assert (inbox(session, ada), outbox(session)) == (["DO-1 failed"], [])


def test_one_event_is_one_message_however_often_it_is_told(api, session, ada) -> None:
    api.as_(ada).patch(URL, json={"kinds": {KIND: ["in_app", "email"]}})
    for _ in range(3):
        tell(session, event_id=UUID(int=9))
    assert (len(inbox(session, ada)), len(outbox(session))) == (1, 1)


def test_one_sees_what_one_may_be_told_of_and_how_one_is_reached(api, session, ada, configure) -> None:
    configure(smtp_host="127.0.0.1")
    seen = api.as_(ada).get(URL).json()["data"]
    assert seen["channels"] == [
        {"channel": "in_app", "configured": True, "address": None},
        {"channel": "email", "configured": True, "address": "ada@example.com"},
        {"channel": "sms", "configured": False, "address": "+60123456789"},
        {"channel": "whatsapp", "configured": False, "address": "+60123456789"},
    ]
    kinds = {row["kind"]: row for row in seen["kinds"]}
    assert kinds[KIND] == {
        "kind": KIND,
        "title": "An invoice is paid",
        "channels": ["in_app"],
        "chosen": False,
    }
    assert "do.assigned" not in kinds

    driver = {row["kind"] for row in api.as_(Role.DRIVER).get(URL).json()["data"]["kinds"]}
    assert {"do.assigned", "reminder.due"} <= driver
    assert KIND not in driver
    merchant = {row["kind"] for row in api.as_(Role.MERCHANT).get(URL).json()["data"]["kinds"]}
    assert merchant == {
        "merchant_invoice.cancelled",
        "merchant_invoice.generated",
        "merchant_invoice.paid",
        "parcel.cleared",
        "parcel.dispute_resolved",
    }
    assert api.as_(Role.VIEWER).get(URL).json()["data"]["kinds"] == []


def test_null_goes_back_to_the_usual_channels(api, session, ada) -> None:
    client = api.as_(ada)
    for chosen, shown in ((["sms"], ["sms"]), (None, ["in_app"])):
        answer = client.patch(URL, json={"kinds": {KIND: chosen}}).json()["data"]["kinds"]
        (kind,) = (row for row in answer if row["kind"] == KIND)
        assert (kind["channels"], kind["chosen"]) == (shown, chosen is not None)
    session.refresh(ada)
    assert ada.notification_channels == {}


@pytest.mark.parametrize(
    "body",
    [
        {"kinds": {"do.assigned": ["email"]}},
        {"kinds": {"gone": ["email"]}},
        {"kinds": {KIND: ["pigeon"]}},
        {"kinds": {}},
        {},
    ],
    ids=["for drivers", "unknown", "no such channel", "nothing", "empty"],
)
def test_a_choice_that_is_none_is_refused_and_changes_nothing(api, session, ada, body) -> None:
    assert api.as_(ada).patch(URL, json=body).status_code == 400
    session.refresh(ada)
    assert ada.notification_channels == {}


def test_a_choice_stands_in_the_history_of_the_user(api, session, ada) -> None:
    api.as_(ada).patch(URL, json={"kinds": {KIND: ["email"]}})
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "changed")).one()
    assert (entry.entity, entry.entity_id) == ("users", ada.id)
    assert entry.after == {"notification_channels": {KIND: ["email"]}}


def test_every_kind_that_is_sent_can_be_chosen() -> None:
    """What nobody declared would come in the app only, whatever one likes."""
    sent = {
        keyword.value.value
        for path in modules("**/*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "notify"
        for keyword in node.keywords
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant)
    }
    assert sent - KINDS.keys() == set()
