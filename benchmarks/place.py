"""Where benchmarks run: a home of their own inside the usual one, a free port, and no limit on how often to ask."""

import os
import socket

from lattis_app.core.settings import reset_settings, settings


def use() -> None:
    """From here on this process, and those it starts, work in the benchmarks' home."""
    os.environ["LATTIS_HOME"] = str(settings().home / "bench")
    os.environ["LATTIS_PORT"] = str(free_port())
    os.environ["LATTIS_REQUESTS_PER_MINUTE"] = "1000000"
    os.environ["LATTIS_LOG_LEVEL"] = "WARNING"
    reset_settings()


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
