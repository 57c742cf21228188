"""Klines from the exchange's REST interface: those that were last, with an eye on what they cost."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs
import httpx

from alertd.market.past.klines import KlineSeries
from alertd.market.rest_client import get, rest_client
from alertd.market.rest_error import RestError
from alertd.market.rest_klines import BadKlinesError, Interval, parse_klines
from alertd.market.venue import Venue

# The longest answer, 1,500 klines, is about 250 kB.
_LARGEST_ANSWER = 1024 * 1024
_TIMEOUT_S = 5.0


@attrs.frozen
class KlineRequest:
    """The newest klines of a symbol, so many of them; the newest one is not over yet."""

    symbol: str
    interval: Interval
    count: int


@attrs.define
class KlineSource:
    """Asks a venue for klines, over connections that stay open.

    `used_weight` is what this minute's requests of this address weigh, as far as is known.
    """

    venue: Venue
    _client: httpx.AsyncClient
    _timeout_s: float
    used_weight: int = attrs.field(default=0, init=False)

    def weight_of(self, request: KlineRequest) -> int:
        """Return what a request weighs."""
        return self.venue.kline_weight(request.count)

    async def fetch(self, request: KlineRequest) -> KlineSeries:
        """Return the klines; those that there are not, or that are missing, are not in it.

        Raises `RestError`.
        """
        self.used_weight += self.weight_of(request)
        interval = request.interval
        url = self.venue.klines_url(request.symbol, interval.value, request.count)
        answer = await get(self._client, url, timeout_s=self._timeout_s, largest=_LARGEST_ANSWER)
        # The exchange counts what others ask for from here as well.
        said = answer.headers.get("X-MBX-USED-WEIGHT-1M", "")
        if said.isascii() and said.isdigit():
            self.used_weight = max(self.used_weight, int(said[:9]))
        try:
            klines = parse_klines(answer.body, interval)
        except BadKlinesError as error:
            raise RestError(str(error), "is feed.rest_url the exchange's?") from None
        return KlineSeries(request.symbol, interval.ms, klines)


@asynccontextmanager
async def open_klines(
    venue: Venue,
    *,
    proxy: str | None = None,
    ssl_context: ssl.SSLContext | None = None,
    timeout_s: float = _TIMEOUT_S,
) -> AsyncIterator[KlineSource]:
    """Give a source of the venue's klines. Raises `RestError`.

    Without `proxy` those of the environment serve. `timeout_s` is for each request.
    """
    async with rest_client(proxy, ssl_context) as client:
        yield KlineSource(venue, client, timeout_s)


def requests_for(
    symbol: str, span_ms: int, venue: Venue, *, most_weight: int
) -> tuple[KlineRequest, ...]:
    """Return what to ask for, finest first, so that a symbol's last `span_ms`, a day at most, are known.

    Where klines of a minute would weigh more than `most_weight`, the older part comes in quarters
    of an hour: those of a day weigh no more than the lightest request.
    """
    minutes = _count(span_ms, Interval.MINUTE)
    if minutes <= venue.klines_for(most_weight):
        return (KlineRequest(symbol, Interval.MINUTE, minutes),)
    quarters = _count(span_ms, Interval.QUARTER)
    newest = venue.klines_for(most_weight - venue.kline_weight(quarters))
    return (
        KlineRequest(symbol, Interval.MINUTE, newest),
        KlineRequest(symbol, Interval.QUARTER, quarters),
    )


def _count(span_ms: int, interval: Interval) -> int:
    # One that is not over, and one whose first trade may be before all that is asked for.
    return -(-span_ms // interval.ms) + 2
