"""What an exchange may do on a websocket that is open: at its pace, in fragments, in bursts.

Event times follow Trio's clock, so that they rise from one connection to the next.
"""

import trio
from trio_websocket import WebSocketConnection
from wsproto.events import BytesMessage, Ping, TextMessage

from tests.market.feed.servers import Session, wire

# The exchange's own beat.
BEAT_S = 2.0
# The close of a ticker that is sent by an exchange that is well again.
WELL = "200"


def now_ms() -> int:
    """The event time of this moment."""
    return 1_700_000_000_000 + round(trio.current_time() * 1000)


def beats(count: int, *, every_s: float = BEAT_S, then: Session) -> Session:
    """Send a ticker now and at every beat, `count` in all, and go on a beat later."""

    async def session(connection: WebSocketConnection) -> None:
        for _ in range(count):
            await connection.send_message(wire(now_ms()))
            await trio.sleep(every_s)
        await then(connection)

    return session


async def is_well(connection: WebSocketConnection) -> None:
    """Send a ticker now and at every beat, for ever."""
    while True:
        await connection.send_message(wire(now_ms(), close=WELL))
        await trio.sleep(BEAT_S)


async def sends_fragments(connection: WebSocketConnection) -> None:
    """Send a ticker in five frames with a ping between each and the next, and be well."""
    text = wire(now_ms())
    for start in range(0, len(text), 40):
        part = TextMessage(text[start : start + 40], message_finished=start + 40 >= len(text))
        await connection._send(part)
        await connection._send(Ping(b"between"))
    await trio.sleep(BEAT_S)
    await is_well(connection)


async def sends_a_binary_ticker(connection: WebSocketConnection) -> None:
    """Send a ticker in a binary frame, and be well."""
    await connection._send(BytesMessage(wire(now_ms()).encode()))
    await trio.sleep(BEAT_S)
    await is_well(connection)


def bursts(count: int, *, ping: bool = False, then: Session) -> Session:
    """Send `count` tickers at once, a millisecond of event time apart, and go on a beat later.

    With `ping`, one is sent in the midst of them, and goes on only once it is answered.
    """

    async def session(connection: WebSocketConnection) -> None:
        before_ms = now_ms() - count
        for number in range(count):
            await connection.send_message(wire(before_ms + number))
            if ping and number == count // 2:
                await connection._send(Ping(b"in the midst"))
        if ping:
            await connection.ping()
        await trio.sleep(BEAT_S)
        await then(connection)

    return session


async def sends_no_websocket_frame(connection: WebSocketConnection) -> None:
    """Send bytes that are no frame, as a broken proxy on the way would."""
    await connection._stream.send_all(b"\xff\xff<html>" * 10)
    await trio.sleep_forever()


async def repeats_itself(connection: WebSocketConnection) -> None:
    """Send each ticker twice, then an older one, and be well."""
    for _ in range(5):
        now = now_ms()
        for time_ms in (now, now, now - 1000):
            await connection.send_message(wire(time_ms))
        await trio.sleep(BEAT_S)
    await is_well(connection)


def says_farewell(then: Session) -> Session:
    """Announce that the connection will end, and go on."""

    async def session(connection: WebSocketConnection) -> None:
        await connection.send_message('{"e":"serverShutdown","E":1}')
        await then(connection)

    return session
