"""Klines as the exchange's REST interface answers them."""

import json
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs, urlsplit

from tests.market.past.kline_rows import MINUTE_MS, START_MS
from tests.market.rest_servers import Behaviour, Exchange

Row = list[int | str]


def row(minute: int, *prices: float, interval_ms: int = MINUTE_MS) -> Row:
    """A kline, by the minute at which it begins: open, high, low, close, or one price for all of them."""
    open_ms = START_MS + minute * MINUTE_MS
    texts = [str(price) for price in (prices if len(prices) > 1 else prices * 4)]
    closes_ms = open_ms + interval_ms - 1
    return [open_ms, *texts, "3.0", closes_ms, "31.5", 7, "1.5", "15.75", "0"]


def body(rows: Iterable[Row]) -> bytes:
    return json.dumps(list(rows)).encode()


def behaves(answer: Callable[[str, str, int], Behaviour]) -> Behaviour:
    """Answer by symbol, interval and count."""

    def behave(exchange: Exchange) -> None:
        asked = {key: it[0] for key, it in parse_qs(urlsplit(exchange.handler.path).query).items()}
        answer(asked["symbol"], asked["interval"], int(asked["limit"]))(exchange)

    return behave
