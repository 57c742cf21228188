"""What a configuration says, for people and for programs. No URL of a channel is in it."""

from collections.abc import Iterator
from typing import Any

from alertd.config.delivery_checks import services_of
from alertd.config.mistakes import MistakesError
from alertd.config.model import Config
from alertd.config.words import duration_in_words, in_words
from alertd.engine.rule import Rule


def as_text(config: Config) -> str:
    """Return the summary that a person reads to see whether it is what was meant."""
    return "\n".join(_lines(config))


def _lines(config: Config) -> Iterator[str]:
    off = sum(not rule.enabled for rule in config.rules)
    yield f"{_counted(config.rules, 'rule')}{f' ({off} disabled)' if off else ''}"
    for rule in config.rules:
        yield ""
        yield from _rule_lines(rule)
    yield ""
    yield f"{_counted(config.symbols, 'symbol')}: {', '.join(config.symbols)}"
    yield f"{_counted(config.channels, 'channel')}:"
    width = max((len(channel.name) for channel in config.channels), default=0)
    for channel in config.channels:
        yield f"  {channel.name:<{width}}  {', '.join(services_of(channel))}"
    yield f"{_counted(config.files, 'file')}: {', '.join(map(str, config.files))}"
    yield "No mistakes."


def _rule_lines(rule: Rule) -> Iterator[str]:
    mark = "" if rule.enabled else " (disabled)"
    yield f"  {rule.name}{mark}"
    held = f" for {duration_in_words(rule.hold_for_ms)}" if rule.hold_for_ms else ""
    yield f"    when    {in_words(rule.when)}{held}"
    watched = [symbol for symbol in rule.symbols if symbol not in rule.exclude]
    yield f"    on      {', '.join(watched)}"
    pause = f", at most every {duration_in_words(rule.cooldown_ms)}" if rule.cooldown_ms else ""
    yield f"    tells   {', '.join(rule.notify)} ({rule.severity.value}{pause})"


def _counted(things: tuple[object, ...], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


def as_data(config: Config) -> dict[str, Any]:
    """Return the summary as plain data; durations are in milliseconds."""
    return {
        "ok": True,
        "files": [str(file) for file in config.files],
        "rules": [_rule_data(rule) for rule in config.rules],
        "symbols": list(config.symbols),
        "channels": [
            {"name": channel.name, "services": services_of(channel)} for channel in config.channels
        ],
    }


def _rule_data(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "enabled": rule.enabled,
        "symbols": [symbol for symbol in rule.symbols if symbol not in rule.exclude],
        "when": in_words(rule.when),
        "for_ms": rule.hold_for_ms,
        "cooldown_ms": rule.cooldown_ms,
        "severity": rule.severity.value,
        "notify": list(rule.notify),
    }


def mistakes_as_data(error: MistakesError) -> dict[str, Any]:
    """Return mistakes as plain data; line and column are 0 where the file as a whole is meant."""
    return {
        "ok": False,
        "mistakes": [
            {
                "file": mistake.place.file,
                "line": mistake.place.line,
                "column": mistake.place.column,
                "text": mistake.text,
            }
            for mistake in error.mistakes
        ],
    }
