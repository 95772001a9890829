"""What is well and what is not, for the person who runs a copy."""

import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from lattis_app.core import frontend, postgres, provisioning
from lattis_app.core.settings import Settings, SettingsError

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (22, 22)


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    subject: str
    well: bool
    detail: str


def examine(configured: Settings) -> list[Finding]:
    """Look at everything a running copy leans on; changes nothing that lasts."""
    return [
        _look(subject, at, configured)
        for subject, at in (
            ("Python", _python),
            ("secrets", _secrets),
            ("disk", _disk),
            ("database", _database),
            ("Node", _node),
            ("pages", _pages),
            ("Redis", _redis),
        )
    ]


def _look(subject: str, at: Callable[[Settings], tuple[bool, str]], configured: Settings) -> Finding:
    try:
        return Finding(subject, *at(configured))
    except (
        OSError,
        psycopg.Error,
        redis.RedisError,
        SettingsError,
        postgres.PostgresError,
        subprocess.SubprocessError,
    ) as error:
        return Finding(subject, well=False, detail=str(error).strip().splitlines()[0])


def _python(_: Settings) -> tuple[bool, str]:
    return sys.version_info >= OLDEST_PYTHON, platform.python_version()


def _secrets(configured: Settings) -> tuple[bool, str]:
    configured.require_safe()
    return True, f"{configured.env}, kept in {configured.home / 'secrets.json'}"


def _disk(configured: Settings) -> tuple[bool, str]:
    free = shutil.disk_usage(configured.home).free
    return free > postgres.NEEDED_BYTES, f"{free // 1024**2} MB free in {configured.home}"


def _database(configured: Settings) -> tuple[bool, str]:
    if not configured.database_url and not (configured.home / "pg" / "PG_VERSION").exists():
        return False, "not made yet; `make run` makes it"
    newest = ScriptDirectory.from_config(Config(str(provisioning.PROJECT / "alembic.ini"))).get_current_head()
    with provisioning.owner_database(configured) as url:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, connect_timeout=10) as connection:
            version = connection.info.parameter_status("server_version")
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    at = row[0] if row else None
    return at == newest, f"PostgreSQL {version}, schema {at}" + (
        "" if at == newest else f", newest is {newest}"
    )


def _node(_: Settings) -> tuple[bool, str]:
    program = Path(sysconfig.get_path("scripts")) / "node"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - the wheel's
    version = said.stdout.strip().removeprefix("v")
    return tuple(int(part) for part in version.split(".")[:2]) >= OLDEST_NODE, version


def _pages(configured: Settings) -> tuple[bool, str]:
    current = frontend.is_current(configured.home)
    return current, "built" if current else "not built from these sources; `make run` builds them"


def _redis(configured: Settings) -> tuple[bool, str]:
    if configured.redis_url is None:
        return True, "not used"
    client = redis.Redis.from_url(configured.redis_url.get_secret_value(), socket_timeout=5)
    client.ping()
    client.close()
    return True, "answers"
