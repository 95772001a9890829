"""Opening files before the transaction that keeps them: it takes seconds, in which no connection should be held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lattis_app.core.errors import DomainError
from lattis_app.core.files import Upload

T = TypeVar("T")


@dataclass(frozen=True)
class Opened(Upload, Generic[T]):
    """A file with what came of opening it."""

    outcome: T | DomainError

    @property
    def content(self) -> T:
        """What is in it; raises why it was refused."""
        if isinstance(self.outcome, DomainError):
            raise self.outcome
        return self.outcome


def opened(upload: Upload, look: Callable[[Upload], T]) -> Opened[T]:
    """Look into a file now, unless somebody has before; a refusal waits for who needs its content."""
    return (
        upload if isinstance(upload, Opened) else Opened(upload.file_name, upload.data, _found(upload, look))
    )


def _found(upload: Upload, look: Callable[[Upload], T]) -> T | DomainError:
    try:
        return look(upload)
    except DomainError as refused:
        return refused
