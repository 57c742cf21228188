"""Files of rules and of their tests, written for a test."""

from pathlib import Path

import attrs
import pytest

from alertd.config.mistakes import MistakesError
from alertd.rule_tests.model import RuleTest
from alertd.rule_tests.reading import read_suite

RULES = """\
rules:
  above: {symbols: BTCUSDT, when: {close: {above: 100}}}
  wide: {symbols: "*USDT", when: {range_percent: {at_least: 10}}, enabled: false}
"""


@attrs.frozen
class Bench:
    """A folder with my.yaml, some rules, and my.test.yaml, which is about them."""

    path: Path

    @property
    def tests(self) -> Path:
        return self.path / "my.test.yaml"

    def write(self, tests: str, rules: str = RULES) -> None:
        (self.path / "my.yaml").write_text(rules, encoding="utf-8")
        self.tests.write_text(tests, encoding="utf-8")

    def test(
        self, ticks: str, alerts: str = "[]", *, rules: str = RULES, keys: str = ""
    ) -> RuleTest:
        """Return the only test of a file: on BTCUSDT, of these flow-style ticks and alerts."""
        head = f"name: a test, symbol: BTCUSDT, {keys}"
        self.write(f"tests: [{{{head} ticks: {ticks}, alerts: {alerts}}}]", rules)
        (test,) = read_suite(self.tests).tests
        return test

    def mistakes(self, tests: str, rules: str = RULES, config: Path | None = None) -> list[str]:
        """Return the mistakes of a file of tests, with the folder's name taken off."""
        self.write(tests, rules)
        with pytest.raises(MistakesError) as raised:
            read_suite(self.tests, config=config)
        return [str(it).replace(f"{self.path}/", "") for it in raised.value.mistakes]
