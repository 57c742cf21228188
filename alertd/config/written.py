"""The keys of rules and channels as they may stand in the files, and how their values are read.

Everything may be left out here: what a rule lacks, `defaults` may have. What has no value by
itself (`repeat: never`, `expires: never`, `active: always`, `rearm: 0`) can be written as well, for a
rule that wants none in spite of its defaults.
"""

import enum
from collections.abc import Callable
from typing import TypeVar

import attrs

from alertd.config.active import active_hours
from alertd.config.charting import charting
from alertd.config.levels import amount
from alertd.config.quantities import duration_ms, rate, whole_number_between
from alertd.config.quiet import quiet_hours
from alertd.config.structure import key
from alertd.config.symbol_patterns import symbol_pattern
from alertd.config.times import moment_ms, repeat_ms
from alertd.config.values import member_of, name, several, text, truth
from alertd.config.when import condition
from alertd.delivery.channel import DIGEST_OVER, Charting, Quiet
from alertd.engine.condition import Amount, Condition
from alertd.engine.hours import Hours
from alertd.engine.rule import Severity
from alertd.rate import Rate

_Value = TypeVar("_Value")

MOST_UNMERGED = 1_000  # alerts that may wait before they are merged


class Written(enum.Enum):
    """What is written to say that there is no value."""

    NONE = enum.auto()


def none_or(word: str | int, read: Callable[[object], _Value]) -> Callable[[object], object]:
    """Return the reader of a value where `word` says that there is none."""

    def read_or_none(value: object) -> _Value | Written:
        is_word = type(value) is type(word) and value == word
        return Written.NONE if is_word else read(value)

    return read_or_none


@attrs.frozen
class WrittenRule:
    """A rule, or what `defaults` say for rules that do not say it themselves."""

    symbols: tuple[str, ...] | None = key(several(symbol_pattern))
    exclude: tuple[str, ...] | None = key(several(symbol_pattern))
    when: Condition | None = key(condition)
    hold_for_ms: int | None = key(duration_ms, name="for")
    rearm: Amount | Written | None = key(none_or(0, amount))
    keep_firing_for_ms: int | None = key(duration_ms, name="keep_firing_for")
    cooldown_ms: int | None = key(duration_ms, name="cooldown")
    repeat_ms: int | Written | None = key(none_or("never", repeat_ms), name="repeat")
    once: bool | None = key(truth)
    expires_ms: int | Written | None = key(none_or("never", moment_ms), name="expires")
    active: Hours | Written | None = key(none_or("always", active_hours))
    severity: Severity | None = key(member_of(Severity))
    notify: tuple[str, ...] | None = key(several(name))
    notify_resolved: bool | None = key(truth)
    title: str | None = key(text)
    message: str | None = key(text)
    chart: bool | None = key(truth)
    enabled: bool | None = key(truth)


@attrs.frozen
class WrittenChannel:
    """A channel in its long form: one URL, or several, and what is wanted of them."""

    url: str | None = key(text, repr=False)
    urls: tuple[str, ...] | None = key(several(text), repr=False)
    rate: Rate | None = key(rate)
    digest_over: int = key(whole_number_between(1, MOST_UNMERGED), default=DIGEST_OVER)
    min_severity: Severity = key(member_of(Severity), default=Severity.INFO)
    quiet: Quiet | None = key(quiet_hours)
    fallback: str | None = key(name)
    chart: Charting = key(charting, default=Charting())
