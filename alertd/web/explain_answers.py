"""What the control room answers of how a rule stands: these values as JSON (docs/explain.md).

Times are event times in milliseconds since 1970, durations (`..._ms` as well) in milliseconds.
What is not known is null; there is no NaN.
"""

import attrs

from alertd.web import answers


@attrs.frozen(kw_only=True)
class Reading:
    """What a comparison saw at a ticker; `comparison` has it in words.

    `operator` is its name in a rule. `value` is what was compared, now and at the `previous` ticker,
    `threshold` what with, both in `unit`: price, base asset, quote asset, or %. `fixed` tells that
    the threshold is the rule's own number, and not one that moves. `back` is where the value has to
    come back to by `rearm` (of a band what that makes of it), while nothing else keeps a level true,
    or while an event is not ready; else null.
    """

    comparison: str
    metric: str
    operator: str
    unit: str
    value: float | None
    previous: float | None
    threshold: float | answers.Range | None
    fixed: bool
    back: float | answers.Range | None
    true: bool | None


@attrs.frozen(kw_only=True)
class Part:
    """A condition or a part of one: `kind` is all, any, not or comparison.

    `since_ms` is when it became so; of an event, when it last happened. `distance` is how far the
    value is from the threshold (above 0 where it has to rise), `distance_percent` that in percent
    of the value. Only a comparison has them and a `reading`; the others have `parts`.
    """

    kind: str
    event: bool
    true: bool | None
    since_ms: int | None
    reading: Reading | None = None
    distance: float | None = None
    distance_percent: float | None = None
    parts: tuple["Part", ...] = ()


@attrs.frozen(kw_only=True)
class Hurdle:
    """What is furthest from letting the condition be true, or some of what makes it so.

    `percent` is the distance in percent of the value, of what is in percent already in points.
    """

    percent: float
    reading: Reading
    distance: float | None


@attrs.frozen(kw_only=True)
class LastAlert:
    """The last alert, with what was read then; `state` is firing or resolved."""

    state: str
    time_ms: int
    held_for_ms: int
    repeats: int
    dropped: int
    readings: tuple[Reading, ...]


@attrs.frozen(kw_only=True)
class HeldBack:
    """When the condition was last granted without an alert, and what kept it back."""

    verdict: str
    words: str
    time_ms: int


@attrs.frozen(kw_only=True)
class Standing:
    """How a rule stands for a symbol at its newest ticker, whose event time is `time_ms`.

    Where it is not `streaming`, newer ones are not coming in, and all of this is as of that
    ticker. `phase` is quiet, pending or firing, of an event always quiet; `verdict` what was
    decided when there was last something to decide, with its `words`. `due_ms` is when it may
    fire, repeat or be over although nothing changes; `opens_ms` when its active hours begin, null
    within them. `silence` is the longest of those that keep its alerts from people now.
    `past_alert` is the last that the journal has, told where one symbol is asked about.
    """

    symbol: str
    streaming: bool
    time_ms: int | None
    close: float | None
    phase: str
    verdict: str | None
    words: str | None
    held_for_ms: int
    due_ms: int | None
    cooldown_left_ms: int
    opens_ms: int | None
    disarmed: bool
    expired: bool
    repeats: int
    dropped: int
    condition: Part | None
    hurdle: Hurdle | None
    last_alert: LastAlert | None
    held_back: HeldBack | None
    silence: answers.Silence | None = None
    past_alert: answers.PastAlert | None = None


@attrs.frozen(kw_only=True)
class RuleFacts:
    """What a rule says; the keys are those of its file."""

    name: str
    when: str
    event: bool
    severity: str
    for_ms: int
    keep_firing_for_ms: int
    cooldown_ms: int
    repeat_ms: int | None
    once: bool
    expires_ms: int | None


@attrs.frozen(kw_only=True)
class Explained:
    """A rule and how it stands for each of its symbols, the nearest to firing first."""

    rule: RuleFacts
    symbols: tuple[Standing, ...]
