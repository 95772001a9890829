"""What a phone keeps to open without a connection: the shell, listed and numbered for the service worker by each build."""

import gzip
import hashlib
import re
import shutil
from pathlib import Path

WORKER, PAGE = "sw.js", "offline.html"
SCRIPTS, LOADER = "js/driver", "js/kit.js"
KEPT = ("fonts/*.woff2", "icons/*.png", "icons/*.svg", "js/**/*.js", "favicon.svg", "manifest.webmanifest")
STYLES = "assets/__reflex_global_styles-*.css"
_BUILD = re.compile(r'const BUILD = "unbuilt";[^\n]*')
_SHELL = re.compile(r'const SHELL = \["/offline\.html"\];')
_STYLE = re.compile(r'href="/css/all\.css"')


def finish(client: Path) -> None:
    """Name the built style sheet in the offline page, and in the worker every file of the shell and its number.

    The scripts of the driver's phone are modules of each other: they get a folder named by their content, so that a
    phone on a bad line, which takes some files from the server and some from what it keeps, never mixes two builds.
    """
    _name_by_content(client, SCRIPTS, client / LOADER)
    styles = sorted(client.glob(STYLES))
    page, worker = client / PAGE, client / WORKER
    _write(page, _STYLE.sub(f'href="/{_name(client, styles[-1])}"', page.read_text()))
    shell = [page, styles[-1], *(path for pattern in KEPT for path in sorted(client.glob(pattern)))]
    names = ",\n  ".join(f'"/{_name(client, path)}"' for path in shell)
    numbered = _BUILD.sub(f'const BUILD = "{_digest([worker, *shell])}";', worker.read_text())
    _write(worker, _SHELL.sub(f"const SHELL = [\n  {names},\n];", numbered))


def _name_by_content(client: Path, folder: str, loader: Path) -> None:
    modules = sorted((client / folder).glob("*.js"))
    named = f"{folder}-{_digest(modules)}"
    for left in client.glob(f"{folder}-*"):
        shutil.rmtree(left)
    (client / folder).rename(client / named)
    text = loader.read_text()
    if f'"/{folder}/' not in text:
        raise ValueError(f"{loader} loads nothing of /{folder}/")
    _write(loader, text.replace(f'"/{folder}/', f'"/{named}/'))


def _name(client: Path, path: Path) -> str:
    return path.relative_to(client).as_posix()


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
