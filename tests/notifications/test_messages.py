"""Messages leave after the commit, once, and none is lost: real mail server, real HTTP, real queue."""

import base64
import email
import email.policy
import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import select, text

from lattis_app.attachments.models import Attachment
from lattis_app.attachments.queries import attachments
from lattis_app.core import db
from lattis_app.core.actors import SYSTEM
from lattis_app.core.audit import AuditEntry
from lattis_app.core.db import columns
from lattis_app.core.errors import Forbidden, NotFound, PreconditionFailed
from lattis_app.core.files import made
from lattis_app.core.storage import storage
from lattis_app.identity.permissions import Role
from lattis_app.notifications import mail
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.models import Message
from lattis_app.notifications.services import messages
from lattis_app.notifications.services.messages import DIED, LEASE, send
from tests.core.worker import make_retries_due, waiting, work_off
from tests.factories.identity import make_actor
from tests.loopback import closed_port, taking_mail_encrypted

pytestmark = pytest.mark.usefixtures("committed_database", "clock")


def write(channel: Channel = Channel.EMAIL, address: str = "ada@example.com", **options) -> UUID | None:
    with db.unit_of_work() as session:
        given = {"kind": "receipt", "subject": "Receipt RCPT-1", "body": "RM 350.00\n", **options}
        return messages.write(session, SYSTEM, channel=channel, address=address, **given)


def kept(message_id: UUID | None) -> Message:
    with db.unit_of_work() as session:
        return session.get_one(Message, message_id)


def how(message_id: UUID | None) -> tuple[str, int, str]:
    message = kept(message_id)
    return message.state, message.attempts, message.error


def again(message_id: UUID | None) -> None:
    with db.unit_of_work() as session:
        messages.retry(session, make_actor(session, Role.ADMIN), message_id)


def test_an_email_reaches_the_mail_server(mailbox, clock) -> None:
    written = write(name="Ada Lovelace", subject="Receipt\r\nBcc: everybody@example.com", body="Grüße\n")
    work_off()

    (letter,) = mailbox.letters
    read = email.message_from_bytes(letter.content, policy=email.policy.default)
    assert letter.rcpt_tos == ["ada@example.com"]
    assert {
        name: read[name] for name in ("From", "To", "Subject", "Message-ID", "Auto-Submitted", "Bcc")
    } == {
        "From": "Gema Bins <office@gema.example>",
        "To": "Ada Lovelace <ada@example.com>",
        "Subject": "Receipt Bcc: everybody@example.com",
        "Message-ID": f"<{written}@gema.example>",
        "Auto-Submitted": "auto-generated",
        "Bcc": None,
    }
    assert read.get_content().strip() == "Grüße"
    assert how(written) == ("sent", 1, "")
    assert (kept(written).sent_at, kept(written).provider_id) == (clock.now(), read["Message-ID"])
    assert waiting() == 0


def test_files_go_with_an_email_and_stay_with_the_message(mailbox) -> None:
    papers = [
        made("sales.csv", "text/csv; charset=utf-8", b"day,total\n"),
        made("sales.pdf", "application/pdf", b"%PDF-1"),
    ]
    written = write(files=papers)
    work_off()

    (letter,) = mailbox.letters
    read = email.message_from_bytes(letter.content, policy=email.policy.default)
    enclosed = sorted(
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in read.iter_attachments()
    )
    assert enclosed == [
        ("sales.csv", "text/csv", b"day,total\n"), ("sales.pdf", "application/pdf", b"%PDF-1"),
    ]  # fmt: skip
    assert read.get_body().get_content().strip() == "RM 350.00"
    with db.unit_of_work() as session:
        office, driver = make_actor(session, Role.ADMIN), make_actor(session, Role.DRIVER)
        kept = attachments.list_for(session, office, "MESSAGE", written)
        assert sorted(each.file_name for each in kept) == ["sales.csv", "sales.pdf"]
        with pytest.raises(Forbidden):
            attachments.list_for(session, driver, "MESSAGE", written)


def test_a_message_whose_file_is_gone_is_not_sent_without_it(mailbox) -> None:
    written = write(files=[made("sales.csv", "text/csv", b"x")])
    with db.unit_of_work() as session:
        storage().delete(session.scalars(select(columns(Attachment).storage_key)).one())
    work_off()
    assert (mailbox.letters, how(written)) == ([], ("failed", 1, "a file that goes with it is gone"))


def test_nothing_leaves_before_the_commit_or_without_it(mailbox) -> None:
    with pytest.raises(ZeroDivisionError), db.unit_of_work() as session:
        messages.write(
            session, SYSTEM, channel=Channel.EMAIL, address="a@b.co", kind="x", subject="x", body="x"
        )
        work_off()
        assert mailbox.letters == []
        raise ZeroDivisionError
    work_off()
    assert (mailbox.letters, waiting()) == ([], 0)


@pytest.mark.parametrize(("channel", "start"), [(Channel.SMS, ""), (Channel.WHATSAPP, "whatsapp:")])
def test_a_short_message_reaches_twilio(twilio, channel: Channel, start: str) -> None:
    written = write(channel, "+60123456789", body="x" * 2000)
    work_off()

    (request,) = twilio.requests
    assert request.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"AC1:hidden-token").decode()
    sender = {"": "+15550001", "whatsapp:": "+15550002"}[start]
    assert parse_qs(request.body.decode()) == {
        "From": [f"{start}{sender}"],
        "To": [f"{start}+60123456789"],
        "Body": ["x" * 1600],
    }
    assert (kept(written).state, kept(written).provider_id) == ("sent", "SM1")


def test_one_cause_reaches_an_address_once_by_each_channel(mailbox, twilio) -> None:
    assert write(cause="due/1/3")
    assert write(cause="due/1/3") is None
    assert write(cause="due/1/3", address="bob@example.com")
    assert write(Channel.SMS, "+60123456789", cause="due/1/3")
    assert write() != write()
    work_off()
    assert (len(mailbox.letters), len(twilio.requests)) == (4, 1)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.WHATSAPP])
def test_without_settings_a_message_stays_in_the_outbox_until_there_are_some(
    configure, request, channel: Channel
) -> None:
    written = write(channel, "ada@example.com" if channel is Channel.EMAIL else "+60123456789")
    work_off()
    assert how(written) == ("not_configured", 0, "")
    assert waiting() == 0

    with db.unit_of_work() as session:
        assert messages.send_waiting(session, make_actor(session, Role.ADMIN)) == 0
    request.getfixturevalue("mailbox")
    request.getfixturevalue("twilio")
    with db.unit_of_work() as session:
        assert messages.send_waiting(session, make_actor(session, Role.ADMIN)) == 1
    work_off()
    assert how(written) == ("sent", 1, "")


def test_what_fails_for_now_is_tried_again_with_growing_pauses(configure, mailbox, clock) -> None:
    configure(smtp_port=closed_port())
    written, pauses = write(), []
    for _ in range(6):
        work_off()
        pauses.append(kept(written).next_attempt_at - clock.now())
        make_retries_due()
    assert [int(pause.total_seconds()) for pause in pauses] == [5, 300, 1800, 7200, 18000, 36000]
    assert how(written) == ("waiting", 6, "mail server: [Errno 111] Connection refused")
    work_off()
    assert how(written) == ("failed", 7, "mail server: [Errno 111] Connection refused")
    assert waiting() == 0

    configure(smtp_port=mailbox.port)
    again(written)
    work_off()
    assert how(written) == ("sent", 1, "")
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(
    ("refusal", "state"), [("554 No such user", "failed"), ("451 Busy, come back later", "waiting")]
)
def test_a_refusal_for_good_is_not_repeated(mailbox, refusal: str, state: str) -> None:
    mailbox.refusal = refusal
    written = write()
    work_off()
    assert how(written) == (state, 1, f"mail server: {refusal}")
    assert waiting() == (state == "waiting")


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        ((400, b'{"message": "not a number"}'), "failed", "Twilio: 400 not a number"),
        ((401, b'{"message": "Authenticate"}'), "waiting", "Twilio: 401 Authenticate"),
        ((429, b"{}"), "waiting", "Twilio: 429"),
        ((500, b"{}"), "waiting", "Twilio: 500"),
        ((200, b"<html>"), "waiting", "Twilio: JSONDecodeError"),
    ],
)
def test_what_twilio_says_decides_whether_it_is_tried_again(twilio, answer, state: str, error: str) -> None:
    twilio.answers = [answer]
    written = write(Channel.SMS, "+60123456789")
    work_off()
    assert how(written) == (state, 1, error)


def test_an_address_that_is_none_is_no_reason_to_try_again(mailbox) -> None:
    written = write(address="nobody at all")
    work_off()
    state, attempts, error = how(written)
    assert (state, attempts) == ("failed", 1)
    assert error.startswith("not an e-mail address")


def test_a_server_without_encryption_is_not_trusted(mailbox, configure) -> None:
    configure(smtp_security="starttls")
    written = write()
    work_off()
    assert how(written)[0] == "waiting"
    assert "STARTTLS" in how(written)[2]
    assert mailbox.letters == []


def test_a_server_that_says_nothing_is_left_after_the_time_set(configure) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        configure(
            smtp_host="127.0.0.1",
            smtp_port=silent.getsockname()[1],
            smtp_security="none",
            message_timeout_seconds=1,
        )
        written = write()
        work_off()
    assert how(written) == ("waiting", 1, "mail server: Connection unexpectedly closed: timed out")


def test_two_workers_send_a_message_once(mailbox) -> None:
    written = write()
    threads = [Thread(target=send, args=(str(written),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mailbox.letters) == 1
    assert how(written) == ("sent", 1, "")


def test_what_a_worker_that_died_was_sending_is_left_to_a_person(mailbox, clock, monkeypatch) -> None:
    written = write()
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(mail, "_mail", _die)
        send(str(written))
    send(str(written))
    assert (how(written), len(mailbox.letters)) == (("waiting", 1, ""), 0)

    clock.advance(seconds=LEASE.total_seconds())
    make_retries_due()
    work_off()
    assert how(written) == ("failed", 1, DIED)
    assert mailbox.letters == []
    again(written)
    work_off()
    assert (how(written), len(mailbox.letters)) == (("sent", 1, ""), 1)


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_only_what_is_stuck_is_sent_again_and_by_whom_it_may(mailbox) -> None:
    written = write()
    with pytest.raises(messages.NothingToSend):
        again(written)
    work_off()
    with pytest.raises(PreconditionFailed) as refused:
        again(written)
    assert refused.value.details["reason"] == "is sent"
    with pytest.raises(NotFound):
        again(uuid4())
    with pytest.raises(Forbidden), db.unit_of_work() as session:
        messages.retry(session, make_actor(session, Role.DRIVER), written)
    work_off()
    assert (how(written), len(mailbox.letters)) == (("sent", 1, ""), 1)


def test_sending_again_is_audited_with_the_person(configure) -> None:
    written = write()
    work_off()
    again(written)
    with db.unit_of_work() as session:
        entry = session.scalars(select(AuditEntry).where(text("entity = 'messages'"))).one()
        assert (entry.action, entry.before, entry.after, entry.actor_role, entry.label) == (
            "sent again", {"status": "not_configured"}, {"status": "waiting"}, "ADMIN", "Receipt RCPT-1",
        )  # fmt: skip


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody but itself vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("trusted", "password", "state", "error"),
    [
        (True, "hidden", "sent", ""),
        (True, "wrong", "waiting", "the mail server does not accept name and password"),
        (False, "hidden", "waiting", "mail server: [SSL: CERTIFICATE_VERIFY_FAILED]"),
    ],
    ids=["good", "wrong password", "unknown certificate"],
)
def test_mail_goes_out_encrypted_to_a_server_that_proves_itself(
    certificate, configure, monkeypatch, security: str, trusted: bool, password: str, state: str, error: str
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with taking_mail_encrypted(*certificate, at_once=security == "tls") as mailbox:
        configure(
            smtp_host="127.0.0.1",
            smtp_port=mailbox.port,
            smtp_security=security,
            smtp_username="office",
            smtp_password=password,
        )
        written = write()
        work_off()
    assert (how(written)[0], how(written)[2][: len(error)]) == (state, error)
    assert len(mailbox.letters) == (state == "sent")
