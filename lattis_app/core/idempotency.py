"""One effect per Idempotency-Key: the answer is stored in the transaction that caused it.

Contract: api.md, "Idempotency-Key". Same actor, key and body within 24 h → the stored answer; another body → 409;
the first still running → 409. A crash stores nothing and changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy import Row as Found
from sqlalchemy.orm import Session
from sqlmodel import Field

from lattis_app.core import clock
from lattis_app.core.db import Row
from lattis_app.core.errors import Conflict, Invalid

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 255

CLAIMED = "claim.claimed, claim.body_hash, claim.status_code, claim.response, claim.created_at"
CLAIM = "claim_idempotency_key({actor_id}, :key) claim"
"""The function takes the lock first and looks the answer up after, with what has committed until then."""
_CLAIM = text(" ".join(("SELECT", CLAIMED, "FROM", CLAIM.format(actor_id=":actor_id"))))
_CLAIMED = "claimed idempotency key"
_IS_ANSWERED = text("SELECT EXISTS (SELECT FROM idempotency_keys WHERE actor_id = :actor_id AND key = :key)")


class IdempotencyKey(Row, table=True):
    """The answer once given to a key."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)

    actor_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=LONGEST_KEY)
    body_hash: str = Field(max_length=64)
    status_code: int
    response: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(default_factory=clock.now)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered the first time."""

    status_code: int
    body: bytes


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same: method, path with its query, and body."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def is_key(key: str) -> bool:
    """Whether this can be a key."""
    return 1 <= len(key) <= LONGEST_KEY and key.isprintable()


def note_claim(session: Session, found: Found[Any]) -> None:
    """Keep what `CLAIMED` found for the `claim` that follows: the statement that looked the actor up asked for both."""
    session.info[_CLAIMED] = found


def claim(session: Session, actor_id: UUID, key: str, body_hash: str) -> StoredAnswer | None:
    """Take the key for this transaction, or return the answer it already has.

    Raises Conflict while the first request with this key still runs, or when its body was another.
    """
    if not is_key(key):
        raise Invalid.field("Idempotency-Key", f"must be 1 to {LONGEST_KEY} printable characters")
    found = (
        session.info.pop(_CLAIMED, None) or session.execute(_CLAIM, {"actor_id": actor_id, "key": key}).one()
    )
    if not found.claimed:
        raise Conflict(
            "The first request with this Idempotency-Key is still running",
            field="Idempotency-Key",
            reason="still running",
        )
    if found.body_hash is None:
        return None
    if found.created_at < clock.now() - KEPT_FOR:
        session.execute(
            text("DELETE FROM idempotency_keys WHERE actor_id = :actor_id AND key = :key"),
            {"actor_id": actor_id, "key": key},
        )
        return None
    if found.body_hash != body_hash:
        raise Conflict(
            "This Idempotency-Key was used for another request",
            field="Idempotency-Key",
            reason="used for another request",
        )
    return StoredAnswer(found.status_code, bytes(found.response))


def is_answered(session: Session, actor_id: UUID, key: str) -> bool:
    """Whether a key has an answer already; takes nothing, and decides nothing: `claim` does."""
    return bool(session.scalar(_IS_ANSWERED, {"actor_id": actor_id, "key": key}))


def store(session: Session, actor_id: UUID, key: str, body_hash: str, status_code: int, body: bytes) -> None:
    """Keep the answer, in the same transaction as its effect."""
    session.add(
        IdempotencyKey(
            actor_id=actor_id, key=key, body_hash=body_hash, status_code=status_code, response=body
        )
    )


def forget_expired(session: Session) -> int:
    """Remove answers older than 24 hours."""
    gone = session.execute(
        text("DELETE FROM idempotency_keys WHERE created_at < :before"), {"before": clock.now() - KEPT_FOR}
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # CursorResult of a DELETE
