"""What a rule says of its own life, in words."""

from collections.abc import Iterator
from datetime import UTC, datetime

from alertd.engine.rule import Rule
from alertd.engine.words import duration_in_words, hours_in_words


def life_in_words(rule: Rule) -> str:
    """Return when a rule fires, again, and no more: `held for 30s; at most every 15m; once`."""
    return "; ".join(_phrases(rule))


def _phrases(rule: Rule) -> Iterator[str]:
    if rule.hold_for_ms:
        yield f"held for {duration_in_words(rule.hold_for_ms)}"
    if rule.keep_firing_for_ms:
        yield f"over when false for {duration_in_words(rule.keep_firing_for_ms)}"
    if rule.cooldown_ms:
        yield f"at most every {duration_in_words(rule.cooldown_ms)}"
    if rule.repeat_ms is not None:
        yield f"again every {duration_in_words(rule.repeat_ms)} while it fires"
    if rule.once:
        yield "once for each symbol"
    if rule.notify_resolved:
        yield "says when it is over"
    if rule.chart is not None:
        yield "with a picture" if rule.chart else "without a picture"
    if rule.active is not None:
        yield f"active {hours_in_words(rule.active)}"
    if rule.expires_ms is not None:
        until = datetime.fromtimestamp(rule.expires_ms // 1000, UTC)
        yield f"until {until:%Y-%m-%d %H:%M} UTC"
