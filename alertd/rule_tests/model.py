"""Tests of rules, read and checked: a market told in a few ticks, and the alerts it should give."""

from collections.abc import Iterable
from pathlib import Path

import attrs

from alertd.config.mistakes import Place
from alertd.engine.alert import AlertState, Interval
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker


@attrs.frozen(kw_only=True)
class ExpectedAlert:
    """An alert that a test expects; what is None may be anything. `at_ms` is from the test's start."""

    place: Place
    at_ms: int
    rule: str
    symbol: str
    state: AlertState
    value: float | None = None
    threshold: float | Interval | None = None
    title: str | None = None
    message: str | None = None


@attrs.frozen(kw_only=True)
class RuleTest:
    """One test: these tickers, seen by these rules, give these alerts and no others.

    `start_ms` is an event time in milliseconds. The tickers are in the order of time, and those of
    a symbol have different times. Every expected alert is at the time of one of them.
    """

    name: str
    place: Place
    rules: tuple[Rule, ...]
    start_ms: int
    tickers: tuple[Ticker, ...]
    alerts: tuple[ExpectedAlert, ...]


@attrs.frozen
class Suite:
    """The tests of a file, and the file whose rules they are about."""

    file: Path
    rule_file: Path
    tests: tuple[RuleTest, ...]


def symbols_in(tickers: Iterable[Ticker]) -> tuple[str, ...]:
    """Return the symbols of tickers, in the order in which they appear."""
    return tuple(dict.fromkeys(ticker.symbol for ticker in tickers))
