"""What a configuration says, for people. No URL of a channel is in it."""

import textwrap
from collections.abc import Iterator, Sequence

from alertd.config.channel_words import channel_in_words, rate_in_words
from alertd.config.delivery_checks import Service
from alertd.config.life_words import life_in_words
from alertd.config.model import Config
from alertd.config.outlook_words import outlook_in_words
from alertd.config.survey import Survey
from alertd.config.wording import counted, few
from alertd.delivery.channel import Channel
from alertd.engine.rule import Rule
from alertd.engine.words import duration_in_words, in_words
from alertd.market.listing import is_glob

_WIDTH = 80
# With more rules than this a line each is what one can still overlook.
_MOST_IN_FULL = 30
_LONGEST_NAME = 30


def as_text(survey: Survey, only: Sequence[Rule] = ()) -> str:
    """Return the summary that a person reads to see whether it is what was meant.

    Of `only` these rules, if any, it tells in full, and nothing else.
    """
    if only:
        return "\n\n".join("\n".join(_in_full(rule, survey)) for rule in only)
    return "\n".join(_lines(survey))


def _lines(survey: Survey) -> Iterator[str]:
    config = survey.config
    off = sum(not rule.enabled for rule in config.rules)
    yield f"{counted(len(config.rules), 'rule')}{f' ({off} disabled)' if off else ''}"
    if len(config.rules) > _MOST_IN_FULL:
        yield ""
        yield from _table(config.rules, survey)
    else:
        for rule in config.rules:
            yield ""
            yield from _in_full(rule, survey)
    yield ""
    yield from _wrapped(
        f"{counted(len(survey.watched), 'symbol')}: ", few(survey.watched), indent=2
    )
    yield from _channels(survey)
    yield from _own_affairs(config)
    files = ", ".join(map(str, config.files))
    yield from _wrapped(f"{counted(len(config.files), 'file')}: ", files, indent=2)
    yield "No mistakes."


def _channels(survey: Survey) -> Iterator[str]:
    yield f"{counted(len(survey.config.channels), 'channel')}:"
    width = min(max(map(len, survey.services), default=0), _LONGEST_NAME)
    for channel in survey.config.channels:
        does = channel_in_words(channel)
        services = ", ".join(_service_in_words(it, channel) for it in survey.services[channel.name])
        text = f"{services}{f'; {does}' if does else ''}"
        yield from _wrapped(f"  {channel.name:<{width}}  ", text, indent=width + 4)


def _service_in_words(service: Service, channel: Channel) -> str:
    takes_none = channel.chart.is_wanted and not service.takes_pictures
    without = ", takes no pictures" if takes_none else ""
    return f"{service.name} ({rate_in_words(service.rate)}{without})"


def _own_affairs(config: Config) -> Iterator[str]:
    yield f"alertd itself: {few(config.system) or 'nobody is told'}"
    yield f"journal: {config.journal}, kept for {duration_in_words(config.keep_ms)}"
    if config.record is not None:
        keep_ms = config.record.keep_ms
        kept = duration_in_words(keep_ms) if keep_ms is not None else "ever"
        yield f"recording: into {config.record.folder}, kept for {kept}"
    if config.heartbeat is not None:
        yield f"heartbeat: every {duration_in_words(config.heartbeat.every_ms)}"


def _in_full(rule: Rule, survey: Survey) -> Iterator[str]:
    yield f"  {rule.name}{'' if rule.enabled else ' (disabled)'}"
    told = {"when": in_words(rule.when), "life": life_in_words(rule)}
    told["on"] = _symbols_in_words(rule, survey)
    outlook = survey.outlook(rule)
    told["now"] = outlook_in_words(outlook) if outlook else ""
    told["tells"] = _channels_in_words(rule, survey)
    for word, text in told.items():
        if text:
            yield from _wrapped(f"    {word:<8}", text, indent=12)


def _channels_in_words(rule: Rule, survey: Survey) -> str:
    names = {name: [it.name for it in survey.services[name]] for name in rule.notify}
    reached = (f"{name} ({', '.join(services)})" for name, services in names.items())
    return f"{', '.join(reached)}; {rule.severity.value}"


def _symbols_in_words(rule: Rule, survey: Survey) -> str:
    """Return a rule's symbols; with what was written, where that is not the same."""
    watched = survey.symbols[rule.name]
    if not any(map(is_glob, rule.symbols)):
        return few(watched)
    without = f" without {', '.join(rule.exclude)}" if rule.exclude else ""
    count = counted(len(watched), "symbol") if survey.listing is not None else "symbols unknown"
    shown = f": {few(watched)}" if watched else ""
    return f"{', '.join(rule.symbols)}{without} ({count}{shown})"


def _table(rules: Sequence[Rule], survey: Survey) -> Iterator[str]:
    """Yield a line for each rule, cut where it would be longer than a terminal is wide."""
    width = min(max(len(rule.name) for rule in rules), _LONGEST_NAME)
    yield f"  {'rule':<{width}}  symbols  {'now' if survey.outlooks is not None else 'when'}"
    for rule in rules:
        outlook = survey.outlook(rule)
        told = outlook_in_words(outlook, most=3) if outlook else in_words(rule.when)
        state = told if rule.enabled else "disabled"
        count = len(survey.symbols[rule.name]) if rule.enabled else ""
        yield _cut(f"  {_cut(rule.name, width):<{width}}  {count:>7}  {state}", _WIDTH)
    yield ""
    yield "  `alertd check NAME ...` tells more of rules; a NAME may be a pattern: 'btc-*'."


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _wrapped(head: str, text: str, *, indent: int) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
