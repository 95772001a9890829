"""How much memory some processes take meanwhile."""

from __future__ import annotations

import os
import threading
from pathlib import Path


class Memory:
    """The most memory that this process and the database's one hold meanwhile, above what they held before."""

    def __init__(self) -> None:
        self.grown = 0.0
        self._watched = {os.getpid(): _held(os.getpid())}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def watch(self, pid: int) -> None:
        """Count another process too, from what it holds now."""
        self._watched = {**self._watched, pid: _held(pid)}

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(0.02):
            more = sum(_held(pid) - before for pid, before in self._watched.items())
            self.grown = max(self.grown, more)


def _held(pid: int) -> float:
    """The memory of a process that is its own, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024
