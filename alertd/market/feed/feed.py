"""The feed: which connections bring which symbols, as the symbols that are wanted come and go."""

import enum
import random
from collections.abc import Callable, Collection, Iterable
from typing import NoReturn

import attrs
import trio

from alertd.market.feed.events import FeedEvent
from alertd.market.feed.habits import Habits
from alertd.market.feed.link import Link
from alertd.market.feed.pacer import Pacer
from alertd.market.feed.symbol import SymbolStream
from alertd.market.feed.websocket import Route
from alertd.market.ticker import Ticker, decode_combined, decode_ticker
from alertd.market.venue import Venue

# One connection a symbol is the simplest thing, up to so many; beyond, what each wake-up costs
# counts. A shared connection has as many streams as the smaller of the two documented limits, in
# an address that stays well below the 8,000 characters that have failed.
MOST_PER_SYMBOL = 200
STREAMS_A_CONNECTION = 200
# How long links go on beside those that take over from them: what comes twice is dropped.
_TAKE_OVER_S = 60.0


class Shape(enum.Enum):
    """How symbols are spread over connections; the value is its name in the configuration."""

    AUTO = "auto"
    PER_SYMBOL = "per-symbol"
    SHARED = "shared"


@attrs.frozen(kw_only=True)
class FeedSettings:
    """How the feed connects. Times are in seconds; `draw` spreads attempts, from 0 up to 1.

    The exchange does not say how many connection attempts it allows; its spot market allows 300 in
    five minutes.
    """

    shape: Shape = Shape.AUTO
    connect_interval_s: float = 1.0
    connect_burst: int = 50
    stale_after_s: float = 30.0
    route: Route = attrs.field(factory=Route)
    draw: Callable[[], float] = random.random


class Feed:
    """Brings the tickers of the wanted symbols, over as few connections as is sensible.

    `on_ticker` gets each symbol's tickers once and in rising event time, `report` what happens;
    neither may wait. `status_of` says in words why a symbol may not trade, or None; `newest_ms` up to
    which event time it was seen by whoever watched before: what is older is late.
    """

    def __init__(  # noqa: PLR0913 - by name, but for the first two
        self,
        venue: Venue,
        settings: FeedSettings,
        *,
        on_ticker: Callable[[Ticker], None],
        report: Callable[[FeedEvent], None],
        status_of: Callable[[str], str | None] = lambda _symbol: None,
        newest_ms: Callable[[str], int] = lambda _symbol: 0,
    ) -> None:
        self._venue = venue
        self._shape = settings.shape
        self._is_shared = False
        self._on_ticker = on_ticker
        self._status_of = status_of
        self._newest_ms = newest_ms
        pacer = Pacer(interval_s=settings.connect_interval_s, burst=settings.connect_burst)
        self._habits = Habits(
            pacer=pacer,
            report=report,
            explain_silence=self._explain_silence,
            route=settings.route,
            stale_after_s=settings.stale_after_s,
            lifetime_s=venue.connection_lifetime_s,
            draw=settings.draw,
        )
        self._streams: dict[str, SymbolStream] = {}
        self._links: dict[Link, trio.CancelScope] = {}
        self._nursery: trio.Nursery | None = None

    async def run(
        self,
        symbols: Collection[str],
        *,
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> NoReturn:
        """Bring these symbols, or those that `watch` says once it is started, until cancelled."""
        async with trio.open_nursery() as self._nursery:
            self.watch(symbols)
            task_status.started()
            await trio.sleep_forever()

    def behave(self, *, connect_interval_s: float, stale_after_s: float) -> None:
        """Connect at this pace and be so patient from now on; times are in seconds."""
        self._habits.pacer.interval_s = connect_interval_s
        self._habits.stale_after_s = stale_after_s

    def watch(self, symbols: Collection[str]) -> None:
        """Bring these symbols from now on, and no others; those that stay are not disturbed."""
        wanted = dict.fromkeys(symbols)
        self._drop([symbol for symbol in self._streams if symbol not in wanted])
        fresh = [symbol for symbol in wanted if symbol not in self._streams]
        if not fresh:
            return
        streams = [self._stream(symbol) for symbol in fresh]
        if not self._is_shared and self._wants_sharing(len(wanted)):
            self._is_shared = True
            self._retire_links()
            streams = list(self._streams.values())
        if not self._is_shared:
            for stream in streams:
                self._connect([stream])
        else:
            self._share(streams)

    def _stream(self, symbol: str) -> SymbolStream:
        stream = SymbolStream(
            symbol=symbol,
            on_ticker=self._on_ticker,
            report=self._habits.report,
            newest_ms=self._newest_ms(symbol),
        )
        self._streams[symbol] = stream
        return stream

    def _share(self, streams: list[SymbolStream]) -> None:
        """Put symbols where there is room, and the rest on connections of their own."""
        for link in self._links:
            room = STREAMS_A_CONNECTION - len(link.symbols)
            joining, streams = streams[:room], streams[room:]
            if joining:
                link.add(joining)
        for start in range(0, len(streams), STREAMS_A_CONNECTION):
            self._connect(streams[start : start + STREAMS_A_CONNECTION])

    def _connect(self, streams: list[SymbolStream]) -> None:
        assert self._nursery is not None, "it is running"  # noqa: S101
        shared = self._is_shared
        link = Link(
            streams,
            address=self._shared_address if shared else self._own_address,
            decode=decode_combined if shared else decode_ticker,
            habits=self._habits,
        )
        self._links[link] = trio.CancelScope()
        self._nursery.start_soon(self._keep, link, self._links[link])

    async def _keep(self, link: Link, scope: trio.CancelScope) -> None:
        with scope:
            await link.run()

    def _wants_sharing(self, symbols: int) -> bool:
        """Tell whether so many symbols share connections; those that do go on so with fewer."""
        auto = self._shape is Shape.AUTO
        return self._shape is Shape.SHARED or (auto and symbols > MOST_PER_SYMBOL)

    def _retire_links(self) -> None:
        """Let the present links go, once others have had the time to take over from them."""
        assert self._nursery is not None, "it is running"  # noqa: S101
        scopes, self._links = list(self._links.values()), {}
        if scopes:
            self._nursery.start_soon(_cancel_later, scopes)

    def _drop(self, symbols: list[str]) -> None:
        for symbol in symbols:
            del self._streams[symbol]
        for link, scope in list(self._links.items()):
            link.remove(link.symbols.intersection(symbols))
            if not link.symbols:
                scope.cancel()
                del self._links[link]

    def _own_address(self, symbols: Iterable[str]) -> str:
        (symbol,) = symbols
        return self._venue.ticker_url(symbol)

    def _shared_address(self, symbols: Iterable[str]) -> str:
        return self._venue.combined_url(symbols)

    def _explain_silence(self, symbol: str) -> str:
        """Say what fits best when a symbol stays silent on a connection that is well."""
        status = self._status_of(symbol)
        if status is not None:
            return status
        stream = self._streams.get(symbol)
        if stream is not None and stream.is_seen:
            return f"{symbol} may be delisted or outside its trading hours"
        if any(stream.is_seen for stream in self._streams.values()):
            return f"{symbol} may be delisted, misspelt, or outside its trading hours"
        return (
            f"no symbol was seen yet: the {self._venue.name} mini tickers are not where feed.url"
            f" points, or there is no {symbol}"
        )


async def _cancel_later(scopes: list[trio.CancelScope]) -> None:
    await trio.sleep(_TAKE_OVER_S)
    for scope in scopes:
        scope.cancel()
