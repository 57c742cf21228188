"""Windows that are warmed from klines, for tests of that: an engine, and an exchange that was quiet so far."""

from alertd.engine.engine import Engine
from alertd.market.ticker import Ticker
from tests.engine.tickers import check_of, rule
from tests.market.kline_answers import behaves, body, row
from tests.market.past.kline_rows import MINUTE_MS, START_MS
from tests.market.rest_servers import Behaviour, answers

HOUR_MS = 60 * MINUTE_MS
NOW_MS = START_MS + 100 * MINUTE_MS + 30_000


def rows_until_now(_symbol: str, interval: str, count: int, *, price: float = 100.0) -> Behaviour:
    step = {"1m": 1, "15m": 15}[interval]
    newest = 100 - 100 % step
    minutes = range(newest - (count - 1) * step, newest + 1, step)
    return answers(body(row(minute, price) for minute in minutes))


QUIET = behaves(rows_until_now)


def ticker(close: float, *, symbol: str = "BTCUSDT", at_ms: int = NOW_MS + 1000) -> Ticker:
    return Ticker(symbol, at_ms, close, close, close, close, 1, 1)


def names(count: int) -> list[str]:
    return [f"S{number}USDT" for number in range(count)]


def engine_of(*symbols: str, within_s: float = 3600) -> Engine:
    rises = check_of("close", "rises", "3%", within_s=within_s)
    high = check_of("close", "new_high", within_s=within_s)
    rules = [rule(rises, name="rise"), rule(high, name="high")]
    return Engine(dict.fromkeys(symbols or ["BTCUSDT"], rules))


def fired(engine: Engine, close: float, *, symbol: str = "BTCUSDT") -> list[str]:
    return [alert.rule.name for alert in engine.update(ticker(close, symbol=symbol))]
