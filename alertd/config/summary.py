"""What a configuration says, for people and for programs. No URL of a channel is in it."""

from collections.abc import Iterator, Sequence
from typing import Any

from alertd.config.delivery_checks import services_of
from alertd.config.mistakes import MistakesError
from alertd.config.model import Config
from alertd.config.watchlist import rules_by_symbol, symbols_of
from alertd.engine.rule import Rule
from alertd.engine.words import duration_in_words, in_words
from alertd.market.listing import Listing, is_glob

# As many symbols as people still read; programs get all of them.
_MOST_SHOWN = 12


def as_text(config: Config, listing: Listing | None) -> str:
    """Return the summary that a person reads to see whether it is what was meant."""
    return "\n".join(_lines(config, listing))


def _lines(config: Config, listing: Listing | None) -> Iterator[str]:
    off = sum(not rule.enabled for rule in config.rules)
    yield f"{_counted(config.rules, 'rule')}{f' ({off} disabled)' if off else ''}"
    for rule in config.rules:
        yield ""
        yield from _rule_lines(rule, listing)
    yield ""
    symbols = sorted(rules_by_symbol(config.rules, listing))
    yield f"{_counted(symbols, 'symbol')}: {_few(symbols)}"
    yield f"{_counted(config.channels, 'channel')}:"
    width = max((len(channel.name) for channel in config.channels), default=0)
    for channel in config.channels:
        yield f"  {channel.name:<{width}}  {', '.join(services_of(channel))}"
    yield f"{_counted(config.files, 'file')}: {', '.join(map(str, config.files))}"
    yield "No mistakes."


def _rule_lines(rule: Rule, listing: Listing | None) -> Iterator[str]:
    mark = "" if rule.enabled else " (disabled)"
    yield f"  {rule.name}{mark}"
    held = f" for {duration_in_words(rule.hold_for_ms)}" if rule.hold_for_ms else ""
    yield f"    when    {in_words(rule.when)}{held}"
    yield f"    on      {_symbols_in_words(rule, listing)}"
    pause = f", at most every {duration_in_words(rule.cooldown_ms)}" if rule.cooldown_ms else ""
    yield f"    tells   {', '.join(rule.notify)} ({rule.severity.value}{pause})"


def _symbols_in_words(rule: Rule, listing: Listing | None) -> str:
    """Return a rule's symbols; with what was written, where that is not the same."""
    watched = symbols_of(rule, listing)
    if not any(map(is_glob, rule.symbols)):
        return ", ".join(watched)
    without = f" without {', '.join(rule.exclude)}" if rule.exclude else ""
    count = _counted(watched, "symbol") if listing is not None else "symbols unknown"
    shown = f": {_few(watched)}" if watched else ""
    return f"{', '.join(rule.symbols)}{without} ({count}{shown})"


def _few(symbols: Sequence[str]) -> str:
    more = len(symbols) - _MOST_SHOWN
    end = f", and {more} more" if more > 0 else ""
    return f"{', '.join(symbols[:_MOST_SHOWN])}{end}"


def _counted(things: Sequence[object], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


def as_data(config: Config, listing: Listing | None) -> dict[str, Any]:
    """Return the summary as plain data; times and durations are in milliseconds."""
    return {
        "ok": True,
        "files": [str(file) for file in config.files],
        "rules": [_rule_data(rule, listing) for rule in config.rules],
        "symbols": sorted(rules_by_symbol(config.rules, listing)),
        "listing": None if listing is None else _listing_data(listing),
        "channels": [
            {"name": channel.name, "services": services_of(channel)} for channel in config.channels
        ],
    }


def _listing_data(listing: Listing) -> dict[str, Any]:
    return {
        "market": listing.market,
        "fetched_ms": listing.fetched_ms,
        "trading": len(listing.trading),
    }


def _rule_data(rule: Rule, listing: Listing | None) -> dict[str, Any]:
    return {
        "name": rule.name,
        "enabled": rule.enabled,
        "patterns": list(rule.symbols),
        "exclude": list(rule.exclude),
        "symbols": list(symbols_of(rule, listing)),
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
