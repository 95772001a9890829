"""The copy that these tests ask: it ends with them, started or not."""

import os
import sys
from pathlib import Path

import psutil
import pytest

from tests.security.conftest import Copy, answering, free_port

FAILS_BESIDE_ITS_WORKER = """
import subprocess, sys
worker = subprocess.Popen([sys.executable, "-c", "import signal; print('ready', flush=True); signal.pause()"],
                          stdout=subprocess.PIPE, text=True)
worker.stdout.readline()
print(worker.pid, flush=True)
sys.exit(1)
"""


def test_a_start_that_fails_leaves_no_process_behind(tmp_path: Path) -> None:
    copy = Copy(free_port(), tmp_path / "server.log")
    command = [sys.executable, "-c", FAILS_BESIDE_ITS_WORKER]
    with (
        pytest.raises(AssertionError, match="The server did not start"),
        answering(command, dict(os.environ), copy),
    ):
        pytest.fail("it answered")
    worker = int(copy.logged())
    left = [psutil.Process(worker)] if psutil.pid_exists(worker) else []
    _, alive = psutil.wait_procs(left, timeout=10)
    for process in alive:
        process.kill()
    assert alive == []
