"""The symbols of the rules against the exchange's list of them, and what a person is told of it."""

from collections.abc import Iterator

import attrs

from alertd.config.mistakes import Mistake, Place
from alertd.config.model import Config
from alertd.config.watchlist import symbols_of
from alertd.config.wording import did_you_mean, shown
from alertd.engine.rule import Rule
from alertd.engine.words import duration_in_words
from alertd.market.listing import DELISTED, Fault, Listing, is_glob
from alertd.market.listings import CacheFailed, ListingEvent, RefreshFailed

_MINUTE_MS = 60_000
# Most symbols end alike: USDCUSDT and SUIUSDT are two thirds the same.
_LIKENESS = 0.75


@attrs.frozen
class SymbolFindings:
    """What is the matter with patterns, each in its place and once.

    `unknown` are names that the exchange has never listed: mistakes, whenever they are looked at.
    `idle` are right as such and stand for nothing that trades today: `check` calls it a mistake
    too, but a daemon that started yesterday must start again today. `surplus` are names in `exclude`
    that it has never listed: they leave out nothing, and whatever is watched is watched all the same.
    """

    unknown: tuple[Mistake, ...] = ()
    idle: tuple[Mistake, ...] = ()
    surplus: tuple[Mistake, ...] = ()


def symbol_findings(config: Config, listing: Listing | None) -> SymbolFindings:
    """Return what the listing says about the symbols of all rules that are enabled.

    Without a listing, names cannot be wrong, and all globs are idle.
    """
    if listing is None:
        return SymbolFindings(idle=_in_order(_waiting_globs(config)))
    judge = _Judge(listing)
    for rule in config.rules:
        if rule.enabled:
            judge.look_at(rule, config)
    return SymbolFindings(*map(_in_order, (judge.unknown, judge.idle, judge.surplus)))


@attrs.frozen
class _Judge:
    listing: Listing
    unknown: list[Mistake] = attrs.field(factory=list)
    idle: list[Mistake] = attrs.field(factory=list)
    surplus: list[Mistake] = attrs.field(factory=list)
    # Pattern -> the words for it: looking for what may have been meant takes milliseconds.
    _texts: dict[str, str] = attrs.field(factory=dict)

    def look_at(self, rule: Rule, config: Config) -> None:
        places = config.rule_places[rule.name]
        for pattern, place in zip(rule.symbols, places.symbols, strict=True):
            match self.listing.fault_of(pattern):
                case Fault.UNKNOWN:
                    self._add(self.unknown, place, pattern)
                case Fault.NOT_TRADING | Fault.MATCHES_NOTHING:
                    self._add(self.idle, place, pattern)
        for pattern, place in zip(rule.exclude, places.exclude, strict=True):
            # A rule for the exchange is for a fire drill too, where only some of its symbols are.
            if self.listing.fault_of(pattern) is Fault.UNKNOWN:
                self._add(self.surplus, place, pattern)
        if self.listing.expand(rule.symbols) and not symbols_of(rule, self.listing):
            text = f"every symbol of rule {shown(rule.name)} is excluded today"
            self.idle.append(Mistake(places.exclude[0], text))

    def _add(self, mistakes: list[Mistake], place: Place, pattern: str) -> None:
        if pattern not in self._texts:
            self._texts[pattern] = _in_words(pattern, self.listing)
        mistakes.append(Mistake(place, self._texts[pattern]))


def _in_words(pattern: str, listing: Listing) -> str:
    if is_glob(pattern):
        return f"{shown(pattern)} matches no symbol that trades"
    symbol = listing.symbols.get(pattern)
    if symbol is None:
        hint = did_you_mean(pattern, listing.trading, likeness=_LIKENESS)
        return f"unknown symbol {shown(pattern)}{hint}"
    if symbol.status == DELISTED:
        return f"{shown(pattern)} is no longer listed"
    return f"{shown(pattern)} is listed, but does not trade: its status is {symbol.status}"


def _waiting_globs(config: Config) -> Iterator[Mistake]:
    for rule in config.rules:
        places = config.rule_places[rule.name].symbols
        for pattern, place in zip(rule.symbols, places, strict=True):
            if rule.enabled and is_glob(pattern):
                text = f"{shown(pattern)} matches nothing until the exchange's symbols can be read"
                yield Mistake(place, text)


def _in_order(mistakes: "list[Mistake] | Iterator[Mistake]") -> tuple[Mistake, ...]:
    return tuple(sorted(set(mistakes)))


def silence_in_words(symbol: str, listing: Listing | None) -> str | None:
    """Return why a symbol may be silent, None where the listing knows no reason."""
    listed = listing.symbols.get(symbol) if listing else None
    if listed is None or listed.trades:
        return None
    return f"{symbol} does not trade: its status is {listed.status}"


def event_in_words(event: ListingEvent) -> str:
    """Return on one line what happened to the listing."""
    match event:
        case RefreshFailed():
            return f"the exchange's symbols cannot be read: {event.error}"
        case CacheFailed():
            return f"the list of symbols on disk: {event.reason}"


def fallback_in_words(listing: Listing | None, now_ms: int) -> str:
    """Return what serves where the exchange was not asked or did not answer."""
    if listing is None:
        return "symbols are not checked: no list of them is on disk either"
    age_ms = max(now_ms - listing.fetched_ms, 0) // _MINUTE_MS * _MINUTE_MS
    age = duration_in_words(age_ms) if age_ms else "less than a minute"
    return f"symbols are checked against the list of {age} ago"
