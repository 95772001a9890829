"""A whole running copy of the product for a test: started by the command people use, with a home of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import psutil

from lattis_app.core import frontend

MORNING = 10


def zone_where_it_is_morning(now: datetime) -> ZoneInfo:
    """A time zone in which the business's day has begun and goes on: no test begins today and ends tomorrow.

    What the demo data tell of today depends on the hour, too.
    """
    east = (MORNING - now.astimezone(UTC).hour + 12) % 24 - 12
    return ZoneInfo(f"Etc/GMT{-east:+d}")


ZONE = zone_where_it_is_morning(datetime.now(UTC))


@dataclass
class RunningCopy:
    """A copy that answers at `url`."""

    url: str
    process: subprocess.Popen[str]
    said: list[str]

    def family(self) -> list[psutil.Process]:
        """The copy and every process it has started."""
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def stop(self) -> int:
        """Ctrl-C, and wait for the end; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


def pages_are_built() -> bool:
    """Whether a copy can start without building the pages first."""
    built = frontend.WORKSHOP / "build" / frontend.FINGERPRINT
    return built.exists() and built.read_text() == frontend.fingerprint()


def free_port() -> int:
    """A port nobody uses at the moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def clone(home: Path, to: Path) -> Path:
    """A home like that of a copy that has been stopped; its database keeps the owner it must have."""
    subprocess.run(["cp", "-a", str(home), str(to)], check=True)
    return to


@contextmanager
def running_copy(home: Path, **settings: str) -> Iterator[RunningCopy]:
    """Start a copy in a home, wait until it says it is ready, and stop it afterwards.

    What it says is read to the end: a server whose words nobody takes stands still.
    """
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LATTIS_")}
    environment = inherited | {"LATTIS_HOME": str(home), "LATTIS_PORT": str(port)}
    environment |= {"LATTIS_BUSINESS_TIMEZONE": ZONE.key} | settings
    errors = home.parent / f"{home.name}.err"
    with errors.open("ab") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "lattis_app.cli", "up"],
            cwd=frontend.PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    copy = RunningCopy(f"http://localhost:{port}", process, [])
    with process:
        assert process.stdout
        for line in process.stdout:
            copy.said.append(line.rstrip("\n"))
            if line.startswith("Ctrl-C"):
                break
        else:
            raise AssertionError("\n".join([*copy.said, errors.read_text()]))
        listening = Thread(target=copy.said.extend, args=[process.stdout], daemon=True)
        listening.start()
        try:
            yield copy
        finally:
            copy.stop()
            listening.join()
