"""The built-in title and text of an alert, made for the width of a phone (about 40 characters)."""

from types import MappingProxyType

from alertd.delivery import numbers
from alertd.delivery.facts import moment
from alertd.engine.alert import Alert, Reading
from alertd.engine.condition import Band, Comparison, Operator
from alertd.engine.metrics import METRICS, Metric, Unit
from alertd.engine.rule import Severity

_NAMES = MappingProxyType(
    {
        "high": "24h high",
        "low": "24h low",
        "open": "24h open",
        "volume": "24h volume",
        "quote_volume": "24h volume",
        "change": "24h change",
        "change_percent": "24h change",
        "range": "24h range",
        "range_percent": "24h range",
        "range_position": "place in 24h range",
        "drawdown_percent": "drop from 24h high",
        "rebound_percent": "rise from 24h low",
        "vwap": "24h VWAP",
    }
)
# The exchange's quote assets; a symbol of another one gets no unit rather than a wrong one.
_QUOTES = ("USDT", "USDC", "BTC")


def title_of(alert: Alert) -> str:
    """Return what happened in one line: at most about 60 characters."""
    reading = alert.decisive
    return f"{alert.symbol} {_name(reading.comparison.metric)} {_account(alert, reading)}"


def text_of(alert: Alert) -> str:
    """Return a line for each reading, then the market's last 24 hours, the rule and the time."""
    lines = [_line(alert, reading) for reading in alert.readings]
    if alert.rule.hold_for_ms:
        lines.append(f"Held for {numbers.duration(alert.held_for_ms / 1000)}")
    return "\n".join([*lines, *_context(alert), *_origin(alert)])


def _line(alert: Alert, reading: Reading) -> str:
    name = _name(reading.comparison.metric)
    now = _amount(alert, reading.comparison.metric, reading.value)
    line = f"{name[0].upper()}{name[1:]} {now}, {_condition(reading.comparison)}"
    if reading.comparison.operator.is_event and reading.previous is not None:
        line += f", was {_amount(alert, reading.comparison.metric, reading.previous)}"
    return line


def _account(alert: Alert, reading: Reading) -> str:
    """Say what an event did, or where a level is: it may be far past what was asked for."""
    condition = _condition(reading.comparison)
    if reading.comparison.operator.is_event:
        return condition
    return f"{_amount(alert, reading.comparison.metric, reading.value)}, {condition}"


def _condition(test: Comparison) -> str:
    words = test.operator.value.replace("_", " ").replace("crosses", "crossed")
    if isinstance(test.level, Band):
        joint = "and" if test.operator is Operator.BETWEEN else "to"
        low, high = _level(test.metric, test.level.low), _level(test.metric, test.level.high)
        return f"{words} {low} {joint} {high}"
    return f"{words} {_level(test.metric, test.level)}"


def _context(alert: Alert) -> list[str]:
    ticker = alert.ticker
    change = METRICS["change_percent"].of(ticker) or 0.0
    volume = _amount(alert, METRICS["quote_volume"], ticker.quote_volume)
    low, high = numbers.plain(ticker.low), numbers.plain(ticker.high)
    return [
        f"24h {'+' if change > 0 else ''}{_percent(change)}, {low} to {high}",
        f"24h volume {volume}",
    ]


def _origin(alert: Alert) -> list[str]:
    severity = alert.rule.severity
    suffix = "" if severity is Severity.INFO else f" ({severity.value})"
    return [f"Rule {alert.rule.name}{suffix}", f"{moment(alert.time_ms):%Y-%m-%d %H:%M:%S} UTC"]


def _name(metric: Metric) -> str:
    return _NAMES.get(metric.name, metric.name)


def _level(metric: Metric, level: float) -> str:
    """Write a level exactly as it was asked for: rounded, it could contradict the value."""
    match metric.unit:
        case Unit.PERCENT:
            return f"{numbers.plain(level)}%"
        case Unit.PRICE:
            return numbers.plain(level)
        case Unit.BASE | Unit.QUOTE:
            return numbers.si_exact(level)


def _amount(alert: Alert, metric: Metric, value: float) -> str:
    base, quote = _assets(alert.symbol)
    match metric.unit:
        case Unit.PERCENT:
            return _percent(value)
        case Unit.PRICE:
            return numbers.price(value, _decimals(alert))
        case Unit.BASE:
            return f"{numbers.si(value)} {base}".rstrip()
        case Unit.QUOTE:
            return f"{numbers.si(value)} {quote}".rstrip()


def _percent(value: float) -> str:
    return f"{numbers.plain(float(numbers.fixed(value, 2)))}%"


def _decimals(alert: Alert) -> int:
    ticker = alert.ticker
    prices = (ticker.close, ticker.open, ticker.high, ticker.low)
    return max(numbers.decimals_in(price) for price in prices)


def _assets(symbol: str) -> tuple[str, str]:
    """`BTCUSDT` is BTC and USDT; so is a delivery contract such as `BTCUSDT_260327`."""
    pair, _, _ = symbol.partition("_")
    for quote in _QUOTES:
        if pair.endswith(quote) and pair != quote:
            return pair.removesuffix(quote), quote
    return "", ""
