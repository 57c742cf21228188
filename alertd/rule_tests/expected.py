"""The alerts that a test expects, held against its rules and ticks."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

import attrs

from alertd.config.mistakes import Place, WrongError, read_each
from alertd.config.watchlist import is_for
from alertd.config.wording import shown
from alertd.engine.rule import Rule
from alertd.engine.words import duration_in_words
from alertd.market.ticker import Ticker
from alertd.rule_tests.choice import named_rule
from alertd.rule_tests.model import ExpectedAlert
from alertd.rule_tests.written import WrittenAlert


@attrs.frozen
class Stage:
    """What the alerts of a test can be about. `symbol` is the one that the test names, if it does."""

    rules: Mapping[str, Rule]
    symbol: str | None
    moments: Mapping[str, Collection[int]]

    @classmethod
    def of(
        cls, rules: Sequence[Rule], symbol: str | None, tickers: Sequence[Ticker], start_ms: int
    ) -> "Stage":
        """Return it for a test; `moments` are, by symbol, when its ticks come after the start."""
        moments: dict[str, set[int]] = defaultdict(set)
        for ticker in tickers:
            moments[ticker.symbol].add(ticker.time_ms - start_ms)
        return cls({rule.name: rule for rule in rules}, symbol, moments)

    def expected(
        self, alerts: Sequence[WrittenAlert], place: Callable[[int], Place]
    ) -> tuple[ExpectedAlert, ...]:
        """Return the alerts, complete; `place` tells where one stands.

        Raises a group of `WrongError`, whose paths begin with the number of an alert.
        """
        found = read_each(
            enumerate(alerts), lambda index, alert: self._expected(alert, place(index))
        )
        seen: set[tuple[int, str, str]] = set()
        for index, alert in found.items():
            key = (alert.at_ms, alert.rule, alert.symbol)
            if key in seen:
                raise WrongError("this alert is expected already: a tick gives it once", (index,))
            seen.add(key)
        return tuple(found.values())

    def _expected(self, written: WrittenAlert, place: Place) -> ExpectedAlert:
        rule, symbol = self._rule_of(written), self._symbol_of(written)
        if not is_for(rule, symbol):
            raise WrongError(f"rule {shown(rule.name)} is not for {symbol}")
        return ExpectedAlert(
            place=place,
            at_ms=self._moment_of(written, symbol),
            rule=rule.name,
            symbol=symbol,
            state=written.state,
            value=written.value,
            threshold=written.threshold,
            title=written.title,
            message=written.message,
        )

    def _rule_of(self, written: WrittenAlert) -> Rule:
        if written.rule is not None:
            return read_each([("rule", written.rule)], lambda _, it: named_rule(it, self.rules))[
                "rule"
            ]
        if not self.rules:
            raise WrongError("this test has no rules that could alert")
        if len(self.rules) > 1:
            raise WrongError(f"of which `rule`? this test has {', '.join(map(shown, self.rules))}")
        return next(iter(self.rules.values()))

    def _symbol_of(self, written: WrittenAlert) -> str:
        symbol = written.symbol or self.symbol
        if symbol is None and len(self.moments) == 1:
            symbol = next(iter(self.moments))
        if symbol is None:
            raise WrongError(f"of which `symbol`? this test has {', '.join(self.moments)}")
        if symbol not in self.moments:
            raise WrongError(f"this test has no tick of {symbol}")
        return symbol

    def _moment_of(self, written: WrittenAlert, symbol: str) -> int:
        if written.at_ms is None:
            raise WrongError("when? write `at`, the time since the test's start, like `at: 2s`")
        at_ms, moments = written.at_ms, self.moments[symbol]
        if at_ms not in moments:
            near = min(moments, key=lambda moment: (abs(moment - at_ms), moment))
            raise WrongError(
                f"no tick of {symbol} comes then, and an alert comes with a tick:"
                f" the nearest is at {duration_in_words(near)}",
                ("at",),
            )
        return at_ms
