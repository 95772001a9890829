"""Events reach every subscriber after the commit that caused them: at least once in attempts, once in effect."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from pydantic import ValidationError
from sqlalchemy import make_url, select, text
from sqlalchemy.orm import Session

from lattis_app.core import context, db, events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import act_as, acting
from lattis_app.core.db import columns
from lattis_app.core.events import EventDelivery, EventRow, deliver, record, subscribe
from lattis_app.core.numbering import NumberSeries, take_number
from tests.core.worker import make_retries_due, waiting, work_off

INVOICE = UUID(int=1)
PERSON = Actor(uuid4(), "Aina", "ADMIN")


@dataclass(frozen=True, slots=True)
class InvoiceFramed:
    """Something that only happens in these tests."""

    name: ClassVar = "tests.invoice_framed"
    entity: ClassVar = "tests"
    entity_id: UUID
    total_minor: int = 0


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(events, "_subscribers", {})
    monkeypatch.setattr(events, "_types", {})
    return iter(())


@pytest.fixture
def counted(committed_database: str, registry: None) -> None:
    """Subscriber `count`: its effect is a number taken in its own transaction."""

    @subscribe(InvoiceFramed)
    def count(session: Session, actor: Actor, happened: InvoiceFramed) -> None:
        take_number(session, "COUNT", 1)


def happen(number: int = 1) -> UUID:
    with db.unit_of_work() as session:
        record(session, InvoiceFramed(INVOICE, number))
        session.flush()
        return session.scalars(select(EventRow.id).order_by(EventRow.seq.desc())).first()


def effects(series: str = "COUNT") -> int:
    with db.unit_of_work() as session:
        found = session.get(NumberSeries, (series, "1"))
        return found.last if found else 0


def deliveries() -> list[tuple[str, bool, int, str]]:
    delivery = columns(EventDelivery)
    with db.unit_of_work() as session:
        rows = session.execute(
            select(delivery.subscriber, delivery.delivered_at, delivery.attempts, delivery.error).order_by(
                delivery.subscriber
            )
        )
        return [
            (row.subscriber.split(".")[-1], row.delivered_at is not None, row.attempts, row.error)
            for row in rows
        ]


def take_up(event_id: str) -> None:
    """A worker has fetched the job of this event."""
    with db.unit_of_work() as session:
        session.execute(
            text("UPDATE procrastinate_jobs SET status = 'doing' WHERE args -> 'event_ids' ? :id"),
            {"id": event_id},
        )


def awaited() -> list[UUID]:
    """The events of which somebody was told, or failed to be."""
    with db.unit_of_work() as session:
        return list(session.scalars(select(columns(EventDelivery).event_id)))


def test_a_subscriber_runs_after_the_commit_and_not_before(counted: None) -> None:
    with db.unit_of_work() as session:
        record(session, InvoiceFramed(INVOICE))
        session.flush()
        work_off()
        assert effects() == 0
    work_off()
    assert (effects(), waiting()) == (1, 0)


def test_what_is_rolled_back_did_not_happen(counted: None) -> None:
    with pytest.raises(ZeroDivisionError), db.unit_of_work() as session:
        record(session, InvoiceFramed(INVOICE))
        session.flush()
        raise ZeroDivisionError
    work_off()
    with db.unit_of_work() as session:
        assert session.scalars(select(EventRow)).all() == []
    assert (effects(), waiting()) == (0, 0)


def test_a_savepoint_takes_back_its_own_events_only(counted: None) -> None:
    with db.unit_of_work() as session:
        record(session, InvoiceFramed(INVOICE, 1))
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            record(session, InvoiceFramed(INVOICE, 2))
            raise ZeroDivisionError
        record(session, InvoiceFramed(INVOICE, 3))
    work_off()
    with db.unit_of_work() as session:
        kept = session.scalars(select(EventRow).order_by(EventRow.seq)).all()
        assert [row.payload["total_minor"] for row in kept] == [1, 3]
    assert effects() == 2


def test_an_event_that_nobody_awaits_leaves_the_queue_empty(committed_database: str, registry: None) -> None:
    happen()
    assert waiting() == 0


def test_delivering_twice_has_one_effect(counted: None) -> None:
    event_id = str(happen())
    deliver([event_id])
    deliver([event_id])
    work_off()
    assert effects() == 1
    assert deliveries() == [("count", True, 1, "")]


def test_a_failing_subscriber_is_tried_again_while_the_others_are_served(counted: None) -> None:
    broken = [True]

    @subscribe(InvoiceFramed)
    def fragile(session: Session, actor: Actor, happened: InvoiceFramed) -> None:
        take_number(session, "FRAGILE", 1)
        if broken:
            raise RuntimeError("no paper")

    happen()
    work_off()
    assert (effects("COUNT"), effects("FRAGILE"), waiting()) == (1, 0, 1)
    assert deliveries() == [("count", True, 1, ""), ("fragile", False, 1, "RuntimeError: no paper")]

    make_retries_due()
    work_off()
    assert deliveries() == [("count", True, 1, ""), ("fragile", False, 2, "RuntimeError: no paper")]

    broken.clear()
    make_retries_due()
    work_off()
    assert (effects("COUNT"), effects("FRAGILE"), waiting()) == (1, 1, 0)
    assert deliveries() == [("count", True, 1, ""), ("fragile", True, 3, "")]


def test_one_turn_of_the_queue_does_what_waits_behind_it(counted: None) -> None:
    first, *_ = [str(happen(number)) for number in range(1, 6)]
    take_up(first)
    deliver([first])
    assert (effects(), waiting()) == (5, 0)
    assert deliveries() == [("count", True, 1, "")] * 5


def test_what_fails_behind_it_stays_in_the_queue_whole(committed_database: str, registry: None) -> None:
    @subscribe(InvoiceFramed)
    def count(session: Session, actor: Actor, happened: InvoiceFramed) -> None:
        take_number(session, "COUNT", 1)
        if happened.total_minor == 2:
            raise RuntimeError("no paper")

    first, second, third = (str(happen(number)) for number in (1, 2, 3))
    take_up(first)
    deliver([first])
    assert (effects(), waiting()) == (1, 2)

    work_off()
    assert (effects(), waiting()) == (2, 1)
    assert [each[1:] for each in deliveries()].count((True, 1, "")) == 2
    assert (False, 1, "RuntimeError: no paper") in [each[1:] for each in deliveries()]
    assert {second, third} == {str(each) for each in awaited()} - {first}


def test_a_job_is_asked_for_whether_or_not_the_session_has_more_to_write(counted: None) -> None:
    with db.unit_of_work() as session:
        record(session, InvoiceFramed(INVOICE, 1))
        session.flush()
    with db.unit_of_work() as session:
        record(session, InvoiceFramed(INVOICE, 2))
    assert waiting() == 2
    work_off()
    assert effects() == 2


def test_a_payload_of_another_release_fails_alone(counted: None) -> None:
    with db.unit_of_work() as session:
        session.add(EventRow(name=InvoiceFramed.name, entity="tests", entity_id=INVOICE, payload={"gone": 1}))
    good = str(happen())
    with db.unit_of_work() as session:
        bad = str(session.scalars(select(EventRow.id).order_by(EventRow.seq)).first())
    with pytest.raises(ValidationError):
        deliver([bad, good])
    assert effects() == 1


def test_subscribers_hear_in_order_and_know_the_cause(committed_database: str, registry: None) -> None:
    seen: list[tuple[int, bool, str, str]] = []

    @subscribe(InvoiceFramed)
    def note(session: Session, actor: Actor, happened: InvoiceFramed) -> None:
        assert happened.entity_id == INVOICE
        seen.append((happened.total_minor, actor is SYSTEM, acting(session).name, context.request_id()))

    with context.serving("10.0.0.9", "r-1"), db.unit_of_work() as session:
        act_as(session, PERSON)
        for number in (1, 2, 3):
            record(session, InvoiceFramed(INVOICE, number))
    work_off()

    assert seen == [(number, True, "Lattis", "r-1") for number in (1, 2, 3)]
    with db.unit_of_work() as session:
        row = session.scalars(select(EventRow)).first()
        assert row is not None
        assert (row.actor_name, row.request_id, row.entity) == ("Aina", "r-1", "tests")


def test_listeners_are_told_every_event_however_many(committed_database: str, registry: None) -> None:
    url = make_url(committed_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as listener:
        listener.execute(f"LISTEN {events.CHANNEL}")
        with db.unit_of_work() as session:
            for number in range(320):
                record(session, InvoiceFramed(INVOICE, number))
        told = [
            id_ for notice in listener.notifies(timeout=2, stop_after=3) for id_ in json.loads(notice.payload)
        ]
    assert (len(told), len(set(told))) == (320, 320)
