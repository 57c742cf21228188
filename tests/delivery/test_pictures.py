"""Where pictures go with their texts, and who gets one."""

import base64
import json
from email.message import EmailMessage

import attrs
import pytest
from trio.testing import MockClock

from alertd.delivery.channel import NO_PICTURES
from alertd.delivery.destination import Destination
from alertd.delivery.report import Outcome
from tests.delivery.picture_desks import (
    BOT,
    DISCORD,
    LONG,
    TELEGRAM,
    WEBHOOK,
    desk_at,
    methods,
    text_of,
)
from tests.delivery.pictured import (
    PICTURED,
    SKETCH,
    is_picture,
    known_prices,
    parts_of,
    pictured,
)
from tests.delivery.receivers import (
    Answer,
    HttpReceiver,
    http_receiver,
    mail_receiver,
)


@pytest.fixture(autouse=True)
def standing_still(mock_clock: MockClock) -> None:
    """However busy the machine is: only what a test waits for takes time."""


async def test_telegram_gets_a_photo_with_the_text_as_its_caption(messengers: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
    assert methods(messengers) == ["sendPhoto"]
    parts = parts_of(messengers.received[0])
    assert is_picture(parts["photo"])
    assert PICTURED.title in parts["caption"].decode()
    assert PICTURED.body.splitlines()[-1] in parts["caption"].decode()


async def test_a_text_too_long_for_a_caption_comes_before_its_photo(messengers: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(LONG) == [Outcome.DELIVERED]
        await messengers.received.expect(2)
    assert methods(messengers) == ["sendMessage", "sendPhoto"]
    assert LONG.body in text_of(messengers.received[0])
    photo = parts_of(messengers.received[1])
    assert "caption" not in photo
    assert is_picture(photo["photo"])


@pytest.mark.parametrize("letters", range(700, 1100, 7))
def test_what_goes_with_a_photo_is_a_caption_that_telegram_takes(
    messengers: HttpReceiver, letters: int
):
    """Else Apprise makes two messages of it, of which the second may fail when the first has not."""
    destination = Destination("phone", TELEGRAM)
    message = attrs.evolve(PICTURED, body=("<& \n" * letters)[: letters - 1] + ".")
    assert destination.attaching is not None
    if destination.attaching.goes_within(message.title, message.body):
        assert destination.send(message, b"PNG") is None
        assert methods(messengers) == ["sendPhoto"]


async def test_discord_gets_the_text_and_then_the_picture(messengers: HttpReceiver):
    async with desk_at(DISCORD) as desk:
        assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
        text, picture = await messengers.received.expect(2)
    assert PICTURED.body in text.json["content"]
    parts = parts_of(picture)
    assert is_picture(parts["files[0]"])
    assert "content" not in json.loads(parts["payload_json"])


async def test_slack_gets_the_picture_by_the_bot_that_may_upload(messengers: HttpReceiver):
    posted = Answer(body=b'{"ok": true, "channel": "C123"}')
    where = json.dumps({"ok": True, "file_id": "F1", "upload_url": f"{messengers.address}/upload"})
    done = Answer(body=b'{"ok": true, "files": [{"id": "F1"}]}')
    messengers.behave(posted, posted, Answer(body=where.encode()), Answer(body=b"OK - 5"), done)
    async with desk_at(BOT) as desk:
        assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
        text, words, *_ = await messengers.received.expect(5)
    assert methods(messengers)[2:] == ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]  # fmt: skip
    assert PICTURED.body.splitlines()[0] in json.dumps(text.json, ensure_ascii=False)
    assert "BTCUSDT my-rule" in json.dumps(words.json)
    assert is_picture(parts_of(messengers.received[3])["file"])


async def test_a_slack_webhook_gets_the_text_alone(messengers: HttpReceiver):
    messengers.behave(Answer())
    async with desk_at(WEBHOOK) as desk:
        assert await desk.tells(PICTURED, PICTURED) == [Outcome.DELIVERED] * 2
    assert len(messengers.received) == 2


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


def test_a_symbol_in_other_letters_gives_its_name_to_no_file():
    chinese = attrs.evolve(PICTURED, symbol="币安人生USDT")
    with http_receiver() as receiver:
        assert Destination("desk", receiver.url()).send(chinese, b"PNG") is None
        (attachment,) = receiver.received[0].json["attachments"]
    assert attachment["filename"] == "chart.png"


def test_a_template_of_the_users_own_has_no_place_for_a_picture():
    url = f"{DISCORD}?template=/nowhere.json"
    assert Destination("phone", url).attaching is None


# Who gets one.


async def test_a_channel_that_wants_none_gets_none(messengers: HttpReceiver):
    async with desk_at(TELEGRAM, charting=NO_PICTURES) as desk:
        await desk.tells(PICTURED)
    assert methods(messengers) == ["sendMessage"]


async def test_a_rule_that_wants_one_has_it_whatever_the_channel_says(messengers: HttpReceiver):
    asked_for = attrs.evolve(PICTURED, sketch=attrs.evolve(SKETCH, is_asked_for=True))
    async with desk_at(TELEGRAM, charting=NO_PICTURES) as desk:
        await desk.tells(asked_for)
    assert methods(messengers) == ["sendPhoto"]


async def test_an_alert_without_a_sketch_has_none(messengers: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        await desk.tells(attrs.evolve(PICTURED, sketch=None))
    assert methods(messengers) == ["sendMessage"]


async def test_a_digest_has_none(messengers: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        desk.worker.adopt(attrs.evolve(desk.worker.settings, digest_over=1))
        for number in range(3):
            desk.worker.put(pictured(number + 1))
        await desk.reports.expect(1)
    assert methods(messengers) == ["sendMessage"]
    assert "3 alerts" in text_of(messengers.received[0])


async def test_where_too_little_is_known_of_the_price_there_is_none(messengers: HttpReceiver):
    async with desk_at(TELEGRAM, prices=known_prices(2)) as desk:
        await desk.tells(PICTURED)
    assert methods(messengers) == ["sendMessage"]


async def test_one_that_is_older_than_all_that_is_known_of_the_price_has_none(
    messengers: HttpReceiver,
):
    old = attrs.evolve(PICTURED, time_ms=PICTURED.time_ms - 7 * 3_600_000)
    async with desk_at(TELEGRAM) as desk:
        await desk.tells(old)
    assert methods(messengers) == ["sendMessage"]
