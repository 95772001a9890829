"""Opening files before the transaction that keeps them: it takes seconds, in which no connection should be held."""

from __future__ import annotations

from dataclasses import dataclass

from lattis_app.core import antivirus, files
from lattis_app.core.errors import DomainError
from lattis_app.core.files import CheckedFile, Upload


@dataclass(frozen=True)
class OpenedFile(Upload):
    """A file with what came of opening it."""

    outcome: CheckedFile | DomainError


def opened(upload: Upload) -> OpenedFile:
    """Check, write anew and scan a file now; a refusal waits for who keeps it."""
    return OpenedFile(upload.file_name, upload.data, checked_or_refused(upload))


def checked_or_refused(upload: Upload) -> CheckedFile | DomainError:
    """The file as it may be kept, or why it may not."""
    try:
        return checked(upload)
    except DomainError as refused:
        return refused


def checked(upload: Upload) -> CheckedFile:
    """The file as it may be kept. Raises what `files.check` and `antivirus.scan` raise."""
    if isinstance(upload, OpenedFile):
        if isinstance(upload.outcome, DomainError):
            raise upload.outcome
        return upload.outcome
    file = files.check(upload)
    antivirus.scan(upload.data, file.file_name)
    return file
