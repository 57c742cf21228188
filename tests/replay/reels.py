"""Reels for tests, and rules for them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from alertd.engine.rule import Rule
from alertd.market.past.klines import KlinesError
from alertd.market.ticker import Ticker
from alertd.rule_tests.rules_tested import read_rules

START_MS = 1_746_403_200_000  # 2025-05-05, 00:00 UTC


def ticker(second: float, close: float, symbol: str = "BTCUSDT") -> Ticker:
    time_ms = START_MS + int(second * 1000)
    return Ticker(symbol, time_ms, close, close, max(close, 1e6), min(close, 1.0), 10.0, 1000.0)


@attrs.frozen
class ListedReel:
    """Tickers that are in memory; at its end a file may turn out to be broken."""

    name: str
    listed: Sequence[Ticker]
    mistake: str | None = None
    is_estimated: bool = False
    times_ms: tuple[int, int] | None = None

    @property
    def size(self) -> int:
        return len(self.listed) * 100

    def tickers(self) -> Iterator[Ticker]:
        yield from self.listed
        if self.mistake is not None:
            raise KlinesError(self.mistake)


def zigzag(symbol: str, *, ticks: int, low: float = 90, high: float = 110) -> ListedReel:
    """A symbol that is at its low and its high in turn, a second each, beginning with the low."""
    closes = [high if second % 2 else low for second in range(ticks)]
    return ListedReel(symbol, [ticker(it, close, symbol) for it, close in enumerate(closes)])


def rules_of(folder: Path, text: str) -> tuple[Rule, ...]:
    file = folder / "rules.yaml"
    file.write_text(text, encoding="utf-8")
    return tuple(read_rules(file, None).values())


def crossing(folder: Path, symbols: str = "all") -> tuple[Rule, ...]:
    """One rule: up through 100, which zigzags do at every second tick."""
    return rules_of(
        folder, f"rules: {{up: {{symbols: {symbols}, when: {{close: {{crosses_above: 100}}}}}}}}"
    )
