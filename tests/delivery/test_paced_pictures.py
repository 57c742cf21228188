"""A picture that follows its text is a message more: it goes by the rates, and behind every text."""

import attrs
import pytest
from trio.testing import MockClock, wait_all_tasks_blocked

from alertd.rate import Rate
from tests.delivery.deliveries import delivery_of
from tests.delivery.picture_desks import LONG, REFUSED, TELEGRAM, Desk, desk_at, methods
from tests.delivery.pictured import PICTURED, pictured
from tests.delivery.post import SETTINGS, Post
from tests.delivery.receivers import Answer, HttpReceiver

TEXT, PHOTO = "sendMessage", "sendPhoto"


@pytest.fixture(autouse=True)
def standing_still(mock_clock: MockClock) -> None:
    """However busy the machine is: only what a test waits for takes time."""


async def test_it_waits_until_the_rates_let_it_go(messengers: HttpReceiver, mock_clock: MockClock):
    async with desk_at(TELEGRAM, rate=Rate(1, 4)) as desk:
        await desk.tells(LONG)
        mock_clock.jump(3.9)
        await wait_all_tasks_blocked()
        assert methods(messengers) == [TEXT]
        mock_clock.jump(0.1)
        await messengers.received.expect(2)
    assert methods(messengers) == [TEXT, PHOTO]


async def test_one_that_would_have_to_wait_for_long_is_left_out(
    messengers: HttpReceiver, mock_clock: MockClock
):
    async with desk_at(TELEGRAM, rate=Rate(1, 11)) as desk:
        await desk.tells(LONG)
        await wait_all_tasks_blocked()
        mock_clock.jump(11)
        await desk.tells(LONG)
    assert methods(messengers) == [TEXT, TEXT]


async def test_it_does_not_take_the_turn_of_a_text(messengers: HttpReceiver, mock_clock: MockClock):
    async with desk_at(TELEGRAM, rate=Rate(1, 4)) as desk:
        await desk.tells(LONG)
        await wait_all_tasks_blocked()
        desk.worker.put(pictured(2, message=LONG))
        await wait_all_tasks_blocked()
        mock_clock.jump(4)
        await messengers.received.expect(2)
    assert methods(messengers) == [TEXT, TEXT]


def test_it_leaves_half_of_a_minutes_messages_to_texts():
    post = Post(settings=attrs.evolve(SETTINGS, rates=(Rate(20, 60),)))
    post.has_pictures = True
    for number in range(1, 10):
        post.put(delivery_of(number))
        post.pass_until(post.s + 2)
        if len(post.pictures) < number:
            break
    assert post.times() == [0, 2, 4, 6, 8, 10]
    assert post.pictures == [0, 2, 4, 6, 8]


async def test_who_stops_does_not_wait_for_it(messengers: HttpReceiver):
    async with desk_at(TELEGRAM, rate=Rate(1, 4)) as desk:
        await desk.tells(LONG)
        await wait_all_tasks_blocked()
        desk.worker.stop()
        await desk.ended.wait()
    assert methods(messengers) == [TEXT]


async def test_it_is_counted_as_a_message(messengers: HttpReceiver, mock_clock: MockClock):
    async with desk_at(TELEGRAM, rate=Rate(2, 10)) as desk:
        await desk.tells(LONG)
        await wait_all_tasks_blocked()
        # Telegram bears one a second.
        mock_clock.jump(1)
        await messengers.received.expect(2)
        desk.worker.put(pictured(2, message=LONG))
        await waits(9, desk, mock_clock)
    assert methods(messengers) == [TEXT, PHOTO, TEXT]


async def test_one_that_was_refused_before_its_text_went_is_counted_too(
    messengers: HttpReceiver, mock_clock: MockClock
):
    messengers.behave(REFUSED, Answer())
    async with desk_at(TELEGRAM, rate=Rate(2, 10)) as desk:
        await desk.tells(PICTURED)
        desk.worker.put(pictured(2))
        await waits(10, desk, mock_clock)
    assert methods(messengers) == [PHOTO, TEXT, TEXT]


async def waits(seconds: float, desk: Desk, clock: MockClock) -> None:
    """The next text is told after so long, and no sooner."""
    while len(desk.reports) < 2:
        await wait_all_tasks_blocked(0.01)
        clock.jump(0.5)
    assert desk.reports.so_far()[1].latency_s >= seconds
