"""One symbol's stream of tickers, for as long as it is wanted: connect, read, and again."""

import random
import ssl
from collections.abc import Callable
from typing import NoReturn

import attrs
import trio
from trio_websocket import WebSocketConnection

from alertd.backoff import Backoff
from alertd.market.feed.pacer import Pacer
from alertd.market.feed.websocket import NETWORK_ERRORS, explain, open_websocket
from alertd.market.ticker import BadFrameError, Ticker, decode_ticker


@attrs.frozen
class Streaming:
    """A symbol's first ticker since it connected has come: only now is it known to be seen."""

    symbol: str


@attrs.frozen
class Disconnected:
    """A symbol is not seen: why, how often in a row that happened, and when it is tried again."""

    symbol: str
    reason: str
    failures: int
    retry_in_s: float


@attrs.frozen
class BadFrame:
    """A frame was skipped; `count` is how many of this symbol's have been."""

    symbol: str
    reason: str
    count: int


@attrs.frozen
class LateTicker:
    """A ticker no newer than the one before was skipped; `count` is how many have been."""

    symbol: str
    count: int


StreamEvent = Streaming | Disconnected | BadFrame | LateTicker


@attrs.define(kw_only=True)
class SymbolStream:
    """The stream of one symbol.

    `on_ticker` gets its tickers in rising event time, `report` what happens to the stream. Both
    are called from the reading task and must not wait: while a frame is held back here, the
    connection answers no pings.
    """

    symbol: str
    url: str
    on_ticker: Callable[[Ticker], None]
    report: Callable[[StreamEvent], None]
    pacer: Pacer
    backoff: Backoff = Backoff()  # noqa: RUF009 - frozen
    connect_timeout_s: float = 10.0
    ssl_context: ssl.SSLContext | None = None
    draw: Callable[[], float] = random.random

    _newest_ms: int = attrs.field(default=0, init=False)
    _failures: int = attrs.field(default=0, init=False)
    _bad_frames: int = attrs.field(default=0, init=False)
    _late_tickers: int = attrs.field(default=0, init=False)

    async def run(self) -> NoReturn:
        """Stream until cancelled. Only `NETWORK_ERRORS` are followed by another attempt."""
        while True:
            await self.pacer.turn()
            reason = await self._stream_once()
            self._failures += 1
            delay_s = self.backoff.delay_s(self._failures, self.draw())
            self.report(Disconnected(self.symbol, reason, self._failures, delay_s))
            await trio.sleep(delay_s)

    async def _stream_once(self) -> str:
        """Connect and read until the connection ends; return why it did."""
        reason = ""
        try:
            async with open_websocket(
                self.url,
                connect_timeout_s=self.connect_timeout_s,
                ssl_context=self.ssl_context,
            ) as connection:
                await self._read(connection)
        except* NETWORK_ERRORS as errors:
            reason = explain(errors)
        return reason

    async def _read(self, connection: WebSocketConnection) -> NoReturn:
        streaming = False
        while True:
            frame = await connection.get_message()
            ticker = self._accept(frame)
            if ticker is None:
                continue
            if not streaming:
                # Connecting alone proves nothing: a wrong route connects, and stays silent.
                streaming = True
                self._failures = 0
                self.report(Streaming(self.symbol))
            self.on_ticker(ticker)

    def _accept(self, frame: str | bytes) -> Ticker | None:
        """Return the frame's ticker if it is sound and newer than the last; report it if not."""
        try:
            ticker = self._decode(frame)
        except BadFrameError as error:
            self._bad_frames += 1
            self.report(BadFrame(self.symbol, str(error), self._bad_frames))
            return None
        if ticker.time_ms <= self._newest_ms:
            self._late_tickers += 1
            self.report(LateTicker(self.symbol, self._late_tickers))
            return None
        self._newest_ms = ticker.time_ms
        return ticker

    def _decode(self, frame: str | bytes) -> Ticker:
        ticker = decode_ticker(frame)
        if ticker.symbol != self.symbol:
            raise BadFrameError(f"a ticker of another symbol: {ticker.symbol[:40]}")
        return ticker
