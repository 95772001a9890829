"""The commands behind the Makefile: up, migrate, seed, admin, build, worker, doctor, settings.

Whatever stops a command is said in one sentence, with exit status 2.
"""

import argparse
import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Never

import psycopg
import sqlalchemy

import lattis_app.models  # noqa: F401 - every table registers itself
from lattis_app import registry
from lattis_app.core import clock, db, frontend, jobs, postgres, provisioning
from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import DomainError
from lattis_app.core.logging import configure_logging
from lattis_app.core.processes import ending_with_this_process
from lattis_app.core.schemas import parse
from lattis_app.core.settings import Settings, SettingsError, describe, settings
from lattis_app.identity.permissions import Role
from lattis_app.identity.schemas.users import UserEntry
from lattis_app.identity.services import users

WEB_APPLICATION = "lattis_app.server:serve"
REFUSED = 2
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 15.0


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="lattis", description=__doc__)
    names = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, command in COMMANDS.items():
        names.add_parser(name, help=command.__doc__).set_defaults(run=command)
    chosen = parser.parse_args(arguments)
    for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(request, _stop_in_order)
    try:
        return int(chosen.run(settings()))
    except (SettingsError, postgres.PostgresError, frontend.BuildError) as refusal:
        return _refuse(str(refusal))
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError) as error:
        return _refuse(
            f"The database can't be reached: {str(getattr(error, 'orig', error)).splitlines()[0]}."
        )
    except DomainError as refusal:
        return _refuse(f"{refusal.message}.")
    except EOFError:
        return _refuse("Name and e-mail are asked for, or read from two lines of the input.")
    except OSError as error:
        return _refuse(f"The system refused: {error}.")
    except KeyboardInterrupt:
        return 0


def up(configured: Settings) -> int:
    """Start everything and stay until Ctrl-C."""
    configured.require_safe()
    refuse_taken_port(configured)
    with working_database(configured) as url:
        _load_demo_into_an_empty_database(configured)
        is_new = registry.is_empty()
        if not frontend.is_current(configured.home):
            print("Building the pages; the first time takes half a minute…", flush=True)
        pages = frontend.ensure(configured.home)
        with web_server(configured, url, str(pages)) as server:
            print(welcome(configured, is_new=is_new), flush=True)
            return server.wait()


def migrate(configured: Settings) -> int:
    """Make the database, or bring its schema to this release."""
    with working_database(configured):
        print("The database is ready for this release.")
    return 0


def seed(configured: Settings) -> int:
    """Load the demo data into an empty database."""
    if configured.is_production:
        return _refuse("Demo data has public passwords and is refused in production.")
    with working_database(configured):
        if not _load_demo_into_an_empty_database(configured):
            return _refuse("The database already holds data; demo data only goes into an empty one.")
    return 0


def admin(configured: Settings) -> int:
    """Make an administrator's account, the first one of a new business, and print its password."""
    with working_database(configured):
        typed = {"name": input("Name: "), "email": input("E-mail: ")}
        password = secrets.token_urlsafe(12)
        entry = parse(UserEntry, typed | {"role": Role.ADMIN, "password": password})
        with db.unit_of_work() as session:
            users.create(session, SYSTEM, entry)
    print(f"{entry.name} signs in at {configured.url} as {entry.email} with the password {password}")
    print("The profile page changes it; People & roles makes accounts for everybody else.")
    return 0


def build(configured: Settings) -> int:
    """Build the pages if their sources changed."""
    print(f"The pages are in {frontend.ensure(configured.home)}.")
    return 0


def work(configured: Settings) -> int:
    """Run queued and recurring jobs in a process of their own."""
    configured.require_safe()
    with working_database(configured):
        configure_logging()
        registry.register_work()
        print("Jobs run here until Ctrl-C.", flush=True)
        asyncio.run(_work_until_stopped())
    return 0


def examine(configured: Settings) -> int:
    """Say what is well and what is not."""
    from lattis_app import doctor  # no other command waits for what it looks with

    findings = doctor.examine(configured)
    for finding in findings:
        print(f"{'ok ' if finding.well else 'BAD'}  {finding.subject:<12} {finding.detail}")
    return 0 if all(finding.well for finding in findings) else REFUSED


def list_settings(_: Settings) -> int:
    """Print the table of settings, as in docs/settings.md."""
    print(describe(), end="")
    return 0


COMMANDS: dict[str, Callable[[Settings], int]] = {
    "up": up,
    "migrate": migrate,
    "seed": seed,
    "admin": admin,
    "build": build,
    "worker": work,
    "doctor": examine,
    "settings": list_settings,
}


@contextmanager
def working_database(configured: Settings) -> Iterator[str]:
    """A migrated database that this process and its children use; its private server stops afterwards."""
    with provisioning.prepared_database(configured, db.metadata) as url:
        db.configure(url)
        clock.move_by(timedelta(days=configured.clock_offset_days))
        try:
            yield url
        finally:
            clock.move_by(timedelta(0))
            db.configure(None)


@contextmanager
def web_server(configured: Settings, database_url: str, pages: str) -> Iterator[subprocess.Popen[bytes]]:
    """The web server, answering; it ends with this process or with the block, whichever comes first."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", WEB_APPLICATION]
    command += ["--host", configured.listen_host, "--port", str(configured.port)]
    command += ["--workers", str(configured.web_processes), "--respawn-failed-workers"]
    command += ["--workers-kill-timeout", "10", "--log-level", "warning"]
    inherited = {name: value for name, value in os.environ.items() if name != "LATTIS_DATABASE_URL"}
    environment = inherited | {
        "LATTIS_APP_DATABASE_URL": database_url,
        "LATTIS_HOME": str(configured.home),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_WEB_WORKDIR": pages,
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }
    server = subprocess.Popen(  # noqa: S603 - our own program and arguments
        command,
        cwd=frontend.PROJECT,
        env=environment,
        start_new_session=True,
        preexec_fn=ending_with_this_process(signal.SIGTERM),  # noqa: PLW1509 - one system call, no lock taken
    )
    try:
        _await_answer(server, configured)
        yield server
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.terminate()
        try:
            server.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def refuse_taken_port(configured: Settings) -> None:
    """Refuse before anything slow happens if another program has the port."""
    family = socket.AF_INET6 if ":" in configured.listen_host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((configured.listen_host, configured.port))
        except OSError as error:
            raise SettingsError(
                f"Port {configured.port} of {configured.listen_host} can't be used ({error.strerror}); "
                "stop the other program or set LATTIS_PORT."
            ) from error


def welcome(configured: Settings, *, is_new: bool = False) -> str:
    """What to open, and as whom; a new business has nobody yet."""
    lines = ["", f"Lattis is ready: {configured.url}"]
    if configured.is_production and not configured.public_url:
        lines.append(
            f"WARNING: LATTIS_PUBLIC_URL is not set: sign-in works at {configured.url} only, and links say so."
        )
    if is_new:
        lines.append("Nobody can sign in yet: `make admin` makes the first account.")
    if not configured.is_production:
        lines += ["", f"Sign in with the password {registry.DEMO_PASSWORD} as"]
        lines += [f"  {account.role:<15} {account.sign_in}" for account in registry.DEMO_ACCOUNTS]
    return "\n".join([*lines, "", "Ctrl-C stops everything."])


async def _work_until_stopped() -> None:
    stop = asyncio.Event()
    for request in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(request, stop.set)
    await jobs.run_worker(stop)


def _load_demo_into_an_empty_database(configured: Settings) -> bool:
    if configured.is_production or not registry.is_empty():
        return False
    print("Loading the demo data…", flush=True)
    registry.load_demo()
    return True


def _await_answer(server: subprocess.Popen[bytes], configured: Settings) -> None:
    host = "127.0.0.1" if configured.listen_host in ("0.0.0.0", "::") else configured.listen_host  # noqa: S104
    address = f"http://{f'[{host}]' if ':' in host else host}:{configured.port}/ping"
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SettingsError("The web server did not start; the lines above say why.")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise SettingsError(f"The web server did not answer within {SECONDS_TO_START:.0f} seconds.")


def _stop_in_order(_signal: int, _frame: object) -> Never:
    raise KeyboardInterrupt


def _refuse(sentence: str) -> int:
    print(f"lattis: {sentence}", file=sys.stderr)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
