"""The real month, replayed by the command and calculated a second time: every alert is the same.

The second calculation is `tests/replay/second_opinion`, which knows the contract and nothing of alertd.
"""

import json
import math
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from alertd.config.structure import keys_of
from alertd.config.written import WrittenRule
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from tests.replay.second_opinion.market import read_market
from tests.replay.second_opinion.opinion import Told, read_rules, second_opinion

RULES_FILE = Path(__file__).parent / "second_opinion" / "rules.yaml"
RULES = read_rules(RULES_FILE)
FEW, MANY = 3, 450
# What says nothing of when a rule speaks.
OTHER_KEYS = {"enabled", "severity", "notify", "title", "message", "chart"}

pytestmark = pytest.mark.timeout(400)  # half a minute of work, on a machine that may be busy


@pytest.fixture(scope="module")
def files(klines_folder: Path) -> Sequence[Path]:
    return sorted(klines_folder.glob("*.csv.gz"))


@pytest.fixture(scope="module")
def calculated(files: Sequence[Path]) -> Sequence[Told]:
    return second_opinion(RULES, map(read_market, files))


@pytest.fixture(scope="module")
def replayed(files: Sequence[Path]) -> Sequence[Told]:
    return replay(files)


def replay(files: Sequence[Path], *options: str) -> Sequence[Told]:
    """Return what the command prints. A line has exactly the fields of `Told`."""
    options = ("--quiet", "--format", "jsonl", "--rules", str(RULES_FILE), *options)
    done = subprocess.run(
        [sys.executable, "-m", "alertd", "replay", *options, *map(str, files)],
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    return [told_of(json.loads(line)) for line in done.stdout.splitlines()]


def told_of(line: dict[str, Any]) -> Told:
    threshold = line["threshold"]
    band = tuple(threshold) if isinstance(threshold, list) else threshold
    return Told(**line | {"threshold": band})


def test_the_alerts_are_those_of_the_second_calculation(
    replayed: Sequence[Told], calculated: Sequence[Told]
):
    ours, theirs = ({which(told) for told in each} for each in (replayed, calculated))
    assert sorted(ours - theirs)[:20] == []
    assert sorted(theirs - ours)[:20] == []


def test_they_come_in_the_same_order(replayed: Sequence[Told], calculated: Sequence[Told]):
    assert [which(told) for told in replayed] == [which(told) for told in calculated]


def test_they_say_the_same_numbers(replayed: Sequence[Told], calculated: Sequence[Told]):
    pairs = zip(replayed, calculated, strict=True)
    assert [pair for pair in pairs if not are_close(*pair)][:5] == []


def test_four_tickers_a_kline_of_some_days_give_the_same_alerts_too(files: Sequence[Path]):
    two = [file for file in files if file.name.startswith(("BTCUSDT", "SOLUSDT"))]
    ours = replay(two, "--path", "ohlc", "--from", "2025-05-20", "--to", "2025-05-25 12:00")
    start_ms, end_ms = (
        int(pd.Timestamp(text, tz="UTC").timestamp() * 1000)
        for text in ("2025-05-20", "2025-05-25 12:00")
    )
    markets = [read_market(file, ohlc=True).between(start_ms, end_ms) for file in two]
    theirs = second_opinion(RULES, markets)
    assert [which(told) for told in ours] == [which(told) for told in theirs]
    assert [pair for pair in zip(ours, theirs, strict=True) if not are_close(*pair)][:5] == []


@pytest.mark.parametrize("name", RULES)
def test_every_rule_speaks_often_enough_to_be_compared(calculated: Sequence[Told], name: str):
    count = Counter(told.rule for told in calculated)[name]
    assert FEW <= count <= MANY


@pytest.mark.parametrize(
    "name", [name for name, rule in RULES.items() if rule.get("notify_resolved")]
)
def test_every_rule_that_says_when_it_is_over_does(calculated: Sequence[Told], name: str):
    states = {told.state for told in calculated if told.rule == name}
    assert states == {"firing", "resolved"}


def test_every_operator_and_metric_is_asked_about():
    asked = {word for rule in RULES.values() for word in words(rule["when"])}
    assert asked >= {*METRICS, *(operator.value for operator in Operator), "all", "any", "not"}


def test_every_key_that_decides_is_used():
    assert {key for rule in RULES.values() for key in rule} == set(
        keys_of(WrittenRule)
    ) - OTHER_KEYS


def words(written: Any) -> Iterator[str]:
    """Every key of a condition, however deep."""
    for part in written if isinstance(written, list) else []:
        yield from words(part)
    for name, part in written.items() if isinstance(written, dict) else ():
        yield name
        yield from words(part)


def which(told: Told) -> tuple[int, str, str, str]:
    return told.time, told.symbol, told.rule, told.state


def are_close(one: Told, other: Told) -> bool:
    """Tell whether all numbers are the same but for the tenth decimal, to which alertd settles them."""
    return list(one.metrics) == list(other.metrics) and all(
        math.isclose(mine, its, rel_tol=1e-9, abs_tol=1e-10)
        for mine, its in zip(numbers(one), numbers(other), strict=True)
    )


def numbers(told: Told) -> Iterator[float]:
    yield told.value
    yield from told.threshold if isinstance(told.threshold, tuple) else (told.threshold,)
    yield from told.metrics.values()
