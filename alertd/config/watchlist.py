"""Which symbols the rules watch, by the exchange's list of them."""

from collections.abc import Iterable, Mapping

from alertd.engine.rule import Rule
from alertd.market.listing import Listing, is_glob, matches


def is_for(rule: Rule, symbol: str) -> bool:
    """Tell whether a rule watches a symbol, if that trades."""
    return any(matches(it, symbol) for it in rule.symbols) and not any(
        matches(it, symbol) for it in rule.exclude
    )


def symbols_of(rule: Rule, listing: Listing | None) -> tuple[str, ...]:
    """Return the symbols that trade and that the rule is for, each once, in its own order.

    Without a listing its names are taken at their word, and its globs stand for nothing yet.
    """
    if listing is not None:
        return listing.expand(rule.symbols, rule.exclude)
    names = [name for name in rule.symbols if not is_glob(name)]
    kept = (name for name in names if not any(matches(it, name) for it in rule.exclude))
    return tuple(dict.fromkeys(kept))


def rules_by_symbol(rules: Iterable[Rule], listing: Listing | None) -> Mapping[str, list[Rule]]:
    """Return the enabled rules of each symbol that has any, in the order in which they stand.

    A new listing makes a new mapping: what it has more or less is what began or ceased to trade.
    """
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for symbol in symbols_of(rule, listing) if rule.enabled else ():
            found.setdefault(symbol, []).append(rule)
    return found
