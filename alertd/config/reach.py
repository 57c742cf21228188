"""Whom alerts reach: channels and rules that do not fit each other, right as each may be."""

from collections.abc import Iterator
from datetime import UTC

import attrs

from alertd.config.channel_words import severities_in_words
from alertd.config.mistakes import Mistake, Place
from alertd.config.model import Config
from alertd.config.wording import few, shown
from alertd.delivery.channel import Channel
from alertd.engine.hours import DAY_MINUTES, Hours
from alertd.engine.rule import Rule, Severity

_MINUTE_MS = 60_000
_MONDAY_MS = 4 * DAY_MINUTES * _MINUTE_MS  # 1970-01-05, as good as any


def reach(config: Config) -> tuple[Mistake, ...]:
    """Return what keeps alerts from being told, each in its place: all of it can be meant."""
    return tuple(sorted(_findings(config)))


def _findings(config: Config) -> Iterator[Mistake]:
    channels = {channel.name: channel for channel in config.channels}
    for text in _about_system([channels[name] for name in config.system]):
        yield Mistake(Place(str(config.files[0])), text)
    for channel in config.channels:
        places = config.channel_places[channel.name]
        for text in _about_quiet(channel):
            yield Mistake(places.quiet, text)
        for text in _about_fallback(channel, channels):
            yield Mistake(places.fallback, text)
    for rule in config.rules:
        told = [channels[name] for name in rule.notify]
        if rule.enabled and not any(_takes(channel, rule) for channel in told):
            yield Mistake(config.rule_places[rule.name].notify, _untold(rule, told))


def _about_system(told: list[Channel]) -> Iterator[str]:
    if not told:
        yield "`system` is missing: nobody is told when the feed is lost, or a channel fails"
    elif all(channel.min_severity is Severity.CRITICAL for channel in told):
        takes = "takes only what is critical" if len(told) == 1 else "take only what is critical"
        names = few([channel.name for channel in told])
        yield f"`system`: {names} {takes}, and most of what alertd says of itself is a warning"


def _takes(channel: Channel, rule: Rule) -> bool:
    return rule.severity.rank >= channel.min_severity.rank


def _untold(rule: Rule, channels: list[Channel]) -> str:
    takes = [f"{it.name} takes {severities_in_words(it.min_severity)}" for it in channels]
    return f"rule {shown(rule.name)} is {rule.severity.value}, and tells nobody: {few(takes)}"


def _about_quiet(channel: Channel) -> Iterator[str]:
    quiet = channel.quiet
    if quiet is None:
        return
    if quiet.allow.rank <= channel.min_severity.rank:
        takes = severities_in_words(channel.min_severity)
        yield f"these quiet hours hold nothing: {channel.name} takes {takes}, and they allow it"
    elif _never_ends(quiet.hours):
        yield f"these quiet hours never end: nothing below {quiet.allow.value} is ever told"


def _about_fallback(channel: Channel, channels: dict[str, Channel]) -> Iterator[str]:
    if channel.fallback is None:
        return
    other = channels[channel.fallback]
    if set(channel.urls) & set(other.urls):
        yield f"{shown(other.name)} has a URL of this channel: they fail together"
    if other.min_severity.rank > channel.min_severity.rank:
        takes = severities_in_words(other.min_severity)
        yield f"{shown(other.name)} takes {takes}: nobody takes over what is below"


def _never_ends(hours: Hours) -> bool:
    """Whether every minute of the week is among them: it is enough to look where a span ends."""
    clock = attrs.evolve(hours, zone=UTC)
    days = (_MONDAY_MS + day * DAY_MINUTES * _MINUTE_MS for day in range(7))
    return all(clock.includes(day + it.end * _MINUTE_MS) for day in days for it in hours.spans)
