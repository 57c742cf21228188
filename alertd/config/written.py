"""The keys of rules and channels as they may stand in the files, and how their values are read.

Everything may be left out here: what a rule lacks, `defaults` may have. `LATER` are keys of the
language that this version does not have yet.
"""

from typing import ClassVar

import attrs

from alertd.config.quantities import duration_ms
from alertd.config.structure import key
from alertd.config.symbol_patterns import symbol_pattern
from alertd.config.values import member_of, name, several, text, truth
from alertd.config.when import condition
from alertd.engine.condition import Condition
from alertd.engine.rule import Severity


@attrs.frozen
class WrittenRule:
    """A rule, or what `defaults` say for rules that do not say it themselves."""

    LATER: ClassVar = (
        "rearm", "keep_firing_for", "repeat", "once", "expires", "active", "notify_resolved", "chart",
    )  # fmt: skip

    symbols: tuple[str, ...] | None = key(several(symbol_pattern))
    exclude: tuple[str, ...] | None = key(several(symbol_pattern))
    when: Condition | None = key(condition)
    hold_for_ms: int | None = key(duration_ms, name="for")
    cooldown_ms: int | None = key(duration_ms, name="cooldown")
    severity: Severity | None = key(member_of(Severity))
    notify: tuple[str, ...] | None = key(several(name))
    title: str | None = key(text)
    message: str | None = key(text)
    enabled: bool | None = key(truth)


@attrs.frozen
class WrittenChannel:
    """A channel in its long form: one URL, or several."""

    LATER: ClassVar = ("rate", "digest_over", "min_severity", "quiet", "fallback", "chart")

    url: str | None = key(text, repr=False)
    urls: tuple[str, ...] | None = key(several(text), repr=False)
