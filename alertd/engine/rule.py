"""A rule: what a person wrote, checked and ready to be evaluated."""

import enum

import attrs

from alertd.engine.condition import Condition
from alertd.engine.hours import Hours


class Severity(enum.Enum):
    """How much an alert matters, in rising order."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Its place in that order, from 0."""
        return list(Severity).index(self)


@attrs.frozen
class Rule:
    """A condition on some symbols and who is to be told when it comes true.

    Durations and times are in milliseconds. `symbols` and `exclude` are patterns as written;
    `repeat_ms` is None for never, `expires_ms` likewise, `active` None for always; `notify` names
    channels; `title` and `message` are template texts, None where the built-in one serves; `chart`
    says whether a picture goes along, None where that is up to the channel.
    """

    name: str
    symbols: tuple[str, ...]
    when: Condition
    exclude: tuple[str, ...] = ()
    hold_for_ms: int = 0
    keep_firing_for_ms: int = 0
    cooldown_ms: int = 0
    repeat_ms: int | None = None
    once: bool = False
    expires_ms: int | None = None
    active: Hours | None = None
    severity: Severity = Severity.INFO
    notify: tuple[str, ...] = ()
    notify_resolved: bool = False
    title: str | None = None
    message: str | None = None
    chart: bool | None = None
    enabled: bool = True
