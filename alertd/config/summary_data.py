"""What a configuration says, as plain data for programs. No URL of a channel is in it."""

from collections.abc import Iterable, Sequence
from typing import Any

from alertd.config.mistakes import Mistake, MistakesError
from alertd.config.outlook import Outlook
from alertd.config.survey import Survey
from alertd.delivery.channel import Channel
from alertd.engine.rule import Rule
from alertd.engine.words import hours_in_words, in_words
from alertd.market.listing import Listing


def as_data(
    survey: Survey, warnings: Iterable[Mistake], only: Sequence[Rule] = ()
) -> dict[str, Any]:
    """Return the summary; times and durations are in milliseconds. `only` these rules, if any."""
    config = survey.config
    return {
        "ok": True,
        "warnings": [_mistake_data(it) for it in warnings],
        "files": [str(file) for file in config.files],
        "rules": [_rule_data(rule, survey) for rule in only or config.rules],
        "symbols": list(survey.watched),
        "listing": None if survey.listing is None else _listing_data(survey.listing),
        "channels": [_channel_data(channel, survey) for channel in config.channels],
        "system": list(config.system),
        "journal": str(config.journal),
        "keep_ms": config.keep_ms,
        "record": config.record and str(config.record.folder),
        "heartbeat_every_ms": config.heartbeat and config.heartbeat.every_ms,
    }


def mistakes_as_data(error: MistakesError) -> dict[str, Any]:
    """Return mistakes; line and column are 0 where the file as a whole is meant."""
    return {"ok": False, "mistakes": [_mistake_data(it) for it in error.mistakes]}


def _mistake_data(mistake: Mistake) -> dict[str, Any]:
    place = mistake.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "text": mistake.text,
    }


def _listing_data(listing: Listing) -> dict[str, Any]:
    return {
        "market": listing.market,
        "fetched_ms": listing.fetched_ms,
        "trading": len(listing.trading),
    }


def _channel_data(channel: Channel, survey: Survey) -> dict[str, Any]:
    """Return what a channel does; `rates` are those of its services, the most that each is sent."""
    services, quiet = survey.services[channel.name], channel.quiet
    return {
        "name": channel.name,
        "services": [it.name for it in services],
        "rates": [{"times": it.rate.times, "seconds": it.rate.seconds} for it in services],
        "digest_over": channel.digest_over,
        "min_severity": channel.min_severity.value,
        "quiet": quiet and {"hours": hours_in_words(quiet.hours), "allow": quiet.allow.value},
        "fallback": channel.fallback,
        "picture_ms": channel.chart.span_ms if channel.chart.is_wanted else None,
    }


def _rule_data(rule: Rule, survey: Survey) -> dict[str, Any]:
    outlook = survey.outlook(rule)
    return {
        "name": rule.name,
        "enabled": rule.enabled,
        "patterns": list(rule.symbols),
        "exclude": list(rule.exclude),
        "symbols": list(survey.symbols[rule.name]),
        "when": in_words(rule.when),
        "for_ms": rule.hold_for_ms,
        "keep_firing_for_ms": rule.keep_firing_for_ms,
        "cooldown_ms": rule.cooldown_ms,
        "repeat_ms": rule.repeat_ms,
        "once": rule.once,
        "expires_ms": rule.expires_ms,
        "active": None if rule.active is None else hours_in_words(rule.active),
        "severity": rule.severity.value,
        "notify": list(rule.notify),
        "notify_resolved": rule.notify_resolved,
        "chart": rule.chart,
        "now": None if outlook is None else _outlook_data(outlook),
    }


def _outlook_data(outlook: Outlook) -> dict[str, Any]:
    """Return how a rule stands; `true` is None where one ticker of each symbol cannot tell."""
    near = outlook.nearest
    return {
        "known": outlook.known,
        "true": outlook.true if outlook.is_told else None,
        "waits_for_event": outlook.waits_for_event,
        "needs_ticks_ms": outlook.window_ms,
        "nearest": near
        and {
            "symbol": near.symbol,
            "parts": near.parts,
            "missing": near.missing,
            "distance": near.last and near.last.distance,
            "distance_percent": near.last and near.last.distance_percent,
        },
    }
