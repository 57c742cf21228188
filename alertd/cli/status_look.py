"""One look at a running daemon: what it is asked for at once."""

import attrs

from alertd.web.answers import PastAlert
from alertd.web.client import Client, ControlError
from alertd.web.records import Asked
from alertd.web.status_answers import RuleStandings, Status

_ALERTS = 10


@attrs.frozen
class Look:
    """How a daemon does, how its rules stand, and its last alerts, the oldest first.

    `alerts` are None where the daemon cannot read them just now: it does all else without them.
    """

    status: Status
    rules: RuleStandings
    alerts: tuple[PastAlert, ...] | None


def look_at(client: Client) -> Look:
    """Ask a daemon. Raises `ControlError`."""
    status, rules = client.status(), client.rules()
    try:
        alerts: tuple[PastAlert, ...] | None = client.history(Asked(limit=_ALERTS))
    except ControlError:
        alerts = None
    return Look(status, rules, alerts)
