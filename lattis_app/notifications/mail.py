"""E-mail by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from lattis_app.core import clock
from lattis_app.core.settings import settings
from lattis_app.notifications.channels import Letter, NotConfigured, Rejected, Unreachable


def send(letter: Letter) -> str:
    """Hand an e-mail to the mail server; returns its Message-ID. Raises NotConfigured, Rejected, Unreachable."""
    if not settings().smtp_host:
        raise NotConfigured
    try:
        mail = _mail(letter)
    except (ValueError, IndexError, MessageError) as error:
        raise Rejected(f"not an e-mail address: {error}") from error
    try:
        with _server() as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, reply),) = error.recipients.values()
        raise _refusal(code, reply) from error
    except smtplib.SMTPAuthenticationError as error:
        raise Unreachable("the mail server does not accept name and password") from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(f"mail server: {error}") from error
    return str(mail["Message-ID"])


def _mail(letter: Letter) -> EmailMessage:
    _, sender = parseaddr(settings().smtp_from)
    mail = EmailMessage()
    mail["From"] = settings().smtp_from
    mail["To"] = Address(_one_line(letter.name), addr_spec=letter.address)
    mail["Subject"] = _one_line(letter.subject)
    mail["Date"] = clock.now()
    mail["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    for each in letter.enclosures:
        main, _, sub = each.content_type.partition(";")[0].partition("/")
        mail.add_attachment(each.data, maintype=main, subtype=sub, filename=each.file_name)
    return mail


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _server() -> smtplib.SMTP:
    known = settings()
    host, port, timeout = known.smtp_host or "", known.smtp_port, known.message_timeout_seconds
    trusted = ssl.create_default_context()
    if known.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=trusted)
    else:
        server = smtplib.SMTP(host, port, timeout=timeout)
    try:
        if known.smtp_security == "starttls":
            server.starttls(context=trusted)
        if known.smtp_username and known.smtp_password:
            server.login(known.smtp_username, known.smtp_password.get_secret_value())
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _refusal(code: int, reply: bytes | str) -> Exception:
    words = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    kind = Rejected if 500 <= code < 600 else Unreachable
    return kind(f"mail server: {code} {words}")
