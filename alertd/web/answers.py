"""What the control room answers: these values as JSON, field by field (docs/explain.md).

They are what both of its ends agree on: the server encodes them, the commands decode them. Times are
milliseconds since 1970, the exchange's (event times) where nothing else is said, durations (`..._ms` as well) in milliseconds. What is not
known is null; there is no NaN.
"""

from collections.abc import Mapping

import attrs


@attrs.frozen(kw_only=True)
class Refused:
    """Why something was not done; `near` are names that may have been meant."""

    error: str
    near: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Status:
    """Which daemon this is, and how it goes, in a line."""

    version: str
    config: str
    status: str


@attrs.frozen(kw_only=True)
class Rearm:
    """What to rearm: a rule, on one symbol or on all."""

    rule: str
    symbol: str | None = None


@attrs.frozen(kw_only=True)
class Rearmed:
    """On how many symbols the rule was disarmed, and is armed again."""

    rule: str
    rearmed: int


@attrs.frozen(kw_only=True)
class Range:
    """A band in numbers, bounds included."""

    low: float
    high: float


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
    threshold: float | Range | None
    fixed: bool
    back: float | Range | None
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
class Silence:
    """Which alerts are silenced: `rule` and `symbol` are names or globs. Times are the machine's.

    `severity` is the most severe one that is silenced, null for any. `ended_ms` is null where nobody
    ended it before its time. `silenced` is how many alerts it swallowed, null where that is not known.
    """

    number: int
    rule: str
    symbol: str
    severity: str | None
    until_ms: int
    comment: str
    made_ms: int
    ended_ms: int | None
    in_force: bool
    silenced: int | None = None


@attrs.frozen(kw_only=True)
class NewSilence:
    """What to silence, at least one of the three, and until when."""

    rule: str | None = None
    symbol: str | None = None
    severity: str | None = None
    until_ms: int
    comment: str = ""


@attrs.frozen(kw_only=True)
class Silenced:
    """A silence that was made; `warnings` are what may not have been meant."""

    silence: Silence
    warnings: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Silences:
    """Silences by their numbers."""

    silences: tuple[Silence, ...]


@attrs.frozen(kw_only=True)
class SilencedBy:
    """The silence that swallowed an alert."""

    number: int
    comment: str


@attrs.frozen(kw_only=True)
class PastDelivery:
    """What became of an alert at a destination: `status` is that in a word.

    waiting, delivered, undelivered (given up) or passed on (to the channel's fallback). `reason` is
    why the last attempt failed. `done_ms` is the machine's time of the end; `latency_ms`, of what was
    delivered, from the alert's event time until then.
    """

    number: int
    destination: str
    status: str
    attempts: int
    reason: str
    done_ms: int | None
    latency_ms: int | None


@attrs.frozen(kw_only=True)
class PastAlert:
    """An alert of the past. `time_ms` is its event time, `noted_ms` the machine's.

    `state` is firing or resolved; `metrics` are those of its ticker, by name. One that was silenced
    has no deliveries.
    """

    number: int
    time_ms: int
    noted_ms: int
    rule: str
    symbol: str
    state: str
    severity: str
    title: str
    body: str
    value: float | None
    threshold: float | Range | None
    metrics: Mapping[str, float]
    silence: SilencedBy | None
    deliveries: tuple[PastDelivery, ...]


@attrs.frozen(kw_only=True)
class History:
    """Alerts of the past, by their numbers."""

    alerts: tuple[PastAlert, ...]


@attrs.frozen(kw_only=True)
class Retry:
    """Which deliveries to try again: of an alert, of a channel, or all."""

    alert: int | None = None
    channel: str | None = None


@attrs.frozen(kw_only=True)
class Retrial:
    """What is tried again at a destination: how many that were given up, how many that wait.

    Where it `is_gone`, as it is not configured any more, they are not.
    """

    destination: str
    undelivered: int
    waiting: int
    is_gone: bool = False


@attrs.frozen(kw_only=True)
class Retried:
    """What is tried again, by destination."""

    destinations: tuple[Retrial, ...]


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

    Where it is not `streaming`, newer ones are not coming in, and all of this is as of that ticker.
    `phase` is quiet, pending or firing, of an event always quiet; `verdict` what was decided when
    there was last something to decide, with its `words`. `due_ms` is when it may fire, repeat or be
    over although nothing changes; `opens_ms` when its active hours begin, null within them. `silence` is the longest
    of those that keep its alerts from people now. `past_alert` is the last that the journal has, told
    where one symbol is asked about.
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
    silence: Silence | None = None
    past_alert: PastAlert | None = None


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
