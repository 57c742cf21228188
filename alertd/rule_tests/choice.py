"""Which rules a test is about: those that it names, else all that are for its symbols."""

from collections.abc import Collection, Mapping, Sequence

from alertd.config.mistakes import WrongError, read_each
from alertd.config.watchlist import is_for
from alertd.config.wording import did_you_mean_or_all, shown
from alertd.engine.rule import Rule


def chosen_rules(
    names: Sequence[str] | None, rules: Mapping[str, Rule], symbols: Collection[str] | None
) -> tuple[Rule, ...]:
    """Return the rules of a test in the order of their file.

    `rules` are all that its file has; `symbols` are None where the test's ticks had mistakes. Raises
    `WrongError`, or a group of them.
    """
    if names is None:
        return _all_for(rules, symbols or ())
    named = read_each(enumerate(names), lambda _, name: _named(name, rules, symbols)).values()
    return tuple(rule for rule in rules.values() if rule in named)


def named_rule(name: str, rules: Mapping[str, Rule]) -> Rule:
    """Return the rule of this name. Raises `WrongError`."""
    if name not in rules:
        raise WrongError(f"unknown rule {shown(name)}{did_you_mean_or_all(name, rules)}")
    return rules[name]


def _named(name: str, rules: Mapping[str, Rule], symbols: Collection[str] | None) -> Rule:
    rule = named_rule(name, rules)
    if symbols is not None and not any(is_for(rule, symbol) for symbol in symbols):
        raise WrongError(f"rule {shown(name)} is not for {', '.join(symbols)}")
    return rule


def _all_for(rules: Mapping[str, Rule], symbols: Collection[str]) -> tuple[Rule, ...]:
    found = [rule for rule in rules.values() if any(is_for(rule, symbol) for symbol in symbols)]
    if symbols and not found:
        raise WrongError(f"no rule of the file is for {', '.join(symbols)}")
    return tuple(found)
