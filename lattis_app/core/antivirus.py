"""Optional virus scan of uploads by clamd over TCP (its INSTREAM command).

With a scanner set, nothing is accepted unscanned: an unreachable scanner refuses the upload.
"""

import logging
import socket
import struct

from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.core.settings import settings

logger = logging.getLogger(__name__)
_CHUNK = 64 * 1024
_CONNECT_SECONDS = 5
_SCAN_SECONDS = 60
_LONGEST_REPLY = 4096


class InfectedFile(Invalid):
    """The scanner found malware in an upload."""


class ScannerUnavailable(PreconditionFailed):
    """Uploads are to be scanned, and the scanner doesn't answer."""


def scan(data: bytes, file_name: str) -> None:
    """Let a clean upload pass. Raises InfectedFile, ScannerUnavailable; does nothing without a scanner."""
    address = settings().clamav_address
    if not address:
        return
    try:
        verdict = _ask(address, data)
    except (OSError, ValueError) as error:
        logger.exception("virus scanner at %s does not answer", address)
        raise ScannerUnavailable(
            "Files can't be checked for viruses right now; try again in a few minutes", field="files"
        ) from error
    if verdict.endswith("OK"):
        return
    if not verdict.endswith("FOUND"):
        logger.error("virus scanner could not scan %r: %s", file_name, verdict)
        raise ScannerUnavailable("This file could not be checked for viruses", field="files")
    malware = verdict.removeprefix("stream:").removesuffix("FOUND").strip()
    logger.warning("upload %r refused: infected with %s", file_name, malware)
    raise InfectedFile.field("files", f"{file_name} is infected with {malware}")


def _ask(address: str, data: bytes) -> str:
    host, _, port = address.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS) as connection:
        connection.settimeout(_SCAN_SECONDS)
        try:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _CHUNK):
                part = data[start : start + _CHUNK]
                connection.sendall(struct.pack("!I", len(part)) + part)
            connection.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # clamd hangs up on a stream that is too large, and says so in its reply.
            logger.info("virus scanner stopped reading early")
        return _reply(connection)


def _reply(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < _LONGEST_REPLY:
        part = connection.recv(_LONGEST_REPLY)
        if not part:
            break
        received += part
    if not received:
        raise ConnectionError("no answer")
    return received.rstrip(b"\0\n").decode("utf-8", "replace").strip()
