"""Removing files that no row knows: what a crash between writing and committing left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.attachments.models import Attachment
from lattis_app.attachments.services.attachments import PREFIX
from lattis_app.core import queue
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.jobs import job
from lattis_app.core.names import JobName
from lattis_app.core.storage import StoredFile, storage

YOUNGEST = timedelta(days=1)
DELETE_FILES = "attachments.delete_files"
_AT_ONCE = 500
A = columns(Attachment)


@job(JobName.ATTACHMENTS_SWEEP_ORPHANS, cron="30 3 * * *")
def sweep_orphans(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Remove uploads that were never recorded, once they are a day old."""
    orphans = 0
    for batch in _batches(storage().stored(PREFIX), as_of - YOUNGEST):
        known = set(session.scalars(select(A.id).where(A.id.in_(batch.values()))))
        keys = [key for key, attachment_id in batch.items() if attachment_id not in known]
        orphans += len(keys)
        if keys:
            queue.defer(session, DELETE_FILES, keys=keys)
    return {"removed": orphans}


@queue.task(DELETE_FILES)
def delete_files(keys: list[str]) -> None:
    """Remove files from the store, after the sweep that found them is committed."""
    store = storage()
    for key in keys:
        store.delete(key)


def _batches(stored: Iterable[StoredFile], before: datetime) -> Iterator[Mapping[str, UUID]]:
    batch: dict[str, UUID] = {}
    for file in stored:
        attachment_id = _owner(file.key)
        if attachment_id is None or file.modified_at >= before:
            continue
        batch[file.key] = attachment_id
        if len(batch) == _AT_ONCE:
            yield batch
            batch = {}
    if batch:
        yield batch


def _owner(key: str) -> UUID | None:
    try:
        return UUID(key.split("/")[-2])
    except (IndexError, ValueError):
        return None
