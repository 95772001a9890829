"""Telling people: whom, once, and nobody else."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import db, events
from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Forbidden, NotFound
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.models import PermissionOverride, User
from lattis_app.identity.permissions import Permission, Role
from lattis_app.notifications.queries import notifications as queries
from lattis_app.notifications.schemas.notifications import NotificationFilters
from lattis_app.notifications.services import notifications
from tests.factories.identity import actor_for, make_actor, make_user

LATEST = PageRequest()
EVENT = UUID(int=9)


def seen_by(session: Session, user: User) -> list[str]:
    """What the database shows this user, as a request of theirs would see it."""
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(user.id)})
    page = queries.page(session, actor_for(user), NotificationFilters(), LATEST)
    return [row.title for row in page.rows]


def tell(session: Session, users: list[UUID] | Permission, title: str = "INV-1 is paid", **options) -> int:
    return notifications.notify(session, SYSTEM, users=users, kind="invoice.paid", title=title, **options)


def test_named_users_are_told_and_nobody_else(session: Session) -> None:
    one, two, other = (make_user(session) for _ in range(3))
    assert tell(session, [one.id, two.id]) == 2
    assert [seen_by(session, user) for user in (one, two, other)] == [
        ["INV-1 is paid"],
        ["INV-1 is paid"],
        [],
    ]


def test_a_driver_is_reached_by_the_record_they_stand_for(session: Session) -> None:
    driver_id = uuid4()
    driver = make_user(session, Role.DRIVER, subject_id=driver_id)
    assert tell(session, [driver_id]) == 1
    assert seen_by(session, driver) == ["INV-1 is paid"]


def test_all_who_hold_a_permission_are_told_by_role_grant_and_denial(session: Session) -> None:
    admin, closed, denied = (make_user(session) for _ in range(3))
    granted, viewer, driver = (
        make_user(session, Role.VIEWER),
        make_user(session, Role.VIEWER),
        make_user(session, Role.DRIVER),
    )
    closed.active = False
    permission = Permission.RENTAL_INVOICES_MANAGE
    session.add_all([
        PermissionOverride(user_id=granted.id, permission=permission, granted=True),
        PermissionOverride(user_id=denied.id, permission=permission, granted=False),
    ])  # fmt: skip
    session.flush()
    assert tell(session, permission) == 2
    told = [len(seen_by(session, user)) for user in (admin, closed, denied, granted, viewer, driver)]
    assert told == [1, 0, 0, 1, 0, 0]


def test_one_event_is_told_once(session: Session) -> None:
    user = make_user(session)
    for _ in range(3):
        tell(session, [user.id], event_id=EVENT)
    tell(session, [user.id], "Another", event_id=uuid4())
    assert sorted(seen_by(session, user)) == ["Another", "INV-1 is paid"]


def test_without_an_event_the_same_may_be_said_twice(session: Session) -> None:
    user = make_user(session)
    tell(session, [user.id])
    tell(session, [user.id])
    assert len(seen_by(session, user)) == 2


def test_inside_a_subscriber_the_event_is_known(session: Session) -> None:
    session.info["event_id"] = EVENT
    user = make_user(session)
    tell(session, [user.id])
    tell(session, [user.id])
    assert events.event_being_delivered(session) == EVENT
    assert len(seen_by(session, user)) == 1


def test_many_are_told_in_one_statement(session: Session, queries) -> None:
    for _ in range(30):
        make_user(session)
    with queries() as sent:
        assert tell(session, Permission.RENTAL_INVOICES_MANAGE) == 30
    assert sent.count == 1


def test_who_may_not_send_sends_nothing(session: Session) -> None:
    user = make_user(session)
    with pytest.raises(Forbidden):
        notifications.notify(
            session, make_actor(session, Role.DRIVER), users=[user.id], kind="x", title="Free beer"
        )
    assert seen_by(session, user) == []


def test_the_database_itself_hides_and_protects_anothers_messages(committed_database: str) -> None:
    with db.unit_of_work() as session:
        owner, thief = make_user(session), make_user(session)
        tell(session, [owner.id])
    with db.unit_of_work() as session:
        session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(thief.id)})
        assert session.scalar(text("SELECT count(*) FROM notifications")) == 0
        raw = session.connection()
        assert raw.execute(text("UPDATE notifications SET read_at = now()")).rowcount == 0
        assert raw.execute(text("DELETE FROM notifications")).rowcount == 0
    with db.unit_of_work() as session:
        assert seen_by(session, owner) == ["INV-1 is paid"]


def test_a_subscriber_may_tell_people_under_row_security(committed_database: str) -> None:
    with db.unit_of_work() as session:
        user = make_user(session)
    with db.unit_of_work() as session:
        assert tell(session, [user.id], event_id=EVENT) == 1
        assert tell(session, [user.id], event_id=EVENT) == 1
    with db.unit_of_work() as session:
        assert seen_by(session, user) == ["INV-1 is paid"]


def test_the_inbox_over_rest(api, session: Session, clock) -> None:
    owner, other = make_user(session), make_user(session)
    for number in (1, 2, 3):
        clock.advance(minutes=1)
        tell(session, [owner.id], f"INV-{number}", body="RM 350.00", link="/rental/invoices", tone="ok")
    client, stranger = api.as_(owner), api.as_(other)

    listed = client.get("/v1/notifications").json()
    assert [row["title"] for row in listed["data"]] == ["INV-3", "INV-2", "INV-1"]
    assert listed["meta"] == {"page": 1, "limit": 20, "total": 3}
    assert client.get("/v1/notifications/unread-count").json() == {"data": {"unread": 3}}
    second = client.get("/v1/notifications", params={"page": 2, "limit": 2, "unread": True}).json()
    assert ([row["title"] for row in second["data"]], second["meta"]["total"]) == (["INV-1"], 3)

    path = f"/v1/notifications/{listed['data'][0]['id']}/read"
    assert stranger.patch(path).status_code == 404
    read = client.patch(path).json()["data"]
    assert (read["status"], read["read_at"]) == ("read", "2026-03-16T02:03:00Z")
    clock.advance(minutes=1)
    assert client.patch(path).json()["data"]["read_at"] == "2026-03-16T02:03:00Z"
    assert stranger.post("/v1/notifications/read-all").json() == {"data": {"marked": 0}}
    assert client.post("/v1/notifications/read-all").json() == {"data": {"marked": 2}}
    assert client.get("/v1/notifications/unread-count").json() == {"data": {"unread": 0}}
    assert client.patch(f"/v1/notifications/{uuid4()}/read").status_code == 404
    assert api.anonymous().get("/v1/notifications").status_code == 401


def test_nobody_marks_anothers_message(session: Session) -> None:
    owner, thief = make_user(session), make_user(session)
    tell(session, [owner.id])
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(owner.id)})
    (message,) = queries.page(session, actor_for(owner), NotificationFilters(), LATEST).rows
    with pytest.raises(NotFound):
        notifications.mark_read(session, actor_for(thief), message.id)
    assert queries.unread_count(session, actor_for(owner)) == 1
