import gzip
from pathlib import Path

import pytest

from lattis_app.core import frontend

ASSETS = frontend.PROJECT / "assets"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout whose build is a copy of one script."""
    (tmp_path / "lattis_app" / "__pycache__").mkdir(parents=True)
    (tmp_path / "assets" / "external").mkdir(parents=True)
    (tmp_path / "reflex.lock").mkdir()
    for name in ("rxconfig.py", "requirements.lock", "lattis_app/page.py", "reflex.lock/package.json"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(frontend, "PROJECT", tmp_path)
    monkeypatch.setattr(frontend, "WORKSHOP", tmp_path / ".web")
    return tmp_path


@pytest.fixture
def builds(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Stand in for the builder; collects the logs of its runs."""
    made: list[Path] = []

    def build(log: Path) -> None:
        assets = project / ".web" / "build" / "client" / "assets"
        assets.mkdir(parents=True, exist_ok=True)
        (assets / "reflex-env-1.js").write_text("var e={EVENT:`ws://localhost:8000/_event`};")
        (assets / "__reflex_global_styles-1.css").write_text("")
        for name in ("sw.js", "offline.html"):
            (assets.parent / name).write_text((ASSETS / name).read_text())
        (assets.parent / "js" / "driver").mkdir(parents=True, exist_ok=True)
        (assets.parent / "js" / "driver" / "main.js").write_text("")
        (assets.parent / "js" / "kit.js").write_text('import("/js/driver/main.js")')
        (project / ".web" / "backend").mkdir(exist_ok=True)
        for name in ("routes.json", "reflex.json"):
            (project / ".web" / name).write_text("{}")
        made.append(log)

    monkeypatch.setattr(frontend, "_build", build)
    return made


@pytest.mark.parametrize(
    "changed", ["rxconfig.py", "lattis_app/page.py", "assets/a.css", "reflex.lock/package.json"]
)
def test_a_change_of_any_source_changes_the_fingerprint(project: Path, changed: str) -> None:
    before = frontend.fingerprint()
    (project / changed).write_text("other")
    assert frontend.fingerprint() != before


@pytest.mark.parametrize("made", ["lattis_app/__pycache__/page.pyc", "assets/external/part.jsx", "README.md"])
def test_what_building_makes_itself_does_not_change_it(project: Path, made: str) -> None:
    before = frontend.fingerprint()
    (project / made).write_text("made")
    assert frontend.fingerprint() == before


def test_pages_are_built_once_for_every_home(project: Path, builds: list[Path]) -> None:
    for home in (project / "one", project / "one", project / "two"):
        assert frontend.ensure(home) == home / "web"
        assert frontend.is_current(home)
    assert builds == [project / "one" / "build.log"]


def test_a_changed_source_is_built_and_served_anew(project: Path, builds: list[Path]) -> None:
    frontend.ensure(project / "home")
    (project / "lattis_app" / "page.py").write_text("changed")
    assert not frontend.is_current(project / "home")
    frontend.ensure(project / "home")
    assert len(builds) == 2
    assert sorted(path.name for path in (project / "home").iterdir()) == ["web"]


def test_a_package_added_to_the_lock_by_building_needs_no_second_build(
    project: Path, builds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    build = frontend._build

    def build_and_lock(log: Path) -> None:
        build(log)
        (project / "reflex.lock" / "package.json").write_text("one more")

    monkeypatch.setattr(frontend, "_build", build_and_lock)
    frontend.ensure(project / "home")
    assert frontend.is_current(project / "home")


def test_the_script_uses_the_address_the_browser_came_by(project: Path, builds: list[Path]) -> None:
    script = frontend.ensure(project / "home") / "build" / "client" / "assets" / "reflex-env-1.js"
    wanted = 'var e={EVENT:`${location.origin.replace(/^http/,"ws")}/_event`};'
    assert script.read_text() == wanted
    assert gzip.decompress(script.with_name("reflex-env-1.js.gz").read_bytes()).decode() == wanted


def test_a_build_without_that_script_is_refused(
    project: Path, builds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontend, "BUILD_SCRIPTS", "assets/elsewhere-*.js")
    with pytest.raises(frontend.BuildError, match="name the server's address in no place known here"):
        frontend.ensure(project / "home")
    assert not (project / "home" / "web").exists()


def test_a_failed_build_says_why_and_where(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend.sys, "executable", "/bin/false")
    with pytest.raises(frontend.BuildError, match=r"could not be built \(see .*build\.log\)"):
        frontend.ensure(project / "home")
    assert not (project / "home" / "web").exists()


def test_a_build_sees_no_setting_of_this_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LATTIS_DATABASE_URL", "postgresql://owner:secret@db/lattis")
    given = frontend.build_environment(tmp_path)
    assert [name for name in given if name.startswith("LATTIS_")] == ["LATTIS_HOME"]
    assert given["REFLEX_USE_NPM"] == "true"
