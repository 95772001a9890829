"""What attachments look for in a file: whether it may be kept, and as what."""

from __future__ import annotations

from lattis_app.core import antivirus, files
from lattis_app.core.files import CheckedFile, Upload

MOST_KILOBYTES_SIGNED = 512


def acceptable(upload: Upload) -> CheckedFile:
    """The file as it may be kept: checked, written anew, scanned. Raises what `files.check` and `antivirus.scan` raise."""
    return _scanned(upload, files.check(upload))


def signature(drawn: Upload) -> CheckedFile:
    """A signature as it may be kept. Raises what `files.check_drawing` and `antivirus.scan` raise."""
    return _scanned(drawn, files.check_drawing(drawn, MOST_KILOBYTES_SIGNED))


def _scanned(upload: Upload, file: CheckedFile) -> CheckedFile:
    antivirus.scan(upload.data, file.file_name)
    return file
