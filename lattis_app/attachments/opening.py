"""What attachments look for in a file: whether it may be kept, and as what."""

from __future__ import annotations

from lattis_app.core import antivirus, files
from lattis_app.core.files import CheckedFile, Upload


def acceptable(upload: Upload) -> CheckedFile:
    """The file as it may be kept: checked, written anew, scanned. Raises what `files.check` and `antivirus.scan` raise."""
    return _scanned(upload, files.check(upload))


def drawing(upload: Upload, most_kilobytes: int) -> CheckedFile:
    """A drawing as it may be kept. Raises what `files.check_drawing` and `antivirus.scan` raise."""
    return _scanned(upload, files.check_drawing(upload, most_kilobytes))


def _scanned(upload: Upload, file: CheckedFile) -> CheckedFile:
    antivirus.scan(upload.data, file.file_name)
    return file
