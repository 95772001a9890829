"""What the web server runs: programs before pages, and a collector of garbage that leaves the application alone."""

from __future__ import annotations

import gc

from starlette.types import ASGIApp

COLLECT_AFTER = (10_000, 20, 20)


def serve() -> ASGIApp:
    """The application. What exists when it is built stays for good: the collector need not look at it, then or ever."""
    gc.disable()
    from lattis_app import lattis_app
    from lattis_app.web.front import Front

    served = Front(lattis_app.secure(lattis_app.api), lattis_app.app())
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()
    return served
