import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from lattis_app import cli, registry
from lattis_app.core import clock, frontend
from lattis_app.core.settings import Settings, reset_settings
from lattis_app.identity.schemas.sessions import SignInEntry
from lattis_app.identity.services import sessions
from tests.database import Template


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def lattis(command: str, home: Path, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command as people do."""
    return subprocess.run(
        [sys.executable, "-m", "lattis_app.cli", command],
        cwd=frontend.PROJECT,
        env=os.environ | {"LATTIS_HOME": str(home)} | environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refusal(ended: subprocess.CompletedProcess[str]) -> str:
    """The one sentence a refused command said."""
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("lattis: ")
    assert ended.stderr.count("\n") == 1
    return ended.stderr.removeprefix("lattis: ").rstrip("\n")


def test_a_wrong_setting_stops_with_one_sentence(home: Path) -> None:
    assert refusal(lattis("up", home, LATTIS_PORT="http")).startswith("LATTIS_PORT: must be a whole number")
    assert not home.exists()


def test_a_taken_port_stops_before_anything_is_made(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refusal(lattis("up", home, LATTIS_PORT=str(port)))
    assert said == (
        f"Port {port} of 127.0.0.1 can't be used (Address already in use); "
        "stop the other program or set LATTIS_PORT."
    )
    assert not (home / "pg").exists()


def test_an_unreachable_database_stops_with_one_sentence(home: Path) -> None:
    said = refusal(lattis("migrate", home, LATTIS_DATABASE_URL="postgresql://a:b@127.0.0.1:1/lattis"))
    assert said.startswith("The database can't be reached: ")


def test_production_stops_on_a_weak_secret(home: Path) -> None:
    said = refusal(lattis("up", home, LATTIS_ENV="production", LATTIS_JWT_SECRET="lattis"))
    assert said == "LATTIS_JWT_SECRET must have at least 32 characters in production."


def test_production_refuses_demo_data(home: Path) -> None:
    said = refusal(lattis("seed", home, LATTIS_ENV="production"))
    assert said == "Demo data has public passwords and is refused in production."
    assert not (home / "pg").exists()


def test_migrating_makes_a_private_database_and_leaves_no_server(home: Path) -> None:
    ended = lattis("migrate", home)
    assert (ended.returncode, ended.stdout) == (0, "The database is ready for this release.\n")
    assert (home / "pg" / "PG_VERSION").read_text() == "18\n"
    assert not (home / "pg" / "postmaster.pid").exists()


def test_the_doctor_says_what_is_not_there_yet(home: Path) -> None:
    ended = lattis("doctor", home)
    assert ended.returncode == 2
    assert "BAD  database     not made yet; `make run` makes it\n" in ended.stdout
    assert "ok   Redis        not used\n" in ended.stdout
    assert not (home / "pg").exists()


def test_the_settings_command_prints_the_documented_table(home: Path) -> None:
    assert lattis("settings", home).stdout == (frontend.PROJECT / "docs" / "settings.md").read_text()


@pytest.fixture
def external(
    template: Template, committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Settings that name an existing database by its owner, as a deployment does."""
    owner = make_url(template.owner_url).set(database=make_url(committed_database).database)
    monkeypatch.setenv("LATTIS_DATABASE_URL", owner.render_as_string(hide_password=False))
    monkeypatch.setenv("LATTIS_APP_DATABASE_URL", committed_database)
    reset_settings()
    yield cli.settings()
    reset_settings()


@pytest.mark.parametrize(("empty", "status", "loads"), [(True, 0, 1), (False, 2, 0)])
def test_demo_data_goes_only_into_an_empty_database(
    empty: bool, status: int, loads: int, external: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []
    monkeypatch.setattr(registry, "is_empty", lambda: empty)
    monkeypatch.setattr(registry, "load_demo", lambda: loaded.append("demo"))
    assert cli.seed(external) == status
    assert len(loaded) == loads


def test_a_new_business_begins_with_an_administrator_who_can_sign_in(
    external: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["Aminah Yusof", "Aminah@Example.com"])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))

    assert cli.admin(external) == 0

    said = capsys.readouterr().out.splitlines()[0]
    password = said.rpartition(" ")[2]
    assert said.startswith(
        f"Aminah Yusof signs in at {external.url} as aminah@example.com with the password "
    )
    with cli.working_database(external):
        signed_in = sessions.sign_in(SignInEntry(email="aminah@example.com", password=password))
        assert (signed_in.user.name, signed_in.user.role) == ("Aminah Yusof", "ADMIN")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Name and e-mail are asked for, or read from two lines of the input."),
        ("Aminah\nnowhere\n", "email: must be an e-mail address."),
    ],
)
def test_an_administrator_without_an_address_is_refused_in_one_sentence(
    typed: str, sentence: str, external: Settings
) -> None:
    addresses = {
        "LATTIS_DATABASE_URL": str(external.database_url and external.database_url.get_secret_value()),
        "LATTIS_APP_DATABASE_URL": str(
            external.app_database_url and external.app_database_url.get_secret_value()
        ),
    }
    ended = lattis("admin", external.home, typed=typed, **addresses)
    assert (ended.returncode, ended.stderr) == (2, f"lattis: {sentence}\n")
    with cli.working_database(external):
        assert registry.is_empty()


def test_a_demonstration_may_run_in_another_time(external: Settings) -> None:
    moved = external.model_copy(update={"clock_offset_days": 400})
    with cli.working_database(moved):
        assert 399 <= (clock.now() - datetime.now(UTC)).days <= 400
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_welcome_names_the_address_and_one_account_per_role() -> None:
    said = cli.welcome(Settings(port=4000))
    assert "Lattis is ready: http://localhost:4000" in said
    assert all(account.sign_in in said for account in registry.DEMO_ACCOUNTS)
    assert registry.DEMO_PASSWORD in said


def test_production_without_its_public_address_is_warned_of() -> None:
    warning = "WARNING: LATTIS_PUBLIC_URL is not set: sign-in works at http://localhost:4000 only, and links say so."

    assert warning in cli.welcome(Settings(env="production", port=4000)).splitlines()
    assert "WARNING" not in cli.welcome(Settings(port=4000))
    assert "WARNING" not in cli.welcome(Settings(env="production", public_url="https://billing.example.com"))


def test_the_welcome_of_a_new_business_says_how_it_begins() -> None:
    says = "Nobody can sign in yet: `make admin` makes the first account."
    production = Settings(env="production", public_url="https://billing.example.com")
    assert says in cli.welcome(production, is_new=True).splitlines()
    assert says not in cli.welcome(production)


def test_the_welcome_of_production_names_no_account() -> None:
    said = cli.welcome(Settings(env="production", public_url="https://billing.example.com"))
    assert "Lattis is ready: https://billing.example.com" in said
    assert "Sign in" not in said
