"""Routes found by the first words of their path: `/v1/invoices/…` is looked for among the invoices only."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

CHOSEN = "lattis.route"


class Sections(BaseRoute):
    """Many routes as one; a path never meets those of another section."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self.routes = list(routes)
        self._sections: dict[str, list[BaseRoute]] = {}
        for route in self.routes:
            section = _section(getattr(route, "path", ""))
            known = section.partition("{")[0].rstrip("/")
            self._sections.setdefault(known, []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The first route that takes this request, or the first that takes its path."""
        found: tuple[Match, Scope] = (Match.NONE, {})
        section = _section(scope["path"])
        for known in (section, section.rpartition("/")[0]):
            for route in self._sections.get(known, ()):
                match, matched = route.matches(scope)
                if match is Match.FULL:
                    return match, {**matched, CHOSEN: route}
                if match is Match.PARTIAL and found[0] is Match.NONE:
                    found = match, {**matched, CHOSEN: route}
        return found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that matched answer."""
        route: BaseRoute = scope[CHOSEN]
        await route.handle(scope, receive, send)


def _section(path: str) -> str:
    return "/".join(path.split("/", 3)[:3])
