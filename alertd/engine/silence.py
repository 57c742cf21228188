"""A silence: somebody does not want to hear of some alerts until a time."""

from fnmatch import fnmatchcase

import attrs

from alertd.engine.rule import Severity


@attrs.frozen(kw_only=True)
class Silence:
    """Which alerts, until when, and why. `rule` and `symbol` are names or globs.

    `severity` is the most severe one that is silenced, None for all of them. Times are the
    machine's, in milliseconds; `ended_ms` is set where somebody ended it before its time.
    """

    number: int
    rule: str = "*"
    symbol: str = "*"
    severity: Severity | None = None
    until_ms: int
    comment: str = ""
    made_ms: int
    ended_ms: int | None = None

    def is_in_force(self, now_ms: int) -> bool:
        """Tell whether it silences anything at a time.

        Not before it was made: where a clock was ahead then, and is right by now, nobody knows how long it
        was meant to last, and to hear of alerts is better than to hear of none for longer.
        """
        return self.ended_ms is None and self.made_ms <= now_ms < self.until_ms

    def is_about(self, rule: str, symbol: str, severity: Severity) -> bool:
        """Tell whether such an alert is one of those that are silenced."""
        return (
            fits(rule, self.rule)
            and fits(symbol, self.symbol)
            and (self.severity is None or severity.rank <= self.severity.rank)
        )


def fits(name: str, wanted: str) -> bool:
    """Tell whether a name is the one that is wanted, or fits that glob: a name may look like a glob."""
    return name == wanted or fnmatchcase(name, wanted)
