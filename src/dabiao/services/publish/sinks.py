"""The ways out: a folder, a mail server, a web hook. Each takes a parcel; what it raises says whether to try again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from dabiao.services.files import write_whole
from dabiao.settings import Settings

_TYPES = {
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".json": ("application", "json"),
}
_AGAIN = (408, 425, 429)
"""Answers below 500 after which a later attempt may do."""


class Refused(Exception):
    """The other side will not take it, now or later."""


class Unreached(Exception):
    """It did not arrive, as far as is known; later it may."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is delivered.

    Attributes:
        key: the same for every attempt: the other side can tell a second one from a second notice.
        created: when it was put in the outbox.
        files: name and content.
    """

    key: str
    address: str
    title: str
    text: str
    created: datetime
    about: dict[str, str]
    files: Sequence[tuple[str, bytes]]


def send(parcel: Parcel, settings: Settings, now: datetime) -> None:
    """Deliver a parcel to its address.

    Raises:
        Refused, Unreached: it did not arrive.
    """
    scheme = urlsplit(parcel.address).scheme
    try:
        if scheme == "folder":
            _folder(parcel)
        elif scheme == "mailto":
            _mail(parcel, settings)
        else:
            _hook(parcel, settings, now)
    except (OSError, http.client.HTTPException, smtplib.SMTPException) as error:
        raise Unreached(f"{type(error).__name__}: {error}") from error


def _folder(parcel: Parcel) -> None:
    """Files appear whole; one that is there with the same content is left alone."""
    folder = Path(urlsplit(parcel.address).path)
    if not folder.is_dir():
        raise Unreached(f"no folder {folder}")
    for name, content in parcel.files:
        target = folder / name
        if not target.is_file() or target.read_bytes() != content:
            write_whole(target, content)
            target.chmod(0o644)


def message(parcel: Parcel, sender: str) -> EmailMessage:
    """The mail of a parcel. Every attempt gives the same, its Message-ID too."""
    made = EmailMessage()
    made["From"], made["To"] = sender, urlsplit(parcel.address).path
    made["Subject"] = parcel.title
    made["Date"] = format_datetime(parcel.created)
    made["Message-ID"] = f"<{parcel.key}@{sender.rpartition('@')[2].rstrip('>') or 'dabiao'}>"
    made.set_content(parcel.text)
    for name, content in parcel.files:
        main, sub = _TYPES.get(Path(name).suffix, ("application", "octet-stream"))
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    made.set_boundary(f"=={parcel.key}==")
    return made


def _mail(parcel: Parcel, s: Settings) -> None:
    if not s.smtp_host or not s.smtp_from:
        raise Unreached("smtp_host and smtp_from are not set")
    context = ssl.create_default_context()  # trusts the machine's authorities, or those of SSL_CERT_FILE
    try:
        with _server(s, context) as server:
            if s.smtp_security == "starttls":
                server.starttls(context=context)
            if s.smtp_user:
                server.login(s.smtp_user, s.smtp_password.get_secret_value())
            server.send_message(message(parcel, s.smtp_from))
    except ssl.SSLCertVerificationError as error:
        raise Unreached(
            f"the certificate of {s.smtp_host}:{s.smtp_port} is not trusted: {error.verify_message};"
            " nothing was sent (SSL_CERT_FILE names a file with an authority of your own)"
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise (Refused if min(codes) >= 500 else Unreached)(str(error.recipients)) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise (Refused if error.smtp_code >= 500 else Unreached)(str(error)) from error


def _server(s: Settings, context: ssl.SSLContext) -> smtplib.SMTP:
    seconds = s.delivery_seconds
    if s.smtp_security == "tls":
        return smtplib.SMTP_SSL(s.smtp_host, s.smtp_port, timeout=seconds, context=context)
    return smtplib.SMTP(s.smtp_host, s.smtp_port, timeout=seconds)


def signature(secret: str, moment: str, body: bytes) -> str:
    """What the header ``X-Dabiao-Signature`` bears: HMAC-SHA256 over the moment, a point and the body."""
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def _hook(parcel: Parcel, s: Settings, now: datetime) -> None:
    """One POST; a redirection is not followed, for it could lead to a host that is not allowed."""
    parts = urlsplit(parcel.address)
    secret = s.webhook_secret.get_secret_value()
    if not secret:
        raise Unreached("webhook_secret is not set")
    if parts.hostname not in s.webhook_allowed:
        raise Refused(f"host {parts.hostname} is not in webhook_hosts")
    files = [
        {
            "name": name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "content": base64.b64encode(content).decode(),
        }
        for name, content in parcel.files
    ]
    content = {"id": parcel.key, "title": parcel.title, **parcel.about, "files": files}
    body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    moment = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": parcel.key,
        "X-Dabiao-Timestamp": moment,
        "X-Dabiao-Signature": signature(secret, moment, body),
    }
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=s.delivery_seconds)
    try:
        connection.request(
            "POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers
        )
        answer = connection.getresponse()
        answer.read(1 << 16)
    except socket.gaierror as error:
        raise Unreached(f"no host {parts.hostname}") from error
    finally:
        connection.close()
    if answer.status >= 500 or answer.status in _AGAIN:
        raise Unreached(f"HTTP {answer.status}")
    if not 200 <= answer.status < 300:
        raise Refused(f"HTTP {answer.status}")
