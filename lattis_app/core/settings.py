"""Every setting of the product: read once from the environment, refused in one sentence when wrong.

Secrets nobody supplied are made on the first start and kept in `<home>/secrets.json`.
`docs/settings.md` is written from this module (`python -m lattis_app.cli settings`).
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lattis_app.core.errors import field_problems

GENERATED_SECRETS = ("jwt_secret", "cookie_secret", "app_database_password")
SHORTEST_SECRET = 32
WELL_KNOWN_SECRETS = ("changeme", "change-me", "secret", "password", "lattis", "demo", "example", "default")


class SettingsError(Exception):
    """A setting is missing, malformed or unsafe; the message is one sentence for the operator."""


class Environment(StrEnum):
    """What a copy is for."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class WorkerMode(StrEnum):
    """Where queued work is done."""

    INTERNAL = "internal"
    EXTERNAL = "external"


def _without_trailing_slash(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must be an address such as https://billing.example.com")
    return url.rstrip("/")


class Settings(BaseSettings):
    """The settings of one running copy; each is the environment variable LATTIS_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="LATTIS_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    env: Environment = Field(
        Environment.DEVELOPMENT,
        description="`development` loads demo data; `production` refuses unsafe secrets.",
    )
    home: Path = Field(
        Path(".lattis"), description="Private folder: secrets, private database, attachments, built pages."
    )
    host: str = Field(
        "", description="Address to listen on. Empty: 127.0.0.1 in development, 0.0.0.0 in production."
    )
    port: int = Field(3000, ge=1, le=65535, description="Port of pages and API.")
    public_url: Annotated[str, AfterValidator(_without_trailing_slash)] | None = Field(
        None, description="Address people type, when it is not http://localhost:<port>."
    )
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL of the owner, used to migrate. Empty: a private server in <home>/pg."
    )
    app_database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL of the restricted role. Empty: role `<database>_app` is made by the owner. "
        "Given without LATTIS_DATABASE_URL: nothing is migrated from here.",
    )
    database_pool_size: int = Field(10, ge=1, le=100, description="Database connections kept per process.")
    web_processes: int = Field(1, ge=1, le=64, description="Web server processes. More than one needs Redis.")
    worker: WorkerMode = Field(
        WorkerMode.INTERNAL,
        description="`internal`: jobs run in the web process. `external`: in `make worker`.",
    )
    redis_url: SecretStr | None = Field(
        None,
        description="Redis for page state, cache and rate limits of several processes. Empty: in memory.",
    )
    storage_url: str | None = Field(
        None, description="`s3://bucket/prefix` for attachments. Empty: <home>/attachments."
    )
    storage_endpoint: str | None = Field(
        None, description="Address of an S3-compatible store other than AWS."
    )
    storage_region: str = Field("us-east-1", description="Region of the S3 store.")
    storage_access_key: str | None = Field(None, description="Access key of the S3 store.")
    storage_secret_key: SecretStr | None = Field(None, description="Secret key of the S3 store.")
    max_upload_mb: int = Field(20, ge=1, le=1024, description="Largest upload in megabytes.")
    import_max_mb: int = Field(10, ge=1, le=100, description="Largest file to import in megabytes.")
    import_max_rows: int = Field(20_000, ge=1, le=200_000, description="Most lines of a file to import.")
    clamav_address: str | None = Field(
        None, description="`host:port` of clamd, which then scans every upload. Empty: no scan."
    )
    smtp_host: str | None = Field(None, description="Mail server. Empty: e-mails wait in the outbox page.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_username: str | None = Field(None, description="Name at the mail server.")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="Encryption to the mail server: `starttls`, `tls` from the start, or `none`."
    )
    smtp_from: str = Field("Lattis <no-reply@lattis.example>", description="Sender of e-mails.")
    twilio_url: Annotated[str, AfterValidator(_without_trailing_slash)] = Field(
        "https://api.twilio.com", description="Address of the Twilio-compatible API."
    )
    twilio_account_sid: str | None = Field(
        None, description="Account. Empty: SMS and WhatsApp wait in the outbox."
    )
    twilio_auth_token: SecretStr | None = Field(None, description="Token of that account.")
    twilio_sms_from: str | None = Field(None, description="Sender number of SMS.")
    twilio_whatsapp_from: str | None = Field(None, description="Sender number of WhatsApp messages.")
    message_timeout_seconds: int = Field(
        20, ge=1, le=120, description="How long a mail server or Twilio may take to answer."
    )
    webhook_timeout_seconds: int = Field(
        15, ge=1, le=60, description="How long the receiver of a webhook may take, all in all."
    )
    webhook_failing_days: int = Field(
        5, ge=1, le=90, description="Days of nothing but failures after which a webhook is switched off."
    )
    webhook_private_addresses: bool = Field(
        False,
        description="Lets webhooks reach private addresses, and plain http. Only for receivers of your own.",
    )
    assistant_url: str | None = Field(None, description="OpenAI-compatible API. Empty: no assistant.")
    assistant_api_key: SecretStr | None = Field(None, description="Key of that API.")
    assistant_model: str = Field("gpt-4o-mini", description="Model asked there.")
    sign_in_per_minute: int = Field(
        5, ge=1, description="Sign-in attempts a minute per account and per address."
    )
    requests_per_minute: int = Field(600, ge=1, description="Requests a minute per token.")
    visitor_pages_per_address: int = Field(
        50, ge=1, description="Pages that people who are not signed in hold open at once, per address."
    )
    visitor_pages: int = Field(1000, ge=1, description="The same, from all addresses.")
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Comma-separated addresses or networks whose X-Forwarded-* headers are believed."
    )
    metrics_token: SecretStr | None = Field(
        None, description="Bearer token of /metrics. Empty: loopback addresses only."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe line logged."
    )
    log_json: bool = Field(False, description="One JSON object per log line.")
    business_timezone: str = Field(
        "Asia/Kuala_Lumpur", description="Time zone of business dates where a business names none."
    )
    clock_offset_days: int = Field(
        0, ge=-3650, le=3650, description="Development only: days by which the product's clock is moved."
    )
    jwt_secret: SecretStr | None = Field(None, description="Signs access tokens. Empty: made on first start.")
    cookie_secret: SecretStr | None = Field(
        None, description="Signs form tokens. Empty: made on first start."
    )
    app_database_password: SecretStr | None = Field(
        None, description="Password of the role `lattis_app`. Empty: made on first start."
    )

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("business_timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("must be a time zone such as Asia/Kuala_Lumpur") from error
        return name

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            ip_network(proxy, strict=False)
        return proxies

    @field_validator("database_url", "app_database_url")
    @classmethod
    def _psycopg(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        scheme, separator, rest = url.get_secret_value().partition("://")
        if not separator or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
            raise ValueError("must begin with postgresql://")
        return SecretStr(f"postgresql+psycopg://{rest}")

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        if self.web_processes > 1 and not self.redis_url:
            raise ValueError(
                "LATTIS_WEB_PROCESSES above 1 needs LATTIS_REDIS_URL, where they share page state"
            )
        if self.env is Environment.PRODUCTION and self.clock_offset_days:
            raise ValueError("LATTIS_CLOCK_OFFSET_DAYS is for development only")
        return self

    @property
    def is_production(self) -> bool:
        """Whether this copy carries real data."""
        return self.env is Environment.PRODUCTION

    @property
    def listen_host(self) -> str:
        """The address the server binds."""
        return self.host or ("0.0.0.0" if self.is_production else "127.0.0.1")  # noqa: S104 - a server's purpose

    @property
    def url(self) -> str:
        """The address people type, without a trailing slash."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def origins(self) -> list[str]:
        """The browser origins that may talk to this copy."""
        local = (
            [] if self.is_production else [f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}"]
        )
        return list(dict.fromkeys([self.url, *local]))

    def secret(self, name: str) -> str:
        """The value of one of the generated secrets: from the environment, else from secrets.json."""
        given: SecretStr | None = getattr(self, name)
        if given is None:
            return _kept_secrets(self.home)[name]
        if self.is_production:
            _refuse_weak(name, given.get_secret_value())
        return given.get_secret_value()

    def require_safe(self) -> None:
        """Refuse to start in production on short, default or demo secrets."""
        for name in GENERATED_SECRETS:
            self.secret(name)


def _refuse_weak(name: str, value: str) -> None:
    variable = f"LATTIS_{name.upper()}"
    if len(value) < SHORTEST_SECRET:
        raise SettingsError(f"{variable} must have at least {SHORTEST_SECRET} characters in production.")
    if any(word in value.lower() for word in WELL_KNOWN_SECRETS) or len(set(value)) < 8:
        raise SettingsError(f"{variable} is a default or easily guessed value, which production refuses.")


@lru_cache(maxsize=4)
def _kept_secrets(home: Path) -> dict[str, str]:
    path = home / "secrets.json"
    try:
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        with only_one_process(home):
            kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
            missing = [name for name in GENERATED_SECRETS if name not in kept]
            if missing:
                kept |= {name: secrets.token_urlsafe(48) for name in missing}
                _write_private(path, json.dumps(kept, indent=2))
    except (OSError, json.JSONDecodeError) as error:
        raise SettingsError(f"{path} can't be used ({error}).") from error
    return kept


@contextmanager
def only_one_process(folder: Path) -> Iterator[None]:
    """Let one process at a time of this machine work inside; the others wait."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write_private(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process; raises SettingsError naming every variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from error


def reset_settings() -> None:
    """Forget the cached settings, so that the next reader sees the environment as it is now."""
    settings.cache_clear()
    _kept_secrets.cache_clear()


def _sentence(error: ValidationError) -> str:
    problems = []
    for problem in error.errors(include_url=False, include_input=False):
        ((_, reason),) = field_problems([problem])
        name = "_".join(str(part) for part in problem["loc"][:1]).upper()
        problems.append(f"LATTIS_{name}: {reason}" if name else reason)
    return "; ".join(problems) + "."


def describe() -> str:
    """The table of all settings, as Markdown."""
    lines = [
        "# Settings",
        "",
        "Every setting is an environment variable. None is needed to start.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        lines.append(f"| `LATTIS_{name.upper()}` | {_shown(field.default)} | {field.description} |")
    return "\n".join(lines) + "\n"


def _shown(default: Any) -> str:
    return "" if default in (None, "", ()) else f"`{default}`"
