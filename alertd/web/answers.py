"""What the control room answers: these values as JSON, field by field (docs/explain.md).

They are what both of its ends agree on: the server encodes them, the commands decode them. Times
are milliseconds since 1970, the exchange's (event times) where nothing else is said, durations
(`..._ms` as well) in milliseconds. What is not known is null; there is no NaN.
"""

from collections.abc import Mapping

import attrs


@attrs.frozen(kw_only=True)
class Refused:
    """Why something was not done; `near` are names that may have been meant."""

    error: str
    near: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Names:
    """What may be named: rules, symbols that are watched, channels."""

    rules: tuple[str, ...]
    symbols: tuple[str, ...]
    channels: tuple[str, ...]


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
class Silence:
    """Which alerts are silenced: `rule` and `symbol` are names or globs. Times are the machine's.

    `severity` is the most severe one that is silenced, null for any. `ended_ms` is null where
    nobody ended it before its time. `silenced` is how many alerts it swallowed, null where that
    is not known.
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

    waiting, delivered, undelivered (given up) or passed on (to the channel's fallback). `reason`
    is why the last attempt failed. `done_ms` is the machine's time of the end; `latency_ms`, of
    what was delivered, from the alert's event time until then.
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

    `state` is firing, resolved, or system where alertd speaks of itself; `metrics` are those of
    its ticker, by name. One that was silenced has no deliveries.
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

    Where neither does, the next alert is tried there at once. Where it `is_gone`, as it is not
    configured any more, none is.
    """

    destination: str
    undelivered: int
    waiting: int
    is_gone: bool = False


@attrs.frozen(kw_only=True)
class Retried:
    """What is tried again, by destination."""

    destinations: tuple[Retrial, ...]
