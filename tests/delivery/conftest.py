"""What several tests of this room have on loopback: an authority for TLS, and messengers."""

import ssl
from collections.abc import Generator
from pathlib import Path

import pytest
import trustme
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram

from tests.delivery.receivers import Answer, HttpReceiver, http_receiver


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """A server's context, with a certificate for loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def authority_file(authority: trustme.CA, tmp_path: Path) -> Path:
    """The authority's certificate, for those who are to trust it."""
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


@pytest.fixture
def trusted(authority_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is trusted, by the names that requests and OpenSSL have for it."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority_file))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))


@pytest.fixture
def messengers(monkeypatch: pytest.MonkeyPatch) -> Generator[HttpReceiver]:
    """Telegram, Discord and Slack on loopback."""
    with http_receiver(Answer(body=b'{"ok": true}')) as receiver:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{receiver.address}/bot")
        monkeypatch.setattr(NotifySlack, "webhook_url", f"{receiver.address}/services")
        monkeypatch.setattr(NotifySlack, "api_url", f"{receiver.address}/api/{{}}")
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"{receiver.address}/webhooks")
        yield receiver
