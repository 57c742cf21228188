"""Alerts of replays that nobody played, and the rules and spans that go with them."""

from collections.abc import Mapping, Sequence

from alertd.engine.metrics import METRICS
from alertd.engine.rule import Rule, Severity
from alertd.replay.player import Span
from alertd.replay.replayed import Replayed
from alertd.replay.summary import Summary, summarize
from tests.delivery.samples import rule_of as sample_rule

START_MS = 1_746_403_200_000  # 2025-05-05, 00:00 UTC
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


def alert(
    minute: float,
    rule: str = "up",
    symbol: str = "BTCUSDT",
    state: str = "firing",
    *,
    severity: str = "info",
    value: float | None = 101.5,
    threshold: float | tuple[float, float] | None = 100.0,
    title: str | None = None,
    metrics: Mapping[str, float] | None = None,
) -> Replayed:
    """One that came so many minutes after the start."""
    return Replayed(
        time_ms=START_MS + round(minute * MINUTE_MS),
        rule=rule,
        symbol=symbol,
        state=state,
        severity=severity,
        value=value,
        threshold=threshold,
        metrics={"close": 101.5, "change_percent": -1.25} if metrics is None else metrics,
        title=f"{symbol} close crossed above 100" if title is None else title,
        body="Close 101.5",
    )


def rule(
    name: str = "up",
    *,
    symbols: Sequence[str] = ("all",),
    notify: Sequence[str] = (),
    enabled: bool = True,
    severity: Severity = Severity.INFO,
) -> Rule:
    return Rule(
        name=name,
        symbols=tuple(symbols),
        when=sample_rule().when,
        notify=tuple(notify),
        enabled=enabled,
        severity=severity,
    )


def span(symbol: str = "BTCUSDT", *, days: float = 10, from_day: float = 0) -> Span:
    """A symbol that was played for so many days, with a tick every minute."""
    first_ms = START_MS + round(from_day * DAY_MS)
    return Span(symbol, round(days * 1440) + 1, first_ms, first_ms + round(days * DAY_MS))


def summary_of(alerts: Sequence[Replayed], *rules: Rule, days: float = 10) -> Summary:
    """What they come to on two symbols, where nobody is told."""
    return summarize(alerts, rules or [rule()], [span(days=days), span("ETHUSDT", days=days)], [])


ALL_METRICS = {name: float(place) for place, name in enumerate(METRICS)}
