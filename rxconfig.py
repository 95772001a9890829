"""How Reflex builds and runs the pages. Everything that differs between copies comes from the settings."""

import os

import reflex as rx

from lattis_app.core import frontend
from lattis_app.core.settings import settings

configured = settings()

os.environ.update(frontend.tools())
os.environ.setdefault("REFLEX_USE_GRANIAN", "true")
# A tab whose connection broke is noticed within seconds, not minutes.
os.environ.setdefault("REFLEX_SOCKET_INTERVAL", "10")
os.environ.setdefault("REFLEX_SOCKET_TIMEOUT", "15")

config = rx.Config(
    app_name="lattis_app",
    frontend_port=configured.port,
    backend_host=configured.listen_host,
    redis_url=configured.redis_url.get_secret_value() if configured.redis_url else None,
    state_manager_mode="redis" if configured.redis_url else "memory",
    redis_token_expiration=12 * 3600,
    cors_allowed_origins=configured.origins,
    show_built_with_reflex=False,
    telemetry_enabled=False,
    plugins=[rx.plugins.RadixThemesPlugin(enabled=False)],  # its stylesheet comes with the first Radix part
    disable_plugins=[rx.plugins.SitemapPlugin],
)
