"""What the log and a system alert say alike."""

from collections.abc import Iterable
from datetime import UTC, datetime

from alertd.config.wording import counted, few
from alertd.delivery.numbers import plain
from alertd.engine.touched import Extreme, Touched
from alertd.journal.events import BegunAnew
from alertd.observers.meanwhile import Account

# Of levels that were touched: a line each, on a phone.
_MOST_LINES = 12


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


def found_in_words(account: Account) -> str:
    """Say what happened while nobody watched, as far as that is known."""
    lines = touched_in_words(account.touched)
    symbols = account.back.symbols if account.back is not None else ()
    if symbols and len(account.unknown) == len(symbols):
        unseen = "What happened meanwhile was not seen."
    elif account.unknown:
        unseen = f"What happened meanwhile to {few(account.unknown)} was not seen."
    else:
        unseen = ""
    if lines:
        more = [f"and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else []
        text = "\n".join(["Touched meanwhile, and not alerted:", *lines[:_MOST_LINES], *more])
        return f"{unseen} {text}".lstrip()
    if unseen:
        return unseen
    if account.told_before:
        return "What was touched meanwhile was told before."
    return "By the exchange's klines no level on the price was touched meanwhile and not alerted."


def _extreme(extreme: Extreme, *, upwards: bool) -> str:
    text = f"{'high' if upwards else 'low'} {plain(extreme.price)}"
    if extreme.time_ms is None:
        return text
    return f"{text} at {datetime.fromtimestamp(extreme.time_ms / 1000, UTC):%H:%M} UTC"
