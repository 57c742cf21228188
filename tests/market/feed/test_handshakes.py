"""No answer to the handshake, however odd, does more than end that connection."""

import attrs
import pytest
import trio
from trio.testing import MockClock

from alertd.market.feed.events import Disconnected, FeedEvent, Streaming
from alertd.market.feed.feed import Feed, FeedSettings
from alertd.market.venue import USDM
from tests.market.feed.misbehaving import answers, serve, websocket
from tests.market.feed.sessions import is_well

SWITCHES = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
ACCEPTS = SWITCHES + b"Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n"

ODD = {
    "nothing of HTTP": b"\x00\xff\x00\xff\r\n\r\n",
    "a line that never ends": b"HTTP/1.1 " + b"x" * 200_000,
    "a status that is none": b"HTTP/1.1 9999 What\r\n\r\n",
    "a status below all": b"HTTP/1.1 007 Bond\r\n\r\n",
    "a switch to nothing": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "no acceptance": SWITCHES + b"\r\n",
    "another's acceptance": ACCEPTS + b"\r\n",
    "an acceptance not in ASCII": SWITCHES + b"Sec-WebSocket-Accept: \xff\xfe\r\n\r\n",
    "a subprotocol not in ASCII": SWITCHES + b"Sec-WebSocket-Protocol: \xff\xfe\r\n\r\n",
    "an upgrade not in ASCII": ACCEPTS.replace(b"websocket", b"\xffwebsocket") + b"\r\n",
    "extensions not in ASCII": SWITCHES + b"Sec-WebSocket-Extensions: \xff\xfe\r\n\r\n",
    "a length that is none": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
    "a refusal cut short": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 1000\r\n\r\nshort",
    "a body without a length": b"HTTP/1.1 503 Busy\r\n\r\n<html>",
    "chunks that are none": b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "news before the answer": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50,
}


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.005)


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
async def test_an_odd_answer_ends_one_connection_and_the_next_streams(
    answer: bytes, clock: MockClock, nursery: trio.Nursery
):
    port = await nursery.start(serve, answers(answer), websocket(is_well))
    events: list[FeedEvent] = []
    streaming = trio.Event()

    def report(event: FeedEvent) -> None:
        events.append(event)
        if isinstance(event, Streaming):
            streaming.set()

    venue = attrs.evolve(USDM, stream_url=f"ws://127.0.0.1:{port}/market")
    feed = Feed(venue, FeedSettings(), on_ticker=lambda _ticker: None, report=report)
    nursery.start_soon(feed.run, ["BTCUSDT"])
    await streaming.wait()
    nursery.cancel_scope.cancel()
    assert [type(event) for event in events] == [Disconnected, Streaming]
