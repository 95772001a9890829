"""The two that are compared, each served by the same server in one process, as in production."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import make_url

from benchmarks.place import free_port
from lattis_app.cli import web_server
from lattis_app.core import frontend
from lattis_app.core.settings import settings

SECONDS_TO_START = 30.0


@contextmanager
def app(application_url: str) -> Iterator[int]:
    """The product as `make run` serves it; yields its port."""
    configured = settings().model_copy(update={"port": free_port()})
    with web_server(configured, application_url, str(frontend.ensure(configured.home))):
        yield configured.port


def floor(application_url: str) -> AbstractContextManager[int]:
    """The bare endpoints; yields their port."""
    return bare(application_url, "benchmarks.floor:app")


@contextmanager
def bare(application_url: str, program: str) -> Iterator[int]:
    """What is compared with, from `FLOOR_DATABASE_URL`; yields its port."""
    port = free_port()
    plain = make_url(application_url).set(drivername="postgresql").render_as_string(hide_password=False)
    command = [sys.executable, "-m", "granian", "--interface", "asgi", program]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "warning"]
    environment = os.environ | {"FLOOR_DATABASE_URL": plain}
    with subprocess.Popen(command, cwd=frontend.PROJECT, env=environment) as process:
        try:
            _await_answer(port)
            yield port
        finally:
            process.terminate()


def ask(task: str, **what: Any) -> dict[str, Any]:
    """Let clients in a process of their own do a task; what it took them."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        cwd=frontend.PROJECT,
        input=json.dumps({"task": task, **what}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answered: dict[str, Any] = json.loads(done.stdout)
    return answered


def _await_answer(port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/delivery-orders?limit=1", timeout=5):
                return
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
