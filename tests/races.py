"""Requests that really run at the same moment, each in a transaction of its own that really commits."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from lattis_app.core import limits
from lattis_app.core.db import unit_of_work
from lattis_app.core.errors import DomainError
from lattis_app.identity.permissions import Role
from tests.factories.identity import make_token, make_user

Ask = Callable[[TestClient], httpx2.Response]


def caller(api: FastAPI, role: Role = Role.ADMIN, subject_id: UUID | None = None) -> TestClient:
    """Somebody signed in on their own, in a database that really commits."""
    limits.forget()
    with unit_of_work() as session:
        token = make_token(session, make_user(session, role, subject_id=subject_id))
    return TestClient(api, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


def at_once(asked: Sequence[tuple[TestClient, Ask]]) -> list[httpx2.Response]:
    """What each was answered who asked at the same moment."""
    ready = threading.Barrier(len(asked))

    def ask(one: tuple[TestClient, Ask]) -> Any:
        client, question = one
        ready.wait()
        return question(client)

    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(ask, asked))


def statuses(answers: Sequence[httpx2.Response]) -> list[int]:
    """How they were answered, the good news first."""
    return sorted(answer.status_code for answer in answers)


def together(*works: Callable[[], object]) -> list[object]:
    """What each gave, or the refusal it met, when all began at once."""
    ready = threading.Barrier(len(works))
    outcomes: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        ready.wait()
        try:
            outcomes[place] = work()
        except DomainError as refusal:
            outcomes[place] = refusal

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def await_a_waiter() -> None:
    """Go on when somebody stands before a lock of somebody else."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(2000):
        with unit_of_work() as session:
            if session.scalar(waiting):
                return
    raise AssertionError("Nobody waited")
