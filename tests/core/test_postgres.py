import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from lattis_app.core import postgres


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "home" / "pg"


@pytest.fixture
def server(data: Path) -> Iterator[postgres.PrivateServer]:
    running = postgres.start(data, postgres.FAST_AND_FORGETFUL)
    yield running
    running.stop()


def ask(server: postgres.PrivateServer, question: str) -> object:
    with psycopg.connect(host=str(server.socket), user=postgres.OWNER) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def keep_seven(server: postgres.PrivateServer) -> None:
    with psycopg.connect(host=str(server.socket), user=postgres.OWNER) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")


def gone(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(timeout=20)
    return not psutil.pid_exists(pid)


def test_a_fresh_folder_becomes_a_running_postgresql_18(server: postgres.PrivateServer) -> None:
    assert str(ask(server, "SHOW server_version")).startswith("18.")
    assert ask(server, "SHOW server_encoding") == "UTF8"


def test_the_server_listens_on_no_network_address(server: postgres.PrivateServer) -> None:
    assert ask(server, "SHOW listen_addresses") == ""
    assert make_url(server.url()).query["host"] == str(server.socket)


def test_a_folder_others_cannot_enter_holds_data_and_socket(server: postgres.PrivateServer) -> None:
    assert server.socket.stat().st_mode & 0o077 == 0
    assert server.data.stat().st_mode & 0o077 == 0


def test_real_data_is_written_through_to_the_disk(data: Path) -> None:
    running = postgres.start(data)
    try:
        assert ask(running, "SHOW fsync") == "on"
        assert ask(running, "SHOW synchronous_commit") == "on"
    finally:
        running.stop()


def test_a_second_start_joins_the_running_server_and_never_stops_it(
    server: postgres.PrivateServer, data: Path
) -> None:
    joined = postgres.start(data)
    joined.stop()
    assert joined.process is None
    assert ask(server, "SELECT 1") == 1


def test_two_homes_run_side_by_side(server: postgres.PrivateServer, tmp_path: Path) -> None:
    other = postgres.start(tmp_path / "other" / "pg", postgres.FAST_AND_FORGETFUL)
    try:
        assert ask(server, "SHOW data_directory") != ask(other, "SHOW data_directory")
    finally:
        other.stop()


def test_a_home_with_a_long_path_gets_a_socket_elsewhere(tmp_path: Path) -> None:
    running = postgres.start(tmp_path / ("long-" * 20) / "pg", postgres.FAST_AND_FORGETFUL)
    try:
        assert running.socket != running.data
        assert ask(running, "SELECT 1") == 1
    finally:
        running.stop()
        running.socket.rmdir()


def test_stopping_leaves_no_process_and_what_was_committed(data: Path) -> None:
    running = postgres.start(data, postgres.FAST_AND_FORGETFUL)
    keep_seven(running)
    assert running.process
    running.stop()
    assert gone(running.process.pid)
    again = postgres.start(data, postgres.FAST_AND_FORGETFUL)
    try:
        assert ask(again, "SELECT n FROM kept") == 7
    finally:
        again.stop()


def test_a_killed_server_starts_again_with_what_was_committed(data: Path) -> None:
    running = postgres.start(data)
    keep_seven(running)
    assert running.process
    running.process.kill()
    running.process.wait()
    again = postgres.start(data)
    try:
        assert ask(again, "SELECT n FROM kept") == 7
    finally:
        again.stop()


def test_a_stale_note_naming_another_living_process_is_survived(data: Path) -> None:
    first = postgres.start(data, postgres.FAST_AND_FORGETFUL)
    first.stop()
    note = data / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{data}\n1700000000\n5432\n{data}\n\n  1 1\nready\n")
    again = postgres.start(data, postgres.FAST_AND_FORGETFUL)
    try:
        assert ask(again, "SELECT 1") == 1
    finally:
        again.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a server to the life of its starter")
def test_the_server_ends_when_its_starter_is_killed(data: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from lattis_app.core import postgres\n"
        "running = postgres.start(Path(sys.argv[1]), postgres.FAST_AND_FORGETFUL)\n"
        "print(running.process.pid, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", program, str(data)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout
    with starter, starter.stdout as spoken:
        pid = int(spoken.readline())
        starter.send_signal(signal.SIGKILL)
    assert gone(pid)


def test_a_full_disk_is_said_in_one_sentence(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 3 * 1024**2})())
    with pytest.raises(postgres.PostgresError, match=r"has 3 MB left; the database needs 500\.$"):
        postgres.start(data)
    assert not data.exists()
