"""Files with records: kept by those who may, seen by those who may, and never half there."""

import io
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.attachments import targets
from lattis_app.attachments.models import Attachment
from lattis_app.attachments.queries import attachments as queries
from lattis_app.attachments.schemas.attachments import AttachmentFilters
from lattis_app.attachments.services import attachments
from lattis_app.attachments.services.attachments import TooManyAttachments
from lattis_app.core import antivirus
from lattis_app.core.actors import Actor
from lattis_app.core.antivirus import InfectedFile
from lattis_app.core.errors import Forbidden, Invalid, NotFound, UnsupportedMediaType
from lattis_app.core.files import Upload
from lattis_app.core.pagination import PageRequest
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import Role
from tests.conftest import FrozenClock, Statements
from tests.factories.identity import make_actor

MINE, THEIRS = UUID(int=1), UUID(int=2)


def only_mine(session: Session, actor: Actor, target_id: UUID, write: bool) -> None:
    """The guard of a domain: one record is mine, drivers may not write to it, the rest don't exist for me."""
    if target_id != MINE:
        raise NotFound.record("Delivery order", target_id)
    if write and actor.role == Role.MERCHANT:
        raise Forbidden("Only the driver adds photos")


@pytest.fixture(autouse=True)
def delivery_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "_GUARDS", {"DO": only_mine})


def photo(name: str = "photo.jpg", shade: int = 90) -> Upload:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 600), (shade, 90, 60)).save(buffer, "JPEG")
    return Upload(name, buffer.getvalue())


def files_on_disk() -> list[Path]:
    return sorted(path for path in (settings().home / "attachments").rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def clean_store() -> None:
    for path in files_on_disk():
        path.unlink()


def rows(session: Session) -> int:
    return session.execute(select(func.count()).select_from(Attachment)).scalar_one()


def test_an_attached_photo_is_described_kept_and_downloadable(
    session: Session, admin: Actor, clock: FrozenClock
) -> None:
    kept = attachments.attach(session, admin, "DO", MINE, photo("../site.png"), "placed_serial")
    session.flush()
    (shown,) = queries.list_for(session, admin, "DO", MINE)
    assert (shown.id, shown.file_name, shown.slot) == (kept.id, "site.jpg", "placed_serial")
    assert (shown.content_type, shown.width, shown.height) == ("image/jpeg", 800, 600)
    assert (shown.uploaded_by_id, shown.created_at) == (admin.user_id, datetime(2026, 3, 16, 2, tzinfo=UTC))
    assert kept.storage_key == f"attachments/2026/03/{kept.id}/original.jpg"
    download = queries.content(session, admin, kept.id)
    assert (download.file_name, download.content_type, len(download.data)) == (
        "site.jpg",
        "image/jpeg",
        shown.size_bytes,
    )
    small = queries.content(session, admin, kept.id, thumbnail=True)
    assert Image.open(io.BytesIO(small.data)).size == (320, 240)
    assert (shown.url, shown.thumbnail_url) == (
        f"/v1/attachments/{kept.id}/content",
        f"/v1/attachments/{kept.id}/thumbnail",
    )


def test_a_pdf_has_no_thumbnail(session: Session, admin: Actor) -> None:
    kept = attachments.attach(session, admin, "DO", MINE, Upload("puspakom.pdf", b"%PDF-1.7\n%%EOF\n"))
    session.flush()
    assert queries.find(session, admin, kept.id).thumbnail_url is None
    with pytest.raises(NotFound):
        queries.content(session, admin, kept.id, thumbnail=True)


def test_files_of_a_record_that_is_not_mine_are_not_found(session: Session, admin: Actor) -> None:
    kept = attachments.attach(session, admin, "DO", MINE, photo())
    kept.target_id = THEIRS
    session.flush()
    for refused in (
        lambda: queries.list_for(session, admin, "DO", THEIRS),
        lambda: queries.page(
            session, admin, AttachmentFilters(target_type="DO", target_id=THEIRS), PageRequest()
        ),
        lambda: queries.find(session, admin, kept.id),
        lambda: queries.content(session, admin, kept.id),
        lambda: queries.find(session, admin, uuid4()),
    ):
        with pytest.raises(NotFound):
            refused()
    assert queries.list_for(session, admin, "DO", MINE) == []


def test_adding_to_a_record_that_is_not_mine_writes_nothing(session: Session, admin: Actor) -> None:
    with pytest.raises(NotFound):
        attachments.attach(session, admin, "DO", THEIRS, photo())
    assert (rows(session), files_on_disk()) == (0, [])


def test_a_reader_who_may_not_write_is_refused(session: Session, admin: Actor) -> None:
    reader = Actor(admin.user_id, "Reader", Role.MERCHANT, frozenset({"attachments:files:write"}))
    with pytest.raises(Forbidden, match="Only the driver"):
        attachments.attach(session, reader, "DO", MINE, photo())
    assert (rows(session), files_on_disk()) == (0, [])


@pytest.mark.parametrize("role", [Role.MERCHANT, Role.SALES_REP, Role.VIEWER])
def test_roles_without_the_permission_are_refused_before_any_guard(session: Session, role: Role) -> None:
    somebody = make_actor(session, role)
    with pytest.raises(Forbidden):
        attachments.attach(session, somebody, "DO", MINE, photo())
    with pytest.raises(Forbidden):
        queries.list_for(session, somebody, "DO", MINE)
    assert files_on_disk() == []


def test_an_unknown_kind_of_record_is_named(session: Session, admin: Actor) -> None:
    with pytest.raises(Invalid, match="must be one of DO"):
        attachments.attach(session, admin, "SPACESHIP", MINE, photo())


def test_one_refused_file_keeps_all_of_them_out(session: Session, admin: Actor) -> None:
    uploads = [photo(), Upload("photo.jpg", b"<html>"), photo()]
    with pytest.raises(UnsupportedMediaType):
        attachments.attach_all(session, admin, "DO", MINE, uploads)
    assert (rows(session), files_on_disk()) == (0, [])


def test_an_infected_file_is_refused_and_nothing_is_kept(
    session: Session, admin: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(antivirus, "_ask", lambda address, data: "stream: Eicar-Signature FOUND")
    monkeypatch.setattr(
        antivirus, "settings", lambda: settings().model_copy(update={"clamav_address": "clamd:3310"})
    )
    with caplog.at_level(logging.WARNING), pytest.raises(InfectedFile):
        attachments.attach(session, admin, "DO", MINE, photo())
    assert (rows(session), files_on_disk()) == (0, [])
    assert "Eicar-Signature" in caplog.text


def test_three_times_the_same_photo_are_three_pictures(session: Session, admin: Actor) -> None:
    attachments.attach_all(session, admin, "DO", MINE, [photo(), photo(), photo()])
    attachments.attach(session, admin, "DO", MINE, Upload("scale.pdf", b"%PDF-1.7\n%%EOF\n"))
    session.flush()
    assert queries.count_photos(session, "DO", MINE) == 3
    assert rows(session) == 4


@pytest.mark.parametrize("count", [0, 21])
def test_none_or_too_many_at_once_are_refused(session: Session, admin: Actor, count: int) -> None:
    with pytest.raises(Invalid, match="1 to 20 files"):
        attachments.attach_all(session, admin, "DO", MINE, [photo()] * count)
    assert rows(session) == 0


def test_a_full_record_takes_no_more(session: Session, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_PER_TARGET", 2)
    attachments.attach_all(session, admin, "DO", MINE, [photo(), photo()])
    session.flush()
    with pytest.raises(TooManyAttachments, match="has 2"):
        attachments.attach(session, admin, "DO", MINE, photo())
    assert (rows(session), len(files_on_disk())) == (2, 4)


def test_a_list_is_two_statements_however_long(
    session: Session,
    admin: Actor,
    clock: FrozenClock,
    queries_sent: Callable[[], AbstractContextManager[Statements]],
) -> None:
    for number in range(4):
        attachments.attach(session, admin, "DO", MINE, photo(f"{number}.jpg"))
        session.flush()
        clock.advance(minutes=1)
    wanted = AttachmentFilters(target_type="DO", target_id=MINE)
    with queries_sent() as sent:
        page = queries.page(session, admin, wanted, PageRequest(page=2, limit=3))
    assert ([row.file_name for row in page.rows], page.total, sent.count) == (["3.jpg"], 4, 2)


@pytest.fixture
def queries_sent(request: pytest.FixtureRequest) -> Callable[[], AbstractContextManager[Statements]]:
    counting: Callable[[], AbstractContextManager[Statements]] = request.getfixturevalue("queries")
    return counting


def test_a_kind_of_record_has_one_guard() -> None:
    targets.register_target("DO", only_mine)
    with pytest.raises(ValueError, match="registered already"):
        targets.register_target("DO", lambda session, actor, target_id, write: None)


def test_of_several_files_each_is_kept_or_refused_on_its_own(session: Session, admin: Actor) -> None:
    uploads = [photo(), Upload("note.txt", b"no picture"), photo()]

    first, refused, last = attachments.attach_each(session, admin, "DO", MINE, uploads)
    session.flush()

    assert isinstance(refused, UnsupportedMediaType)
    assert [row.id for row in session.scalars(select(Attachment).order_by(Attachment.created_at))] == [
        each.id for each in (first, last) if isinstance(each, Attachment)
    ]
