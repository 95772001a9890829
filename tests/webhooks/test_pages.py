"""The page of webhooks, event by event."""

import asyncio

import pytest
from sqlalchemy import select, text

from lattis_app.identity.permissions import Role
from lattis_app.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery
from lattis_app.webhooks.pages import webhooks as pages
from lattis_app.webhooks.pages.webhooks import WebhookLog, Webhooks
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, signed_in, stay, visit

URL = "http://127.0.0.1:1/hook"
TYPED = {"url": URL, "description": "The shop", "event/do.issued": "true", "event/invoice.paid": "true"}


@pytest.fixture
def office(session, clock, receiver):
    return signed_in(session, name="Zoe")


@pytest.fixture
def webhook(session) -> Webhook:
    made = Webhook(url=URL, event_types=["do.issued"], secret="whsec_AAAA")
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def delivery(session, webhook) -> WebhookDelivery:
    made = WebhookDelivery(
        webhook_id=webhook.id,
        event="do.issued",
        body='{"id":"1"}',
        state="failed",
        attempts=2,
        status_code=500,
    )
    session.add(made)
    session.flush()
    session.add(
        WebhookAttempt(
            delivery_id=made.id, status_code=500, error="HTTP 500", response="down", duration_ms=12
        )
    )
    session.flush()
    return made


def opened(webhook):
    return ("open_record", {"record_id": str(webhook.id)})


def on_the_log(session, cookie, webhook, name, **payload):
    """Open the webhook, then do one thing with its log in the same tab; what the page shows then."""

    async def perform():
        async with pipeline() as tab:
            await stay(tab, Webhooks, cookie, ("load", {}), opened(webhook))
            told = await tab.send(
                f"{WebhookLog.get_full_name()}.{name}", cookie=cookie, token="tab", address="/page", **payload
            )
            return told.of(Webhooks), told.said

    return asyncio.run(perform())


def stored(session) -> list[Webhook]:
    session.expire_all()
    return list(session.scalars(select(Webhook).order_by(text("created_at, url"))))


def test_a_new_webhook_shows_its_secret_until_another_is_opened(session, office, webhook) -> None:
    seen = visit(Webhooks, office, ("begin", {}), ("save", {"form": TYPED}))
    (made,) = (each for each in stored(session) if each.id != webhook.id)
    assert (made.url, made.description, made.event_types) == (URL, "The shop", ["do.issued", "invoice.paid"])
    assert (seen["secret"], seen["open_id"]) == (made.secret, str(made.id))
    assert "webhook-sheet" in seen.said

    later = visit(Webhooks, office, ("begin", {}), ("save", {"form": TYPED}), opened(webhook))
    assert (later["secret"], later["record"]["url"]) == ("", URL)


@pytest.mark.parametrize(
    ("changed", "errors", "above"),
    [
        ({"url": "ftp://example.com"}, {"url": "Must begin with https://"}, ""),
        ({"url": ""}, {"url": "Fill this in"}, ""),
        ({"url": {"a": 1}}, {"url": "Input should be a valid string"}, ""),
        ({"event/do.eaten": "true"}, {}, "event_types"),
        ({"event/do.issued": None, "event/invoice.paid": None}, {}, "Choose at least one event"),
    ],
    ids=["scheme", "empty", "forged address", "forged event", "no event"],
)
def test_what_does_not_fit_is_told_and_changes_nothing(session, office, changed, errors, above: str) -> None:
    form = {name: value for name, value in (TYPED | changed).items() if value is not None}
    before = everything(session)
    seen = visit(Webhooks, office, ("begin", {}), ("save", {"form": form}))
    assert seen["errors"] == errors
    assert above.replace("_", " ").capitalize()[:10] in seen["form_error"]
    assert everything(session) == before


def test_a_webhook_is_changed_switched_and_removed(session, office, webhook) -> None:
    form = {"url": URL, "description": "", "event/booking.created": "true"}
    filled = visit(Webhooks, office, opened(webhook), ("edit", {}))
    assert filled["values"] == {"url": URL, "description": "", "event/do.issued": "true"}
    visit(Webhooks, office, opened(webhook), ("edit", {}), ("save", {"form": form}))
    assert stored(session)[0].event_types == ["booking.created"]

    off = visit(Webhooks, office, opened(webhook), ("switch", {"active": False}))
    assert (off["record"]["status"], stored(session)[0].active) == ("Off", False)
    secret = visit(Webhooks, office, opened(webhook), ("renew_secret", {"form": {}}))["secret"]
    assert stored(session)[0].secret == secret != "whsec_AAAA"
    gone = visit(Webhooks, office, opened(webhook), ("remove", {"form": {}}))
    assert (gone["open_id"], gone["rows"], stored(session)) == ("", [], [])


def test_the_log_shows_what_was_sent_and_what_came_back(session, office, webhook, delivery) -> None:
    seen = visit(Webhooks, office, opened(webhook))
    assert [(line["event"], line["status"], line["how"]) for line in seen["log"]] == [
        ("do.issued", "Failed", "HTTP 500 · 2 attempts")
    ]
    shown, _ = on_the_log(session, office, webhook, "open_delivery", delivery_id=str(delivery.id))
    assert shown["delivery"]["body"] == '{\n  "id": "1"\n}'
    assert [(each["got"], each["tone"], each["response"], each["took"]) for each in shown["tried"]] == [
        ("HTTP 500", "bad", "down", "12 ms")
    ]
    shown, _ = on_the_log(session, office, webhook, "filter_log", status="waiting")
    assert (shown["log"], shown["log_total"]) == ([], 0)


def test_failed_deliveries_are_sent_again(session, office, webhook, delivery) -> None:
    shown, said = on_the_log(session, office, webhook, "replay", delivery_id=str(delivery.id))
    assert (shown["log"][0]["status"], "webhook-id" in said) == ("Waiting", True)
    session.refresh(delivery)
    delivery.state = "failed"
    session.flush()
    shown, said = on_the_log(session, office, webhook, "replay_failed", webhook_id=str(webhook.id))
    assert (shown["log"][0]["status"], "Sent again: 1" in said) == ("Waiting", True)


def test_a_test_that_does_not_arrive_says_so(session, office, webhook, monkeypatch) -> None:
    monkeypatch.setattr(pages, "BETWEEN", 0)
    shown, said = on_the_log(session, office, webhook, "send_test", webhook_id=str(webhook.id))
    assert shown["delivery"]["event"] == "webhook.test"
    assert "has not arrived" in said


@pytest.mark.parametrize("role", [Role.DRIVER, Role.VIEWER], ids=str)
def test_others_can_do_nothing_by_hand_made_events(session, clock, receiver, webhook, delivery, role) -> None:
    cookie = signed_in(session, role)
    before = everything(session)
    for event in (
        ("save", {"form": TYPED}),
        ("switch", {"active": False}),
        ("renew_secret", {"form": {}}),
        ("remove", {"form": {}}),
    ):
        visit(Webhooks, cookie, opened(webhook), event)
    on_the_log(session, cookie, webhook, "replay", delivery_id=str(delivery.id))
    on_the_log(session, cookie, webhook, "send_test", webhook_id=str(webhook.id))
    assert everything(session) == before
