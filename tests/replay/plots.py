"""Pages and pictures of replays for tests, of a market that always goes the same way."""

import math
from collections.abc import Sequence
from pathlib import Path

from alertd.engine.rule import Rule
from alertd.market.past.reel import Reel
from alertd.market.ticker import Ticker
from alertd.replay.playing import Replay, play
from alertd.replay.plot.html import plot_html
from tests.replay.reels import START_MS, ListedReel, rules_of

RULES = """\
rules:
  up: {symbols: AUSDT, when: {close: {crosses_above: 104}}}
  ladder: {symbols: AUSDT, when: {close: {crosses_every: 5}}, severity: critical}
  low:
    symbols: AUSDT
    when: {close: {below: 96, rearm: 0.5}}
    for: 10m
    notify_resolved: true
    severity: warning
  corridor: {symbols: BUSDT, when: {close: {leaves: [94, 106]}}, cooldown: 3h}
"""


def close_at(minute: int) -> float:
    """A price around 100 that swings in hours and trembles in minutes."""
    swing = 8 * math.sin(minute / 110) + 2 * math.sin(minute / 13) + 0.5 * math.sin(minute * 1.7)
    return round(100 + swing, 2)


def swinging(symbol: str, *, minutes: int = 1500, missing: range = range(0)) -> ListedReel:
    """A ticker a minute, whose day is wider than the price has been."""
    tickers = [
        Ticker(symbol, START_MS + 60_000 * it, close_at(it), 100.0, 111.5, 88.5, 10.0, 1000.0)
        for it in range(minutes)
        if it not in missing
    ]
    return ListedReel(symbol, tickers)


def replay_of(folder: Path, reels: Sequence[Reel], rules: Sequence[Rule]) -> Replay:
    """The alerts of it are kept in a folder of their own in `folder`."""
    kept = folder / "alerts"
    kept.mkdir()
    return play(rules, reels, folder=kept)


def page_of(
    folder: Path, reels: Sequence[Reel], text: str = RULES, *, notes: Sequence[str] = ()
) -> Path:
    """Write the page of these reels and rules."""
    replay = replay_of(folder, reels, rules_of(folder, text))
    file = folder / "out.html"
    plot_html(reels, replay.alerts, replay.rules, file, notes=notes)
    return file
