"""Whatever a file of tests holds, it is tests or a list of mistakes, never a traceback."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from alertd.config.mistakes import MistakesError
from alertd.rule_tests.reading import read_suite
from alertd.rule_tests.report import as_text
from alertd.rule_tests.running import run_suite
from tests.rule_tests.files import Bench

WORDS = st.sampled_from(
    [
        *("tests", "name", "rules", "symbol", "start", "ticks", "alerts", "at", "to", "every"),
        *("close", "open", "high", "low", "volume", "quote_volume", "rule", "state", "value"),
        *("threshold", "title", "message", "BTCUSDT", "ETHUSDT", "USDCUSDT", "above", "wide"),
        *("0s", "2s", "1m", "1m2s", "100", "110", "100 -> 110", "1 ->", "->", "5%", "1e308", "1e-308"),
        *("firing", "resolved", "2026-01-05T12:00:00Z", "2026-01-05", "all", "~", ".inf", "<<"),
    ]
)  # fmt: skip
TREES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), part, max_size=5)
    ),
    max_leaves=20,
)
DURATIONS = st.sampled_from(["0s", "2s", "4s", "1m", "1h"])
# A rule of every kind, since what a test may ask of a ticker ends in the engine.
RULES = """\
rules:
  above: {symbols: BTCUSDT, when: {close: {above: 100, rearm: 1%}}, repeat: 2s, notify_resolved: true}
  wide: {symbols: "*USDT", when: {range_percent: {at_least: 10}, vwap: {below: high}}, for: 2s}
  moves: {symbols: all, when: {any: [{close: {rises: 5%, within: 5m}}, {volume: {moves: 1, within: 1m}}]}}
  records: {symbols: all, when: {close: {new_high: 1m}}, cooldown: 2s}
  touches: {symbols: all, when: {all: [{close: {touches: 105}}, {not: {range_position: {below: 50}}}]}}
  leaves: {symbols: all, when: {close: {leaves: [low, vwap]}}, once: true}
"""
PRICES = st.sampled_from([1, 100, 101, 110, "100 -> 120", 5e-324, 1.7e308])
TICKS = st.fixed_dictionaries(
    {"at": DURATIONS},
    optional={
        "to": DURATIONS,
        "every": st.sampled_from(["2s", "30s"]),
        "symbol": st.sampled_from(["BTCUSDT", "ETHUSDT"]),
        "close": PRICES,
        "high": PRICES,
        "low": PRICES,
        "volume": PRICES | TREES,
    },
)
ALERTS = st.fixed_dictionaries(
    {"at": DURATIONS},
    optional={"rule": WORDS, "symbol": WORDS, "value": PRICES, "title": WORDS, "threshold": TREES},
)
TESTS = st.fixed_dictionaries(
    {
        "name": WORDS,
        "symbol": st.just("BTCUSDT"),
        "ticks": st.lists(TICKS, min_size=1, max_size=4) | TREES,
        "alerts": st.lists(ALERTS, max_size=2) | TREES,
    },
    optional={"rules": TREES, "start": TREES},
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("any"))


@settings(deadline=None)  # a shared machine may pause at any time
@given(tree=TREES)
def test_any_tree_is_tests_or_mistakes(bench: Bench, tree: object):
    check_is_run_or_mistaken(bench, tree)


@settings(deadline=None)
@given(tests=st.lists(TESTS, max_size=3))
def test_anything_in_place_of_tests_is_run_or_is_mistaken(bench: Bench, tests: list[object]):
    check_is_run_or_mistaken(bench, {"tests": tests})


def check_is_run_or_mistaken(bench: Bench, tree: object) -> None:
    bench.write(str(yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True)), RULES)
    try:
        suite = read_suite(bench.tests)
    except MistakesError as error:
        assert error.mistakes  # noqa: PT017 - either outcome is right
    else:
        assert as_text([run_suite(suite)])


@settings(deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_mistakes(bench: Bench, raw: bytes):
    bench.write("")
    bench.tests.write_bytes(raw)
    with pytest.raises(MistakesError):
        read_suite(bench.tests)
