"""The pages as the browser gets them: built when their sources changed, then copied to where they are served.

Building happens in `.web` of the checkout, with Node from a wheel. Each running copy serves its own copy in
`<home>/web`, so that a later build never takes files away from under it, and needs no Node at run time.
"""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from lattis_app.core import offline
from lattis_app.core.settings import only_one_process

PROJECT = Path(__file__).resolve().parents[2]
WORKSHOP = PROJECT / ".web"
SOURCES = ("lattis_app", "assets", "rxconfig.py", "requirements.lock")
LOCK_OF_PACKAGES = ("reflex.lock",)
MADE_BY_BUILDING = ("__pycache__", "external")
FINGERPRINT = "fingerprint"
BUILD_ADDRESS = "http://localhost:8000"
BUILD_SCRIPTS = "assets/reflex-env-*.js"
ADDRESS_IN_SCRIPT = re.compile(r"`(?:http|(ws))://localhost:8000(/[^`]*)`")


class BuildError(Exception):
    """The pages can't be built; the message says why and where the log is."""


def ensure(home: Path) -> Path:
    """The folder to serve pages from, built and copied first if the sources changed since."""
    wanted, served = fingerprint(), home / "web"
    if _kept(served / FINGERPRINT) == wanted:
        return served
    for folder in (WORKSHOP, home):
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    with only_one_process(WORKSHOP):
        if _kept(WORKSHOP / "build" / FINGERPRINT) != wanted:
            _build(home / "build.log")
            _follow_the_browsers_address(WORKSHOP / "build" / "client")
            offline.finish(WORKSHOP / "build" / "client")
            code, _ = wanted.split()  # building may have added a package to the lock, but changes no code
            (WORKSHOP / "build" / FINGERPRINT).write_text(f"{code} {_digest(LOCK_OF_PACKAGES)}")
        _publish(served)
    return served


def is_current(home: Path) -> bool:
    """Whether the copy that is served was made from the sources as they are."""
    return _kept(home / "web" / FINGERPRINT) == fingerprint()


def fingerprint() -> str:
    """One text that changes whenever anything the pages are made of changes."""
    return f"{_digest(SOURCES)} {_digest(LOCK_OF_PACKAGES)}"


def build_environment(home: Path) -> dict[str, str]:
    """The environment of a build: Node from the wheel first, no settings of this copy, no calls home."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LATTIS_")}
    return inherited | tools() | {"LATTIS_HOME": str(home), "REFLEX_API_URL": BUILD_ADDRESS}


def tools() -> dict[str, str]:
    """What makes Reflex use Node and npm from the wheel, keep addresses out of the lock, and call nobody."""
    return {
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)]),
        "REFLEX_USE_NPM": "true",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "npm_config_update_notifier": "false",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_omit_lockfile_registry_resolved": "true",
    }


def _digest(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in _files(names):
        digest.update(f"{path.relative_to(PROJECT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        top = PROJECT / name
        found = [top] if top.is_file() else sorted(top.rglob("*"))
        yield from (path for path in found if path.is_file() and not set(MADE_BY_BUILDING) & set(path.parts))


def _kept(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def _build(log: Path) -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with open(log, "w") as said:
        built = subprocess.run(  # noqa: S603 - our own program and arguments
            command,
            cwd=PROJECT,
            env=build_environment(log.parent),
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if built.returncode:
        last = " / ".join(line.strip() for line in log.read_text().splitlines()[-8:] if line.strip())
        raise BuildError(f"The pages could not be built (see {log}): {last}")


def _follow_the_browsers_address(client: Path) -> None:
    """Reflex fixes the server's address at build time; let the browser use the one it came by instead."""
    for script in client.glob(BUILD_SCRIPTS):
        text, places = ADDRESS_IN_SCRIPT.subn(_address_of_the_page, script.read_text())
        if places:
            script.write_text(text)
            script.with_name(f"{script.name}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
            return
    raise BuildError(
        "The built pages name the server's address in no place known here; this Reflex is another one."
    )


def _address_of_the_page(found: re.Match[str]) -> str:
    origin = 'location.origin.replace(/^http/,"ws")' if found[1] else "location.origin"
    return f"`${{{origin}}}{found[2]}`"


def _publish(served: Path) -> None:
    fresh, old = served.with_name("web.new"), served.with_name("web.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(WORKSHOP / "build" / "client", fresh / "build" / "client")
    shutil.copytree(WORKSHOP / "backend", fresh / "backend")
    for name in ("routes.json", "reflex.json"):
        shutil.copy2(WORKSHOP / name, fresh / name)
    shutil.copy2(WORKSHOP / "build" / FINGERPRINT, fresh / FINGERPRINT)
    if served.exists():
        served.rename(old)
    fresh.rename(served)
    shutil.rmtree(old, ignore_errors=True)
