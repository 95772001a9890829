"""Webhooks, their log and one delivery in the words of the page, and the components that show them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from lattis_app.core.names import EventName
from lattis_app.webhooks.pages import webhook_rows as rows
from lattis_app.webhooks.pages import webhook_views as views
from lattis_app.webhooks.schemas.webhooks import AttemptOut, DeliveryDetail, WebhookEntry, WebhookOut

AT = datetime(2026, 3, 16, 1, 42, tzinfo=UTC)
ID = UUID(int=1)
URL = "https://shop.example/hooks"


def a_webhook(**changes):
    values = {
        "id": ID, "url": URL, "description": "The shop", "event_types": ["do.issued"], "active": True,
        "status": "active", "failing_since": None, "switched_off_at": None, "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return WebhookOut.model_validate(values | changes)


def a_delivery(**changes):
    values = {
        "id": ID, "webhook_id": ID, "event_id": None, "event": "do.issued", "status": "failed", "attempts": 1,
        "status_code": None, "next_attempt_at": None, "delivered_at": None, "created_at": AT, "body": None,
        "tried": [],
    }  # fmt: skip
    return DeliveryDetail.model_validate(values | changes)


def an_attempt(**changes):
    values = {"attempted_at": AT, "status_code": 200, "response": "ok", "error": "", "duration_ms": 12}
    return AttemptOut.model_validate(values | changes)


def test_every_event_can_be_chosen_under_what_it_happens_to():
    groups = rows.event_groups()
    assert [name for _, names in groups for name in names] == [str(name) for name in EventName]
    assert {"Bookings", "Delivery orders", "Invoices", "Payments"} <= {what for what, _ in groups}


def test_a_form_is_filled_from_a_webhook_and_read_back_the_same():
    webhook = a_webhook(event_types=["do.issued", "invoice.paid"])
    form = rows.starting_values(webhook)
    assert form["event/do.issued"] == "true"
    assert rows.has_events(form)
    read = rows.WebhookDraft(WebhookEntry, form).parse()
    assert (read.url, read.description, sorted(read.event_types)) == (
        URL,
        "The shop",
        ["do.issued", "invoice.paid"],
    )


def test_a_form_without_events_or_with_an_unknown_one_is_refused():
    assert not rows.has_events({"url": URL})
    for form in ({"url": URL}, {"url": URL, "event/everything": "true"}):
        with pytest.raises(ValidationError):
            rows.WebhookDraft(WebhookEntry, form).parse()


@pytest.mark.parametrize(("status", "tone"), [("active", "ok"), ("failing", "warn"), ("off", "neutral")])
def test_a_webhook_says_how_it_is(clock, status, tone):
    found = rows.webhook_row(a_webhook(status=status, event_types=["do.issued", "invoice.paid"]))
    assert (found["status_tone"], found["events"], found["active"]) == (tone, "2 events", "true")
    assert rows.webhook_row(a_webhook())["events"] == "1 event"


def test_a_webhook_that_was_switched_off_says_since_when(clock):
    found = rows.webhook_row(a_webhook(active=False, status="off", failing_since=AT, switched_off_at=AT))
    assert (found["failing_since"], found["switched_off"], found["active"]) == (
        "16 Mar 2026, 09:42",
        "16 Mar 2026, 09:42",
        "",
    )


@pytest.mark.parametrize(
    ("status", "tone", "code", "attempts", "how"),
    [
        ("waiting", "info", None, 0, ""), ("delivered", "ok", 200, 1, "HTTP 200"),
        ("failed", "bad", 500, 3, "HTTP 500 · 3 attempts"), ("failed", "bad", None, 2, "2 attempts"),
    ],
)  # fmt: skip
def test_a_delivery_says_how_far_it_is(clock, status, tone, code, attempts, how):
    found = rows.delivery_row(a_delivery(status=status, status_code=code, attempts=attempts))
    assert (found["status_tone"], found["how"], found["next"]) == (tone, how, "")


def test_what_was_sent_is_laid_out_to_be_read(clock):
    assert rows.opened_delivery(a_delivery(body='{"名":"1"}'))["body"] == '{\n  "名": "1"\n}'
    assert rows.opened_delivery(a_delivery())["body"] == ""


@pytest.mark.parametrize(
    ("changes", "got", "tone", "error"),
    [
        ({}, "HTTP 200", "ok", ""), ({"status_code": 500, "error": "HTTP 500"}, "HTTP 500", "bad", ""),
        ({"status_code": None, "error": "connection refused"}, "No answer", "bad", "connection refused"),
    ],
)  # fmt: skip
def test_an_attempt_says_what_came_back(clock, changes, got, tone, error):
    found = rows.attempt_row(an_attempt(**changes))
    assert (found["got"], found["tone"], found["error"], found["took"]) == (got, tone, error, "12 ms")


def test_the_page_offers_a_first_webhook_its_log_and_its_dangers():
    shown = str(views.every_webhook())
    for words in (
        "Nobody listens yet",
        "Send a test",
        "Renew the secret?",
        "Remove this webhook?",
        "Copy the secret now",
    ):
        assert words in shown
    assert all(f"event/{name}" in shown for name in EventName)
    assert [value for value, _ in views.LOG_FILTERS] == ["", "waiting", "failed", "delivered"]
