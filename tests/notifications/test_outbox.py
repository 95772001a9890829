"""Looking into the outbox, and what an administrator may do with it."""

from uuid import uuid4

from sqlalchemy import text

from lattis_app.core import clock as now
from lattis_app.core.actors import SYSTEM
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Role
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.queries import messages as outbox
from lattis_app.notifications.schemas.messages import MessageFilters
from lattis_app.notifications.services import messages


def test_the_outbox_over_rest(api, session, clock, monkeypatch) -> None:
    monkeypatch.setattr(messages, "is_configured", lambda channel: True)
    for number in (1, 2, 3):
        clock.advance(minutes=1)
        messages.write(
            session, SYSTEM, channel=Channel.EMAIL, address=f"a{number}@example.com", kind="receipt",
            subject=f"Receipt {number}", body="RM 350.00", name="Ada",
        )  # fmt: skip
    session.execute(text("UPDATE messages SET state = 'failed', error = 'no' WHERE subject = 'Receipt 2'"))
    admin = api.as_(Role.ADMIN)

    listed = admin.get("/v1/messages").json()
    assert [row["subject"] for row in listed["data"]] == ["Receipt 3", "Receipt 2", "Receipt 1"]
    assert [row["status"] for row in listed["data"]] == ["waiting", "failed", "waiting"]

    def found(**params: object) -> list[str]:
        return [row["subject"] for row in admin.get("/v1/messages", params=params).json()["data"]]

    today = str(now.today())
    assert found(status="failed") == ["Receipt 2"]
    assert found(q="A3@") == ["Receipt 3"]
    assert found(channel="sms") == []
    assert found(**{"from": today, "to": today, "sort": "created_at"}) == [
        "Receipt 1",
        "Receipt 2",
        "Receipt 3",
    ]
    assert found(**{"from": "2026-03-17"}) == []
    assert admin.get("/v1/messages", params={"status": "gone"}).status_code == 400

    stuck = listed["data"][1]["id"]
    again = admin.post(f"/v1/messages/{stuck}/retry").json()["data"]
    assert (again["status"], again["error"], again["attempts"]) == ("waiting", "", 0)
    assert admin.post(f"/v1/messages/{stuck}/retry").status_code == 412
    assert admin.get(f"/v1/messages/{stuck}").json()["data"]["body"] == "RM 350.00"
    assert admin.get(f"/v1/messages/{uuid4()}").status_code == 404
    assert admin.post("/v1/messages/send-waiting").json() == {"data": {"sent": 0}}
    for role in (Role.DRIVER, Role.MERCHANT):
        assert api.as_(role).get("/v1/messages").status_code == 403


def test_a_page_of_the_outbox_is_two_statements(session, queries, admin) -> None:

    for number in range(3):
        messages.write(
            session, SYSTEM, channel=Channel.EMAIL, address=f"{number}@b.co", kind="x", subject="x", body="x"
        )
    with queries() as sent:
        found = outbox.page(session, admin, MessageFilters(), PageRequest(limit=2))
    assert (len(found.rows), found.total, sent.count) == (2, 3, 2)
