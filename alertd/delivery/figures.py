"""Numbers of an alert in the units and digits of its symbol."""

from collections.abc import Callable, Iterable
from types import MappingProxyType

import attrs

from alertd.delivery import numbers
from alertd.engine.alert import Alert
from alertd.engine.metrics import Metric, Unit

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
# Digits are added in these steps until a number can be told from those beside it.
_MORE_DIGITS = (0, 1, 3, 6)
_PERCENT_PLACES, _SI_PLACES = 2, 1


def name_of(metric: Metric) -> str:
    """Return what a trader calls the metric."""
    return _NAMES.get(metric.name, metric.name)


def exact(metric: Metric, number: float) -> str:
    """Write a number exactly as it was asked for: rounded, it could contradict the value."""
    match metric.unit:
        case Unit.PERCENT:
            return f"{numbers.plain(number)}%"
        case Unit.PRICE:
            return numbers.plain(number)
        case Unit.BASE | Unit.QUOTE:
            return numbers.si_exact(number)


def percent(number: float, *beside: float | None) -> str:
    """Write a percentage, rounded, but so that it is not mistaken for a number beside it."""
    return f"{_apart(number, beside, lambda it, more: _shortest(it, _PERCENT_PLACES + more))}%"


@attrs.frozen
class Figures:
    """How the numbers of a symbol are written: its assets ("" where unknown), its prices' decimals."""

    base: str
    quote: str
    decimals: int

    @classmethod
    def of(cls, alert: Alert) -> "Figures":
        """Return them for an alert's symbol; its prices show how many decimals they have."""
        ticker = alert.ticker
        prices = (ticker.close, ticker.open, ticker.high, ticker.low)
        decimals = max(numbers.decimals_in(price) for price in prices)
        return cls(*_assets(alert.symbol), decimals)

    def amount(self, metric: Metric, number: float | None, *beside: float | None) -> str:
        """Write what was measured, rounded, but so that it is not mistaken for a number beside it."""
        if number is None:
            return numbers.UNDEFINED
        match metric.unit:
            case Unit.PERCENT:
                return percent(number, *beside)
            case Unit.PRICE:
                return _apart(number, beside, self._price)
            case Unit.BASE | Unit.QUOTE:
                text = _apart(number, beside, lambda it, more: numbers.si(it, _SI_PLACES + more))
                return f"{text} {self._asset(metric)}".rstrip()

    def _price(self, number: float, more: int) -> str:
        if not more:
            return numbers.price(number, self.decimals)
        if self.decimals > numbers.MOST_PLACES:
            return numbers.significant(number, numbers.MOST_PLACES + more)
        return _shortest(number, min(self.decimals + more, numbers.MOST_PLACES))

    def _asset(self, metric: Metric) -> str:
        return {Unit.BASE: self.base, Unit.QUOTE: self.quote}.get(metric.unit, "")


def _shortest(number: float, places: int) -> str:
    return numbers.plain(float(numbers.fixed(number, places)))


def _apart(
    number: float, beside: Iterable[float | None], write: Callable[[float, int], str]
) -> str:
    """Write a number with the fewest digits that tell it from those beside it; with all if it equals one.

    Those are rounded in the same way, so that what is above the other also reads like that.
    """
    others = [other for other in beside if other is not None]
    texts = ((write(number, more), more) for more in _MORE_DIGITS)
    clear = (text for text, more in texts if text not in {write(it, more) for it in others})
    return next(clear, write(number, _MORE_DIGITS[-1]))


def _assets(symbol: str) -> tuple[str, str]:
    """`BTCUSDT` is BTC and USDT; so is a delivery contract such as `BTCUSDT_260327`."""
    pair, _, _ = symbol.partition("_")
    for quote in _QUOTES:
        if pair.endswith(quote) and pair != quote:
            return pair.removesuffix(quote), quote
    return "", ""
