"""What the composition root hands to `rx.App` for the interface: `rx.App(**app_options(), api_transformer=...)`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.ui import sign_in, sign_out, start, welcome  # noqa: F401 — they register their pages
from lattis_app.ui.errors import error_boundary
from lattis_app.ui.frame import connection_banners
from lattis_app.ui.theme import STYLESHEETS
from lattis_app.ui.toasts import toaster
from lattis_app.ui.translation import translated


def app_options() -> dict[str, Any]:
    """Style sheets, head elements, toasts, the error boundary and the connection banner."""
    return {
        "stylesheets": STYLESHEETS,
        "head_components": head(),
        "toaster": toaster(),
        "html_lang": "en",
        "app_wraps": {
            (55, "ErrorBoundary"): lambda stateful: error_boundary(),
            (5, "Overlay"): lambda stateful: translated(connection_banners()) if stateful else None,
        },
    }


EVENT_STREAM = "/v1/events?names=true"


def head() -> list[rx.Component]:
    """Elements of every page's head: early font, behaviour script, icon, web app manifest."""
    font = {"as": "font", "crossOrigin": "anonymous"}
    return [
        rx.el.link(rel="preload", href="/fonts/inter-latin.woff2", type="font/woff2", custom_attrs=font),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icons/app-192.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#0f1a1c"),
        rx.el.meta(name="event-stream", content=EVENT_STREAM),
        rx.el.script(src="/words.js"),
        rx.el.script(src="/js/words.js"),
        rx.el.script(src="/js/kit.js", defer=True),
    ]
