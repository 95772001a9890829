"""A PostgreSQL and an API that die on demand and start again in a blink.

The API is the product's own, behind its own web server, with its worker and its listeners; it is forked from a process
that has imported everything already, so that fifty deaths take a minute.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from granian.constants import Interfaces
from granian.server.embed import Server

from lattis_app import models, registry  # noqa: F401 - every table registers itself
from lattis_app.core import db, jobs, postgres, provisioning
from lattis_app.core.settings import reset_settings
from lattis_app.web import live
from lattis_app.web.app import create_api

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
UNLIMITED = {"LATTIS_REQUESTS_PER_MINUTE": "1000000", "LATTIS_SIGN_IN_PER_MINUTE": "100000"}
SECONDS_TO_DIE = 30

registry.register_work()
api = create_api(registry.routers())


class Database:
    """A private PostgreSQL that outlives its callers, unless it is killed too."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.start()

    def start(self) -> None:
        """Start it, repairing what a kill left behind."""
        self._server = postgres.start(self._data)
        self.url = self._server.url(provisioning.DATABASE)

    def stop(self) -> None:
        """End it in order."""
        self._server.stop()

    def kill(self) -> None:
        """Kill all its processes at once, as if somebody pulled the plug."""
        assert self._server.process
        first = psutil.Process(self._server.process.pid)
        kill([first, *first.children(recursive=True)])
        self._server.process.wait()


def kill(family: Sequence[psutil.Process]) -> None:
    """Kill processes, parents first, so that none is started again; some end by themselves when their parent does."""
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=SECONDS_TO_DIE)
    assert alive == []


@contextmanager
def forked_api(url: str, port: int, log: Path) -> Iterator[psutil.Process]:
    """Serve the API of a database on a port until the block ends or the process is killed."""
    process = FORKS.Process(target=serve, args=(url, port, log), daemon=True)
    process.start()
    try:
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.join()


def serve(url: str, port: int, log: Path) -> None:
    """Be the server, in a process of its own that writes what goes wrong into a file."""
    with log.open("ab") as errors:
        os.dup2(errors.fileno(), sys.stderr.fileno())
    os.environ |= UNLIMITED
    reset_settings()
    db.configure(url)
    asyncio.run(_serve(port))


async def _serve(port: int) -> None:
    server = Server(api, address="127.0.0.1", port=port, interface=Interfaces.ASGINL, log_enabled=False)
    async with live.run():
        await asyncio.gather(server.serve(), jobs.run_worker())
