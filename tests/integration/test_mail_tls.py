"""Mail over real TLS handshakes: a server whose certificate is trusted gets it, any other gets nothing."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from dabiao.services.publish import sinks
from tests.factories import settings_of

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PARCEL = sinks.Parcel(
    key="k1",
    address="mailto:office@example.cn",
    title="通报（稿）",
    text="见附件。",
    created=NOW,
    about={},
    files=[("notice.json", b"{}")],
)
Serve = Callable[..., dict[str, str]]


class Mailbox:
    """A mail server's handler that keeps what it takes, and from whom."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.got.append(envelope.content)
        return "250 OK"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _way: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == b"right", handled=False)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority of the test's own."""
    return trustme.CA()


@pytest.fixture
def box() -> Mailbox:
    """Where mails arrive."""
    return Mailbox()


@pytest.fixture
def serve(
    box: Mailbox, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Serve]:
    """Start a mail server and give the settings that lead to it; the program trusts :func:`authority` and no other."""
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    started: list[Controller] = []

    def start(security: str, certificate: trustme.LeafCert) -> dict[str, str]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(context)
        ways: dict[str, Any] = (
            {"ssl_context": context}
            if security == "tls"
            else {
                "tls_context": context,
                "require_starttls": True,
                "authenticator": box.authenticate,
                "auth_required": True,
            }
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = Controller(box, hostname="127.0.0.1", port=port, **ways)
        server.start()
        started.append(server)
        found = {"smtp_host": "127.0.0.1", "smtp_port": str(port), "smtp_security": security}
        login = {"smtp_user": "dabiao", "smtp_password": "right"} if security == "starttls" else {}
        return {**found, **login, "smtp_from": "dabiao@example.cn"}

    yield start
    for server in started:
        server.stop()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_goes_over_tls(
    serve: Serve, box: Mailbox, authority: trustme.CA, tmp_path: Path, security: str
) -> None:
    """TLS from the first byte and STARTTLS both deliver to a server whose certificate is right."""
    environ = serve(security, authority.issue_cert("127.0.0.1"))
    sinks.send(PARCEL, settings_of(tmp_path, **environ), NOW)
    assert len(box.got) == 1
    assert b"Message-ID: <k1@example.cn>" in box.got[0]


def test_the_password_goes_out_after_starttls(
    serve: Serve, box: Mailbox, authority: trustme.CA, tmp_path: Path
) -> None:
    """The server asks for STARTTLS before a login, and gets name and password after it; a wrong one leaves the mail waiting."""
    environ = serve("starttls", authority.issue_cert("127.0.0.1"))
    sinks.send(PARCEL, settings_of(tmp_path, **environ), NOW)
    wrong = settings_of(tmp_path, **{**environ, "smtp_password": "wrong"})
    with pytest.raises(sinks.Unreached, match="535"):
        sinks.send(PARCEL, wrong, NOW)
    assert box.logins[0] == (b"dabiao", b"right")
    assert len(box.got) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        (
            lambda _: trustme.CA().issue_cert("127.0.0.1"),
            "self-signed certificate|unable to get local issuer",
        ),
        (lambda own: own.issue_cert("mail.example.cn"), "not valid for '127.0.0.1'"),
        (
            lambda own: own.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 2, tzinfo=UTC)),
            "expired",
        ),
    ],
    ids=["unknown authority", "another name", "expired"],
)
def test_a_wrong_certificate_gets_nothing(
    serve: Serve,
    box: Mailbox,
    authority: trustme.CA,
    tmp_path: Path,
    security: str,
    certificate: Callable[[trustme.CA], trustme.LeafCert],
    why: str,
) -> None:
    """An unknown authority, another host's name and an expired date are refused; the error names server, fault and mend."""
    environ = serve(security, certificate(authority))
    with pytest.raises(
        sinks.Unreached, match=rf"the certificate of 127\.0\.0\.1:\d+ .*({why}).*SSL_CERT_FILE"
    ):
        sinks.send(PARCEL, settings_of(tmp_path, **environ), NOW)
    assert box.got == []
    assert box.logins == []


def test_tls_to_a_server_that_speaks_none(
    serve: Serve, box: Mailbox, authority: trustme.CA, tmp_path: Path
) -> None:
    """TLS from the first byte, asked of a server of STARTTLS, delivers nothing."""
    environ = serve("starttls", authority.issue_cert("127.0.0.1"))
    with pytest.raises(sinks.Unreached, match="SSL"):
        sinks.send(PARCEL, settings_of(tmp_path, **{**environ, "smtp_security": "tls"}), NOW)
    assert box.got == []
