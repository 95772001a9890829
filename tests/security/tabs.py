"""A browser tab without a browser: the raw socket that anybody can open and send anything through."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

from websockets.sync.client import connect

ROOT = "reflex___state____state"
PROBE = f"{ROOT}.tests___security___probe____probe_state"
FRAME = f"{ROOT}.lattis_app___ui___frame____frame_state"
HYDRATE = f"{ROOT}.hydrate"
SECONDS = 10


@dataclass
class Seen:
    """What the server sent: the last value of every var, and what it asked the browser to do."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)

    def probe(self, name: str) -> Any:
        """The last value of one var of the probe; None when it was never sent."""
        return self.values.get(PROBE, {}).get(name)

    @property
    def said(self) -> str:
        """Everything the browser was asked to do, as text."""
        return json.dumps(self.orders, ensure_ascii=False)

    @property
    def text(self) -> str:
        """Everything that was sent."""
        return json.dumps([self.values, self.orders], ensure_ascii=False)


class Tab:
    """One connection. `token` is what Reflex finds a tab's states by."""

    def __init__(self, port: int, *, cookie: str = "", token: str = "", origin: str | None = None) -> None:
        self.token = token or str(uuid4())
        self._connecting = connect(
            f"ws://127.0.0.1:{port}/_event/?EIO=4&transport=websocket&token={self.token}",
            additional_headers={"Cookie": f"lattis_session={cookie}"} if cookie else {},
            origin=origin,  # type: ignore[arg-type]  # a NewType of str
            max_size=None,
            open_timeout=SECONDS,
        )

    def __enter__(self) -> Self:
        self._socket = self._connecting.__enter__()
        self._await("0")
        self._socket.send("40/_event,")
        self._await("40/_event,")
        return self

    def __exit__(self, *how: Any) -> None:
        self._connecting.__exit__(*how)

    def send(self, name: str, /, **payload: Any) -> None:
        """Send an event of any name with any payload."""
        self.forge(name, payload)

    def forge(self, name: str, payload: object) -> None:
        """Send an event whose payload may be nothing that Python could pass."""
        event = {
            "name": name,
            "payload": payload,
            "router_data": {"pathname": "/dashboard", "query": {}, "asPath": "/dashboard"},
        }
        self.emit("event", event)

    def emit(self, *said: object) -> None:
        """Send any event of the socket itself, one of ours or not."""
        self._socket.send("42/_event," + json.dumps(said))

    def ask(self, name: str, /, **payload: Any) -> Seen:
        """Send an event, and see everything the server sent until all states were shown again after it."""
        self.send(name, **payload)
        return self.everything()

    def probe(self, name: str, /, **payload: Any) -> Seen:
        """Send an event of the probe."""
        return self.ask(f"{PROBE}.{name}", **payload)

    def everything(self) -> Seen:
        """Ask for all states, as a page does when it loads."""
        self.send(HYDRATE)
        return self.until(lambda update: "is_hydrated_rx_state_" in update.get("delta", {}).get(ROOT, {}))

    def csrf(self) -> str:
        """The token that forms of this session carry."""
        return str(self.ask(f"{FRAME}.refresh").values[FRAME]["csrf"])

    def until(self, wanted: Any) -> Seen:
        """Collect what the server sends until an update is the wanted one."""
        seen = Seen()
        for update in self._updates():
            for state, changes in (update.get("delta") or {}).items():
                plain = {name.removesuffix("_rx_state_"): value for name, value in changes.items()}
                seen.values.setdefault(state, {}).update(plain)
            seen.orders += update.get("events") or []
            if wanted(update):
                return seen
        raise AssertionError("The server closed the connection")

    def _updates(self) -> Iterator[dict[str, Any]]:
        while True:
            _, update = json.loads(self._await("42/_event,").removeprefix("42/_event,"))
            yield update if isinstance(update, dict) else json.loads(update)

    def _await(self, prefix: str) -> str:
        while True:
            frame = self._socket.recv(timeout=SECONDS)
            text = frame if isinstance(frame, str) else frame.decode()
            if text == "2":
                self._socket.send("3")
            elif text.startswith(prefix):
                return text
