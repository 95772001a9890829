"""The shell that a phone keeps: every build lists its files for the service worker and gives it another number."""

import gzip
import json
import re
from pathlib import Path

import pytest

from lattis_app.core import frontend, offline

ASSETS = frontend.PROJECT / "assets"


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A built client with one script and one style sheet."""
    for name in ("sw.js", "offline.html"):
        (tmp_path / name).write_text((ASSETS / name).read_text())
    for name in ("js/driver", "icons", "assets"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "js" / "driver" / "main.js").write_text("one")
    (tmp_path / "icons" / "sprite.svg").write_text("<svg/>")
    (tmp_path / "assets" / "__reflex_global_styles-x1.css").write_text("")
    return tmp_path


def worker(client: Path) -> tuple[str, list[str]]:
    text = (client / "sw.js").read_text()
    build, shell = re.search(r'BUILD = "(\w+)"', text), re.search(r"SHELL = (\[.*?\]);", text, re.DOTALL)
    assert build
    assert shell
    return build[1], json.loads(re.sub(r",\s*\]", "]", shell[1]))


def test_the_worker_lists_the_page_its_styles_and_every_file_of_the_shell(client: Path) -> None:
    offline.finish(client)

    assert worker(client)[1] == [
        "/offline.html",
        "/assets/__reflex_global_styles-x1.css",
        "/icons/sprite.svg",
        "/js/driver/main.js",
    ]
    assert 'href="/assets/__reflex_global_styles-x1.css"' in (client / "offline.html").read_text()


def test_the_packed_copies_say_the_same(client: Path) -> None:
    offline.finish(client)

    for name in ("sw.js", "offline.html"):
        assert gzip.decompress((client / f"{name}.gz").read_bytes()) == (client / name).read_bytes()


def test_a_changed_file_makes_another_worker(client: Path) -> None:
    sources = {name: (client / name).read_text() for name in ("sw.js", "offline.html")}
    offline.finish(client)
    first = worker(client)[0]
    for name, text in sources.items():
        (client / name).write_text(text)
    offline.finish(client)
    assert worker(client)[0] == first

    for name, text in sources.items():
        (client / name).write_text(text)
    (client / "js" / "driver" / "main.js").write_text("two")
    offline.finish(client)

    assert worker(client)[0] != first


def test_the_manifest_has_all_that_an_app_needs() -> None:
    manifest = json.loads((ASSETS / "manifest.webmanifest").read_text())

    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {(icon.get("sizes"), icon.get("purpose")) for icon in manifest["icons"]} >= {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    assert all((ASSETS / icon["src"][1:]).is_file() for icon in manifest["icons"])
