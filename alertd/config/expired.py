"""Rules whose time is over, and what a person is told of them."""

from alertd.config.mistakes import Mistake
from alertd.config.model import Config


def expired_rules(config: Config, now_ms: int) -> tuple[Mistake, ...]:
    """Return where the enabled rules expired that can never fire again, each place once.

    `now_ms` is in milliseconds since 1970. `check` calls it a mistake, but a daemon that started
    yesterday must start again today.
    """
    text = "this time has passed: the rule never fires again"
    expired = (
        rule
        for rule in config.rules
        if rule.enabled and rule.expires_ms is not None and rule.expires_ms <= now_ms
    )
    places = {config.rule_places[rule.name].expires for rule in expired}
    return tuple(Mistake(place, text) for place in sorted(filter(None, places)))
