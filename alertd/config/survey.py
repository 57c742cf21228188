"""All that `check` knows of a configuration: its symbols and services, and how its rules stand now."""

from collections.abc import Mapping, Sequence

import attrs

from alertd.config.delivery_checks import Service, services_of
from alertd.config.mistakes import Mistake
from alertd.config.model import Config
from alertd.config.outlook import Outlook, outlooks
from alertd.config.watchlist import rules_by_symbol, symbols_of
from alertd.config.wording import shown
from alertd.engine.rule import Rule
from alertd.market.listing import Listing
from alertd.market.ticker import Ticker


@attrs.frozen
class Survey:
    """A configuration and what was found out about it.

    `symbols` are those of each rule, by its name, and `services` those of each channel; `listing`
    is None where the exchange's symbols are not known. `outlooks` are by the name of the rule,
    None where no tickers are known at all.
    """

    config: Config
    listing: Listing | None
    symbols: Mapping[str, tuple[str, ...]]
    watched: tuple[str, ...]
    services: Mapping[str, list[Service]]
    outlooks: Mapping[str, Outlook] | None

    @classmethod
    def of(
        cls, config: Config, listing: Listing | None, tickers: Mapping[str, Ticker] | None
    ) -> "Survey":
        """Find it out; without `tickers` nothing is said of how the rules stand now."""
        symbols = {rule.name: symbols_of(rule, listing) for rule in config.rules}
        enabled = [rule for rule in config.rules if rule.enabled]
        return cls(
            config=config,
            listing=listing,
            symbols=symbols,
            watched=tuple(sorted(rules_by_symbol(config.rules, listing))),
            services={channel.name: services_of(channel) for channel in config.channels},
            outlooks=None if tickers is None else outlooks(enabled, symbols, tickers),
        )

    def outlook(self, rule: Rule) -> Outlook | None:
        """Return how a rule stands now, None where that is not known or it is disabled."""
        return (self.outlooks or {}).get(rule.name)

    def floods(self) -> Sequence[Mistake]:
        """Return which rules are true now for most of their symbols, each at its `when`."""
        found = [it for it in (self.outlooks or {}).values() if it.is_true_for_most]
        return [
            Mistake(self.config.rule_places[it.rule.name].when, _flood_in_words(it)) for it in found
        ]


def _flood_in_words(outlook: Outlook) -> str:
    count = f"{len(outlook.true)} of {outlook.known} symbols"
    return f"rule {shown(outlook.rule.name)} is true now for {count}: it would fire at the start"
