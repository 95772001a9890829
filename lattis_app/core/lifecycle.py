"""Lifecycles: which status may follow which. Pure tables; `core.transitions.move` applies them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from lattis_app.core.errors import InvalidTransition

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """The allowed steps of one status field; a status missing from the keys has none.

    `happy_path` is what the interface draws as the strip of steps.
    """

    kind: str
    edges: Mapping[S, Set[S]]
    field: str = "status"
    happy_path: tuple[S, ...] = ()

    def targets(self, current: S) -> frozenset[S]:
        """The statuses that may follow this one."""
        return frozenset(self.edges.get(current, frozenset()))

    def allows(self, current: S, to: S) -> bool:
        """Whether the step exists."""
        return to in self.targets(current)

    def check(self, current: S, to: S) -> None:
        """Refuse a step that does not exist, naming what is allowed."""
        if not self.allows(current, to):
            raise InvalidTransition(
                self.kind, str(current), str(to), (str(step) for step in self.targets(current))
            )

    @property
    def statuses(self) -> frozenset[S]:
        """Every status the table names."""
        return frozenset(self.edges) | frozenset(step for steps in self.edges.values() for step in steps)
