"""The local exchange's REST interface: its symbols, so that globs work in fire drills, tickers and klines.

h11 has the protocol; here is its loop over a Trio stream, for GET alone. What a client may send
is bounded by h11, and how long it may take by a deadline for each request.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import parse_qsl

import h11
import msgspec
import trio

from alertd.market.local.serving import serve_connections
from alertd.market.past.klines import Kline
from alertd.market.past.rolling_day import MiniTicker
from alertd.market.rest_klines import Interval
from alertd.market.rest_tickers import REST_KEYS
from alertd.market.venue import USDM, Venue

_REQUEST_S = 10
_CHUNK = 4096

# A client that is gone, or that does not speak HTTP: its connection ends, and nothing else does.
_ENDINGS = (h11.RemoteProtocolError, trio.BrokenResourceError, trio.ClosedResourceError)


# The exchange's answer to what there is not.
_INVALID = b'{"code":-1121,"msg":"Invalid symbol."}'

# Symbol, interval in milliseconds, how many.
NewestKlines = Callable[[str, int, int], Sequence[Kline] | None]


def _no_klines(_symbol: str, _interval_ms: int, _count: int) -> None:
    """Give none, of a market without a past."""


class LocalRest:
    """Serves the venue's `exchangeInfo`, in which these symbols trade, its `ticker/24hr` and `klines`.

    `tickers` are the newest ones by symbol, whenever somebody asks; `klines` gives the newest ones of
    a symbol, of so many milliseconds each, so many of them, None where there are none such: these are
    400, as on the exchange. Anything else is 404.
    """

    def __init__(
        self,
        symbols: Iterable[str],
        *,
        tickers: Mapping[str, MiniTicker] | None = None,
        klines: NewestKlines = _no_klines,
        venue: Venue = USDM,
    ) -> None:
        self._tickers = tickers if tickers is not None else {}
        self._newest_klines = klines
        self._answers: Mapping[str, Callable[[str], object]] = {
            _path(venue.exchange_info_path): self._exchange_info,
            _path(venue.tickers_path): self._all_tickers,
            venue.klines_path: self._klines,
        }
        self._listed: list[dict[str, object]] = []
        self.relist(symbols)

    def relist(self, symbols: Iterable[str], *, halted: Collection[str] = ()) -> None:
        """List these symbols from now on, and no others: a listing or a delisting of a drill.

        Those of them that are `halted` do not trade.
        """
        self._listed = [
            {
                "symbol": symbol,
                "status": "SETTLING" if symbol in halted else "TRADING",
                "contractType": "PERPETUAL",
                "filters": [],
            }
            for symbol in symbols
        ]

    async def serve(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Serve until cancelled; started with the port, which the system chooses for 0.

        Raises `OSError` where the port cannot be had.
        """
        await serve_connections(self._serve_stream, port, host=host, task_status=task_status)

    async def _serve_stream(self, stream: trio.abc.Stream) -> None:
        connection = h11.Connection(h11.SERVER)
        try:
            with trio.move_on_after(_REQUEST_S) as patience:
                while await self._serve_request(connection, stream):
                    patience.deadline = trio.current_time() + _REQUEST_S
        except _ENDINGS:
            await trio.lowlevel.checkpoint()

    async def _serve_request(self, connection: h11.Connection, stream: trio.abc.Stream) -> bool:
        """Answer the next request; return whether another may follow."""
        request = event = await _next_event(connection, stream)
        if not isinstance(request, h11.Request):
            return False
        while not isinstance(event, h11.EndOfMessage):  # a body is read past
            event = await _next_event(connection, stream)
        status, body = self._answer(request.method, request.target)
        await _send(connection, stream, status, body)
        if connection.states != {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}:
            return False
        connection.start_next_cycle()
        return True

    def _answer(self, method: bytes, target: bytes) -> tuple[int, bytes]:
        if method != b"GET":
            return 405, b""
        path, _, query = target.decode("ascii", "replace").partition("?")
        if path not in self._answers:
            return 404, b""
        answer = self._answers[path](query)
        return (400, _INVALID) if answer is None else (200, msgspec.json.encode(answer))

    def _exchange_info(self, _query: str) -> object:
        return {"timezone": "UTC", "symbols": self._listed}

    def _klines(self, query: str) -> object:
        asked = dict(parse_qsl(query))
        try:
            interval, count = Interval(asked["interval"]), int(asked["limit"])
            klines = self._newest_klines(asked["symbol"], interval.ms, count)
        except (KeyError, ValueError):
            return None
        return None if klines is None else [_row(kline, interval.ms) for kline in klines]

    def _all_tickers(self, _query: str) -> object:
        return [
            {key: _on_the_wire(getattr(ticker, field)) for field, key in REST_KEYS.items()}
            for ticker in self._tickers.values()
        ]


def _path(target: str) -> str:
    return target.partition("?")[0]


def _row(kline: Kline, interval_ms: int) -> list[object]:
    """Return a kline as the exchange sends it; how many trades there were, and whose, is not known."""
    known = (kline.open, kline.high, kline.low, kline.close, kline.volume)
    closes_ms, quote_volume = kline.open_time_ms + interval_ms - 1, _on_the_wire(kline.quote_volume)
    prices = map(_on_the_wire, known)
    return [kline.open_time_ms, *prices, closes_ms, quote_volume, 0, "0", "0", "0"]


def _on_the_wire(value: object) -> object:
    """Return decimals as the exchange sends them: plain digits in a string."""
    return f"{value:f}" if isinstance(value, Decimal) else value


async def _next_event(connection: h11.Connection, stream: trio.abc.Stream) -> h11.Event | None:
    """Return what the client sends next, None where it says no more."""
    while True:
        event = connection.next_event()
        if isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
            return None
        if event is not h11.NEED_DATA:
            return event  # type: ignore[return-value]  # the sentinels are done with
        connection.receive_data(bytes(await stream.receive_some(_CHUNK)))


async def _send(
    connection: h11.Connection, stream: trio.abc.Stream, status: int, body: bytes
) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    parts = (
        h11.Response(status_code=status, headers=headers),
        h11.Data(data=body),
        h11.EndOfMessage(),
    )
    for part in parts:
        await stream.send_all(connection.send(part) or b"")
