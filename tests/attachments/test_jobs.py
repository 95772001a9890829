"""The sweep removes what was never recorded, and nothing else, once."""

import io
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import text

from lattis_app.attachments import jobs, targets
from lattis_app.attachments.services import attachments
from lattis_app.core import db
from lattis_app.core.files import Upload
from lattis_app.core.storage import LocalFolder

RECORD = UUID(int=1)
LATER = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture
def store(tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch) -> LocalFolder:
    folder = LocalFolder(tmp_path / "attachments")  # type: ignore[operator]  # a Path
    monkeypatch.setattr(targets, "_GUARDS", {"DO": lambda session, actor, target_id, write: None})
    monkeypatch.setattr(attachments, "storage", lambda: folder)
    monkeypatch.setattr(jobs, "storage", lambda: folder)
    return folder


def photo() -> Upload:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30)).save(buffer, "JPEG")
    return Upload("photo.jpg", buffer.getvalue())


def keys(store: LocalFolder) -> set[str]:
    return {file.key for file in store.stored("attachments")}


def deferred_keys() -> list[list[str]]:
    with db.unit_of_work() as session:
        return list(session.scalars(text(
            "SELECT args->'keys' FROM procrastinate_jobs WHERE task_name = 'attachments.delete_files'"
        )))  # fmt: skip
