"""Alerts to be kept, of a real engine."""

from alertd.engine.engine import Engine
from alertd.journal.notes import kept, with_deliveries
from alertd.journal.records import Address, KeptAlert, Note
from tests.engine.tickers import SYMBOL, both, check_of, rule, ticker

PHONE, DESK = Address("phone/1", "phone: Telegram"), Address("desk/1", "desk: Slack")
WATCHED = both(
    check_of("close", "above", 100, rearm=2),
    check_of("volume", "between", 1, 5000),
)


def alert(number: int, *, volume: float = 1000.0) -> KeptAlert:
    """An alert of 101, which is above 100."""
    (fired,) = Engine({SYMBOL: [rule(WATCHED)]}).update(ticker(close=101, volume=volume))
    return kept(fired, number=number, title="币安 🚀", body="Close 101", noted_ms=7)


def note(number: int, *deliveries: int, volume: float = 1000.0) -> Note:
    """The alert of that number with these deliveries: the first to the phone, the second to the desk."""
    to = (PHONE, DESK)[: len(deliveries)]
    return with_deliveries(alert(number, volume=volume), to, first_number=deliveries[0])
