"""What a phone keeps to open without a connection: the shell, listed and numbered for the service worker by each build."""

import gzip
import hashlib
import re
from pathlib import Path

WORKER, PAGE = "sw.js", "offline.html"
KEPT = ("fonts/*.woff2", "icons/*.png", "icons/*.svg", "js/**/*.js", "favicon.svg", "manifest.webmanifest")
STYLES = "assets/__reflex_global_styles-*.css"
_BUILD = re.compile(r'const BUILD = "unbuilt";[^\n]*')
_SHELL = re.compile(r'const SHELL = \["/offline\.html"\];')
_STYLE = re.compile(r'href="/css/all\.css"')


def finish(client: Path) -> None:
    """Name the built style sheet in the offline page, and in the worker every file of the shell and its number."""
    styles = sorted(client.glob(STYLES))
    page, worker = client / PAGE, client / WORKER
    _write(page, _STYLE.sub(f'href="/{_name(client, styles[-1])}"', page.read_text()))
    shell = [page, styles[-1], *(path for pattern in KEPT for path in sorted(client.glob(pattern)))]
    names = ",\n  ".join(f'"/{_name(client, path)}"' for path in shell)
    numbered = _BUILD.sub(f'const BUILD = "{_number(shell, worker)}";', worker.read_text())
    _write(worker, _SHELL.sub(f"const SHELL = [\n  {names},\n];", numbered))


def _name(client: Path, path: Path) -> str:
    return path.relative_to(client).as_posix()


def _number(shell: list[Path], worker: Path) -> str:
    digest = hashlib.sha256(worker.read_bytes())
    for path in shell:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
