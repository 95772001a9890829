import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lattis_app.core import settings as module
from lattis_app.core.settings import Settings, SettingsError, describe, reset_settings, settings

STRONG = "kT9vQ2mZx7Lw4RbN8sYd3HfJ6pGcVtUa"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LATTIS_HOME", str(tmp_path / "home"))
    reset_settings()
    yield tmp_path / "home"
    reset_settings()


def test_nothing_needs_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATTIS_HOME")
    plain = settings()
    assert plain.home == Path.cwd() / ".lattis"
    assert (plain.listen_host, plain.port, plain.url) == ("127.0.0.1", 3000, "http://localhost:3000")
    assert not plain.is_production


def test_production_listens_to_everybody_and_the_public_address_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATTIS_ENV", "production")
    monkeypatch.setenv("LATTIS_PUBLIC_URL", "https://billing.example.com/")
    assert settings().listen_host == "0.0.0.0"
    assert settings().url == "https://billing.example.com"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LATTIS_PORT", "many", "LATTIS_PORT: must be a whole number"),
        ("LATTIS_PORT", "70000", "LATTIS_PORT: must be at most 65535"),
        ("LATTIS_ENV", "staging", "LATTIS_ENV: must be 'development' or 'production'"),
        ("LATTIS_DATABASE_URL", "mysql://x/y", "LATTIS_DATABASE_URL: must begin with postgresql://"),
        ("LATTIS_PUBLIC_URL", "billing", "LATTIS_PUBLIC_URL: must be an address such as https://"),
        ("LATTIS_BUSINESS_TIMEZONE", "Mars/Base", "LATTIS_BUSINESS_TIMEZONE: must be a time zone such as"),
        (
            "LATTIS_TRUSTED_PROXIES",
            "10.0.0.1, nobody",
            "LATTIS_TRUSTED_PROXIES: 'nobody' does not appear to be",
        ),
        ("LATTIS_WEB_PROCESSES", "4", "LATTIS_WEB_PROCESSES above 1 needs LATTIS_REDIS_URL"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        settings()
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


def test_all_wrong_settings_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATTIS_PORT", "many")
    monkeypatch.setenv("LATTIS_ENV", "staging")
    with pytest.raises(SettingsError, match=r"LATTIS_ENV: .*; LATTIS_PORT: .*\.$"):
        settings()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_is_understood(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATTIS_DATABASE_URL", f"{scheme}://owner:pw@db:5432/lattis")
    given = settings().database_url
    assert given
    assert given.get_secret_value() == "postgresql+psycopg://owner:pw@db:5432/lattis"


def test_secrets_are_made_once_and_only_their_owner_reads_them(own_home: Path) -> None:
    first = settings().secret("jwt_secret")
    reset_settings()
    assert settings().secret("jwt_secret") == first
    assert len(first) == 64
    assert (own_home / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert set(json.loads((own_home / "secrets.json").read_text())) == set(module.GENERATED_SECRETS)


def test_a_later_release_adds_its_secret_and_keeps_the_others(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "secrets.json").write_text(json.dumps({"jwt_secret": STRONG}))
    assert settings().secret("jwt_secret") == STRONG
    assert len(settings().secret("cookie_secret")) == 64


def test_processes_starting_together_agree_on_the_secrets(own_home: Path) -> None:
    program = "from lattis_app.core.settings import settings; print(settings().secret('jwt_secret'))"
    starting = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    said = {process.communicate(timeout=60)[0] for process in starting}
    assert said == {json.loads((own_home / "secrets.json").read_text())["jwt_secret"] + "\n"}


def test_the_environment_wins_over_the_kept_secret(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    monkeypatch.setenv("LATTIS_JWT_SECRET", "short")
    assert settings().secret("jwt_secret") == "short"
    assert not own_home.exists()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("short", "must have at least 32 characters"),
        ("changeme" * 5, "default or easily guessed"),
        ("a" * 40, "default or easily guessed"),
        ("Lattis-Demo-" + STRONG, "default or easily guessed"),
    ],
)
def test_production_refuses_a_weak_secret(value: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATTIS_ENV", "production")
    monkeypatch.setenv("LATTIS_COOKIE_SECRET", value)
    with pytest.raises(SettingsError, match=f"LATTIS_COOKIE_SECRET .*{reason}"):
        settings().require_safe()


def test_production_accepts_strong_and_generated_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATTIS_ENV", "production")
    monkeypatch.setenv("LATTIS_JWT_SECRET", STRONG)
    settings().require_safe()
    assert settings().secret("jwt_secret") == STRONG


def test_production_refuses_a_moved_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATTIS_ENV", "production")
    monkeypatch.setenv("LATTIS_CLOCK_OFFSET_DAYS", "3")
    with pytest.raises(SettingsError, match="LATTIS_CLOCK_OFFSET_DAYS is for development only"):
        settings()


def test_secrets_never_show_in_a_printed_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATTIS_JWT_SECRET", STRONG)
    monkeypatch.setenv("LATTIS_DATABASE_URL", "postgresql://owner:hunter2@db/lattis")
    assert STRONG not in repr(settings())
    assert "hunter2" not in repr(settings())


def test_a_damaged_secrets_file_is_said_and_left_alone(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "secrets.json").write_text("{")
    with pytest.raises(SettingsError, match=r"secrets\.json can't be used"):
        settings().secret("jwt_secret")
    assert (own_home / "secrets.json").read_text() == "{"


def test_the_documented_table_is_the_one_of_this_release() -> None:
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    assert page.read_text() == describe(), "run `make docs`"


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, given in Settings.model_fields.items() if not given.description] == []
