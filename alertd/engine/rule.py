"""A rule: what a person wrote, checked and ready to be evaluated."""

import enum

import attrs

from alertd.engine.condition import Condition


class Severity(enum.Enum):
    """How much an alert matters, in rising order."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@attrs.frozen
class Rule:
    """A condition on some symbols and who is to be told when it comes true.

    Durations are in milliseconds. `symbols` and `exclude` are patterns as written; `notify` names
    channels; `title` and `message` are template texts, None where the built-in one serves.
    """

    name: str
    symbols: tuple[str, ...]
    when: Condition
    exclude: tuple[str, ...] = ()
    hold_for_ms: int = 0
    cooldown_ms: int = 0
    severity: Severity = Severity.INFO
    notify: tuple[str, ...] = ()
    title: str | None = None
    message: str | None = None
    enabled: bool = True
