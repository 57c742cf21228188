"""Pictures on their way: where they go with their texts, and that no text suffers by one."""

import base64
import json
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from email.message import EmailMessage

import attrs
import pytest
import trio
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from trio.testing import MockClock, wait_all_tasks_blocked

import alertd.drawing.png
from alertd.delivery.channel import NO_PICTURES, Channel, Charting
from alertd.delivery.destination import Destination
from alertd.delivery.message import Message
from alertd.delivery.patience import Patience
from alertd.delivery.pictures import Pictures
from alertd.delivery.report import Happening, Outcome, Report
from alertd.delivery.settings import Settings
from alertd.delivery.worker import Worker
from alertd.engine.prices import Prices
from tests.delivery.deliveries import roomy
from tests.delivery.pictured import (
    PICTURED,
    SKETCH,
    WANTED,
    is_picture,
    known_prices,
    parts_of,
    pictured,
)
from tests.delivery.receivers import (
    Answer,
    Behaviour,
    Hang,
    HttpReceiver,
    Received,
    Request,
    http_receiver,
    mail_receiver,
    too_many,
)

TELEGRAM = "tgram://123456789:AAabcdefghijklmnopqrstuvwxyz0123456/987654/"
DISCORD = "discord://12345678901234567/AAabcdefghijklmnopqrstuvwxyz0123456789"
WEBHOOK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
BOT = "slack://xoxb-1234567890-1234567890-4ddbc191d40ee098cbaae6f3523ada2d/%23alerts"
LONG = attrs.evolve(PICTURED, body="x" * 2000)
REFUSED = Answer(400, b'{"ok": false, "description": "Bad Request: PHOTO_INVALID_DIMENSIONS"}')


class Desk:
    """A worker at work with pictures, and what it reported. Its jitter always draws one half."""

    def __init__(self, url: str, *, charting: Charting, prices: Prices) -> None:
        self.reports: Received[Report] = Received()
        channel: Channel = attrs.evolve(roomy("phone", url), chart=charting)
        destination = Destination("phone", url)
        self.worker = Worker(
            destination,
            Settings.of(destination, channel),
            tell=self._take,
            patience=Patience(),
            draw=lambda: 0.5,
            pictures=Pictures(prices),
        )

    def _take(self, happening: Happening) -> None:
        if isinstance(happening, Report):
            self.reports.add(happening)

    async def tells(self, *messages: Message) -> list[Outcome]:
        """Have these told, one after the other, and return what came of each."""
        for number, message in enumerate(messages, len(self.reports) + 1):
            self.worker.put(pictured(number, message=message))
            await self.reports.expect(number)
        return [report.outcome for report in self.reports.so_far()]


@asynccontextmanager
async def desk_at(
    url: str, *, charting: Charting = WANTED, prices: Prices | None = None
) -> AsyncGenerator[Desk]:
    desk = Desk(url, charting=charting, prices=prices or known_prices())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.worker.run)
        yield desk
        nursery.cancel_scope.cancel()


@pytest.fixture(autouse=True)
def standing_still(mock_clock: MockClock) -> None:
    """However busy the machine is: only what a test waits for takes time."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Generator[HttpReceiver]:
    """Telegram, Discord and Slack on loopback."""
    with http_receiver(Answer(body=b'{"ok": true}')) as receiver:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{receiver.address}/bot")
        monkeypatch.setattr(NotifySlack, "webhook_url", f"{receiver.address}/services")
        monkeypatch.setattr(NotifySlack, "api_url", f"{receiver.address}/api/{{}}")
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"{receiver.address}/webhooks")
        yield receiver


def methods(receiver: HttpReceiver) -> list[str]:
    """What of the service was called, in order: the last part of each address."""
    return [request.path.partition("?")[0].rpartition("/")[2] for request in receiver.received]


def text_of(request: Request) -> str:
    return str(request.json["text"])


# Where a picture goes.


async def test_telegram_gets_a_photo_with_the_text_as_its_caption(service: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
    assert methods(service) == ["sendPhoto"]
    parts = parts_of(service.received[0])
    assert is_picture(parts["photo"])
    assert PICTURED.title in parts["caption"].decode()
    assert PICTURED.body.splitlines()[-1] in parts["caption"].decode()


async def test_a_text_too_long_for_a_caption_comes_before_its_photo(service: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(LONG) == [Outcome.DELIVERED]
        await service.received.expect(2)
    assert methods(service) == ["sendMessage", "sendPhoto"]
    assert LONG.body in text_of(service.received[0])
    photo = parts_of(service.received[1])
    assert "caption" not in photo
    assert is_picture(photo["photo"])


@pytest.mark.parametrize("letters", range(700, 1100, 7))
def test_what_goes_with_a_photo_is_a_caption_that_telegram_takes(
    service: HttpReceiver, letters: int
):
    """Else Apprise makes two messages of it, of which the second may fail when the first has not."""
    destination = Destination("phone", TELEGRAM)
    message = attrs.evolve(PICTURED, body=("<& \n" * letters)[: letters - 1] + ".")
    assert destination.attaching is not None
    if destination.attaching.goes_within(message.title, message.body):
        assert destination.send(message, b"PNG") is None
        assert methods(service) == ["sendPhoto"]


async def test_discord_gets_the_text_and_then_the_picture(service: HttpReceiver):
    async with desk_at(DISCORD) as desk:
        assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
        text, picture = await service.received.expect(2)
    assert PICTURED.body in text.json["content"]
    parts = parts_of(picture)
    assert is_picture(parts["files[0]"])
    assert "content" not in json.loads(parts["payload_json"])


async def test_slack_gets_the_picture_by_the_bot_that_may_upload(service: HttpReceiver):
    posted = Answer(body=b'{"ok": true, "channel": "C123"}')
    where = json.dumps({"ok": True, "file_id": "F1", "upload_url": f"{service.address}/upload"})
    done = Answer(body=b'{"ok": true, "files": [{"id": "F1"}]}')
    service.behave(posted, posted, Answer(body=where.encode()), Answer(body=b"OK - 5"), done)
    async with desk_at(BOT) as desk:
        assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
        text, words, *_ = await service.received.expect(5)
    assert methods(service)[2:] == ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]  # fmt: skip
    assert PICTURED.body.splitlines()[0] in json.dumps(text.json, ensure_ascii=False)
    assert "BTCUSDT my-rule" in json.dumps(words.json)
    assert is_picture(parts_of(service.received[3])["file"])


async def test_a_slack_webhook_gets_the_text_alone(service: HttpReceiver):
    service.behave(Answer())
    async with desk_at(WEBHOOK) as desk:
        assert await desk.tells(PICTURED, PICTURED) == [Outcome.DELIVERED] * 2
    assert len(service.received) == 2


async def test_a_mail_shows_the_picture_below_its_text():
    with mail_receiver() as mailbox:
        async with desk_at(mailbox.url) as desk:
            assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
        mail = mailbox.received[0]
    assert mail.get_content_type() == "multipart/related"
    text, page, picture = (it for it in mail.walk() if not it.is_multipart())
    assert isinstance(text, EmailMessage)
    assert [line.strip() for line in text.get_content().splitlines()] == PICTURED.body.splitlines()
    assert isinstance(page, EmailMessage)
    assert f'src="cid:{str(picture["Content-ID"]).strip("<>")}"' in page.get_content()
    assert picture["Content-Disposition"].startswith("inline")
    content = picture.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert is_picture(content)


async def test_a_webhook_of_ones_own_gets_the_picture_in_its_document():
    with http_receiver() as receiver:
        async with desk_at(receiver.url()) as desk:
            assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
        posted = receiver.received[0].json
    assert posted["message"] == PICTURED.body
    (attachment,) = posted["attachments"]
    assert (attachment["filename"], attachment["mimetype"]) == ("BTCUSDT.png", "image/png")
    assert is_picture(base64.b64decode(attachment["base64"]))


def test_a_template_of_the_users_own_has_no_place_for_a_picture():
    url = f"{DISCORD}?template=/nowhere.json"
    assert Destination("phone", url).attaching is None


# Who gets one.


async def test_a_channel_that_wants_none_gets_none(service: HttpReceiver):
    async with desk_at(TELEGRAM, charting=NO_PICTURES) as desk:
        await desk.tells(PICTURED)
    assert methods(service) == ["sendMessage"]


async def test_a_rule_that_wants_one_has_it_whatever_the_channel_says(service: HttpReceiver):
    asked_for = attrs.evolve(PICTURED, sketch=attrs.evolve(SKETCH, is_asked_for=True))
    async with desk_at(TELEGRAM, charting=NO_PICTURES) as desk:
        await desk.tells(asked_for)
    assert methods(service) == ["sendPhoto"]


async def test_an_alert_without_a_sketch_has_none(service: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        await desk.tells(attrs.evolve(PICTURED, sketch=None))
    assert methods(service) == ["sendMessage"]


async def test_a_digest_has_none(service: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        desk.worker.adopt(attrs.evolve(desk.worker.settings, digest_over=1))
        for number in range(3):
            desk.worker.put(pictured(number + 1))
        await desk.reports.expect(1)
    assert methods(service) == ["sendMessage"]
    assert "3 alerts" in text_of(service.received[0])


async def test_where_too_little_is_known_of_the_price_there_is_none(service: HttpReceiver):
    async with desk_at(TELEGRAM, prices=known_prices(2)) as desk:
        await desk.tells(PICTURED)
    assert methods(service) == ["sendMessage"]


async def test_one_that_is_older_than_all_that_is_known_of_the_price_has_none(
    service: HttpReceiver,
):
    old = attrs.evolve(PICTURED, time_ms=PICTURED.time_ms - 7 * 3_600_000)
    async with desk_at(TELEGRAM) as desk:
        await desk.tells(old)
    assert methods(service) == ["sendMessage"]


# What becomes of the text.


async def test_where_the_photo_is_refused_the_text_goes_alone_at_once(service: HttpReceiver):
    service.behave(REFUSED, Answer())
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
    assert methods(service) == ["sendPhoto", "sendMessage"]


async def test_a_service_that_fails_at_pictures_is_sent_none_for_a_while(
    service: HttpReceiver, mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    service.behave(REFUSED, Answer())
    async with desk_at(TELEGRAM) as desk:
        await desk.tells(PICTURED)
        mock_clock.jump(599)
        await desk.tells(PICTURED)
        mock_clock.jump(2)
        await desk.tells(PICTURED)
    assert methods(service) == ["sendPhoto", "sendMessage", "sendMessage", "sendPhoto"]
    (line,) = (it for it in caplog.records if it.name == "alertd.delivery.carrier")
    assert line.getMessage().startswith(
        "phone: Telegram took a text and not its picture, it is sent none for 10 minutes: "
    )
    assert "AAabc" not in line.getMessage()


async def test_where_the_photo_hangs_the_text_waits_for_ten_seconds(
    service: HttpReceiver, mock_clock: MockClock
):
    service.behave(Hang(), Answer())
    async with desk_at(TELEGRAM) as desk:
        desk.worker.put(pictured())
        await service.received.expect(1)
        await wait_all_tasks_blocked()
        mock_clock.jump(10)
        (report,) = await desk.reports.expect(1)
        assert (report.outcome, report.attempt, report.latency_s) == (Outcome.DELIVERED, 1, 10)
        service.release()
    assert methods(service) == ["sendPhoto", "sendMessage"]


async def test_who_asks_to_be_left_alone_is_sent_nothing_else_and_later_the_text_first(
    service: HttpReceiver, mock_clock: MockClock
):
    service.behave(too_many("7"), Answer())
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(PICTURED) == [Outcome.RETRYING]
        assert methods(service) == ["sendPhoto"]
        mock_clock.jump(7)
        await service.received.expect(3)
    assert methods(service) == ["sendPhoto", "sendMessage", "sendPhoto"]
    assert [report.outcome for report in desk.reports.so_far()] == [
        Outcome.RETRYING,
        Outcome.DELIVERED,
    ]


async def test_what_waited_in_the_process_before_has_its_picture(service: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        desk.worker.put(pictured(attempts=3))
        await desk.reports.expect(1)
    assert methods(service) == ["sendPhoto"]


@pytest.mark.parametrize("answer", [Answer(503), Answer(413), too_many("9")])
async def test_a_text_is_delivered_whatever_becomes_of_the_picture_that_follows(
    service: HttpReceiver, answer: Behaviour, caplog: pytest.LogCaptureFixture
):
    service.behave(Answer(), answer)
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(LONG) == [Outcome.DELIVERED]
        await service.received.expect(2)
        service.behave(Answer())
        assert await desk.tells(LONG) == [Outcome.DELIVERED] * 2
    assert methods(service) == ["sendMessage", "sendPhoto", "sendMessage"]
    assert "took a text and not its picture" in caplog.text


async def test_a_text_is_delivered_before_the_picture_that_follows_is_sent(
    service: HttpReceiver, mock_clock: MockClock
):
    service.behave(Answer(), Hang(), Answer())
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(LONG) == [Outcome.DELIVERED]
        desk.worker.put(pictured(2, message=LONG))
        await service.received.expect(2)
        await wait_all_tasks_blocked()
        mock_clock.jump(10)
        assert (await desk.reports.expect(2))[1].latency_s == 10
        service.release()
    assert methods(service) == ["sendMessage", "sendPhoto", "sendMessage"]


async def test_a_document_that_is_too_large_with_its_picture_goes_without():
    with http_receiver(Answer(413), Answer()) as receiver:
        async with desk_at(receiver.url()) as desk:
            assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
        attachments = [request.json["attachments"] for request in receiver.received]
    assert [len(each) for each in attachments] == [1, 0]


async def test_a_drawing_that_fails_is_told_once_and_the_text_goes(
    service: HttpReceiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object, **__: object) -> bytes:
        raise OSError("cannot open resource")

    monkeypatch.setattr(alertd.drawing.png, "draw", broken)
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(PICTURED, PICTURED) == [Outcome.DELIVERED] * 2
    assert methods(service) == ["sendMessage"] * 2
    lines = [it.getMessage() for it in caplog.records if it.name == "alertd.delivery.pictures"]
    assert lines == [
        "a picture could not be drawn, its alert goes without: OSError: cannot open resource"
    ]


async def test_a_price_that_cannot_be_drawn_does_not_keep_the_text(
    service: HttpReceiver, caplog: pytest.LogCaptureFixture
):
    impossible = attrs.evolve(PICTURED, sketch=attrs.evolve(SKETCH, levels=(1e300,)))
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(impossible) == [Outcome.DELIVERED]
    assert methods(service) == ["sendMessage"]
    assert "no price that can be drawn" in caplog.text


async def test_a_drawing_that_takes_long_does_not_keep_the_text(
    service: HttpReceiver, monkeypatch: pytest.MonkeyPatch, mock_clock: MockClock
):
    with http_receiver(Hang()) as slow:
        drawing = Received[str]()

        def never(*_: object, **__: object) -> bytes:
            drawing.add("begun")
            slow._released.wait(20)
            return b""

        monkeypatch.setattr(alertd.drawing.png, "draw", never)
        async with desk_at(TELEGRAM) as desk:
            desk.worker.put(pictured())
            await drawing.expect(1)
            await wait_all_tasks_blocked()
            mock_clock.jump(1)
            (report,) = await desk.reports.expect(1)
            assert (report.outcome, report.latency_s) == (Outcome.DELIVERED, 1)
    assert methods(service) == ["sendMessage"]


async def test_an_alert_is_drawn_once_for_all_its_destinations(monkeypatch: pytest.MonkeyPatch):
    draw, drawn = alertd.drawing.png.draw, Received[str]()

    def counted(*args: object, **keys: object) -> bytes:
        drawn.add("drawn")
        return draw(*args, **keys)  # type: ignore[arg-type]

    monkeypatch.setattr(alertd.drawing.png, "draw", counted)
    pictures = Pictures(known_prices())
    found: list[bytes | None] = []

    async def ask(charting: Charting) -> None:
        found.append(await pictures.of(PICTURED, charting))

    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(ask, WANTED)
    assert len({*found}) == len(drawn) == 1
    await ask(attrs.evolve(WANTED, span_ms=1_800_000))
    assert len(drawn) == 2
