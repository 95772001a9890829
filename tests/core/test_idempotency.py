"""One effect per Idempotency-Key, however often, however fast, whatever crashes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import db, idempotency
from lattis_app.core.errors import Conflict, Invalid
from lattis_app.core.idempotency import StoredAnswer, claim, fingerprint, store
from lattis_app.core.numbering import take_number

ACTOR = UUID(int=7)
BODY = fingerprint("POST", "/v1/invoices", b"{}")
EFFECTS = text("SELECT coalesce(sum(last), 0) FROM number_series")


def pay(key: str, body_hash: str = BODY, actor: UUID = ACTOR) -> StoredAnswer:
    """A request as `web/routing.py` serves it; its effect is a number taken."""
    with db.unit_of_work() as session:
        known = claim(session, actor, key, body_hash)
        if known is not None:
            return known
        answer = take_number(session, "RCPT", 2026).encode()
        store(session, actor, key, body_hash, 201, answer)
        return StoredAnswer(201, answer)


def effects() -> int:
    with db.unit_of_work() as session:
        return int(session.scalar(EFFECTS) or 0)


def test_a_repeat_gets_the_first_answer_and_has_no_effect(session: Session) -> None:
    assert pay("k") == StoredAnswer(201, b"RCPT-2026-00001")
    assert pay("k") == StoredAnswer(201, b"RCPT-2026-00001")
    assert effects() == 1


def test_fifty_at_once_with_one_key_have_one_effect(committed_database: str) -> None:
    together = Barrier(50)

    def request(_: int) -> str:
        together.wait()
        try:
            return pay("k").body.decode()
        except Conflict as refused:
            return str(refused.details["reason"])

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(request, range(50)))

    assert effects() == 1
    assert answers.count("RCPT-2026-00001") >= 1
    assert set(answers) <= {"RCPT-2026-00001", "still running"}


def test_while_the_first_still_runs_the_second_is_refused(committed_database: str) -> None:
    with db.unit_of_work() as first:
        assert claim(first, ACTOR, "k", BODY) is None
        with pytest.raises(Conflict) as refused:
            pay("k")
    assert refused.value.details["reason"] == "still running"
    assert effects() == 0


def test_another_body_with_the_same_key_is_refused(session: Session) -> None:
    pay("k")
    with pytest.raises(Conflict) as refused:
        pay("k", fingerprint("POST", "/v1/invoices", b'{"amount":1}'))
    assert refused.value.details["reason"] == "used for another request"
    assert effects() == 1


def test_another_person_may_use_the_same_key(session: Session) -> None:
    pay("k")
    assert pay("k", actor=uuid4()).body == b"RCPT-2026-00002"


def test_after_a_day_the_key_is_free_again(session: Session, clock) -> None:
    pay("k")
    clock.advance(hours=24)
    assert pay("k").body == b"RCPT-2026-00001"
    clock.advance(seconds=1)
    assert pay("k").body == b"RCPT-2026-00002"


def test_a_crash_keeps_neither_effect_nor_answer(committed_database: str) -> None:
    with pytest.raises(ZeroDivisionError), db.unit_of_work() as session:
        claim(session, ACTOR, "k", BODY)
        take_number(session, "RCPT", 2026)
        store(session, ACTOR, "k", BODY, 201, b"never sent")
        raise ZeroDivisionError
    assert effects() == 0
    assert pay("k") == StoredAnswer(201, b"RCPT-2026-00001")


@pytest.mark.parametrize("key", ["", "x" * 256, "line\nbreak", "nul\0"])
def test_a_key_that_cannot_be_kept_is_refused(session: Session, key: str) -> None:
    with pytest.raises(Invalid):
        pay(key)
    assert effects() == 0


def test_method_path_and_body_make_the_fingerprint() -> None:
    prints = {fingerprint(*request) for request in (
        ("POST", "/a", b"{}"), ("PATCH", "/a", b"{}"), ("POST", "/b", b"{}"), ("POST", "/a", b"[]"),
    )}  # fmt: skip
    assert len(prints) == 4


def test_only_expired_answers_are_forgotten(session: Session, clock) -> None:
    pay("old")
    clock.advance(hours=1)
    pay("young")
    clock.advance(hours=23, seconds=1)
    assert idempotency.forget_expired(session) == 1
    kept = session.scalars(text("SELECT key FROM idempotency_keys")).all()
    assert (kept, idempotency.KEPT_FOR) == (["young"], timedelta(hours=24))
