"""Which symbols' recent prices are kept for pictures, and for how long."""

from collections.abc import Collection, Iterable, Mapping

from alertd.config.model import Config
from alertd.delivery.channel import Channel
from alertd.engine.rule import Rule


def picture_spans(config: Config, rules: Mapping[str, Iterable[Rule]]) -> dict[str, int]:
    """Return how many milliseconds of the past an alert may show of each symbol with these `rules`.

    They are the configuration's. Symbols are left out of which no alert has a picture: without any
    `chart` that is all of them.
    """
    channels = {channel.name: channel for channel in config.channels}
    spans = {id(rule): _span_ms(rule, channels) for rule in config.rules}
    longest_ms = max(spans.values(), default=0)
    if not longest_ms:
        return {}
    found = {
        symbol: _longest_ms(its_rules, spans, longest_ms) for symbol, its_rules in rules.items()
    }
    return {symbol: span_ms for symbol, span_ms in found.items() if span_ms}


def _longest_ms(rules: Iterable[Rule], spans: Mapping[int, int], most_ms: int) -> int:
    """Return the longest span of some rules, of which there may be thousands for each symbol."""
    found_ms = 0
    for rule in rules:
        found_ms = max(found_ms, spans[id(rule)])
        if found_ms == most_ms:
            break
    return found_ms


def _span_ms(rule: Rule, channels: Mapping[str, Channel]) -> int:
    if not rule.enabled or rule.chart is False:
        return 0
    told = _reached(rule.notify, channels)
    return max((it.chart.span_ms for it in told if rule.chart or it.chart.is_wanted), default=0)


def _reached(names: Iterable[str], channels: Mapping[str, Channel]) -> Collection[Channel]:
    """Return these channels and those that stand in for them."""
    found: dict[str, Channel] = {}
    for name in names:
        following: str | None = name
        while following is not None and following in channels and following not in found:
            found[following] = channels[following]
            following = channels[following].fallback
    return found.values()
