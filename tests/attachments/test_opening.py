"""Files are opened before the transaction that keeps them: whoever sends pictures holds no connection meanwhile."""

import asyncio
import io
from threading import Event, Lock

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import func, select

from lattis_app.attachments.api import openings as uploading
from lattis_app.attachments.models import Attachment
from lattis_app.core import antivirus, db, files, limits
from lattis_app.identity.models.users import PermissionOverride
from lattis_app.identity.permissions import Permission, Role
from tests.factories.identity import make_token, make_user
from tests.factories.rental_delivery_orders import drive, make_delivery_order

AT_ONCE = 12
NOTHING = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def png(shade: int = 90) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 900), (shade, 90, 60)).save(buffer, "PNG")
    return buffer.getvalue()


class Decoder:
    """Stands before the real one and sees how many connections and pictures are open."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.connections: list[int] = []
        self.open, self.most_open = 0, 0
        self.started, self.may_go_on = Event(), Event()
        self.may_go_on.set()
        self._lock, self._real = Lock(), files._picture
        monkeypatch.setattr(files, "_picture", self)

    def __call__(self, data: bytes, name: str, content_type: str) -> files.CheckedFile:
        with self._lock:
            self.open += 1
            self.most_open = max(self.open, self.most_open)
            self.connections.append(db.engine().pool.checkedout())  # type: ignore[attr-defined]  # QueuePool counts
        self.started.set()
        assert self.may_go_on.wait(30)
        try:
            return self._real(data, name, content_type)
        finally:
            with self._lock:
                self.open -= 1


@pytest.fixture
def decoder(monkeypatch: pytest.MonkeyPatch) -> Decoder:
    return Decoder(monkeypatch)


@pytest.fixture
def order(committed_database: str) -> str:
    with db.unit_of_work() as session:
        return str(make_delivery_order(session).id)


@pytest.fixture
def signed_in(committed_database: str) -> dict[str, str]:
    with db.unit_of_work() as session:
        return {"Authorization": f"Bearer {make_token(session, make_user(session, Role.ADMIN))}"}


def client(api: FastAPI, headers: dict[str, str]) -> httpx.AsyncClient:
    limits.forget()
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(api, raise_app_exceptions=False),
        base_url="http://testserver",
        headers=headers,
        timeout=60,
    )


def kept() -> int:
    with db.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Attachment)) or 0)


@pytest.mark.parametrize("way", ["attachments", "photos of an order"])
def test_no_connection_is_held_while_pictures_are_opened(
    rest_api, signed_in, order, decoder, monkeypatch, way
) -> None:
    async def send(office: httpx.AsyncClient, number: int) -> int:
        sent = [("files", (f"{number}-{part}.png", png(number), "image/png")) for part in range(2)]
        if way == "attachments":
            about = {"target_type": "DO", "target_id": order}
            answer = await office.post("/v1/attachments", data=about, files=sent)
        else:
            answer = await office.post(f"/v1/delivery-orders/{order}/attach", files=sent)
        return answer.status_code

    async def scene() -> int:
        all_admitted, admitted, real = asyncio.Event(), [], uploading.run_in_threadpool

        async def admitting(work, *given):
            answer = await real(work, *given)
            admitted.append(answer)
            if len(admitted) == AT_ONCE:
                all_admitted.set()
            return answer

        monkeypatch.setattr(uploading, "run_in_threadpool", admitting)
        async with client(rest_api, signed_in) as office:
            decoder.may_go_on.clear()
            sending = [asyncio.create_task(send(office, number)) for number in range(AT_ONCE)]
            await asyncio.wait_for(all_admitted.wait(), 30)
            await asyncio.to_thread(decoder.started.wait, 30)
            waiting = db.engine().pool.checkedout()
            meanwhile = await asyncio.wait_for(office.get("/v1/customers"), 30)
            assert meanwhile.status_code == 200
            decoder.may_go_on.set()
            assert await asyncio.gather(*sending) == [201] * AT_ONCE
            return waiting

    assert asyncio.run(scene()) == 0
    assert len(decoder.connections) == kept() == 2 * AT_ONCE
    assert decoder.most_open == files.DECODED_AT_ONCE


def test_one_request_alone_never_opens_a_picture_with_a_connection(
    rest_api, signed_in, order, decoder
) -> None:
    async def scene() -> httpx.Response:
        async with client(rest_api, signed_in) as office:
            sent = [("files", (f"{part}.png", png(part), "image/png")) for part in range(5)]
            return await office.post(f"/v1/delivery-orders/{order}/attach", files=sent)

    assert asyncio.run(scene()).status_code == 201
    assert decoder.connections == [0] * 5


def test_a_repeated_request_is_answered_without_opening_its_pictures_again(
    rest_api, signed_in, order, decoder
) -> None:
    async def scene() -> list[httpx.Response]:
        async with client(rest_api, signed_in | {"Idempotency-Key": "one tap"}) as office:
            sent = [("files", ("site.png", png(), "image/png"))]
            return [await office.post(f"/v1/delivery-orders/{order}/attach", files=sent) for _ in range(2)]

    first, again = asyncio.run(scene())
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (len(decoder.connections), kept()) == (1, 1)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([], (400, "files: send at least one file")),
        ([("a.png", b"")], (400, "files: a.png is empty")),
        ([("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64)], (400, "files: a.png is damaged and can't be opened as a picture")),
        ([("a.exe", b"MZ" + b"\0" * 64)], (415, "a.exe: only JPEG, PNG and WebP pictures and PDF documents are accepted")),
        ([("a.png", png())] * 21, (400, "files: send 1 to 20 files at once")),
    ],
)  # fmt: skip
def test_refusals_are_as_before(rest_api, signed_in, order, sent, told) -> None:
    async def scene() -> httpx.Response:
        async with client(rest_api, signed_in) as office:
            parts = [("files", (name, data, "image/png")) for name, data in sent]
            about = {"target_type": "DO", "target_id": order}
            return await office.post("/v1/attachments", data=about, files=parts or [("other", ("x", b"x"))])

    answer = asyncio.run(scene())
    error = answer.json()["error"]
    assert (answer.status_code, error["message"], error["details"]["field"]) == (*told, "files")
    assert kept() == 0


def test_whoever_may_send_no_files_has_none_opened(rest_api, order, decoder) -> None:
    with db.unit_of_work() as session:
        user = make_user(session, Role.ADMIN)
        denied = {"user_id": user.id, "permission": Permission.ATTACHMENTS_FILES_WRITE, "granted": False}
        session.add(PermissionOverride(**denied))
        refused = {"Authorization": f"Bearer {make_token(session, user)}"}

    async def scene(headers: dict[str, str]) -> int:
        async with client(rest_api, headers) as somebody:
            sent = [("files", ("site.png", png(), "image/png"))]
            answer = await somebody.post(
                "/v1/attachments", data={"target_type": "DO", "target_id": order}, files=sent
            )
            return answer.status_code

    assert [asyncio.run(scene(headers)) for headers in (refused, {}, {"Authorization": "Bearer x"})] == [
        403,
        401,
        401,
    ]
    assert (decoder.connections, kept()) == ([], 0)


BINS = b"serial_number,size.h_ft,size.l_ft,size.w_ft\nA-1,4,12,6\n"


@pytest.mark.parametrize(
    ("path", "form", "sent", "code"),
    [
        ("/v1/attachments", {"target_type": "DO", "target_id": "{order}"}, ("files", "a.png", png()), 201),
        ("/v1/delivery-orders/{order}/attach", {}, ("files[]", "a.png", png()), 201),
        ("/v1/delivery-orders/{order}/receiver", {"received_by": "Lim"}, ("signature", "a.png", png()), 200),
        ("/v1/imports/bins", {}, ("file", "bins.csv", BINS), 201),
    ],
)
def test_every_file_is_scanned_once_and_without_a_connection(
    rest_api, signed_in, committed_database, monkeypatch, path, form, sent, code
) -> None:
    with db.unit_of_work() as session:
        order = drive(session, make_delivery_order(session), "started").id
    scanned: list[int] = []
    monkeypatch.setattr(antivirus, "scan", lambda *_: scanned.append(db.engine().pool.checkedout()))  # type: ignore[attr-defined]  # QueuePool counts
    name, *file = sent
    about = {field: value.format(order=order) for field, value in form.items()}

    async def scene() -> list[httpx.Response]:
        async with client(rest_api, signed_in | {"Idempotency-Key": "one tap"}) as office:
            return [
                await office.post(path.format(order=order), data=about, files={name: tuple(file)})
                for _ in range(2)
            ]

    first, again = asyncio.run(scene())
    assert (first.status_code, again.content) == (code, first.content), first.text
    assert again.headers["Idempotency-Replayed"] == "true"
    assert scanned == [0]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/attachments", "files"),
        (f"/v1/delivery-orders/{NOTHING}/attach", "files[]"),
        (f"/v1/delivery-orders/{NOTHING}/receiver", "signature"),
        ("/v1/imports/bins", "file"),
    ],
)
def test_nobody_learns_what_is_wrong_with_files_they_may_not_send(api, path, field) -> None:
    large = {field: ("large.png", b"\x89PNG" + b"\0" * 26 * 1024 * 1024, "image/png")}
    for sent in ({}, large):
        statuses = [
            client.post(path, files=sent).status_code for client in (api.anonymous(), api.as_(Role.VIEWER))
        ]
        assert statuses == [401, 403], list(sent)
    limits.forget()
