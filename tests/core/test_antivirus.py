"""The virus scan, against a small clamd that speaks its real protocol on loopback."""

import logging
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

from lattis_app.core import antivirus
from lattis_app.core.antivirus import InfectedFile, ScannerUnavailable
from lattis_app.core.settings import reset_settings

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """Reads one INSTREAM and answers like clamd: at most a megabyte, EICAR is malware."""

    def handle(self) -> None:
        command = self.rfile.read(10)
        received = b""
        while command == b"zINSTREAM\0" and (size := struct.unpack("!I", self.rfile.read(4))[0]):
            received += self.rfile.read(size)
        self.server.seen.append(len(received))  # type: ignore[attr-defined]  # what the test looks at
        if len(received) > 1_000_000:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif EICAR in received:
            self.wfile.write(b"stream: Eicar-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


@pytest.fixture
def use_scanner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def use(address: str) -> None:
        monkeypatch.setenv("LATTIS_CLAMAV_ADDRESS", address)
        reset_settings()

    yield use
    monkeypatch.delenv("LATTIS_CLAMAV_ADDRESS", raising=False)
    reset_settings()


@pytest.fixture
def clamd(use_scanner: Callable[[str], None]) -> Iterator[list[int]]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        server.seen = []  # type: ignore[attr-defined]  # what the test looks at
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        use_scanner(f"127.0.0.1:{server.server_address[1]}")
        yield server.seen  # type: ignore[attr-defined]  # what the test looks at
        server.shutdown()


def test_a_clean_file_passes_and_was_scanned_whole(clamd: list[int]) -> None:
    antivirus.scan(b"x" * 200_000, "photo.jpg")
    assert clamd == [200_000]


def test_an_infected_file_is_refused_by_name_and_logged(
    clamd: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.WARNING),
        pytest.raises(InfectedFile, match=r"photo\.jpg is infected with Eicar") as refused,
    ):
        antivirus.scan(b"\0" * 70_000 + EICAR, "photo.jpg")
    assert refused.value.details["field"] == "files"
    assert "'photo.jpg' refused: infected with Eicar-Signature" in caplog.text


def test_a_file_the_scanner_will_not_take_is_refused(clamd: list[int]) -> None:
    with pytest.raises(ScannerUnavailable, match="could not be checked"):
        antivirus.scan(b"x" * 1_200_000, "photo.jpg")


def test_a_scanner_that_does_not_answer_lets_nothing_pass(use_scanner: Callable[[str], None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    use_scanner(f"127.0.0.1:{port}")
    with pytest.raises(ScannerUnavailable, match="right now"):
        antivirus.scan(b"x", "photo.jpg")


def test_without_a_scanner_nothing_is_asked() -> None:
    antivirus.scan(EICAR, "photo.jpg")
