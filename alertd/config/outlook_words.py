"""How rules stand right now, in words."""

from collections.abc import Sequence

from alertd.config.outlook import Near, Outlook
from alertd.engine.condition import Comparison
from alertd.engine.metrics import Unit
from alertd.engine.words import duration_in_words, plain

# As many symbols as people still read; programs get all of them.
_MOST_SHOWN = 12


def few(symbols: Sequence[str], most: int = _MOST_SHOWN) -> str:
    """Return symbols on a line, and how many more there are where they are many."""
    more = len(symbols) - most
    end = f", and {more} more" if more > 0 else ""
    return f"{', '.join(symbols[:most])}{end}"


def outlook_in_words(outlook: Outlook, *, most: int = _MOST_SHOWN) -> str:
    """Return how a rule stands now, on one line: `true for 3 of 412: AAAUSDT, BBBUSDT, CCCUSDT`."""
    if not outlook.known:
        return "not known: no ticker of it yet"
    if outlook.window_ms:
        return f"needs {duration_in_words(outlook.window_ms)} of ticks"
    if outlook.waits_for_event:
        return f"waits for the tick{_nearest(outlook, 'away')}"
    if not outlook.true:
        return f"not true{_nearest(outlook, 'to go')}"
    if outlook.known == 1:
        return "true"
    return f"true for {len(outlook.true)} of {outlook.known}: {few(outlook.true, most)}"


def _nearest(outlook: Outlook, direction: str) -> str:
    near = outlook.nearest
    if near is None:
        return ""
    name = f"nearest {near.symbol}, " if outlook.known > 1 else ""
    if near.distance is None:
        return f"; {name}{near.met} of {near.parts} parts hold"
    return f"; {name}{_distance(near, outlook)} {direction}"


def _distance(near: Near, outlook: Outlook) -> str:
    when = outlook.rule.when
    if isinstance(when, Comparison) and when.metric.unit is Unit.PERCENT:
        return f"{_rough(near.distance)} points"
    return _rough(near.distance) if near.percent is None else f"{_rough(near.percent)}%"


def _rough(distance: float | None) -> str:
    """Return how far it is in about three digits: nobody acts on more."""
    return plain(float(f"{abs(distance or 0):.3g}"))
