"""What a channel is told to do, in words."""

from collections.abc import Iterator

from alertd.delivery.channel import DIGEST_OVER, Channel
from alertd.engine.rule import Severity
from alertd.engine.words import duration_in_words, hours_in_words
from alertd.rate import Rate

_UNITS = {1: "a second", 60: "a minute", 3600: "an hour"}


def channel_in_words(channel: Channel) -> str:
    """Return what of a channel is not as it is for all: `warning and above; else mail`."""
    return "; ".join(_phrases(channel))


def severities_in_words(least: Severity) -> str:
    """Return which severities are meant by the least of them: `warning and above`."""
    return least.value if least is Severity.CRITICAL else f"{least.value} and above"


def rate_in_words(rate: Rate) -> str:
    """Return a rate: `20 a minute`, `5 in 2s`."""
    unit = _UNITS.get(rate.seconds)
    return f"{rate.times} {unit or f'in {duration_in_words(rate.seconds * 1000)}'}"


def _phrases(channel: Channel) -> Iterator[str]:
    if channel.min_severity is not Severity.INFO:
        yield severities_in_words(channel.min_severity)
    if channel.digest_over != DIGEST_OVER:
        yield f"merged when more than {channel.digest_over} wait"
    if channel.quiet is not None:
        yield f"quiet {hours_in_words(channel.quiet.hours)} below {channel.quiet.allow.value}"
    if channel.chart.is_wanted:
        yield f"pictures of {duration_in_words(channel.chart.span_ms)}"
    if channel.fallback is not None:
        yield f"else {channel.fallback}"
