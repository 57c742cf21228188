"""Rules that can never fire, or that are true all the time, and what a person is told of them."""

import attrs

from alertd.config.feasibility import Certainty, certainty, culprit
from alertd.config.mistakes import Mistake
from alertd.config.model import Config
from alertd.config.wording import shown
from alertd.engine.condition import Condition
from alertd.engine.rule import Rule
from alertd.engine.words import in_words


@attrs.frozen
class Certainties:
    """What is certain about enabled rules, each at the place of its `when`.

    What can `never` be true is a mistake to `check`; a daemon goes on with all other rules. What
    `always` is can be meant: with `repeat` it is a sign of life.
    """

    never: tuple[Mistake, ...] = ()
    always: tuple[Mistake, ...] = ()


def certainties(config: Config) -> Certainties:
    """Return which rules can never fire, and which are true on every tick."""
    # Rules that share their file's `when` share what is said of it.
    said: dict[Condition, Certainty | None] = {}
    found: dict[Certainty, set[Mistake]] = {it: set() for it in Certainty}
    for rule in config.rules:
        if not rule.enabled:
            continue
        if rule.when not in said:
            said[rule.when] = certainty(rule.when)
        certain = said[rule.when]
        if certain is not None:
            place = config.rule_places[rule.name].when
            found[certain].add(Mistake(place, _in_words(rule, certain)))
    return Certainties(*(tuple(sorted(found[it])) for it in (Certainty.NEVER, Certainty.ALWAYS)))


def _in_words(rule: Rule, certain: Certainty) -> str:
    if certain is Certainty.ALWAYS:
        return f"rule {shown(rule.name)} is true on every tick: it fires at the start, and is never over"
    return f"rule {shown(rule.name)} can never fire: no tick makes `{in_words(culprit(rule.when))}` true"
