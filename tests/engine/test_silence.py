"""A silence: which alerts it is about, and for how long it is in force."""

import pytest

from alertd.engine.rule import Severity
from alertd.engine.silence import Silence

INFO, WARNING, CRITICAL = Severity


def silence(rule: str = "*", symbol: str = "*", severity: Severity | None = None) -> Silence:
    return Silence(
        number=1, rule=rule, symbol=symbol, severity=severity, until_ms=2000, made_ms=1000
    )


@pytest.mark.parametrize(
    ("now_ms", "is_in_force"), [(999, False), (1000, True), (1999, True), (2000, False)]
)
def test_it_is_in_force_from_when_it_was_made_up_to_its_end(now_ms: int, is_in_force: bool):  # noqa: FBT001 - a table
    assert silence().is_in_force(now_ms) is is_in_force


def test_one_that_was_ended_is_not():
    ended = Silence(number=1, until_ms=2000, made_ms=1000, ended_ms=1500)
    assert not ended.is_in_force(1600)


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        (silence(), True),
        (silence(rule="crash"), True),
        (silence(rule="cra*"), True),
        (silence(rule="rash"), False),
        (silence(symbol="BTC*"), True),
        (silence(symbol="btc*"), False),
        (silence(symbol="ETHUSDT"), False),
        (silence(severity=CRITICAL), True),
        (silence(severity=WARNING), True),
        (silence(severity=INFO), False),
        (silence(rule="crash", symbol="ETH*"), False),
    ],
)
def test_it_is_about_what_all_of_it_names(asked: Silence, about: bool):  # noqa: FBT001 - a table
    assert asked.is_about("crash", "BTCUSDT", WARNING) is about


def test_a_rule_whose_name_looks_like_a_glob_is_silenced_by_its_name():
    asked = silence(rule="dips [all]")
    assert asked.is_about("dips [all]", "BTCUSDT", WARNING)
    assert asked.is_about("dips a", "BTCUSDT", WARNING)
