"""What fits, by the services' own way to count, and how often; through Apprise's plug-ins."""

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import attrs
import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.ntfy import NotifyNtfy
from apprise.plugins.pushover import NotifyPushover
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram

from alertd.delivery.destination import Destination
from alertd.delivery.services import Limits
from alertd.rate import Rate
from tests.delivery.receivers import (
    Answer,
    HttpReceiver,
    Request,
    body_of,
    http_receiver,
    mail_receiver,
)
from tests.delivery.samples import message_of

TELEGRAM = "tgram://123456789:AAabcdefghijklmnopqrstuvwxyz0123456/987654/"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
DISCORD = "discord://1234567890123456789/abcdefghijklmnopqrstuvwxyzABCDEFGHIJ/"
NTFY = "ntfy://my-alerts/?mode=cloud"
PUSHOVER = f"pover://{'u' * 30}@{'a' * 30}"
MAIL = "mailto://127.0.0.1?from=a@x.org&to=b@x.org"

# What markup makes most of, what takes most bytes, and a line as a digest has it.
WORST = ("&", "<", "_", "*", "\\", ":a:", "🚀", "币", "‼ 14:03:22 BTC_USDT close > 1 & < 2 #123\n")


def telegrams_count(request: Request) -> int:
    """Characters once the markup is read; its server drops `\\r`."""
    assert request.json["parse_mode"] == "HTML"
    plain = html.unescape(re.sub(r"</?b>", "", request.json["text"]))
    return len(plain.replace("\r", ""))


def slacks_count(request: Request) -> int:
    (attachment,) = request.json["attachments"]
    return len(html.unescape(attachment["text"]))


def slacks_block_count(request: Request) -> int:
    blocks = request.json["attachments"][0]["blocks"]
    return max(len(block["text"]["text"]) for block in blocks if block["type"] == "section")


def discords_count(request: Request) -> int:
    return len(request.json["content"])


def discords_embed_count(request: Request) -> int:
    return len(request.json["embeds"][0]["description"])


def ntfys_count(request: Request) -> int:
    return len(request.json["message"].encode())


def pushovers_count(request: Request) -> int:
    (text,) = parse_qs(request.body.decode())["message"]
    return len(text)


GOOD = Answer(body=b'{"ok": true}')


@attrs.frozen
class Service:
    """A service's URL, how it counts a request's text, how much of it it takes, and its answer."""

    url: str
    count: Callable[[Request], int]
    takes: int
    answer: Answer = GOOD


SERVICES = {
    "Telegram": Service(TELEGRAM, telegrams_count, 4096),
    "Slack": Service(SLACK, slacks_count, 4000, Answer()),
    "Slack's blocks": Service(f"{SLACK}?blocks=yes", slacks_block_count, 3000, Answer()),
    "Discord": Service(DISCORD, discords_count, 2000),
    "Discord's embeds": Service(f"{DISCORD}?format=markdown", discords_embed_count, 4096),
    "ntfy": Service(NTFY, ntfys_count, 4096),
    "Pushover": Service(PUSHOVER, pushovers_count, 1024),
    "Pushover's HTML": Service(f"{PUSHOVER}?format=html", pushovers_count, 1024),
}


@pytest.fixture(params=list(SERVICES.values()), ids=list(SERVICES))
def service(request: pytest.FixtureRequest) -> Service:
    assert isinstance(request.param, Service)
    return request.param


@pytest.fixture
def receiver(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpReceiver]:
    """The service, on loopback."""
    with http_receiver(service.answer) as receiver:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{receiver.address}/bot")
        monkeypatch.setattr(NotifySlack, "webhook_url", f"{receiver.address}/services")
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"{receiver.address}/webhooks")
        monkeypatch.setattr(NotifyNtfy, "cloud_notify_url", f"{receiver.address}/ntfy")
        monkeypatch.setattr(NotifyPushover, "notify_url", f"{receiver.address}/pushover")
        yield receiver


def filled(characters: str, length: int) -> str:
    """So many characters, the last of them a visible one: white space at an end is nobody's."""
    return (characters * length)[: length - 1] + "."


@pytest.mark.parametrize("worst", WORST)
def test_a_text_at_the_limit_goes_whole_and_in_one_message(
    worst: str, service: Service, receiver: HttpReceiver
) -> None:
    destination = Destination("any", service.url)
    limits = destination.limits
    message = message_of(filled("🚀", limits.title), filled(worst, limits.body))
    assert destination.send(message) is None
    (request,) = receiver.received.so_far()
    assert limits.body <= service.count(request) <= service.takes


def test_a_mail_at_the_limit_goes_whole_and_in_one() -> None:
    with mail_receiver() as mailbox:
        destination = Destination("mail", mailbox.url)
        limits = destination.limits
        line = "‼ 14:03:22 1000PEPEUSDT close < 币 & 🚀 #123\n"
        message = message_of(filled("🚀", limits.title), filled(line, limits.body))
        assert destination.send(message) is None
        (mail,) = mailbox.received.so_far()
    assert mail["Subject"] == message.title
    assert body_of(mail).rstrip("\n") == message.body


@pytest.mark.parametrize(
    ("url", "limits"),
    [
        (TELEGRAM, Limits(200, 3864)),
        (SLACK, Limits(200, 4000)),
        (DISCORD, Limits(200, 1768)),
        (MAIL, Limits(66, 100_000)),
        (NTFY, Limits(50, 600)),
        ("mqtt://127.0.0.1/alerts", Limits(200, 100_000)),
        ("json://x.org", Limits(200, 32768)),
        # A `&` is five characters of HTML, and a line's end may be eight.
        (f"{PUSHOVER}?format=html", Limits(31, 128)),
    ],
)
def test_limits_are_as_wide_as_the_service_allows(url: str, limits: Limits) -> None:
    assert Destination("any", url).limits == limits


@pytest.mark.parametrize(
    ("url", "rates"),
    [
        (TELEGRAM, (Rate(1, 1), Rate(20, 60))),
        (SLACK, (Rate(1, 1), Rate(60, 60))),
        (DISCORD, (Rate(5, 2), Rate(30, 60))),
        (MAIL, (Rate(1, 1), Rate(20, 60))),
        ("mailtos://me:pass@gmail.com", (Rate(1, 1), Rate(20, 60), Rate(500, 86_400))),
        (NTFY, (Rate(1, 1), Rate(12, 60))),
        ("matrix://u:p@x.org/!room", (Rate(1, 1), Rate(10, 60))),
        ("json://x.org", (Rate(1, 1), Rate(60, 60))),
    ],
)
def test_a_service_is_sent_no_more_than_it_publishes(url: str, rates: tuple[Rate, ...]) -> None:
    assert Destination("any", url).rates == rates


@pytest.mark.parametrize(
    ("title", "body", "held"), [("ab", "abc", True), ("abc", "abc", False), ("ab", "abcd", False)]
)
def test_limits_hold_what_is_no_longer(title: str, body: str, *, held: bool) -> None:
    assert Limits(2, 3).hold(title, body) is held
