"""What the log and a system alert say alike."""

from collections.abc import Iterable
from datetime import UTC, datetime

from alertd.config.wording import counted
from alertd.delivery.numbers import plain
from alertd.engine.touched import Extreme, Touched
from alertd.journal.events import BegunAnew


def begun_anew_in_words(event: BegunAnew) -> str:
    """Say what became of a journal that was lost, and what is left of it."""
    old = f"it is kept as {event.aside}, and " if event.aside else ""
    saved = f"; saved: {counted(event.saved, 'alert')} to be sent" if event.saved else ""
    lost = f"the journal was lost: {event.reason}"
    return f"{lost}; {old}a new one was begun, without the history of before{saved}"


def touched_in_words(touched: Iterable[Touched]) -> list[str]:
    """Say of each level that was touched whose it is and how far the price went, the most severe first."""
    in_order = sorted(touched, key=lambda it: -it.rule.severity.rank)
    names: dict[tuple[str, float, Extreme, bool], list[str]] = {}
    for it in in_order:
        key = it.symbol, it.level, it.extreme, it.upwards
        names.setdefault(key, []).append(it.rule.name)
    return [
        f"{symbol} {plain(level)} ({', '.join(rules)}): {_extreme(extreme, upwards=upwards)}"
        for (symbol, level, extreme, upwards), rules in names.items()
    ]


def _extreme(extreme: Extreme, *, upwards: bool) -> str:
    text = f"{'high' if upwards else 'low'} {plain(extreme.price)}"
    if extreme.time_ms is None:
        return text
    return f"{text} at {datetime.fromtimestamp(extreme.time_ms / 1000, UTC):%H:%M} UTC"
