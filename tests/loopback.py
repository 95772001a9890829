"""Servers on loopback that stand in for other people's: they keep what they were sent and answer as told."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        return int(gone.getsockname()[1])


@dataclass
class Request:
    """What somebody sent."""

    path: str
    headers: Message
    body: bytes


@dataclass
class Receiver:
    """An HTTP server: `answers` are given in turn, then the last one again."""

    url: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=lambda: [(200, b"ok")])
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None
    requests: list[Request] = field(default_factory=list)

    def next_answer(self) -> tuple[int, bytes]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve HTTP until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.append(Request(self.path, self.headers, body))
            receiver.before()
            status, said = receiver.next_answer()
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Mailbox:
    """A mail server: `refusal` is what it says instead of taking a message."""

    port: int = 0
    refusal: str = ""
    letters: list[Envelope] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 — the library's name
        if self.refusal:
            return self.refusal
        self.letters.append(envelope)
        return "250 OK"


@contextmanager
def taking_mail() -> Iterator[Mailbox]:
    """Serve SMTP until the block ends."""
    mailbox = Mailbox(closed_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@contextmanager
def taking_mail_encrypted(certificate: Path, key: Path, *, at_once: bool) -> Iterator[Mailbox]:
    """Serve SMTP to those who encrypt and sign in as `office` with `hidden`: from the start, or by STARTTLS."""
    mailbox = Mailbox(closed_port())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def knows(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (b"office", b"hidden"), handled=False)

    how: dict[str, Any] = {"tls_context": context, "require_starttls": True, "auth_required": True}
    if at_once:
        how = {"ssl_context": context, "auth_require_tls": False}
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=mailbox.port,
        authenticator=knows,
        **how,
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
