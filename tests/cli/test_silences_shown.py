"""Silences as a terminal shows them."""

import io

import attrs
import pytest
from rich.console import Console

from alertd.cli.silences_shown import in_words, shown
from alertd.web.answers import Silence

# 2023-11-14 22:13:20 UTC
UNTIL_MS = 1_700_000_000_000
SILENCE = Silence(
    number=2,
    rule="btc-*",
    symbol="BTCUSDT",
    severity=None,
    until_ms=UNTIL_MS,
    comment="release",
    made_ms=UNTIL_MS - 1,
    ended_ms=None,
    in_force=True,
    silenced=3,
)


def printed(silence: Silence, width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width).print(shown([silence], width=width, utc=True))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_table_has_a_row_for_each():
    header, row = printed(SILENCE, 80)
    assert header.split() == ["#", "what", "until", "silenced", "why"]
    assert row.split() == [
        *("2", "rule", "btc-*", "on", "BTCUSDT"),
        *("2023-11-14", "22:13:20", "UTC", "3", "release"),
    ]


def test_where_a_table_would_be_all_breaks_each_has_lines_of_its_own():
    assert printed(SILENCE, 40) == [
        "2 rule btc-* on BTCUSDT",
        "  until 2023-11-14 22:13:20 UTC",
        "  silenced 3, release",
    ]


def test_one_that_was_ended_says_when():
    ended = attrs.evolve(SILENCE, ended_ms=UNTIL_MS - 20_000, comment="", silenced=None)
    assert printed(ended, 40)[1:] == ["  ended 2023-11-14 22:13:00 UTC", "  silenced ?"]


@pytest.mark.parametrize(
    ("silence", "words"),
    [
        (attrs.evolve(SILENCE, symbol="*"), "rule btc-*"),
        (attrs.evolve(SILENCE, rule="*", symbol="*"), "every rule"),
        (attrs.evolve(SILENCE, rule="*", severity="info"), "every rule on BTCUSDT, only info"),
        (attrs.evolve(SILENCE, severity="warning"), "rule btc-* on BTCUSDT, up to warning"),
        (attrs.evolve(SILENCE, severity="critical"), "rule btc-* on BTCUSDT"),
    ],
)
def test_what_is_silenced_is_said_in_words(silence: Silence, words: str):
    assert in_words(silence) == words
