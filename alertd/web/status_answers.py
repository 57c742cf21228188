"""What the control room answers of how it goes: these values as JSON, field by field (docs/status.md).

Times are milliseconds since 1970 by the machine's clock, but for those of alerts and tickers, which
are the exchange's (event times).
"""

import attrs

from alertd.web.answers import Silence
from alertd.web.explain_answers import Hurdle


@attrs.frozen(kw_only=True)
class Unseen:
    """Symbols that are not seen for the same reason, the first of them since `since_ms`.

    It is null where none of them has been seen yet. `is_cut`: their connection is lost. Others are
    silent on one that is well, as a halted one is.
    """

    symbols: tuple[str, ...]
    reason: str
    since_ms: int | None
    is_cut: bool


@attrs.frozen(kw_only=True)
class Feed:
    """How many symbols are watched, of how many tickers come in, and how many came since the start.

    A gap is a time in which a symbol that had been seen had no connection.
    """

    watched: int
    streaming: int
    unseen: tuple[Unseen, ...]
    tickers: int
    gaps: int
    longest_gap_ms: int


@attrs.frozen(kw_only=True)
class Destination:
    """How many deliveries wait at a destination, and when it last took one, since the start.

    `state` is well, failing or refusing (no retry mends that, a person can), with the `reason`.
    """

    destination: str
    channel: str
    state: str
    reason: str
    failing_for_ms: int
    waiting: int
    delivered_ms: int | None


@attrs.frozen(kw_only=True)
class LastReload:
    """What came of the last reload; where not `ok`, the rules of before go on."""

    ok: bool
    summary: str
    time_ms: int


@attrs.frozen(kw_only=True)
class Status:
    """Which daemon this is, and how it goes: in a line, and piece by piece.

    `trouble` says in words what is wrong now, the worst first; there is none while all is well.
    `rules` are those that are enabled; `firing` counts rules and symbols: one on two symbols is two.
    `alerts` and `undelivered` (deliveries that were given up) count since `began_ms`.
    """

    version: str
    config: str
    status: str
    began_ms: int
    now_ms: int
    trouble: tuple[str, ...]
    feed: Feed
    rules: int
    firing: int
    alerts: int
    undelivered: int
    destinations: tuple[Destination, ...]
    silences: tuple[Silence, ...]
    reload: LastReload | None


@attrs.frozen(kw_only=True)
class Nearest:
    """The symbol that is nearest to firing, and what is furthest from letting it."""

    symbol: str
    close: float
    hurdle: Hurdle


@attrs.frozen(kw_only=True)
class RuleStanding:
    """How a rule stands over all its symbols.

    Of `symbols` it watches so many, of which `firing` and `pending` (true, but not told yet) are
    named, at most some twenty of each; `unknown` have had no ticker. `nearest` is null where each is
    true, or nothing can be told.
    """

    rule: str
    when: str
    severity: str
    enabled: bool
    event: bool
    symbols: int
    unknown: int
    firing: int
    firing_symbols: tuple[str, ...]
    pending: int
    pending_symbols: tuple[str, ...]
    nearest: Nearest | None
    last_alert_ms: int | None


@attrs.frozen(kw_only=True)
class RuleStandings:
    """Every rule that is configured, as it stood at `time_ms`: those that fire first, then the nearest."""

    time_ms: int
    rules: tuple[RuleStanding, ...]
