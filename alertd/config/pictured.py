"""Which symbols' recent prices are kept for pictures, and for how long."""

from collections.abc import Collection, Iterable, Mapping

from alertd.delivery.channel import Channel
from alertd.engine.rule import Rule


def picture_spans(
    channels: Collection[Channel], rules: Mapping[str, Iterable[Rule]]
) -> dict[str, int]:
    """Return how many milliseconds of the past an alert may show of each symbol with these `rules`.

    Symbols are left out of which no alert has a picture: without any `chart` there are none.
    """
    known = {channel.name: channel for channel in channels}
    spans: dict[int, int] = {}
    found: dict[str, int] = {}
    longest_ms = max((channel.chart.span_ms for channel in channels), default=0)
    for symbol, its_rules in rules.items():
        span_ms = 0
        for rule in its_rules:
            if id(rule) not in spans:
                spans[id(rule)] = _span_ms(rule, known)
            span_ms = max(span_ms, spans[id(rule)])
            if span_ms == longest_ms:
                # Thousands of rules may follow, of each of hundreds of symbols.
                break
        if span_ms:
            found[symbol] = span_ms
    return found


def _span_ms(rule: Rule, channels: Mapping[str, Channel]) -> int:
    told = _reached(rule.notify, channels) if rule.enabled and rule.chart is not False else []
    spans = (it.chart.span_ms for it in told if rule.chart or it.chart.is_wanted)
    return max(spans, default=0)


def _reached(names: Iterable[str], channels: Mapping[str, Channel]) -> list[Channel]:
    """Return these channels and those that stand in for them."""
    found: dict[str, Channel] = {}
    for name in names:
        following: str | None = name
        while following is not None and following in channels and following not in found:
            found[following] = channels[following]
            following = channels[following].fallback
    return list(found.values())
