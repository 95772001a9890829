"""Webhooks over REST: who may, what is refused, and what is never told again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from lattis_app.core import db
from lattis_app.core.audit import AuditEntry
from lattis_app.core.names import EventName
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Role
from lattis_app.webhooks.models import Webhook, WebhookDelivery
from lattis_app.webhooks.queries import deliveries
from lattis_app.webhooks.schemas.webhooks import DeliveryFilters, WebhookEntry
from lattis_app.webhooks.services import webhooks as services
from lattis_app.webhooks.services.webhooks import MOST_WEBHOOKS
from tests.factories.identity import make_actor

pytestmark = pytest.mark.usefixtures("receiver")
ENTRY = {"url": "http://127.0.0.1/hook", "event_types": ["do.issued", "invoice.paid", "do.issued"]}


def stored(session) -> list[Webhook]:
    session.expire_all()
    return list(session.scalars(select(Webhook)))


def test_a_webhook_from_first_to_last(api, session, clock) -> None:
    admin = api.as_(Role.ADMIN)
    made = admin.post("/v1/webhooks", json=ENTRY)
    assert made.status_code == 201, made.text
    webhook = made.json()["data"]
    (row,) = stored(session)
    assert (webhook["secret"], webhook["status"], webhook["event_types"]) == (
        row.secret,
        "active",
        ["do.issued", "invoice.paid"],
    )
    path = f"/v1/webhooks/{webhook['id']}"
    seen = admin.get(path).json()["data"]
    assert "secret" not in seen
    assert admin.get("/v1/webhooks").json()["data"] == [seen]
    assert "whsec_" not in admin.get("/v1/webhooks").text

    changed = admin.patch(path, json={"active": False, "description": "The shop"}).json()["data"]
    assert (changed["status"], changed["description"], changed["url"]) == ("off", "The shop", ENTRY["url"])
    assert admin.post(f"{path}/test").status_code == 412
    assert admin.patch(path, json={"active": True}).json()["data"]["status"] == "active"

    renewed = admin.post(f"{path}/renew-secret").json()["data"]["secret"]
    assert renewed.startswith("whsec_")
    assert renewed != webhook["secret"]

    tested = admin.post(f"{path}/test")
    assert tested.status_code == 202
    delivery = tested.json()["data"]
    assert (delivery["status"], delivery["event"], delivery["attempts"]) == ("waiting", "webhook.test", 0)
    assert [row["id"] for row in admin.get(f"{path}/deliveries").json()["data"]] == [delivery["id"]]
    assert admin.get(f"{path}/deliveries", params={"status": "failed"}).json()["data"] == []
    assert admin.get(f"{path}/deliveries", params={"event": "do.issued"}).json()["data"] == []
    one = f"/v1/webhooks/deliveries/{delivery['id']}"
    assert '"event":"webhook.test"' in admin.get(one).json()["data"]["body"]
    assert admin.post(f"{one}/replay").status_code == 202
    assert admin.post(f"{path}/replay-failed").json() == {"data": {"replayed": 0}}

    assert admin.delete(path).json() == {"data": {"id": webhook["id"]}}
    session.flush()
    assert stored(session) == []
    assert [admin.get(each).status_code for each in (path, one, f"{path}/deliveries")] == [404, 404, 404]


def test_the_secret_is_neither_in_the_history_nor_in_a_repeat(api, session) -> None:
    made = (
        api.as_(Role.ADMIN).post("/v1/webhooks", json=ENTRY, headers={"Idempotency-Key": "k"}).json()["data"]
    )
    api.as_(Role.ADMIN).post(f"/v1/webhooks/{made['id']}/renew-secret")
    session.flush()
    whole = str(session.execute(select(text("audit_entries::text FROM audit_entries"))).all())
    kept = str(session.execute(select(text("idempotency_keys::text FROM idempotency_keys"))).all())
    assert "whsec_" not in whole + kept
    actions = [entry.action for entry in session.scalars(select(AuditEntry)) if entry.entity == "webhooks"]
    assert sorted(actions) == ["changed", "created", "secret renewed"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"url": "ftp://example.com"}, "url"),
        ({"url": ""}, "url"),
        ({"event_types": []}, "event_types"),
        ({"event_types": ["invoice.eaten"]}, "event_types.0"),
        ({"secret": "whsec_mine"}, "secret"),
    ],
    ids=["scheme", "empty", "no events", "unknown event", "own secret"],
)
def test_a_webhook_that_does_not_fit_is_refused(api, session, changed, field: str) -> None:
    answer = api.as_(Role.ADMIN).post("/v1/webhooks", json=ENTRY | changed)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, field)
    assert stored(session) == []


def test_there_are_never_more_than_so_many(api, session) -> None:
    session.add_all(
        Webhook(url=f"https://example.com/{number}", event_types=["do.issued"], secret="x")
        for number in range(MOST_WEBHOOKS)
    )
    session.flush()
    answer = api.as_(Role.ADMIN).post("/v1/webhooks", json=ENTRY)
    assert answer.status_code == 412
    assert len(stored(session)) == MOST_WEBHOOKS


def test_the_events_to_choose_from_are_the_products_own(api) -> None:
    answer = api.as_(Role.SUPER_ADMIN).get("/v1/webhooks/event-types").json()["data"]["event_types"]
    assert answer == [str(name) for name in EventName]


@pytest.mark.parametrize("role", [Role.DRIVER, Role.MERCHANT, Role.MANAGER], ids=str)
def test_webhooks_are_for_administrators(api, session, role: Role) -> None:
    client = api.as_(role)
    assert client.get("/v1/webhooks").status_code == 403
    assert client.post("/v1/webhooks", json=ENTRY).status_code == 403
    assert client.delete(f"/v1/webhooks/{uuid4()}").status_code == 403
    assert stored(session) == []


def test_a_page_of_the_log_is_two_statements(session, queries, admin) -> None:
    webhook = Webhook(url="https://example.com/", event_types=["do.issued"], secret="x")
    session.add(webhook)
    session.flush()
    session.add_all(WebhookDelivery(webhook_id=webhook.id, event="do.issued") for _ in range(3))
    session.flush()
    with queries() as sent:
        found = deliveries.page(session, admin, webhook.id, DeliveryFilters(), PageRequest(limit=2))
    assert (len(found.rows), found.total, sent.count) == (2, 3, 2)


def test_two_who_add_the_last_webhook_at_once_add_one(committed_database: str) -> None:
    with db.unit_of_work() as session:
        session.add_all(
            Webhook(url=f"https://example.com/{number}", event_types=["do.issued"], secret="x")
            for number in range(MOST_WEBHOOKS - 1)
        )
    start = Barrier(4)

    def add(_: int) -> str:
        start.wait()
        try:
            with db.unit_of_work() as session:
                services.create(session, make_actor(session, Role.ADMIN), WebhookEntry.model_validate(ENTRY))
        except services.TooManyWebhooks:
            return "refused"
        return "added"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(add, range(4)))
    assert outcomes == ["added", "refused", "refused", "refused"]
    with db.unit_of_work() as session:
        assert session.scalar(select(text("count(*) FROM webhooks"))) == MOST_WEBHOOKS
