"""Forgetting what is no longer needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.orm import Session

from lattis_app.core import counting, idempotency
from lattis_app.core.actors import Actor
from lattis_app.core.jobs import job
from lattis_app.core.names import JobName

SESSIONS_KEPT_FOR = timedelta(days=30)
RUNS_KEPT_FOR = timedelta(days=180)
QUEUE_KEPT_FOR = timedelta(days=30)
DELIVERIES_KEPT_FOR = timedelta(days=90)
MESSAGES_KEPT_FOR = timedelta(days=730)
UNUSED_IMPORTS_KEPT_FOR = timedelta(days=30)
EXPIRED = {
    "sessions": (
        "DELETE FROM user_sessions WHERE coalesce(revoked_at, expires_at) < :before",
        SESSIONS_KEPT_FOR,
    ),
    "refresh_tokens": ("DELETE FROM refresh_tokens WHERE expires_at < :before", timedelta(0)),
    "job_runs": ("DELETE FROM job_runs WHERE claimed_at < :before", RUNS_KEPT_FOR),
    "queue": (
        "DELETE FROM procrastinate_jobs j WHERE status NOT IN ('todo', 'doing') "
        "AND NOT EXISTS (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at >= :before)",
        QUEUE_KEPT_FOR,
    ),
    "webhook_deliveries": (
        "DELETE FROM webhook_deliveries WHERE created_at < :before AND state <> 'waiting'",
        DELIVERIES_KEPT_FOR,
    ),
    "unused_imports": (
        "DELETE FROM import_batches WHERE created_at < :before AND status = 'checked'",
        UNUSED_IMPORTS_KEPT_FOR,
    ),
    "messages": ("DELETE FROM messages WHERE created_at < :before AND state = 'sent'", MESSAGES_KEPT_FOR),
    "message_files": (
        "DELETE FROM attachments a WHERE target_type = 'MESSAGE' AND created_at < :before "
        "AND NOT EXISTS (SELECT FROM messages m WHERE m.id = a.target_id)",
        timedelta(days=1),
    ),
}


@job(JobName.CORE_FORGET_EXPIRED, cron="20 3 * * *")
def forget_expired(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Forget expired keys, old sessions, queue entries, deliveries, messages and unused imports."""
    counts = {"idempotency_keys": idempotency.forget_expired(session)}
    counting.fold(session)
    for what, (statement, kept_for) in EXPIRED.items():
        gone = session.execute(text(statement), {"before": as_of - kept_for})
        assert isinstance(gone, CursorResult)
        counts[what] = gone.rowcount
    return counts
