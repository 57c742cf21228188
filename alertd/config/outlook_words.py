"""How rules stand right now, in words."""

from alertd.config.outlook import Near, Outlook
from alertd.config.wording import FEW, few
from alertd.engine.condition import Comparison
from alertd.engine.explanation import Explained
from alertd.engine.metrics import Unit
from alertd.engine.words import plain, window_in_words


def outlook_in_words(outlook: Outlook, *, most: int = FEW) -> str:
    """Return how a rule stands now, on one line: `true for 3 of 412: AAAUSDT, BBBUSDT, CCCUSDT`."""
    if not outlook.known:
        return "not known: no ticker of it yet"
    if outlook.window_ms:
        return f"needs {window_in_words(outlook.window_ms)} of ticks"
    if outlook.waits_for_event:
        return f"waits for it to happen{_nearest(outlook, 'away')}"
    if not outlook.true:
        return f"not true{_nearest(outlook, 'to go')}"
    if outlook.known == 1:
        return "true"
    return f"true for {len(outlook.true)} of {outlook.known}: {few(outlook.true, most)}"


def _nearest(outlook: Outlook, direction: str) -> str:
    near = outlook.nearest
    if near is None or (near.parts == 1 and near.last is None):
        return ""
    name = f"nearest {near.symbol}, " if outlook.known > 1 else ""
    if near.last is None:
        return f"; {name}{near.parts - near.missing} of {near.parts} parts hold"
    return f"; {name}{_distance(near, near.last)} {direction}"


def _distance(near: Near, last: Explained) -> str:
    """Return how far it is, and, where several parts are asked for, by which metric."""
    assert isinstance(last.condition, Comparison)  # noqa: S101 - by what it is the last of
    metric = last.condition.metric
    if metric.unit is Unit.PERCENT:
        distance = f"{_rough(last.distance)} points"
    elif last.distance_percent is None:
        distance = _rough(last.distance)
    else:
        distance = f"{_rough(last.distance_percent)}%"
    return distance if near.parts == 1 else f"{metric.name} {distance}"


def _rough(distance: float | None) -> str:
    """Return how far it is in about three digits: nobody acts on more."""
    return plain(float(f"{abs(distance or 0):.3g}"))
