"""A copy that really runs: granian, PostgreSQL, and pages that are there only to be served."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from lattis_app.core.processes import ending_with_this_process
from lattis_app.identity.models import User
from lattis_app.identity.passwords import hash_secret
from lattis_app.identity.permissions import Role
from tests.database import Template

PROJECT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse"
SECONDS, SECONDS_TO_END = 60, 15
VISITOR_PAGES = 8


@dataclass(frozen=True)
class Copy:
    """A running copy: where it listens and what it logs."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Send one request, following nothing."""
        return httpx2.request(method, f"{self.url}{path}", follow_redirects=False, **options)

    def logged(self) -> str:
        """Everything it logged so far."""
        return self.log.read_text()


@pytest.fixture(scope="session")
def copy(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """The product with the probe, on a free port and a database of its own."""
    home = tmp_path_factory.mktemp("copy")
    pages = _pages(home / "web")
    with template.copy() as database:
        _one_user_of_each_role(database)
        running = Copy(free_port(), home / "server.log")
        environment = os.environ | {
            "LATTIS_HOME": str(home),
            "LATTIS_PORT": str(running.port),
            "LATTIS_DATABASE_URL": template.owner_url,
            "LATTIS_APP_DATABASE_URL": database,
            "LATTIS_SIGN_IN_PER_MINUTE": "100000",
            "LATTIS_VISITOR_PAGES_PER_ADDRESS": str(VISITOR_PAGES),
            "LATTIS_REQUESTS_PER_MINUTE": "100000",
            "LATTIS_WORKER": "external",
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_WEB_WORKDIR": str(pages),
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        }
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--factory",
            "tests.security.probe:app",
        ]
        command += ["--port", str(running.port), "--workers", "1", "--log-level", "warning"]
        with answering(command, environment, running):
            yield running


@contextmanager
def answering(command: list[str], environment: dict[str, str], running: Copy) -> Iterator[None]:
    """A server that has answered; whether it did or not, nothing that it started is left behind."""
    with open(running.log, "wb") as log:
        server = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=ending_with_this_process(signal.SIGTERM),
        )
    try:
        _await_answer(server, running)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            server.wait(SECONDS_TO_END)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.fixture
def sign_in(copy: Copy) -> Callable[[Role], str]:
    """Sign in as somebody of a role, in a new browser; answers the session cookie."""

    def signing_in(role: Role = Role.ADMIN) -> str:
        answer = copy.call("POST", "/auth/sign-in", data={"account": address_of(role), "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return str(answer.cookies["lattis_session"])

    return signing_in


def address_of(role: Role) -> str:
    """The e-mail address of the user of this role."""
    return f"{role.lower()}@example.com"


def _one_user_of_each_role(database: str) -> None:
    hashed = hash_secret(PASSWORD)
    engine = create_engine(database)
    with Session(engine) as session:
        for role in Role:
            session.add(
                User(name=f"A {role.lower()}", email=address_of(role), role=role, password_hash=hashed)
            )
        session.commit()
    engine.dispose()


def _pages(folder: Path) -> Path:
    client = folder / "build" / "client"
    (client / "assets").mkdir(parents=True)
    for name in ("index.html", "404.html"):
        (client / name).write_text(f"<!doctype html><title>{name}</title>")
    (client / "assets" / "page-4f2a.js").write_text("export {}")
    return folder


def free_port() -> int:
    """A port nobody uses at the moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _await_answer(server: subprocess.Popen[bytes], running: Copy) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            httpx2.get(f"{running.url}/ping", timeout=5)
            return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"The server did not start:\n{running.logged()}")
