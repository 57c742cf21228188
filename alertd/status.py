"""How the daemon does, in a line: what a service manager shows, and what is said at the end."""

from alertd.config.wording import counted
from alertd.observers.tally import Tally


def status_line(tally: Tally, *, symbols: int, rules: str) -> str:
    """Return how it goes; what keeps symbols or rules from being seen comes first.

    `symbols` are watched, by `rules`, as they are counted in words.
    """
    parts = [
        f"{len(tally.streaming)} of {symbols} symbols streaming",
        rules,
        counted(tally.alerts, "alert"),
    ]
    if tally.likely and len(tally.streaming) < symbols:
        parts.insert(1, f"the last that fell silent: {tally.likely}")
    if tally.refusal is not None:
        first = "".join(f" ({mistake})" for mistake in tally.refusal.mistakes[:1])
        parts.insert(0, f"{tally.refusal.summary}{first}")
    if tally.undelivered:
        parts.append(f"{tally.undelivered} NOT DELIVERED")
    parts += [f"{it.label} FAILS: {it.reason}" for it in tally.faults.values()]
    if tally.unwritten:
        parts.append(f"THE JOURNAL CANNOT BE WRITTEN: {tally.unwritten}")
    if tally.unrecorded:
        parts.append(f"NOTHING IS RECORDED: {tally.unrecorded}")
    return ", ".join(parts)


def account_line(tally: Tally, *, dropped_events: int) -> str:
    """Return what came of it all."""
    parts = [
        counted(tally.tickers, "ticker"),
        counted(tally.alerts, "alert"),
        f"{tally.delivered} delivered",
        f"{tally.undelivered} not delivered",
        f"{counted(tally.bad_frames, 'bad frame')} skipped",
        f"{counted(tally.late, 'late ticker')} dropped",
        f"{counted(dropped_events, 'event')} not alerted",
    ]
    if tally.left:
        parts.insert(4, f"{tally.left} left for the next start")
    return ", ".join(parts)
