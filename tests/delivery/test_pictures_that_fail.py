"""No text suffers by its picture: none is lost, told twice, or kept for long."""

import threading

import attrs
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

import alertd.drawing.png
from alertd.delivery.channel import Charting
from alertd.delivery.pictures import Pictures
from alertd.delivery.report import Outcome
from alertd.drawing.chart import Chart
from tests.delivery.picture_desks import (
    LONG,
    REFUSED,
    TELEGRAM,
    desk_at,
    methods,
)
from tests.delivery.pictured import (
    PICTURED,
    SKETCH,
    WANTED,
    known_prices,
    pictured,
)
from tests.delivery.receivers import (
    Answer,
    Behaviour,
    Hang,
    HttpReceiver,
    Received,
    http_receiver,
    too_many,
)

# Apprise itself would give up after four seconds, by a clock that does not stand still.
PATIENT = f"{TELEGRAM}?rto=60"


@pytest.fixture(autouse=True)
def standing_still(mock_clock: MockClock) -> None:
    """However busy the machine is: only what a test waits for takes time."""


async def test_where_the_photo_is_refused_the_text_goes_alone_at_once(messengers: HttpReceiver):
    messengers.behave(REFUSED, Answer())
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
    assert methods(messengers) == ["sendPhoto", "sendMessage"]


async def test_a_service_that_fails_at_pictures_is_sent_none_for_a_while(
    messengers: HttpReceiver, mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    messengers.behave(REFUSED, Answer())
    async with desk_at(TELEGRAM) as desk:
        await desk.tells(PICTURED)
        mock_clock.jump(599)
        await desk.tells(PICTURED)
        mock_clock.jump(2)
        await desk.tells(PICTURED)
    assert methods(messengers) == ["sendPhoto", "sendMessage", "sendMessage", "sendPhoto"]
    (line,) = (it for it in caplog.records if it.name == "alertd.delivery.carrier")
    assert line.getMessage().startswith(
        "phone: Telegram took a text and not its picture, it is sent none for 10 minutes: "
    )
    assert "AAabc" not in line.getMessage()


async def test_where_the_photo_hangs_the_text_waits_for_ten_seconds(
    messengers: HttpReceiver, mock_clock: MockClock
):
    messengers.behave(Hang(), Answer())
    async with desk_at(PATIENT) as desk:
        desk.worker.put(pictured())
        await messengers.received.expect(1)
        await wait_all_tasks_blocked()
        mock_clock.jump(10)
        (report,) = await desk.reports.expect(1)
        assert (report.outcome, report.attempt, report.latency_s) == (Outcome.DELIVERED, 1, 10)
        messengers.release()
    assert methods(messengers) == ["sendPhoto", "sendMessage"]


async def test_who_asks_to_be_left_alone_is_sent_nothing_else_and_later_the_text_first(
    messengers: HttpReceiver, mock_clock: MockClock
):
    messengers.behave(too_many("7"), Answer())
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(PICTURED) == [Outcome.RETRYING]
        assert methods(messengers) == ["sendPhoto"]
        mock_clock.jump(7)
        await messengers.received.expect(3)
    assert methods(messengers) == ["sendPhoto", "sendMessage", "sendPhoto"]
    assert [report.outcome for report in desk.reports.so_far()] == [
        Outcome.RETRYING,
        Outcome.DELIVERED,
    ]


async def test_what_waited_in_the_process_before_has_its_picture(messengers: HttpReceiver):
    async with desk_at(TELEGRAM) as desk:
        desk.worker.put(pictured(attempts=3))
        await desk.reports.expect(1)
    assert methods(messengers) == ["sendPhoto"]


@pytest.mark.parametrize("answer", [Answer(503), Answer(413), too_many("9")])
async def test_a_text_is_delivered_whatever_becomes_of_the_picture_that_follows(
    messengers: HttpReceiver, answer: Behaviour, caplog: pytest.LogCaptureFixture
):
    messengers.behave(Answer(), answer)
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(LONG) == [Outcome.DELIVERED]
        await messengers.received.expect(2)
        messengers.behave(Answer())
        assert await desk.tells(LONG) == [Outcome.DELIVERED] * 2
    assert methods(messengers) == ["sendMessage", "sendPhoto", "sendMessage"]
    assert "took a text and not its picture" in caplog.text


async def test_a_text_is_delivered_before_the_picture_that_follows_is_sent(
    messengers: HttpReceiver, mock_clock: MockClock
):
    messengers.behave(Answer(), Hang(), Answer())
    async with desk_at(PATIENT) as desk:
        assert await desk.tells(LONG) == [Outcome.DELIVERED]
        desk.worker.put(pictured(2, message=LONG))
        await messengers.received.expect(2)
        await wait_all_tasks_blocked()
        mock_clock.jump(10)
        assert (await desk.reports.expect(2))[1].latency_s == 10
        messengers.release()
    assert methods(messengers) == ["sendMessage", "sendPhoto", "sendMessage"]


async def test_a_document_that_is_too_large_with_its_picture_goes_without():
    with http_receiver(Answer(413), Answer()) as receiver:
        async with desk_at(receiver.url()) as desk:
            assert await desk.tells(PICTURED) == [Outcome.DELIVERED]
        attachments = [request.json["attachments"] for request in receiver.received.so_far()]
    assert [len(each) for each in attachments] == [1, 0]


async def test_a_drawing_that_fails_is_told_once_and_the_text_goes(
    messengers: HttpReceiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object, **__: object) -> bytes:
        raise OSError("cannot open resource")

    monkeypatch.setattr(alertd.drawing.png, "draw", broken)
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(PICTURED, PICTURED) == [Outcome.DELIVERED] * 2
    assert methods(messengers) == ["sendMessage"] * 2
    lines = [it.getMessage() for it in caplog.records if it.name == "alertd.delivery.pictures"]
    assert lines == [
        "a picture could not be drawn, its alert goes without: OSError: cannot open resource"
    ]


async def test_a_price_that_cannot_be_drawn_does_not_keep_the_text(
    messengers: HttpReceiver, caplog: pytest.LogCaptureFixture
):
    impossible = attrs.evolve(PICTURED, sketch=attrs.evolve(SKETCH, levels=(1e300,)))
    async with desk_at(TELEGRAM) as desk:
        assert await desk.tells(impossible) == [Outcome.DELIVERED]
    assert methods(messengers) == ["sendMessage"]
    assert "prices can be drawn from" in caplog.text


async def test_a_drawing_that_takes_long_does_not_keep_the_text(
    messengers: HttpReceiver, monkeypatch: pytest.MonkeyPatch, mock_clock: MockClock
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
    assert methods(messengers) == ["sendMessage"]


async def test_while_a_drawing_hangs_no_other_text_waits_and_then_there_are_pictures_again(
    monkeypatch: pytest.MonkeyPatch, mock_clock: MockClock
):
    draw, drawing, released = alertd.drawing.png.draw, Received[str](), threading.Event()

    def hanging(*args: object, **keys: object) -> bytes:
        drawing.add("begun")
        released.wait(20)
        return draw(*args, **keys)  # type: ignore[arg-type]

    monkeypatch.setattr(alertd.drawing.png, "draw", hanging)
    pictures = Pictures(known_prices())
    other = attrs.evolve(PICTURED, number=8)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(pictures.of, PICTURED, WANTED)
        await drawing.expect(1)
        await wait_all_tasks_blocked()
        mock_clock.jump(1)
    began_s = trio.current_time()
    assert await pictures.of(other, WANTED) is None
    assert trio.current_time() == began_s
    released.set()
    while await pictures.of(other, WANTED) is None:
        await trio.lowlevel.checkpoint()


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


async def test_no_more_than_the_newest_drawings_are_kept(monkeypatch: pytest.MonkeyPatch):
    drawn = Received[str]()

    def counted(chart: Chart, **_: object) -> bytes:
        drawn.add(chart.subtitle)
        return b"PNG"

    monkeypatch.setattr(alertd.drawing.png, "draw", counted)
    pictures = Pictures(known_prices())
    for number in (*range(9), 8, 1, 0):
        await pictures.of(attrs.evolve(PICTURED, number=number + 1), WANTED)
    assert [it.rpartition(" ")[2] for it in drawn.so_far()] == [*"123456789", "1"]
