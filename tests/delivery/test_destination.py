"""Real plug-ins against real servers: what arrives, and what a failure is said to be."""

import html
import io
import json
import logging
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import attrs
import pytest
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram

from alertd.delivery.apprise_log import unheard
from alertd.delivery.channel import Channel, ChannelMistake
from alertd.delivery.destination import Destination, destinations_of
from alertd.delivery.secrets import SecretsFilter
from alertd.engine.rule import Severity
from tests.delivery.receivers import (
    Answer,
    Cut,
    HttpReceiver,
    body_of,
    free_port,
    http_receiver,
    mail_receiver,
    too_many,
)
from tests.delivery.samples import MESSAGE, message_of

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
TELEGRAM = f"tgram://{TOKEN}/987654/"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
AWKWARD_TITLE = "BTC_USDT <b>&amp; *x* [y](z) `c` 币安人生USDT 🚀"
AWKWARD_BODY = "1_000 < 5 & *bold* _it_ [a]\n- ~s~ -1.5% > -3 \\n # x 🚀 币安人生USDT &lt;"
AWKWARD = message_of(AWKWARD_TITLE, AWKWARD_BODY)

Open = Callable[[str, HttpReceiver], Destination]


@pytest.fixture
def opened_at(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a Telegram or Slack destination whose service stands on loopback."""

    def open_there(url: str, receiver: HttpReceiver) -> Destination:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{receiver.address}/bot")
        monkeypatch.setattr(NotifySlack, "webhook_url", f"{receiver.address}/services")
        return Destination("phone", url)

    return open_there


def reason_of(destination: Destination) -> str:
    failure = destination.send(MESSAGE)
    assert failure is not None
    return failure.reason


def test_a_webhook_gets_title_text_and_type_unchanged() -> None:
    with http_receiver() as receiver:
        assert Destination("hook", receiver.url("in")).send(AWKWARD) is None
        posted = receiver.received[0]
    assert posted.path == "/in"
    assert (posted.json["title"], posted.json["message"]) == (AWKWARD_TITLE, AWKWARD_BODY)
    assert posted.json["type"] == "info"


@pytest.mark.parametrize(
    ("severity", "kind"),
    [(Severity.INFO, "info"), (Severity.WARNING, "warning"), (Severity.CRITICAL, "failure")],
)
def test_a_severity_is_a_notification_type(severity: Severity, kind: str) -> None:
    message = attrs.evolve(MESSAGE, severity=severity)
    with http_receiver() as receiver:
        assert Destination("hook", receiver.url()).send(message) is None
        assert receiver.received[0].json["type"] == kind


def test_telegram_gets_html_in_which_nothing_can_be_taken_for_markup(opened_at: Open) -> None:
    with http_receiver(Answer(body=b'{"ok": true}')) as receiver:
        assert opened_at(TELEGRAM, receiver).send(AWKWARD) is None
        posted = receiver.received[0]
    assert posted.path == f"/bot{TOKEN}/sendMessage"
    assert posted.json["chat_id"] == 987654
    assert posted.json["parse_mode"] == "HTML"
    assert posted.json["text"] == (
        "<b>BTC_USDT &lt;b&gt;&amp;amp; *x* [y](z) `c` 币安人生USDT 🚀</b>\r\n"
        "1_000 &lt; 5 &amp; *bold* _it_ [a]\r\n"
        "- ~s~ -1.5% &gt; -3 \\n # x 🚀 币安人生USDT &amp;lt;"
    )


def test_slack_gets_plain_text_with_its_three_characters_escaped(opened_at: Open) -> None:
    with http_receiver() as receiver:
        assert opened_at(SLACK, receiver).send(AWKWARD) is None
        posted = receiver.received[0]
    (attachment,) = posted.json["attachments"]
    assert posted.json["mrkdwn"] is False
    assert attachment["title"] == "BTC_USDT &lt;b&gt;&amp;amp; *x* [y](z) `c` 币安人生USDT 🚀"
    assert attachment["text"] == (
        "1_000 &lt; 5 &amp; *bold* _it_ [a]\n- ~s~ -1.5% &gt; -3 \\n # x 🚀 币安人生USDT &amp;lt;"
    )


def test_slack_is_shown_no_pictures_of_somebody_elses(opened_at: Open) -> None:
    with http_receiver() as receiver:
        assert opened_at(SLACK, receiver).send(MESSAGE) is None
        posted: dict[str, Any] = receiver.received[0].json
    assert posted.keys() == {"mrkdwn", "attachments"}
    assert posted["attachments"][0]["footer"] == "alertd"


def test_mail_is_plain_text_with_the_title_as_its_subject() -> None:
    with mail_receiver() as mailbox:
        assert Destination("mail", mailbox.url).send(AWKWARD) is None
        (mail,) = mailbox.received.wait_for(1)
    assert mail["Subject"] == AWKWARD_TITLE
    assert (mail["From"], mail["To"]) == ("alertd@example.org", "me@example.org")
    assert mail.get_content_type() == "text/plain"
    assert body_of(mail) == AWKWARD_BODY + "\n"


def test_a_text_too_long_for_the_service_is_split_and_nothing_is_lost(opened_at: Open) -> None:
    text = "\n".join(f"line {number} < {number + 1}" for number in range(900))
    with http_receiver(Answer(body=b'{"ok": true}')) as receiver:
        assert opened_at(TELEGRAM, receiver).send(message_of("t", text)) is None
        title, *pieces = [request.json["text"] for request in receiver.received.so_far()]
    assert title == "<b>t</b>"
    assert all(len(piece) <= 4096 for piece in pieces)
    # A piece does not begin or end with white space; that of the text is all that may be missing.
    assert "".join(html.unescape("".join(pieces)).split()) == "".join(text.split())


def test_a_title_that_the_service_would_refuse_begins_the_text() -> None:
    title = "币安人生USDT 🚀 " * 15
    with mail_receiver() as mailbox:
        assert Destination("mail", mailbox.url).send(message_of(title, "b")) is None
        (mail,) = mailbox.received.so_far()
    assert mail["Subject"] == f"{title[:65]}…"
    assert body_of(mail) == f"{title}\n\nb\n"


def test_an_http_refusal_is_final_and_says_its_status() -> None:
    with http_receiver(Answer(401)) as receiver:
        failure = Destination("hook", receiver.url()).send(MESSAGE)
    assert failure is not None
    assert failure.is_final
    assert failure.reason == "the token or the password is wrong (HTTP 401: ok)"


def test_a_refusal_of_telegrams_says_what_to_look_at(opened_at: Open) -> None:
    answer = Answer(400, b'{"ok": false, "description": "Bad Request: chat not found"}')
    with http_receiver(answer) as receiver:
        assert reason_of(opened_at(TELEGRAM, receiver)).startswith("the chat is not found")


def test_a_reason_shows_no_secret_that_the_service_repeats(opened_at: Open) -> None:
    answer = Answer(400, json.dumps({"description": f"{TOKEN} and 987654 are odd"}).encode())
    with http_receiver(answer) as receiver:
        reason = reason_of(opened_at(TELEGRAM, receiver))
    assert reason == "it does not understand the request (HTTP 400: *** and *** are odd)"


def test_a_long_reason_is_cut_but_no_secret_in_two(opened_at: Open) -> None:
    told = {"description": f"{'x' * 230} {TOKEN} {'y' * 100}"}
    with http_receiver(Answer(400, json.dumps(told).encode())) as receiver:
        reason = reason_of(opened_at(TELEGRAM, receiver))
    assert len(reason) == 300
    assert "x *** y" in reason


def test_a_service_is_left_alone_for_as_long_as_it_asks() -> None:
    with http_receiver(too_many("7")) as receiver:
        failure = Destination("hook", receiver.url()).send(MESSAGE)
    assert failure is not None
    assert (failure.is_final, failure.retry_after_s) == (False, 7.0)


def test_an_answer_that_is_not_slacks_ok_is_a_failure(opened_at: Open) -> None:
    with http_receiver(Answer(404, b"no_service")) as receiver:
        assert "404" in reason_of(opened_at(SLACK, receiver))


def test_a_failure_counts_even_where_the_url_calls_it_optional() -> None:
    with http_receiver(Answer(500)) as receiver:
        destination = Destination("hook", receiver.url("?optional=yes"))
        assert "HTTP 500" in reason_of(destination)


def test_a_refused_connection_is_said_to_be_one() -> None:
    destination = Destination("hook", f"json://127.0.0.1:{free_port()}/t0ken-123")
    assert reason_of(destination) == "connection refused"


def test_a_connection_that_is_cut_is_said_to_be_one() -> None:
    with http_receiver(Cut()) as receiver:
        assert reason_of(Destination("hook", receiver.url())) == "connection cut"


def test_a_mailbox_that_does_not_exist_is_a_final_refusal() -> None:
    with mail_receiver(refusal="550 no such user") as mailbox:
        failure = Destination("mail", mailbox.url).send(MESSAGE)
    assert failure is not None
    assert (failure.reason, failure.is_final) == ("SMTP 550: no such user", True)


def test_a_mail_server_that_is_down_may_be_tried_again() -> None:
    url = f"mailto://127.0.0.1:{free_port()}?from=a@example.org&to=b@example.org"
    assert reason_of(Destination("mail", url)) == "connection refused"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"tgrm://{TOKEN}/1", r"no service has tgrm:// URLs \(did you mean tgram://\?\)"),
        ("tgram://t0ken-123", r"Telegram cannot use this URL: it takes tgram://\{bot_token\}"),
        ("t0ken-123", "it has no '://'"),
        ("xmpp://me:t0ken-123@x.org/you", "XMPP needs slixmpp.*, which is not installed"),
        ("tgram://{{ t0ken }}/1", "Telegram cannot use this URL"),
    ],
)
def test_a_bad_url_is_explained_without_showing_it(url: str, words: str) -> None:
    with pytest.raises(ChannelMistake, match=words) as caught:
        Destination("phone", url)
    assert "t0ken" not in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "connect_s", "read_s"),
    [
        ("json://127.0.0.1", 10, 10),
        ("mailto://127.0.0.1?to=a@x.org&from=a@x.org", 10, 10),
        ("json://127.0.0.1?cto=3&rto=7", 3, 7),
    ],
)
def test_a_url_has_our_timeouts_unless_it_sets_its_own(
    url: str, connect_s: float, read_s: float
) -> None:
    service = Destination("hook", url)._apprise[0]
    assert (service.socket_connect_timeout, service.socket_read_timeout) == (connect_s, read_s)


@pytest.mark.parametrize(
    ("url", "seconds"),
    [
        ("mailto://127.0.0.1?to=a@x.org&from=a@x.org", 1),
        (SLACK, 1),
        (TELEGRAM, 0.001),
        ("json://x.org", 0),
    ],
)
def test_no_service_sleeps_longer_than_a_second_between_two_sends(url: str, seconds: float) -> None:
    assert Destination("any", url)._apprise[0].request_rate_per_sec == seconds


def test_a_renewed_destination_still_delivers() -> None:
    with http_receiver() as receiver:
        destination = Destination("hook", receiver.url())
        destination.renew()
        assert destination.send(MESSAGE) is None
        assert receiver.titles() == [MESSAGE.title]


def test_labels_tell_destinations_apart() -> None:
    channel = Channel("desk", ("json://a.example.org", SLACK, "json://b.example.org"))
    labels = [destination.label for destination in destinations_of(channel)]
    assert labels == ["desk: JSON", "desk: Slack", "desk: JSON 2"]


def test_a_channels_repr_shows_no_url() -> None:
    assert TOKEN not in repr(Channel("phone", (TELEGRAM,)))


@contextmanager
def daemons_log(level: int, secrets: frozenset[str]) -> Generator[io.StringIO]:
    """What a daemon prints that logs at this level through a handler with the filter."""
    printed, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(printed), root.level
    handler.addFilter(SecretsFilter(secrets))
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield printed
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def test_no_secret_reaches_the_log_even_at_debug(opened_at: Open) -> None:
    with http_receiver(Answer(500)) as receiver:
        destination = opened_at(TELEGRAM, receiver)
        with daemons_log(logging.DEBUG, destination.secrets) as printed:
            destination.send(MESSAGE)
    assert "Telegram POST URL" in printed.getvalue()  # from Apprise
    assert "POST /bot***/sendMessage HTTP/1.1" in printed.getvalue()  # from urllib3
    assert TOKEN.partition(":")[2] not in printed.getvalue()
    assert "987654" not in printed.getvalue()


def test_above_debug_apprise_prints_nothing_of_its_own(opened_at: Open) -> None:
    with http_receiver(Answer(500)) as receiver:
        destination = opened_at(TELEGRAM, receiver)
        with daemons_log(logging.INFO, destination.secrets) as printed:
            destination.send(MESSAGE)
    assert printed.getvalue() == ""


def test_a_url_that_cannot_be_used_is_not_logged_either() -> None:
    with daemons_log(logging.DEBUG, frozenset()) as printed, pytest.raises(ChannelMistake):
        Destination("phone", "tgrm://" + TOKEN)
    assert printed.getvalue() == ""


def test_a_url_that_is_looked_at_in_one_thread_silences_no_failure_in_another() -> None:
    with http_receiver(Answer(403, b"no")) as receiver, unheard():
        destination = Destination("hook", receiver.url())
        with ThreadPoolExecutor(1) as other:
            assert "403" in other.submit(reason_of, destination).result()


@pytest.mark.parametrize("url", [TELEGRAM, SLACK])
@pytest.mark.parametrize(
    "nonsense",
    [
        Answer(503, b"[" * 4000),
        Answer(503, b'{"parameters": ' * 400),
        too_many(f"Sun, 01 Mar 2{'0' * 20} 12:00:00 GMT"),
    ],
)
def test_an_answer_that_makes_no_sense_is_a_failure_that_may_be_over_soon(
    opened_at: Open, url: str, nonsense: Answer
) -> None:
    with http_receiver(nonsense) as receiver:
        failure = opened_at(url, receiver).send(MESSAGE)
    assert failure is not None
    assert (failure.is_final, failure.retry_after_s) == (False, None)
    assert len(failure.reason) <= 300


def test_a_key_is_the_same_over_restarts_and_shows_nothing_of_the_url() -> None:
    first, again = (Destination("phone", TELEGRAM) for _ in range(2))
    assert first.key == again.key == "phone/da187d88c59f"


@pytest.mark.parametrize(
    "other", [("desk", TELEGRAM), ("phone", TELEGRAM.replace("987654", "987655"))]
)
def test_another_channel_or_url_has_another_key(other: tuple[str, str]) -> None:
    assert Destination(*other).key != Destination("phone", TELEGRAM).key
