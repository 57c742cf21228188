"""A replay as the page's script reads it: an overview, and one table of numbers a symbol."""

from collections.abc import Sequence

import msgspec

from alertd.engine.rule import Rule
from alertd.engine.words import in_words
from alertd.replay.plot.chosen import Chosen
from alertd.replay.plot.levels import Level, level_of, levels_beside
from alertd.replay.plot.sampling import Slots
from alertd.replay.replayed import Replayed


class RuleShown(msgspec.Struct, frozen=True):
    """A rule: its condition in words, and how many alerts it gave in all."""

    name: str
    severity: str
    when: str
    alerts: int


class SymbolShown(msgspec.Struct, frozen=True):
    """A symbol that has a chart: how many alerts it had, and how many of them are in the page."""

    name: str
    alerts: int
    shown: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says before a symbol is looked at. `not_drawn` are symbols and their alerts."""

    alerts: int
    rules: Sequence[RuleShown]
    symbols: Sequence[SymbolShown]
    not_drawn: Sequence[tuple[str, int]]
    notes: Sequence[str]


class AlertShown(msgspec.Struct, frozen=True, kw_only=True):
    """An alert on its chart; `rule` is the place of its rule in the overview.

    `level` is what the price was compared with, where it was a price that was compared.
    """

    time: int
    rule: int
    state: str
    severity: str
    price: float
    level: Level | None
    title: str
    body: str


class LevelShown(msgspec.Struct, frozen=True):
    """A price, or a band, that a rule names; `rule` is the rule's place in the overview."""

    rule: int
    level: Level


class SymbolTable(msgspec.Struct, frozen=True, kw_only=True):
    """One symbol's chart. `times` are the first one and then the steps, in milliseconds.

    `lows` and `highs` are None where each slot holds a single close, which is both.
    """

    times: Sequence[int]
    closes: Sequence[float]
    lows: Sequence[float] | None
    highs: Sequence[float] | None
    day_lows: Sequence[float]
    day_highs: Sequence[float]
    levels: Sequence[LevelShown]
    alerts: Sequence[AlertShown]


def rules_shown(rules: Sequence[Rule], chosen: Chosen) -> list[RuleShown]:
    """Return the rules in their order."""
    return [
        RuleShown(rule.name, rule.severity.value, in_words(rule.when), chosen.by_rule[rule.name])
        for rule in rules
    ]


def symbol_table(
    symbol: str, slots: Slots, alerts: Sequence[Replayed], rules: Sequence[Rule]
) -> SymbolTable:
    """Return a symbol's chart: its path, its alerts, and the levels of the rules that watch it."""
    single = slots.lows == slots.closes == slots.highs
    return SymbolTable(
        times=[*slots.times_ms[:1], *slots.steps_ms()],
        closes=slots.closes.tolist(),
        lows=None if single else slots.lows.tolist(),
        highs=None if single else slots.highs.tolist(),
        day_lows=slots.day_lows.tolist(),
        day_highs=slots.day_highs.tolist(),
        levels=[LevelShown(place, level) for place, level in levels_beside(symbol, rules)],
        alerts=_alerts_shown(alerts, rules),
    )


def _alerts_shown(alerts: Sequence[Replayed], rules: Sequence[Rule]) -> list[AlertShown]:
    places = {rule.name: place for place, rule in enumerate(rules)}
    return [
        AlertShown(
            time=alert.time_ms,
            rule=places[alert.rule],
            state=alert.state,
            severity=alert.severity,
            price=alert.metrics["close"],
            level=level_of(alert, rules[places[alert.rule]]),
            title=alert.title,
            body=alert.body,
        )
        for alert in alerts
    ]
