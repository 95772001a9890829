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
    return built(tmp_path, "one")


def built(folder: Path, script: str) -> Path:
    """A built client with a script, one that loads it, and a style sheet."""
    for name in ("js/driver", "icons", "assets"):
        (folder / name).mkdir(parents=True)
    for name in ("sw.js", "offline.html"):
        (folder / name).write_text((ASSETS / name).read_text())
    (folder / "js" / "driver" / "main.js").write_text(script)
    (folder / "js" / "driver" / "main.js.gz").write_text("packed")
    (folder / "js" / "kit.js").write_text('import("/js/driver/main.js")')
    (folder / "icons" / "sprite.svg").write_text("<svg/>")
    (folder / "assets" / "__reflex_global_styles-x1.css").write_text("")
    return folder


def scripts(client: Path) -> str:
    """The folder that the driver's scripts have in a build."""
    (found,) = (client / "js").glob("driver-*")
    return found.relative_to(client).as_posix()


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
        f"/{scripts(client)}/main.js",
        "/js/kit.js",
    ]
    assert 'href="/assets/__reflex_global_styles-x1.css"' in (client / "offline.html").read_text()


def test_the_packed_copies_say_the_same(client: Path) -> None:
    offline.finish(client)

    for name in ("sw.js", "offline.html", "js/kit.js"):
        assert gzip.decompress((client / f"{name}.gz").read_bytes()) == (client / name).read_bytes()


def test_a_changed_file_makes_another_worker_and_other_names_of_scripts(tmp_path: Path) -> None:
    builds = [built(tmp_path / name, script) for name, script in (("a", "one"), ("b", "one"), ("c", "two"))]
    for build in builds:
        offline.finish(build)

    first, same, other = map(worker, builds)
    assert first == same
    assert first[0] != other[0]
    assert set(first[1]) ^ set(other[1]) == {f"/{scripts(build)}/main.js" for build in (builds[0], builds[2])}


def test_what_loads_the_scripts_names_those_of_its_own_build(client: Path) -> None:
    offline.finish(client)

    assert (client / "js" / "kit.js").read_text() == f'import("/{scripts(client)}/main.js")'
    assert (client / scripts(client) / "main.js.gz").read_text() == "packed"
    assert not (client / "js" / "driver").exists()


def test_a_loader_that_loads_something_else_is_no_build(client: Path) -> None:
    (client / "js" / "kit.js").write_text("")
    with pytest.raises(ValueError, match="loads nothing"):
        offline.finish(client)


def test_the_manifest_has_all_that_an_app_needs() -> None:
    manifest = json.loads((ASSETS / "manifest.webmanifest").read_text())

    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {(icon.get("sizes"), icon.get("purpose")) for icon in manifest["icons"]} >= {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    assert all((ASSETS / icon["src"][1:]).is_file() for icon in manifest["icons"])
